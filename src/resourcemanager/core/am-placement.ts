// Where the next driver of an application goes: on no host where an earlier one of it failed, unless that would leave too few. The fault may have been
// the host's (a full disk, a broken library), and a second attempt beside the first would prove nothing.
// Source: YARN's SimpleBlacklistManager and RMAppAttemptImpl.shouldCountTowardsNodeBlacklisting.
import type { Cluster } from './cluster.ts';
import { EXIT } from './container-machine.ts';
import type { Application, Attempt } from './entities.ts';
import { labelOf } from './node-labels.ts';

/** The AM container is asked for under this number; the driver's own asks come only after it has registered. */
const AM_ASK = 0;
/** By design (lost, preempted, killed), or the container's own: more memory than it may have. Another host would be no better. */
const NOT_THE_HOSTS: readonly number[] = [...Object.values(EXIT), -103, -104, 0];

/** @returns the host that later drivers avoid, when this end may have been its fault */
export const hostToAvoid = (cluster: Cluster, { am }: Attempt, exitStatus: number): string | undefined =>
  am === undefined || NOT_THE_HOSTS.includes(exitStatus) ? undefined : cluster.nodes.get(am.nodeId)?.host;

/** Hosts where drivers of the application failed. */
export const failedHosts = ({ attempts }: Application): string[] => [...new Set(attempts.flatMap((a) => a.failedOnHost ?? []))];

/** Those of them that the next driver does not go to; none when they are too many of all. */
function avoided(cluster: Cluster, application: Application): { readonly avoids: readonly string[]; readonly others: readonly string[] } {
  const { amExclusion } = cluster.settings;
  const failed = failedHosts(application);
  if (amExclusion === undefined || failed.length === 0) return { avoids: [], others: [] };
  const label = application.submission.nodeLabelExpression ?? '';
  const hosts = new Set([...cluster.nodes.values()].flatMap((n) => (n.slot >= 0 && labelOf(cluster, n) === label ? [n.host] : [])));
  const avoids = failed.filter((host) => hosts.has(host));
  if (avoids.length === 0 || avoids.length >= hosts.size * amExclusion) return { avoids: [], others: [] };
  return { avoids, others: [...hosts].filter((host) => !avoids.includes(host)) };
}

export function askForAm(cluster: Cluster, attempt: Attempt): void {
  const { application } = attempt;
  const resource = cluster.normalize(application.submission.amResource ?? { memoryMb: 1, vcores: 1 });
  const { avoids, others } = avoided(cluster, application);
  if (failedHosts(application).length > 0) cluster.choosy.add(attempt);
  if (avoids.join() !== attempt.avoids.join())
    cluster.log(
      'info',
      `${attempt.id} ${avoids.length === 0 ? 'may run on any host' : `is not placed on ${avoids.join(', ')}, where it failed`}`,
    );
  attempt.avoids = avoids;
  const where = avoids.length === 0 ? { hosts: [] } : { hosts: others, relaxLocality: false };
  cluster.scheduler.setAsk(application.scheduled!, AM_ASK, { priority: 0, resource, ...where, count: 1, forDriver: true });
}

/** A node came or left: those who choose among hosts choose anew. */
export function chooseAgain(cluster: Cluster): void {
  for (const attempt of cluster.choosy) {
    if (attempt.state.tag === 'SCHEDULED' && attempt.application.scheduled !== undefined) askForAm(cluster, attempt);
    else cluster.choosy.delete(attempt);
  }
}
