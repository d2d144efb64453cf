// Nodes as the pages show them (src/cluster-pages/model/nodes.ts), made from the core's state when they are asked for.
import type { NodeReader, NodeSortKey, NodeView } from '../../cluster-pages/model/nodes.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Application, Node } from '../core/entities.ts';
import { usedOn } from '../core/reports.ts';

const NO_OTHERS: Readonly<Record<string, number>> = {};
/** Of an application that one may not view. */
const HIDDEN = '';

export type NodeParts = {
  readonly canView: (application: Application) => boolean;
  /** A node's pages, `http://host:port`; '' where they are not known. */
  readonly httpOf: (nodeId: string) => string;
};

/** '' where it has none. */
const labelOf = ({ scheduler }: Cluster, { slot }: Node): string => (slot < 0 ? '' : (scheduler.labelOf?.(slot) ?? ''));

export function nodeReader(cluster: Cluster, parts: NodeParts): NodeReader<Node> {
  return {
    all: () => cluster.nodes.values(),
    state: (n) => n.state.tag,
    text: (n) => `${n.id} ${n.host} ${n.rack} ${labelOf(cluster, n)} ${n.healthReport}`,
    sortBy,
    view: (n) => nodeView(cluster, n, parts),
  };
}

function sortBy(n: Node, key: NodeSortKey): number | string {
  switch (key) {
    case 'id':
      return n.id;
    case 'state':
      return n.state.tag;
    case 'rack':
      return n.rack;
    case 'lastHeartbeatMs':
      return n.lastHeartbeatMs;
    case 'containers':
      return n.containers.size;
    case 'memory':
      return usedOn(n).memoryMb;
    case 'vcores':
      return usedOn(n).vcores;
    default:
      return key satisfies never;
  }
}

export function nodeView(cluster: Cluster, node: Node, { canView, httpOf }: NodeParts): NodeView {
  const label = labelOf(cluster, node);
  const { capacity } = node;
  const used = usedOn(node);
  return {
    id: node.id,
    host: node.host,
    rack: node.rack,
    state: node.state.tag,
    labels: label === '' ? [] : [label],
    healthReport: node.healthReport,
    http: httpOf(node.id),
    version: node.version,
    lastHeartbeatMs: node.lastHeartbeatMs,
    capacity: { ...capacity, others: capacity.others ?? NO_OTHERS },
    used: { ...used, others: used.others ?? NO_OTHERS },
    containers: [...node.containers.values()].map(({ id, attempt: { application }, resource, state }) => {
      const shown = canView(application);
      return {
        id,
        applicationId: application.id,
        applicationName: shown ? application.submission.name : HIDDEN,
        user: application.submission.user,
        state: state.tag,
        memoryMb: resource.memoryMb,
        vcores: resource.vcores,
      };
    }),
    drainByMs: node.state.tag === 'DECOMMISSIONING' && Number.isFinite(node.drainByMs) ? node.drainByMs : 0,
  };
}
