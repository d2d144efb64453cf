// The scheduler's queues as the page's tree (src/cluster-pages/model/queues.ts). Bars are of the default partition; what a queue has of labelled nodes
// is said in words.
import type { QueueTree, QueueUser, QueueView } from '../../cluster-pages/model/queues.ts';
import { dominantShare, NOTHING, plus, type Resource, resourceText } from '../../common/resource.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Application } from '../core/entities.ts';
import type { FairDues, QueuePartition, QueueView as SchedulerQueue } from '../core/scheduler/scheduler-views.ts';

export function queueTree(cluster: Cluster): QueueTree {
  const { scheduler, applications } = cluster;
  const queues = cluster.queueViews();
  const children = Map.groupBy(queues, (q) => q.parent);
  const users = usersOf(applications.values());
  const view = (queue: SchedulerQueue): QueueView =>
    queueView(queue, users.get(queue.path) ?? [], scheduler.total, (children.get(queue.path) ?? []).map(view));
  return { scheduler: scheduler.kind, root: view(queues[0]!) };
}

/** By leaf, of all that live: a scheduler without limits of users does not count them. */
function usersOf(applications: Iterable<Application>): Map<string, QueueUser[]> {
  const byQueue = new Map<string, Map<string, QueueUser>>();
  for (const { scheduled, submission, state } of applications) {
    if (scheduled === undefined) continue;
    const users = byQueue.get(scheduled.queue) ?? new Map<string, QueueUser>();
    byQueue.set(scheduled.queue, users);
    const before = users.get(submission.user) ?? { user: submission.user, used: NOTHING, limitMb: 0, driverMb: 0, running: 0, waiting: 0 };
    const running = state.tag === 'RUNNING' ? 1 : 0;
    users.set(submission.user, {
      ...before,
      used: plus(before.used, scheduled.used),
      running: before.running + running,
      waiting: before.waiting + 1 - running,
    });
  }
  return new Map([...byQueue].map(([path, users]) => [path, [...users.values()]]));
}

function queueView(queue: SchedulerQueue, counted: readonly QueueUser[], total: Resource, children: readonly QueueView[]): QueueView {
  const own = queue.partitions[0]!;
  const limits = new Map(queue.users.map((u) => [u.user, u]));
  return {
    path: queue.path,
    name: queue.path.slice(queue.path.lastIndexOf('.') + 1),
    state: queue.state,
    leaf: queue.leaf,
    usedShare: shareOf(own.used, total),
    guaranteedShare: own.absoluteCapacityPercent / 100,
    maximumShare: own.absoluteMaximumPercent / 100,
    pendingShare: shareOf(own.pending, total),
    used: own.used,
    maximum: own.maximum,
    pending: { ...own.pending, containers: queue.pendingContainers },
    drivers: queue.leaf ? { usedMb: own.driverUsed.memoryMb, maximumMb: own.driverLimit.memoryMb } : undefined,
    running: queue.runningApplications,
    waiting: queue.pendingApplications,
    users: counted
      .map((u) => ({ ...u, limitMb: limits.get(u.user)?.limit.memoryMb ?? 0, driverMb: limits.get(u.user)?.driverUsed.memoryMb ?? 0 }))
      .sort((a, b) => b.used.memoryMb - a.used.memoryMb || (a.user < b.user ? -1 : 1)),
    notes: [...wordsOf(queue, own), ...queue.partitions.slice(1).map(ofLabel)],
    children,
  };
}

/** Without nodes there is nothing to have a share of. */
function shareOf(used: Resource, total: Resource): number {
  const share = dominantShare(used, total);
  return Number.isFinite(share) ? share : 0;
}

function wordsOf(queue: SchedulerQueue, own: QueuePartition): (readonly [string, string])[] {
  const words: (readonly [string, string])[] = [];
  if (own.weight >= 0) words.push(['Weight', String(own.weight)]);
  if (queue.fair !== undefined) words.push(...fairWords(queue.fair));
  if (own.reserved.memoryMb > 0) words.push(['Held free for large containers', resourceText(own.reserved)]);
  if (queue.priority !== 0) words.push(['Priority', String(queue.priority)]);
  if (queue.defaultLabel !== '') words.push(['Label of its own', queue.defaultLabel]);
  if (queue.dynamic)
    words.push(['Made', queue.expires ? 'for an application; goes away some time after its last one' : 'for an application']);
  if (queue.autoCreate !== undefined) words.push(['Queues below', 'are made for applications (auto-queue-creation-v2)']);
  if (!queue.leaf) return words;
  words.push(['Order', queue.orderingPolicy]);
  if (queue.fair === undefined)
    words.push([
      'One user',
      `${queue.userLimitPercent} % at least, ${queue.userLimitFactor < 0 ? 'no limit but the maximum' : `${queue.userLimitFactor} × the guarantee at most`}`,
    ]);
  if (queue.preemptionDisabled) words.push(['Preemption', 'never from here']);
  if (queue.maximumLifetimeS > 0) words.push(['Longest life of an application', `${queue.maximumLifetimeS} s`]);
  return words;
}

/** In YARN's words. */
const fairWords = ({ minimum, steadyShare, fairShare, demand }: FairDues): (readonly [string, string])[] => [
  ['Steady fair share', resourceText(steadyShare)],
  ['Instantaneous fair share', resourceText(fairShare)],
  ['Minimum', resourceText(minimum)],
  ['Demand', resourceText(demand)],
];

const ofLabel = (p: QueuePartition): readonly [string, string] => [
  `On nodes labelled ${p.label}`,
  `${resourceText(p.used)} of ${resourceText(p.maximum)} (${Math.round(p.absoluteCapacityPercent)} % guaranteed)`,
];
