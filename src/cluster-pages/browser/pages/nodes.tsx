// The nodes with their containers drawn to scale, and the reason of those that are not well. Found, filtered, sorted and cut to a page by the server.
import { duration } from '../../../browser/format.ts';
import { Heading } from '../../../browser/frame.tsx';
import { Status } from '../../../browser/parts.tsx';
import type { Column } from '../../../browser/table.tsx';
import type { NodeTable, NodeView } from '../../model/nodes.ts';
import { NodeBar } from '../node-bar.tsx';
import { isWeb, PageLink } from '../page-links.tsx';
import { ServedTable } from '../served-table.tsx';
import { asUser } from '../user-name.ts';

const STATES = ['RUNNING', 'UNHEALTHY', 'LOST', 'DECOMMISSIONING', 'DECOMMISSIONED'];

export const NodesPage = () => (
  <>
    <Heading title="Nodes" />
    <ServedTable<NodeView, NodeTable>
      id="nodes"
      label="nodes"
      usual="id"
      size={20}
      rowsOf={(table) => table.nodes}
      columnsOf={(rows) => columnsOf(Math.max(1, ...rows.map((n) => n.capacity.memoryMb)))}
      rowKey={(n) => n.id}
      below={(n) => n.healthReport !== '' && <span class="stays bad-text">{n.healthReport}</span>}
      states={(byState, chosen) => STATES.filter((s) => (byState[s] ?? 0) > 0 || s === chosen || s === 'RUNNING')}
      searchHint="Search name, rack, label, reason"
      none="No NodeManager has registered. bin/start-nodemanager.sh starts one, bin/start-all.sh all of conf/nodes."
    />
  </>
);

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
