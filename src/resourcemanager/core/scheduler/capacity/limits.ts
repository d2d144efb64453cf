// Limits of a leaf that do not depend on what is placed: applications, and the largest container. Those of users are user-part.ts, those
// of queues queue.ts. Source: YARN's AbstractLeafQueue.setupQueueConfigs, CapacitySchedulerConfiguration.getQueueMaximumAllocation.
import type { Resource } from '../../../../common/resource.ts';
import type { CapacityConfig } from './config-types.ts';
import type { Queue } from './queue.ts';

/** What a queue without a capacity of its own may have, too: it may use what others leave. */
const LEAST = 1;

export function applicationLimits(leaf: Queue, config: CapacityConfig): { readonly queue: number; readonly user: number } {
  const { maximumApplications, userLimitPercent, userLimitFactor } = leaf.config;
  const share = Math.max(0, ...leaf.parts.map((part) => part.capacity));
  // The share of a queue with absolute resources is not known while there are no nodes.
  const derived = share === 0 ? config.maximumApplications : Math.max(LEAST, Math.floor(config.maximumApplications * share));
  const queue = maximumApplications ?? config.maximumApplicationsPerQueue ?? derived;
  if (userLimitFactor < 0) return { queue, user: queue };
  return { queue, user: Math.min(queue, Math.max(Math.min(LEAST, queue), Math.floor(queue * (userLimitPercent / 100) * userLimitFactor))) };
}

/** undefined: as the cluster's; a queue's own can only be less. */
export function maximumAllocation(leaf: Queue): Resource | undefined {
  let [memoryMb, vcores] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let queue: Queue | undefined = leaf; queue !== undefined; queue = queue.parent) {
    memoryMb = Math.min(memoryMb, queue.config.maximumAllocationMb ?? memoryMb);
    vcores = Math.min(vcores, queue.config.maximumAllocationVcores ?? vcores);
  }
  if (memoryMb === Number.POSITIVE_INFINITY && vcores === Number.POSITIVE_INFINITY) return undefined;
  const most = (amount: number) => (Number.isFinite(amount) ? amount : 2 ** 31 - 1);
  return { memoryMb: most(memoryMb), vcores: most(vcores) };
}
