// application.list: applications that match, newest first, a page at a time: 100,000 reports would be one frame too large and one turn of the event
// loop too long.
import { matchesWildcard } from '../../common/wildcard.ts';
import type { ReplyOf, RequestOf } from '../../rpc/define-rpc.ts';
import type { applicationCounts, applicationList } from '../../rpc/messages/client.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Application } from '../core/entities.ts';
import { applicationReport, queueName } from '../core/reports.ts';
import type { Access, Who } from './access.ts';
import { restrictedReport } from './restricted-report.ts';

/** Reports of one reply: some 20 µs and 1 KiB each. */
const MOST_LISTED = 500;

type Filter = RequestOf<typeof applicationList>;

export async function listApplications(
  cluster: Cluster,
  access: Access,
  who: Who,
  filter: Filter,
): Promise<ReplyOf<typeof applicationList>> {
  const caller = await access.caller(who.user);
  const states = new Set<string>(filter.states);
  const wanted = matching(cluster, filter);
  const applications: ReplyOf<typeof applicationList>['applications'] = [];
  // They are kept in the order of their numbers.
  const all = [...cluster.applications.values()];
  for (let at = firstBelow(all, filter.before ?? Number.POSITIVE_INFINITY); at >= 0; at--) {
    const application = all[at]!;
    if ((states.size > 0 && !states.has(application.state.tag)) || !wanted(application)) continue;
    const mayView = access.canView(caller, who, application);
    if (!mayView && access.hideOthers) continue;
    if (applications.length === MOST_LISTED) return { applications, before: application.seq + 1 };
    const report = applicationReport(cluster, application);
    applications.push(mayView ? report : restrictedReport(report));
  }
  return { applications };
}

/** @returns where the newest one with a smaller number is; -1 when there is none */
function firstBelow(all: readonly Application[], seq: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (all[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** All but the states. */
function matching(cluster: Cluster, { types, tags, queue, user, name }: Filter): (application: Application) => boolean {
  return ({ submission: s }) =>
    (types.length === 0 || types.includes(s.type)) &&
    (tags.length === 0 || s.tags.some((tag) => tags.includes(tag))) &&
    (queue === undefined || s.queue === queue || queueName(cluster, s.queue) === queue) &&
    (user === undefined || s.user === user) &&
    (name === undefined || matchesWildcard(s.name, name));
}

/** How many there are, by queue and state: what `yarn top` says of them. O(applications). */
export function countApplications({ applications }: Cluster): ReplyOf<typeof applicationCounts> {
  const counts = new Map<string, Map<string, number>>();
  for (const { submission, state } of applications.values()) {
    let of = counts.get(submission.queue);
    if (of === undefined) counts.set(submission.queue, (of = new Map()));
    of.set(state.tag, (of.get(state.tag) ?? 0) + 1);
  }
  return {
    counts: [...counts].flatMap(([queue, of]) =>
      [...of].map(([state, count]) => ({ queue, state: state as Application['state']['tag'], count })),
    ),
  };
}
