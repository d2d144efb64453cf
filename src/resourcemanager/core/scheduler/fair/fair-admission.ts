// May this application come in, and may this configuration take the place of the old one? Both are refused with a reason; nothing has
// changed then. The capacity scheduler's is admission.ts.
import { AppError } from '../../../../common/errors.ts';
import { nearestQueues } from '../nearest-queues.ts';
import type { Applicant } from '../scheduler-port.ts';
import type { FairApp } from './fair-asks.ts';
import type { FairConfig } from './fair-config.ts';
import type { FairTree } from './fair-tree.ts';

/** A queue that may be made for it is. @throws AppError QUEUE_UNKNOWN, SUBMIT_REFUSED */
export function admit(
  tree: FairTree,
  kind: FairConfig['kind'],
  { queue, priority = 0, label = '', create = false }: Applicant,
): { queue: string; priority: number } {
  if (label !== '')
    throw new AppError('SUBMIT_REFUSED', {
      reason: `node label ${label}: the ${kind} scheduler knows no node labels, the capacity scheduler does`,
    });
  const leaf = tree.leaf(queue);
  if (leaf !== undefined) return { queue: leaf.path, priority };
  const rooted = queue.startsWith('root.') ? queue : `root.${queue}`;
  if (create && tree.mayCreate(rooted)) return { queue: rooted, priority };
  const leaves = tree.leaves().map(({ path }) => path);
  throw new AppError('QUEUE_UNKNOWN', { queue, leaves: nearestQueues(queue, leaves) });
}

/** @throws AppError QUEUE_CONFIG_INVALID when a queue with applications would go away */
export function refuseLostQueues(next: FairTree, apps: Iterable<FairApp>): void {
  for (const { queue } of apps) {
    if (next.leaf(queue)?.path === queue || next.mayCreate(queue)) continue;
    throw new AppError('QUEUE_CONFIG_INVALID', {
      file: 'fair-scheduler.xml',
      line: 1,
      detail: `queue ${queue} has applications and can't be removed; move them (yarn application -changeQueue) or wait for their end`,
    });
  }
}
