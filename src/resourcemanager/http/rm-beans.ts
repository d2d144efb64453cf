// The ResourceManager's JMX beans: ClusterMetrics, QueueMetrics of every queue, RMNMInfo, JvmMetrics. Those attributes that mean something here, by
// Hadoop's names. Source: YARN's ClusterMetrics, QueueMetrics, CSQueueMetrics, RMNMInfo.
import { hostname } from 'node:os';
import { percentOf } from './resource-info.ts';
import type { Bean } from '../../web/jmx.ts';
import type { ProcessFigures } from '../../web/process-figures.ts';
import type { Cluster } from '../core/cluster.ts';
import type { QueueView } from '../core/scheduler/scheduler-views.ts';
import { usedOn } from '../core/reports.ts';
import { clusterFigures } from './cluster-figures.ts';

const SERVICE = 'Hadoop:service=ResourceManager';

export function* rmBeans(cluster: Cluster, figures: ProcessFigures): Generator<Bean> {
  const f = clusterFigures(cluster);
  yield {
    name: `${SERVICE},name=ClusterMetrics`,
    modelerType: 'ClusterMetrics',
    'tag.ClusterMetrics': 'ResourceManager',
    'tag.Context': 'yarn',
    'tag.Hostname': hostname(),
    CapabilityMB: f.total.memoryMb,
    CapabilityVirtualCores: f.total.vcores,
    NumActiveNMs: f.nodes.RUNNING,
    NumDecommissionedNMs: f.nodes.DECOMMISSIONED,
    NumDecommissioningNMs: f.nodes.DECOMMISSIONING,
    NumLostNMs: f.nodes.LOST,
    NumRebootedNMs: f.nodes.REBOOTED,
    NumShutdownNMs: 0,
    NumUnhealthyNMs: f.nodes.UNHEALTHY,
    UtilizedMB: f.utilized.memoryMb,
    UtilizedVirtualCores: Math.round(f.utilized.cores),
  };
  const apps = appsByQueue(cluster);
  for (const view of cluster.scheduler.queues()) yield queueBean(view, apps.get(view.path) ?? noApps());
  yield {
    name: `${SERVICE},name=RMNMInfo`,
    modelerType: 'org.apache.hadoop.yarn.server.resourcemanager.RMNMInfo',
    LiveNodeManagers: liveNodes(cluster),
  };
  yield {
    name: `${SERVICE},name=JvmMetrics`,
    modelerType: 'JvmMetrics',
    'tag.Hostname': hostname(),
    ...figures.jvmMetrics('ResourceManager'),
  };
}

type AppsOfQueue = {
  submitted: number;
  running: number;
  pending: number;
  completed: number;
  killed: number;
  failed: number;
  containers: number;
};
const noApps = (): AppsOfQueue => ({ submitted: 0, running: 0, pending: 0, completed: 0, killed: 0, failed: 0, containers: 0 });
const COUNTED: Readonly<Record<string, keyof AppsOfQueue>> = {
  RUNNING: 'running',
  FINISHED: 'completed',
  KILLED: 'killed',
  FAILED: 'failed',
};

/** Of every queue with its subtree, as far as applications are remembered. */
function appsByQueue(cluster: Cluster): Map<string, AppsOfQueue> {
  const found = new Map<string, AppsOfQueue>();
  for (const { submission, state, attempts } of cluster.applications.values()) {
    const containers = attempts.reduce((sum, a) => sum + a.containerSeq, 0);
    for (let path = submission.queue; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('.')))) {
      const counts = found.get(path) ?? noApps();
      counts.submitted++;
      counts[COUNTED[state.tag] ?? 'pending']++;
      counts.containers += containers;
      found.set(path, counts);
    }
  }
  return found;
}

function queueBean(view: QueueView, apps: AppsOfQueue): Bean {
  const at = view.partitions[0]!;
  const q = view.path
    .split('.')
    .map((name, i) => `q${i}=${name}`)
    .join(',');
  const room = { memoryMb: at.maximum.memoryMb - at.used.memoryMb, vcores: at.maximum.vcores - at.used.vcores };
  return {
    name: `${SERVICE},name=QueueMetrics,${q}`,
    modelerType: `QueueMetrics,${q}`,
    'tag.Queue': view.path,
    'tag.Context': 'yarn',
    'tag.Hostname': hostname(),
    AMResourceLimitMB: at.driverLimit.memoryMb,
    AMResourceLimitVCores: at.driverLimit.vcores,
    AbsoluteUsedCapacity: (percentOf(at.used.memoryMb, at.guaranteed.memoryMb) * at.absoluteCapacityPercent) / 1e4,
    GuaranteedAbsoluteCapacity: at.absoluteCapacityPercent / 100,
    GuaranteedCapacity: at.capacityPercent / 100,
    GuaranteedMB: at.guaranteed.memoryMb,
    GuaranteedVCores: at.guaranteed.vcores,
    MaxAbsoluteCapacity: at.absoluteMaximumPercent / 100,
    MaxCapacity: at.maximumPercent / 100,
    MaxCapacityMB: at.maximum.memoryMb,
    MaxCapacityVCores: at.maximum.vcores,
    UsedAMResourceMB: at.driverUsed.memoryMb,
    UsedAMResourceVCores: at.driverUsed.vcores,
    UsedCapacity: percentOf(at.used.memoryMb, at.guaranteed.memoryMb) / 100,
    ActiveApplications: view.runningApplications,
    ActiveUsers: view.users.filter((u) => u.runningApplications > 0).length,
    AggregateContainersAllocated: apps.containers,
    AggregateContainersReleased: Math.max(0, apps.containers - view.containers),
    AllocatedContainers: view.containers,
    AllocatedMB: at.used.memoryMb,
    AllocatedVCores: at.used.vcores,
    AppsSubmitted: apps.submitted,
    AppsRunning: apps.running,
    AppsPending: apps.pending,
    AppsCompleted: apps.completed,
    AppsKilled: apps.killed,
    AppsFailed: apps.failed,
    AvailableMB: Math.max(0, room.memoryMb),
    AvailableVCores: Math.max(0, room.vcores),
    PendingContainers: view.pendingContainers,
    PendingMB: at.pending.memoryMb,
    PendingVCores: at.pending.vcores,
    ReservedMB: at.reserved.memoryMb,
    ReservedVCores: at.reserved.vcores,
  };
}

/** JSON in a text, as Hadoop has it. */
const liveNodes = (cluster: Cluster): string =>
  JSON.stringify(
    [...cluster.byHeartbeat].map((node) => {
      const used = usedOn(node);
      return {
        HostName: node.host,
        Rack: node.rack,
        State: node.state.tag,
        NodeId: node.id,
        NodeHTTPAddress: node.httpAddress,
        LastHealthUpdate: node.lastHeartbeatMs,
        HealthReport: node.healthReport,
        NodeManagerVersion: node.version,
        NumContainers: node.containers.size,
        UsedMemoryMB: used.memoryMb,
        AvailableMemoryMB: Math.max(0, node.capacity.memoryMb - used.memoryMb),
      };
    }),
  );
