// Preemption of the fair scheduler: a queue that is below its minimum share, or below a part of its fair share, for longer than its
// timeout takes from applications above their fair share, and so does an application inside its queue. Source: YARN's FSPreemptionThread,
// FSLeafQueue.isStarvedForMinShare and FSAppAttempt.fairShareStarvation.
import { atMost, NOTHING, plus, type Resource, times } from '../../../common/resource.ts';
import { appShares, byPolicy, isBelow } from '../scheduler/fair/fair-shares.ts';
import type { AppUsage, QueueUsage } from '../scheduler/scheduler-views.ts';
import type { Holder } from './ground.ts';
import { amounts, asksForRoom, type ClaimOf, chooseRooms, type RoomFor, type View, wantedRoom } from './plan.ts';
import type { PreemptionSettings } from './settings.ts';

/** Since when each is below what it may claim: carried from round to round. */
export type Starving = Map<string, number>;
type FairUsage = NonNullable<QueueUsage['fair']>;
type Entry = { readonly queue: QueueUsage; readonly fair: FairUsage; readonly usage: AppUsage; readonly share: Resource };

export function planFair(view: View, settings: PreemptionSettings, starving: Starving): RoomFor[] {
  const { total } = view.snapshot.partitions[0]!;
  const used = view.snapshot.queues.find(({ parent }) => parent === '')!.partitions[0]!.used;
  const leaves = view.snapshot.queues.filter(({ leaf, fair }) => leaf && fair !== undefined);
  const entries = leaves.flatMap(entriesOf);
  const claims = claimsOf(leaves, entries, view.nowMs, starving);
  const use = Math.max(used.memoryMb / Math.max(total.memoryMb, 1), used.vcores / Math.max(total.vcores, 1));
  if (claims.length === 0 || use <= settings.utilizationThreshold) return [];
  const holders = new Map<string, Holder>();
  const policies = new Map(view.snapshot.queues.map(({ path, fair }) => [path, fair?.policy]));
  for (const { path, parent, partitions, fair } of view.snapshot.queues) {
    const { used: has, guaranteed } = partitions[0]!;
    const ideal = byPolicy(fair?.policy, fair?.minShare ?? guaranteed, MOST); // who claims for the queue's minimum gets no more than that (Claim.within)
    holders.set(path, {
      used: has,
      ideal,
      floor: guaranteed,
      due: byPolicy(policies.get(parent), guaranteed, MOST),
      parent: parent === '' ? undefined : parent,
    });
  }
  for (const { queue, fair, usage, share } of entries) {
    const has = usage.partitions[0]!.used;
    const floor = queue.preemptionDisabled ? has : byPolicy(fair.policy, share, 0);
    const ideal = byPolicy(fair.policy, share, MOST);
    holders.set(nameOf(usage), { used: has, ideal, floor, due: ideal, parent: queue.path });
  }
  return chooseRooms({
    view,
    label: '',
    total,
    budget: Number.POSITIVE_INFINITY,
    holders,
    claims,
    holderOf: ({ seq }) => String(seq),
    because: ({ by }, { queue }) => `for ${by}: its application in queue ${queue} had more than its fair share`,
  });
}

const MOST = Number.MAX_SAFE_INTEGER;

const nameOf = ({ app }: AppUsage): string => String(app.seq);

function entriesOf(queue: QueueUsage): Entry[] {
  const fair = queue.fair!;
  const apps = queue.applications.map(({ app, weight = 1 + app.priority, partitions: [at] }) => ({
    weight,
    used: at!.used,
    pending: at!.pending,
  }));
  const shares = appShares(fair.policy, queue.partitions[0]!.guaranteed, apps);
  return queue.applications.map((usage, i) => ({ queue, fair, usage, share: shares[i]! }));
}

function claimsOf(leaves: readonly QueueUsage[], entries: readonly Entry[], nowMs: number, starving: Starving): ClaimOf[] {
  const still = new Set<string>();
  /** @returns whether it has been so for that long */
  const since = (name: string, isBelow: boolean, timeoutMs: number): boolean => {
    if (!isBelow) return false;
    still.add(name);
    if (!starving.has(name)) starving.set(name, nowMs);
    return nowMs - starving.get(name)! >= timeoutMs;
  };
  const minStarved = new Set<QueueUsage>();
  for (const queue of leaves) {
    const { used } = queue.partitions[0]!;
    const wanted = queue.applications.reduce((sum, { app }) => plus(sum, wantedRoom(asksForRoom(app, ''))), NOTHING);
    const minimum = atMost(queue.fair!.minShare, plus(used, wanted));
    if (since(`min ${queue.path}`, isBelow(used, byPolicy(queue.fair!.policy, minimum, 0)), queue.fair!.minShareTimeoutMs))
      minStarved.add(queue);
  }
  const claims = entries.flatMap((entry) => {
    const { queue, fair, usage, share } = entry;
    const asks = asksForRoom(usage.app, '');
    const { used } = usage.partitions[0]!;
    const below = asks.length > 0 && isBelow(used, byPolicy(fair.policy, times(share, fair.fairShareThreshold), 0));
    const fairStarved = since(`fair ${nameOf(usage)}`, below, fair.fairShareTimeoutMs);
    if (!fairStarved && !minStarved.has(queue)) return [];
    const why = fairStarved
      ? `an application in queue ${queue.path} that has ${amounts(used)} of its fair share of ${amounts(share)}`
      : `queue ${queue.path}, which has less than its minimum of ${amounts(fair.minShare)}`;
    const within = fairStarved ? undefined : queue.path;
    const holder = nameOf(usage);
    return asks.map(
      (ask): ClaimOf => ({
        ask,
        holder,
        within,
        size: ask.resource,
        count: ask.count,
        by: `${why} and waits for ${amounts(ask.resource)}`,
      }),
    );
  });
  for (const name of starving.keys()) if (!still.has(name)) starving.delete(name);
  return claims.sort((a, b) => Number(a.holder) - Number(b.holder));
}
