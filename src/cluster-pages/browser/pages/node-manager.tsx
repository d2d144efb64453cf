// A NodeManager's own page: how it is, and its containers with the memory that their processes really hold against what they may.
import { bytes, duration, memory, moment } from '../../../browser/format.ts';
import { Heading } from '../../../browser/frame.tsx';
import { Facts, Loading, Meter, Note, Section, Status } from '../../../browser/parts.tsx';
import { type Column, DataTable } from '../../../browser/table.tsx';
import type { NodeContainerView, NodePage } from '../../model/node-page.ts';
import { sizeText, Use } from '../amounts.tsx';
import { isWeb, PageLink, useUi } from '../page-links.tsx';
import { asUser } from '../user-name.ts';

const MB = 1024 * 1024;

export function NodeManagerPage() {
  const { data, error } = useUi<NodePage>('node', 'containers');
  if (data === undefined) {
    return (
      <>
        <Heading title="Node" />
        <Loading error={error} />
      </>
    );
  }
  const { node, containers } = data;
  const live = containers.filter((c) => c.exitStatus === undefined);
  const resident = live.reduce((sum, c) => sum + (c.rssBytes ?? 0), 0);
  const promised = live.reduce((sum, c) => sum + c.memoryMb, 0);
  return (
    <>
      <Heading title={`Node ${node.nodeId}`}>
        <Status of={node.healthy ? 'RUNNING' : 'UNHEALTHY'} />
        {isWeb(node.rmHttp) && (
          <a class="button" href={asUser(`${node.rmHttp}/ui/nodes/${encodeURIComponent(node.nodeId)}`)}>
            In its cluster
          </a>
        )}
      </Heading>
      {node.healthReport !== '' && <Note tone={node.healthy ? 'warn' : 'bad'}>{node.healthReport}</Note>}
      <div class="strip">
        <Use label="Promised to containers" used={promised} total={node.capacity.memoryMb} show={memory} />
        <Use label="Really resident" used={Math.round(resident / MB)} total={Math.max(1, promised)} show={memory} />
        <Use label="vCores" used={live.reduce((sum, c) => sum + c.vcores, 0)} total={node.capacity.vcores} show={String} />
      </div>
      <Facts
        facts={[
          ['Host', node.host],
          ['Up', duration(node.nowMs - node.startedAtMs)],
          ['Version', node.version],
          [
            'Memory limits',
            node.limitsMemory ? 'enforced, by the resident memory of the whole tree' : 'not enforced (yarn.nodemanager.pmem-check-enabled)',
          ],
        ]}
      />
      <Section id="containers" title="Containers" size={containers.length}>
        <DataTable
          id="containers"
          label="containers"
          columns={columnsOf(node.rmHttp)}
          rows={containers}
          rowKey={(c) => c.id}
          usual="state"
          size={50}
          text={(c) => `${c.id} ${c.applicationId} ${c.user} ${c.state} ${c.pid ?? ''}`}
          empty="Nothing runs here."
          below={(c) => c.diagnostics !== '' && <span class={`stays${c.exitStatus === 0 ? ' muted' : ' bad-text'}`}>{c.diagnostics}</span>}
        />
      </Section>
    </>
  );
}

const columnsOf = (rmHttp: string): readonly Column<NodeContainerView>[] => [
  {
    key: 'id',
    title: 'Container',
    by: (c) => c.id,
    cell: (c) => (
      <>
        <code class="one-line">{c.id}</code>
        {c.pid !== undefined && <div class="muted">process {c.pid}</div>}
      </>
    ),
  },
  { key: 'logs', title: 'Logs', cell: (c) => <PageLink page={`logs/${c.id}`}>logs</PageLink> },
  { key: 'state', title: 'State', by: (c) => (c.exitStatus === undefined ? 0 : 1), cell: (c) => <Status of={c.state} /> },
  {
    key: 'resident',
    title: 'Resident memory of its limit',
    by: (c) => c.rssBytes,
    cell: (c) =>
      c.rssBytes === undefined ? (
        <span class="muted">{sizeText(c)}</span>
      ) : (
        <Meter part={c.rssBytes} whole={c.memoryMb * MB} text={`${bytes(c.rssBytes)} of ${memory(c.memoryMb)}`} label="resident memory" />
      ),
  },
  {
    key: 'app',
    title: 'Application',
    by: (c) => c.applicationId,
    cell: (c) => (
      <>
        {isWeb(rmHttp) ? (
          <a href={asUser(`${rmHttp}/ui/apps/${encodeURIComponent(c.applicationId)}`)} class="one-line">
            {c.applicationId}
          </a>
        ) : (
          c.applicationId
        )}
        <div class="muted">{c.user}</div>
      </>
    ),
  },
  { key: 'vcores', title: 'vCores', numeric: true, by: (c) => c.vcores, cell: (c) => c.vcores },
  { key: 'started', title: 'Started', by: (c) => c.startedAtMs, cell: (c) => <time>{moment(c.startedAtMs)}</time> },
  { key: 'exit', title: 'Exit', hint: 'Exit status', numeric: true, by: (c) => c.exitStatus, cell: (c) => c.exitStatus ?? '' },
];
