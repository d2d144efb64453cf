// The queues that somebody may have meant: all of them in a small cluster, in a large one those whose names are near.
import { editDistance } from '../../../common/suggest.ts';

/** Of a cluster with many queues the nearest are told. */
const MOST_TOLD = 20;

/** @param paths of leaves @returns a list for a sentence */
export function nearestQueues(name: string, paths: readonly string[]): string {
  if (paths.length <= MOST_TOLD) return paths.join(', ');
  const lastOf = (path: string) => path.slice(path.lastIndexOf('.') + 1);
  const distance = (path: string) => Math.min(editDistance(name, path), editDistance(lastOf(name), lastOf(path)));
  const near = paths.map((path) => ({ path, far: distance(path) })).sort((a, b) => a.far - b.far || (a.path < b.path ? -1 : 1));
  const told = near.slice(0, MOST_TOLD).map(({ path }) => path);
  return `${told.join(', ')} and ${paths.length - told.length} more`;
}
