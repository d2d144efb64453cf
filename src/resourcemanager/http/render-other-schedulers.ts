// The fair and the fifo scheduler as YARN's REST shows them. Source: FairSchedulerInfo, FairSchedulerQueueInfo, FifoSchedulerInfo.
import type { Resource } from '../../common/resource.ts';
import { float } from '../../web/raw-number.ts';
import type { QueueView } from '../core/scheduler/scheduler-views.ts';
import { maximumAllocation } from '../service/client-service.ts';
import { clusterFigures } from './cluster-figures.ts';
import { percentOf, resourceInfo } from './resource-info.ts';
import type { RmHttpParts } from './rm-app.ts';

export function fairSchedulerInfo({ loop }: RmHttpParts) {
  const { scheduler } = loop.core.cluster;
  const views = scheduler.queues();
  const below = Map.groupBy(views, (view) => view.parent);
  const render = (view: QueueView): Record<string, unknown> => ({
    ...fairQueue(view, scheduler.total),
    ...(view.leaf
      ? { type: 'fairSchedulerLeafQueueInfo', numPendingApps: view.pendingApplications, numActiveApps: view.runningApplications }
      : { childQueues: { queue: (below.get(view.path) ?? []).map(render) } }),
  });
  return { type: 'fairScheduler', rootQueue: render(views[0]!) };
}

function fairQueue(view: QueueView, total: Resource) {
  const at = view.partitions[0]!;
  return {
    maxApps: Math.min(view.maximumApplications, 2 ** 31 - 1),
    minResources: resourceInfo(at.guaranteed),
    maxResources: resourceInfo(at.maximum),
    usedResources: resourceInfo(at.used),
    amUsedResources: resourceInfo(at.driverUsed),
    amMaxResources: resourceInfo(at.driverLimit),
    demandResources: resourceInfo(at.pending),
    steadyFairResources: resourceInfo(at.guaranteed),
    fairResources: resourceInfo(at.userLimit),
    clusterResources: resourceInfo(total),
    reservedResources: resourceInfo(at.reserved),
    maxContainerAllocation: resourceInfo(view.maximumAllocation),
    allocatedContainers: view.containers,
    pendingContainers: view.pendingContainers,
    reservedContainers: 0,
    queueName: view.path,
    schedulingPolicy: view.orderingPolicy,
    preemptable: !view.preemptionDisabled,
  };
}

export function fifoSchedulerInfo({ loop }: RmHttpParts) {
  const { cluster } = loop.core;
  const { total, allocated, nodes, containersAllocated } = clusterFigures(cluster);
  return {
    type: 'fifoScheduler',
    capacity: float(1),
    usedCapacity: float(percentOf(allocated.memoryMb, total.memoryMb) / 100),
    qstate: cluster.scheduler.queues()[0]?.state ?? 'RUNNING',
    minQueueMemoryCapacity: cluster.settings.minAllocationMb,
    maxQueueMemoryCapacity: maximumAllocation(cluster).memoryMb,
    numNodes: nodes.RUNNING,
    usedNodeCapacity: allocated.memoryMb,
    availNodeCapacity: Math.max(0, total.memoryMb - allocated.memoryMb),
    totalNodeCapacity: total.memoryMb,
    numContainers: containersAllocated,
  };
}
