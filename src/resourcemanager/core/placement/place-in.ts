// The queue of a new application, or of one that is moved: the placement rules held against the living queue tree. A queue that is not
// there is refused at once, with those that are near it (YARN takes such an application and fails it later). The rules: rules.ts.
import { AppError } from '../../../common/errors.ts';
import type { Cluster } from '../cluster.ts';
import type { Submission } from '../records.ts';
import { place, type QueueView } from './rules.ts';

/** @returns the leaf's path, and the application's priority there @throws AppError QUEUE_UNKNOWN, SUBMIT_REFUSED */
export function placeIn(
  cluster: Cluster,
  { user, queue, name, tags, priority, amResource, nodeLabelExpression }: Submission,
  groups: readonly string[],
): { readonly queue: string; readonly priority: number } {
  const placement = place(cluster.policies.placement, { user, groups, queue, name, tags }, viewOf(cluster));
  if (placement.tag === 'rejected')
    throw new AppError('SUBMIT_REFUSED', {
      reason: `user ${user} can't submit ${JSON.stringify(name)} to queue ${queue}: ${placement.reason}`,
    });
  const allowed = Math.min(priority, cluster.settings.maxApplicationPriority ?? Number.POSITIVE_INFINITY);
  return cluster.scheduler.admit({
    user,
    queue: placement.queue,
    create: placement.create,
    priority: allowed,
    amResource,
    label: nodeLabelExpression,
  });
}

function viewOf({ scheduler }: Cluster): QueueView {
  return {
    find: (name) => scheduler.queueNamed(name),
    isLeaf: (path) => scheduler.leafNamed(path) === path,
    mayCreate: (path) => scheduler.mayCreate?.(path) ?? false,
  };
}
