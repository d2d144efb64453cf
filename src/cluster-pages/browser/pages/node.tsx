// One node as the ResourceManager sees it: what it has, why it is not well, its containers drawn and as a table. What the NodeManager itself says is
// on its own pages (node-manager.tsx).
import { duration, memory, moment } from '../../../browser/format.ts';
import { Heading } from '../../../browser/frame.tsx';
import { Facts, Loading, Note, Section, Status } from '../../../browser/parts.tsx';
import { type Column, DataTable } from '../../../browser/table.tsx';
import type { NodeContainer, NodeView } from '../../model/nodes.ts';
import { sizeText } from '../amounts.tsx';
import { NodeBar } from '../node-bar.tsx';
import { AppLink, isWeb, PageLink, usePlace, useUi } from '../page-links.tsx';
import { asUser } from '../user-name.ts';

export function NodePageView() {
  const { id } = usePlace();
  const { data: node, error } = useUi<NodeView>(`nodes/${encodeURIComponent(id)}`, 'nodes');
  return (
    <>
      <Heading title={`Node ${id}`}>
        {node && <Status of={node.state} />}
        {node && isWeb(node.http) && (
          <a class="button" href={asUser(`${node.http}/ui/node`)}>
            Its own pages
          </a>
        )}
      </Heading>
      {node === undefined ? <Loading error={error} /> : <Found node={node} />}
    </>
  );
}

function Found({ node }: { node: NodeView }) {
  return (
    <>
      {node.healthReport !== '' && <Note tone="bad">{node.healthReport}</Note>}
      {node.state === 'DECOMMISSIONING' && (
        <Note tone="warn">
          {node.drainByMs > 0
            ? `It takes no new containers, and is out at ${moment(node.drainByMs)} with what it still runs.`
            : 'It takes no new containers, and is out when its last application has ended.'}
        </Note>
      )}
      <Facts
        facts={[
          ['Host', node.host],
          ['Rack', node.rack],
          node.labels.length > 0 && ['Labels', node.labels.join(', ')],
          ['Has', sizeText(node.capacity)],
          ['In use', sizeText(node.used)],
          ['Last heard', node.lastHeartbeatMs === 0 ? '–' : `${duration(Math.max(0, Date.now() - node.lastHeartbeatMs))} ago`],
          ['Version', node.version],
        ]}
      />
      <Section id="drawn" title="To scale">
        <div class="inside">
          <NodeBar node={node} largestMb={node.capacity.memoryMb} tall />
        </div>
      </Section>
      <Section id="containers" title="Containers" size={node.containers.length}>
        <DataTable
          id="containers"
          label="containers"
          columns={columnsOf(node)}
          rows={node.containers}
          rowKey={(c) => c.id}
          usual="-memory"
          size={50}
          text={(c) => `${c.id} ${c.applicationName} ${c.user}`}
          empty="Nothing runs here."
        />
      </Section>
    </>
  );
}

const columnsOf = (node: NodeView): readonly Column<NodeContainer>[] => [
  { key: 'id', title: 'Container', by: (c) => c.id, cell: (c) => <code class="one-line">{c.id}</code> },
  { key: 'app', title: 'Application', by: (c) => c.applicationId, cell: (c) => <AppLink id={c.applicationId} /> },
  { key: 'name', title: 'Name', wide: true, by: (c) => c.applicationName, cell: (c) => c.applicationName },
  { key: 'user', title: 'User', by: (c) => c.user, cell: (c) => c.user },
  { key: 'state', title: 'State', by: (c) => c.state, cell: (c) => <Status of={c.state} /> },
  { key: 'memory', title: 'Memory', numeric: true, by: (c) => c.memoryMb, cell: (c) => memory(c.memoryMb) },
  { key: 'vcores', title: 'vCores', numeric: true, by: (c) => c.vcores, cell: (c) => c.vcores },
  {
    key: 'logs',
    title: 'Logs',
    cell: (c) => <PageLink page={`containers/${c.id}`}>logs</PageLink>,
  },
];
