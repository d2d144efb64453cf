// The nodes with their containers drawn to scale, and the reason of those that are not well. Found, filtered, sorted and cut to a page by the server.
import { duration } from '../../../browser/format.ts';
import { Heading } from '../../../browser/frame.tsx';
import { Loading, Status } from '../../../browser/parts.tsx';
import { queryText, useUrl } from '../../../browser/router.tsx';
import { type Column, TableView, useTableState } from '../../../browser/table.tsx';
import type { NodeTable, NodeView } from '../../model/nodes.ts';
import { Choice } from '../choice.tsx';
import { NodeBar } from '../node-bar.tsx';
import { isWeb, PageLink, useUi } from '../page-links.tsx';
import { asUser } from '../user-name.ts';

const STATES = ['RUNNING', 'UNHEALTHY', 'LOST', 'DECOMMISSIONING', 'DECOMMISSIONED'];

export function NodesPage() {
  const { params } = useUrl();
  const [state, change] = useTableState('nodes', 'id', 20);
  const chosen = params.get('state') ?? '';
  const query = queryText({
    offset: (state.page - 1) * state.size,
    length: state.size,
    sortBy: state.sort,
    descending: String(state.descending),
    search: state.search,
    state: chosen,
  });
  const { data, error } = useUi<NodeTable>(`nodes${query}`, 'nodes');
  const largestMb = Math.max(1, ...(data?.nodes ?? []).map((n) => n.capacity.memoryMb));
  const all = Object.values(data?.byState ?? {}).reduce((sum, n) => sum + n, 0);
  const shown = STATES.filter((s) => (data?.byState[s] ?? 0) > 0 || s === chosen || s === 'RUNNING');
  const extra = chosen !== '' && !shown.includes(chosen) ? [{ value: chosen, name: chosen.toLowerCase().replaceAll(',', ', ') }] : [];
  return (
    <>
      <Heading title="Nodes" />
      {data === undefined && error !== undefined ? (
        <Loading error={error} />
      ) : (
        <section class="section list" aria-label="nodes">
          <TableView
            id="nodes"
            label="nodes"
            columns={columnsOf(largestMb)}
            rows={data?.nodes ?? []}
            rowKey={(n) => n.id}
            total={data?.total ?? 0}
            state={state}
            change={change}
            sortable={(c) => c.by !== false}
            searchHint="Search name, rack, label, reason"
            empty={
              data === undefined
                ? 'Loading …'
                : all === 0 && state.search === ''
                  ? 'No NodeManager has registered. Start one: emberloom start-nodemanager, or bin/start-all.sh.'
                  : 'None in this state.'
            }
            below={(n) => n.healthReport !== '' && <span class="stays bad-text">{n.healthReport}</span>}
            tools={
              <Choice
                param="state"
                label="state of nodes"
                resets="nodes.page"
                options={[
                  { value: '', name: 'all', size: data && all },
                  ...shown.map((s) => ({ value: s, name: s.toLowerCase(), size: data && (data.byState[s] ?? 0) })),
                  ...extra,
                ]}
              />
            }
          />
        </section>
      )}
    </>
  );
}

const columnsOf = (largestMb: number): readonly Column<NodeView>[] => [
  {
    key: 'id',
    title: 'Node',
    cell: (n) => (
      <>
        <PageLink page={`nodes/${n.id}`} class="one-line">
          {n.id}
        </PageLink>
        {n.labels.map((label) => (
          <span key={label} class="badge tag">
            {label}
          </span>
        ))}
        <div class="muted">{n.rack}</div>
      </>
    ),
  },
  { key: 'state', title: 'State', cell: (n) => <Status of={n.state} /> },
  {
    key: 'memory',
    title: 'Containers to scale',
    hint: 'Sorted by the memory in use',
    cell: (n) => <NodeBar node={n} largestMb={largestMb} />,
  },
  {
    key: 'lastHeartbeatMs',
    title: 'Last heard',
    numeric: true,
    cell: (n) => (n.lastHeartbeatMs === 0 ? '–' : `${duration(Math.max(0, Date.now() - n.lastHeartbeatMs))} ago`),
  },
  { key: 'pages', title: 'Its pages', by: false, cell: (n) => (isWeb(n.http) ? <a href={asUser(`${n.http}/ui/node`)}>open</a> : '–') },
];
