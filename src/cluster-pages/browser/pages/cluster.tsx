// The cluster in one glance: what there is and what of it is in use, the last hour, and what needs somebody: applications that wait, nodes that
// are not well.
import { duration, count, memory } from '../../../browser/format.ts';
import { Heading } from '../../../browser/frame.tsx';
import { Loading, Section, Status } from '../../../browser/parts.tsx';
import type { AppTable } from '../../model/applications.ts';
import type { NodeTable } from '../../model/nodes.ts';
import { type ClusterStrip, sampleOf, type TimeLines } from '../../model/strip.ts';
import { shortName, Use } from '../amounts.tsx';
import { useLines, useStrip } from '../facts.ts';
import { AppLink, PageLink, useUi } from '../page-links.tsx';
import { TimeChart } from '../time-chart.tsx';

const LIVE_STATES = ['RUNNING', 'ACCEPTED', 'SUBMITTED', 'NEW'];
const ENDED_STATES = ['FINISHED', 'FAILED', 'KILLED'];
const UNWELL = 'UNHEALTHY,LOST';
const SHOWN = 5;

export function ClusterPageView() {
  const { strip, error } = useStrip();
  const lines = useLines();
  return (
    <>
      <Heading title="Cluster">
        {strip && (
          <span class="subtitle">
            {strip.scheduler} scheduler · up {duration(Math.max(0, Date.now() - strip.startedAtMs))} · epoch {strip.epoch}
          </span>
        )}
      </Heading>
      {strip === undefined ? <Loading error={error} /> : <Strip strip={strip} />}
      {lines && strip && <Charts lines={lines} strip={strip} />}
      <Waiting />
      <Unwell />
    </>
  );
}

function Strip({ strip }: { strip: ClusterStrip }) {
  const { applications: apps, nodes } = strip;
  const waiting = sampleOf(strip).waiting;
  return (
    <div class="strip">
      <Use label="Memory" {...strip.memory} show={memory} />
      <Use label="vCores" {...strip.vcores} show={count} />
      {Object.entries(strip.others).map(([name, amount]) => (
        <Use key={name} label={shortName(name)} {...amount} show={count} />
      ))}
      <div class="stat">
        <h2>Containers</h2>
        <p class="figure">
          {count(strip.containers)} <small>run</small>
        </p>
        <p class="muted">
          {strip.pendingContainers === 0
            ? 'none is waited for'
            : `${count(strip.pendingContainers)} more wanted (${memory(strip.pendingMemoryMb)})`}
        </p>
      </div>
      <div class="stat">
        <h2>Applications</h2>
        <p class="figure">
          <PageLink page="apps" query={{ state: 'RUNNING' }}>
            {count(apps['RUNNING'] ?? 0)}
          </PageLink>{' '}
          <small>
            run
            {waiting > 0 && (
              <>
                ,{' '}
                <PageLink page="apps" query={{ state: 'ACCEPTED,SUBMITTED,NEW' }} class="warn-text">
                  {count(waiting)} wait
                </PageLink>
              </>
            )}
          </small>
        </p>
        <StateLinks of={apps} states={ENDED_STATES} page="apps" />
      </div>
      <div class="stat">
        <h2>Nodes</h2>
        <p class="figure">
          <PageLink page="nodes" query={{ state: 'RUNNING' }}>
            {count(nodes['RUNNING'] ?? 0)}
          </PageLink>{' '}
          <small>run</small>
        </p>
        <StateLinks of={nodes} states={Object.keys(nodes).filter((s) => s !== 'RUNNING')} page="nodes" />
      </div>
    </div>
  );
}

function StateLinks({ of, states, page }: { of: Readonly<Record<string, number>>; states: readonly string[]; page: string }) {
  return (
    <p class="muted">
      {states
        .filter((state) => (of[state] ?? 0) > 0)
        .map((state) => (
          <PageLink key={state} page={page} query={{ state }} class="in-list">
            {`${count(of[state])} ${state.toLowerCase()}`}
          </PageLink>
        ))}
    </p>
  );
}

function Charts({ lines, strip }: { lines: TimeLines; strip: ClusterStrip }) {
  const now = sampleOf(strip);
  const { atMs } = lines;
  if (atMs.length < 2)
    return <p class="note calm">The time lines begin when the ResourceManager starts, a point every {duration(lines.everyMs)}.</p>;
  return (
    <div class="charts">
      <TimeChart
        title="Memory"
        binary
        atMs={atMs}
        show={memory}
        summary={`${memory(now.memoryUsedMb)} of ${memory(now.memoryTotalMb)} in use now`}
        lines={[
          { name: 'used', colour: '--run', filled: true, values: lines.memoryUsedMb },
          { name: 'there is', colour: '--muted', dashed: true, values: lines.memoryTotalMb },
        ]}
      />
      <TimeChart
        title="vCores"
        atMs={atMs}
        show={count}
        summary={`${count(now.vcoresUsed)} of ${count(now.vcoresTotal)} in use now`}
        lines={[
          { name: 'used', colour: '--run', filled: true, values: lines.vcoresUsed },
          { name: 'there is', colour: '--muted', dashed: true, values: lines.vcoresTotal },
        ]}
      />
      <TimeChart
        title="Containers"
        atMs={atMs}
        show={count}
        summary={`${count(now.containers)} run now, ${count(now.pendingContainers)} more are wanted`}
        lines={[
          { name: 'run', colour: '--run', filled: true, values: lines.containers },
          { name: 'wanted', colour: '--warn', values: lines.pendingContainers },
        ]}
      />
      <TimeChart
        title="Applications"
        atMs={atMs}
        show={count}
        summary={`${count(now.running)} run now, ${count(now.waiting)} wait`}
        lines={[
          { name: 'run', colour: '--run', filled: true, values: lines.running },
          { name: 'wait', colour: '--warn', values: lines.waiting },
        ]}
      />
      <TimeChart
        title="Nodes"
        atMs={atMs}
        show={count}
        summary={`${count(now.nodesUp)} are up now, ${count(now.nodesUnwell)} are unhealthy or lost`}
        lines={[
          { name: 'up', colour: '--good', filled: true, values: lines.nodesUp },
          { name: 'unhealthy or lost', colour: '--bad', values: lines.nodesUnwell },
        ]}
      />
    </div>
  );
}

function Waiting() {
  const { strip } = useStrip();
  const waits = LIVE_STATES.slice(1).reduce((sum, state) => sum + (strip?.applications[state] ?? 0), 0);
  const { data } = useUi<AppTable>(`apps?state=ACCEPTED,SUBMITTED,NEW&sortBy=id&descending=false&length=${SHOWN}`, 'apps');
  if (data === undefined || data.total === 0) return null;
  return (
    <Section id="waiting" title="Waiting longest" size={waits}>
      <ul class="plain">
        {data.rows.map((app) => (
          <li key={app.id}>
            <AppLink id={app.id} /> <span class="strong">{app.name}</span>{' '}
            <span class="muted">
              {app.user} in {app.queue}
            </span>
            <p class="why">{app.waiting}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Unwell() {
  const { data } = useUi<NodeTable>(`nodes?state=${UNWELL}&length=${SHOWN}`, 'nodes');
  if (data === undefined || data.total === 0) return null;
  return (
    <Section id="unwell" title="Nodes that are not well" size={data.total}>
      <ul class="plain">
        {data.nodes.map((node) => (
          <li key={node.id}>
            <PageLink page={`nodes/${node.id}`}>{node.id}</PageLink> <Status of={node.state} />
            <p class="why">{node.healthReport}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
