// The fair and the fifo scheduler as YARN's REST shows them. Source: FairSchedulerInfo, FairSchedulerQueueInfo, FifoSchedulerInfo.
import { atMost, type Resource } from '../../common/resource.ts';
import { float } from '../../web/raw-number.ts';
import type { QueueView } from '../core/scheduler/scheduler-views.ts';
import { maximumAllocation } from '../service/client-service.ts';
import { clusterFigures } from './cluster-figures.ts';
import { percentOf, resourceInfo } from './resource-info.ts';
import type { RmHttpParts } from './rm-app.ts';

/** Field for field FairSchedulerQueueInfo's and FairSchedulerLeafQueueInfo's of 3.5; a queue without children has no `childQueues`. */
export function fairSchedulerInfo({ loop }: RmHttpParts) {
  const { cluster } = loop.core;
  const { scheduler } = cluster;
  const views = scheduler.queues();
  const below = Map.groupBy(views, (view) => view.parent);
  const largest = maximumAllocation(cluster);
  const render = (view: QueueView): Record<string, unknown> => {
    const children = below.get(view.path) ?? [];
    return {
      ...(view.leaf ? { type: 'fairSchedulerLeafQueueInfo' } : {}),
      ...fairQueue(view, scheduler.total, largest),
      ...(children.length > 0 ? { childQueues: { queue: children.map(render) } } : {}),
      ...(view.leaf ? { numPendingApps: view.pendingApplications, numActiveApps: view.runningApplications } : {}),
    };
  };
  return { type: 'fairScheduler', rootQueue: render(views[0]!) };
}

function fairQueue(view: QueueView, total: Resource, largest: Resource) {
  const at = view.partitions[0]!;
  const { minimum, steadyShare, fairShare, demand, reservedContainers } = view.fair!;
  return {
    maxApps: Math.min(view.maximumApplications, 2 ** 31 - 1),
    minResources: resourceInfo(minimum),
    maxResources: resourceInfo(atMost(at.maximum, total)),
    usedResources: resourceInfo(at.used),
    amUsedResources: resourceInfo(at.driverUsed),
    amMaxResources: resourceInfo(at.driverLimit),
    demandResources: resourceInfo(demand),
    steadyFairResources: resourceInfo(steadyShare),
    fairResources: resourceInfo(fairShare),
    clusterResources: resourceInfo(total),
    reservedResources: resourceInfo(at.reserved),
    maxContainerAllocation: resourceInfo(atMost(view.maximumAllocation, largest)),
    pendingContainers: view.pendingContainers,
    allocatedContainers: view.containers,
    reservedContainers,
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
