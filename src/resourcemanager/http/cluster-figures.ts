// The figures of the whole cluster, counted once for REST metrics, JMX and Prometheus. Counters of applications and containers go on growing when old
// applications are forgotten; they begin anew with the process. O(applications + nodes).
import { NOTHING, plus, type Resource, times } from '../../common/resource.ts';
import type { Cluster } from '../core/cluster.ts';
import { usedOn } from '../core/reports.ts';

export type ClusterFigures = {
  readonly apps: { submitted: number; completed: number; pending: number; running: number; failed: number; killed: number };
  readonly unmanaged: { submitted: number; completed: number; pending: number; running: number; failed: number; killed: number };
  readonly nodes: Readonly<Record<'RUNNING' | 'LOST' | 'UNHEALTHY' | 'DECOMMISSIONING' | 'DECOMMISSIONED' | 'REBOOTED', number>>;
  readonly total: Resource;
  readonly allocated: Resource;
  readonly reserved: Resource;
  readonly pending: Resource;
  readonly containersAllocated: number;
  readonly containersPending: number;
  /** Nodes that are kept, one container each. */
  readonly containersReserved: number;
  /** Since the start of this process. */
  readonly containersGiven: number;
  /** Of all machines of active nodes; MiB, cores. */
  readonly utilized: { readonly memoryMb: number; readonly cores: number };
};

type AppCounts = ClusterFigures['apps'];
const none = (): AppCounts => ({ submitted: 0, completed: 0, pending: 0, running: 0, failed: 0, killed: 0 });

export function clusterFigures(cluster: Cluster): ClusterFigures {
  const { past, scheduler } = cluster;
  const apps = none();
  const unmanaged = none();
  let pending = NOTHING;
  const reserved = (scheduler.queues()[0]?.partitions ?? []).map((p) => p.reserved).reduce(plus, NOTHING);
  let [containersPending, containersReserved, containersGiven, containersAllocated] = [0, 0, past.containers, 0];
  for (const a of cluster.applications.values()) {
    for (const counts of a.submission.unmanaged ? [apps, unmanaged] : [apps]) count(counts, a.state.tag);
    for (const { containerSeq } of a.attempts) containersGiven += containerSeq;
    if (a.scheduled === undefined) continue;
    containersAllocated += a.scheduled.containers;
    for (const ask of a.scheduled.asks.values()) {
      pending = plus(pending, times(ask.resource, ask.count));
      containersPending += ask.count;
      if (reserved.memoryMb > 0 && ask.obstacle?.tag === 'reserved') containersReserved++;
    }
  }
  apps.submitted += past.FINISHED + past.FAILED + past.KILLED;
  apps.completed += past.FINISHED;
  apps.failed += past.FAILED;
  apps.killed += past.KILLED;
  return {
    apps,
    unmanaged,
    ...ofNodes(cluster),
    total: scheduler.total,
    reserved,
    pending,
    containersAllocated,
    containersPending,
    containersReserved,
    containersGiven,
  };
}

function count(counts: AppCounts, state: string): void {
  counts.submitted++;
  if (state === 'RUNNING') counts.running++;
  else if (state === 'FINISHED') counts.completed++;
  else if (state === 'FAILED') counts.failed++;
  else if (state === 'KILLED') counts.killed++;
  else counts.pending++;
}

function ofNodes(cluster: Cluster): Pick<ClusterFigures, 'nodes' | 'allocated' | 'utilized'> {
  const nodes = { RUNNING: 0, LOST: 0, UNHEALTHY: 0, DECOMMISSIONING: 0, DECOMMISSIONED: 0, REBOOTED: 0 };
  let allocated = NOTHING;
  let [memoryMb, cores] = [0, 0];
  for (const node of cluster.nodes.values()) {
    nodes[node.state.tag]++;
    allocated = plus(allocated, usedOn(node));
    if (node.slot < 0) continue;
    memoryMb += node.load?.memoryMb ?? 0;
    cores += node.load?.cores ?? 0;
  }
  return { nodes, allocated, utilized: { memoryMb, cores } };
}
