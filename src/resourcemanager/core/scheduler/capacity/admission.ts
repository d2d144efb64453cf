// May this application come in, may it ask for that label, and may this configuration take the place of the old one? All are refused with
// a reason; nothing has changed then. Source: YARN's CapacityScheduler.addApplication, LeafQueue.validateSubmitApplication.
import { AppError } from '../../../../common/errors.ts';
import { resourceText } from '../../../../common/resource.ts';
import { nearest } from '../../../../common/suggest.ts';
import { nearestQueues } from '../nearest-queues.ts';
import type { Applicant } from '../scheduler-port.ts';
import type { Application } from './application.ts';
import { missingFor } from './auto-queues.ts';
import { type CapacityConfig, isLeaf, type QueueConfig } from './config-types.ts';
import type { Partitions } from './partition.ts';
import { Queue } from './queue.ts';
import type { Dimensions } from '../vectors.ts';
import { applicationLimits, maximumAllocation } from './limits.ts';

export type Admitting = {
  readonly leaves: ReadonlyMap<string, Queue>;
  readonly root: Queue;
  readonly partitions: Partitions;
  readonly config: CapacityConfig;
  readonly dimensions: Dimensions;
};

/** A queue that may be made for it is (capacity-state.ts). @throws AppError QUEUE_UNKNOWN, SUBMIT_REFUSED */
export function admit(state: Admitting, applicant: Applicant): { queue: string; priority: number } {
  const { leaves, root, partitions, config } = state;
  const { queue, user, label, amResource, create = false } = applicant;
  const refuse = (reason: string): never => {
    throw new AppError('SUBMIT_REFUSED', { reason });
  };
  const leaf = leaves.get(queue) ?? (create ? wouldBe(state, queue, true, refuse) : undefined);
  if (leaf === undefined)
    throw new AppError('QUEUE_UNKNOWN', { queue, leaves: nearestQueues(queue, [...new Set([...leaves.values()].map((q) => q.path))]) });
  if (!leaf.isOpen) refuse(`queue ${leaf.path} is STOPPED and takes no applications`);
  const fault = labelFault(leaf, partitions, label || leaf.config.defaultLabel);
  if (fault !== undefined) refuse(fault);
  if (root.applicationCount >= config.maximumApplications)
    refuse(
      `the cluster has ${root.applicationCount} applications already; yarn.scheduler.capacity.maximum-applications is ${config.maximumApplications}`,
    );
  const { queue: most, user: mostOfUser } = applicationLimits(leaf, config);
  if (leaf.applicationCount >= most)
    refuse(`queue ${leaf.path} has ${leaf.applicationCount} applications already, and its maximum is ${most}`);
  const his = leaf.applications.get(user) ?? 0;
  if (his >= mostOfUser)
    refuse(`queue ${leaf.path} has ${his} applications of user ${user} already, and the maximum of one user there is ${mostOfUser}`);
  const largest = maximumAllocation(leaf);
  if (amResource !== undefined && largest !== undefined && (amResource.memoryMb > largest.memoryMb || amResource.vcores > largest.vcores))
    refuse(
      `its driver needs ${resourceText(amResource)}; queue ${leaf.path} allows ${largest.memoryMb} MB and ${largest.vcores} vcores for one container (maximum-allocation-mb, maximum-allocation-vcores)`,
    );
  return { queue: leaf.path, priority: applicant.priority || leaf.config.defaultApplicationPriority };
}

/**
 * The leaf as it would be made, with those above it: limits are asked before, so that nobody who is refused leaves a queue behind.
 * @param bounded whether the number of queues counts @throws through `refuse`, with why it can't be made
 */
export function wouldBe(state: Admitting, path: string, bounded: boolean, refuse: (reason: string) => never): Queue | undefined {
  const { root, config, partitions, dimensions } = state;
  const missing = missingFor(config.root, path, bounded);
  if (missing === undefined) return undefined;
  if ('reason' in missing) return refuse(missing.reason);
  const above = missing.queues[0]!.path;
  let at = [...root.all()].find((queue) => `${queue.path}.` === above.slice(0, above.lastIndexOf('.') + 1));
  for (const queue of missing.queues) at = new Queue(queue, at, { partitions: partitions.all, dimensions, nextOrdinal: 0 });
  return at;
}

/** @returns what is wrong with asking for that label in that queue, or undefined */
export function labelFault(leaf: Queue, partitions: Partitions, label: string): string | undefined {
  if (label === '') return undefined;
  const known = partitions.labels().map(({ name }) => name);
  if (!known.includes(label)) {
    const meant = nearest(label, known);
    const there = known.length === 0 ? 'the cluster has no node labels' : `the labels of the cluster are ${known.join(', ')}`;
    return `there is no node label ${label}; ${there}${meant === undefined ? '' : `. Did you mean ${meant}?`}`;
  }
  if (leaf.mayUse(label)) return undefined;
  const own = leaf.config.accessibleLabels;
  return `queue ${leaf.path} has no access to nodes with label ${label}; ${own.length === 0 ? 'it has access to no label' : `it has access to ${own.join(', ')}`}`;
}

/** @throws AppError QUEUE_CONFIG_INVALID when a queue with applications would go away or become a parent */
export function refuseLostQueues(next: QueueConfig, apps: Iterable<Application>): void {
  const leaves = new Set(leafPaths(next));
  for (const { queue, leaf } of apps) {
    if (leaves.has(queue)) continue;
    const remedy = leaf.config.dynamic
      ? 'the queue above it must go on making queues (auto-queue-creation-v2.enabled), or wait for their end'
      : 'set its state to STOPPED and wait for their end';
    throw new AppError('QUEUE_CONFIG_INVALID', {
      file: 'capacity-scheduler.yaml',
      line: 1,
      detail: `queue ${queue} has applications and can't be removed; ${remedy}`,
    });
  }
}

const leafPaths = (queue: QueueConfig): string[] => (isLeaf(queue) ? [queue.path] : queue.children.flatMap(leafPaths));
