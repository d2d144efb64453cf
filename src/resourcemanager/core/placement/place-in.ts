// The queue of a new application, or of one that is moved: the placement rules held against the living queue tree. A queue that is not
// there is refused at once, with those that are near it (YARN takes such an application and fails it later). The rules: rules.ts.
import { AppError } from '../../../common/errors.ts';
import { editDistance } from '../../../common/suggest.ts';
import type { Cluster } from '../cluster.ts';
import type { Submission } from '../records.ts';
import type { Queue } from '../scheduler/queue-tree.ts';
import { place, type QueueView } from './rules.ts';

/** Of a cluster with many queues the nearest are told. */
const MOST_LEAVES_TOLD = 20;

/** @throws AppError QUEUE_UNKNOWN, SUBMIT_REFUSED */
export function placeIn(cluster: Cluster, { user, queue, name, tags }: Submission, groups: readonly string[]): Queue {
  const placement = place(cluster.policies.placement, { user, groups, queue, name, tags }, viewOf(cluster));
  if (placement.tag === 'rejected')
    throw new AppError('SUBMIT_REFUSED', {
      reason: `user ${user} can't submit ${JSON.stringify(name)} to queue ${queue}: ${placement.reason}`,
    });
  return leafOf(cluster, placement.queue);
}

function viewOf({ scheduler }: Cluster): QueueView {
  return {
    find: (name) => scheduler.leaves.get(name)?.path ?? [...scheduler.root.all()].find((queue) => queue.path === name)?.path,
    isLeaf: (path) => scheduler.leaves.get(path)?.path === path,
    mayCreate: () => false,
  };
}

/** The leaf of that path or, if only one has it, name; it takes applications. @throws AppError QUEUE_UNKNOWN, SUBMIT_REFUSED */
export function leafOf({ scheduler }: Cluster, name: string): Queue {
  const leaf = scheduler.leaves.get(name);
  if (leaf === undefined) throw new AppError('QUEUE_UNKNOWN', { queue: name, leaves: nearestOf(name, scheduler.leaves.values()) });
  if (!leaf.acceptsApplications)
    throw new AppError('SUBMIT_REFUSED', { reason: `queue ${leaf.path} is STOPPED and takes no applications` });
  return leaf;
}

function nearestOf(name: string, leaves: Iterable<Queue>): string {
  const paths = [...new Set([...leaves].map((queue) => queue.path))];
  if (paths.length <= MOST_LEAVES_TOLD) return paths.join(', ');
  const last = name.slice(name.lastIndexOf('.') + 1);
  const distance = (path: string) => Math.min(editDistance(name, path), editDistance(last, path.slice(path.lastIndexOf('.') + 1)));
  const near = paths.map((path) => ({ path, far: distance(path) })).sort((a, b) => a.far - b.far || (a.path < b.path ? -1 : 1));
  const told = near.slice(0, MOST_LEAVES_TOLD).map(({ path }) => path);
  return `${told.join(', ')} and ${paths.length - told.length} more`;
}
