// May this application come in, and may this configuration take the place of the old one? Both are refused with a reason; nothing
// has changed then.
import { AppError } from '../../../common/errors.ts';
import type { SchedulerApp } from './asks.ts';
import type { QueueConfig } from './queue-config.ts';
import { nearestQueues } from './nearest-queues.ts';
import { leavesByName, type Queue, queueTree } from './queue-tree.ts';
import type { Applicant } from './scheduler-port.ts';

/** @throws AppError QUEUE_UNKNOWN, SUBMIT_REFUSED */
export function admit(leaves: ReadonlyMap<string, Queue>, { queue, priority = 0 }: Applicant): { queue: string; priority: number } {
  const leaf = leaves.get(queue);
  const all = [...new Set([...leaves.values()].map((q) => q.path))];
  if (leaf === undefined) throw new AppError('QUEUE_UNKNOWN', { queue, leaves: nearestQueues(queue, all) });
  if (!leaf.acceptsApplications)
    throw new AppError('SUBMIT_REFUSED', { reason: `queue ${leaf.path} is STOPPED and takes no applications` });
  return { queue: leaf.path, priority };
}

/** @throws AppError QUEUE_CONFIG_INVALID when a queue with applications would go away */
export function refuseLostQueues(root: QueueConfig, apps: Iterable<SchedulerApp>): void {
  const next = leavesByName(queueTree(root));
  for (const { queue } of apps) {
    if (next.get(queue)?.path === queue) continue;
    throw new AppError('QUEUE_CONFIG_INVALID', {
      file: 'capacity-scheduler.yaml',
      line: 1,
      detail: `queue ${queue} has applications and can't be removed; set its state to STOPPED and wait for their end`,
    });
  }
}
