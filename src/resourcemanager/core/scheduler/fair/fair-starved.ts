// Who has less than his due, of the moment: for whom a node may be kept (fair-reservations.ts). How long it has been so, and who has to give
// for it, is preemption (preemption/fair-plan.ts). Source: YARN's FSAppAttempt.fairShareStarvation, FSLeafQueue.minShareStarvation.
import { atMost, NOTHING, plus, type Resource, times } from '../../../../common/resource.ts';
import type { FairApp } from './fair-asks.ts';
import type { FairQueue } from './fair-queue.ts';
import { appShares, byPolicy, isBelow } from './fair-shares.ts';
import { copy, finite, pendingOf } from './fair-views.ts';

/** Dues are reckoned once for each leaf that is asked about. O(applications of the leaf). */
export function starvedNow(apps: Iterable<FairApp>): (app: FairApp) => boolean {
  const byLeaf = Map.groupBy(apps, ({ leaf }) => leaf);
  const found = new Map<FairQueue, Set<FairApp>>();
  return (app) => {
    let starved = found.get(app.leaf);
    if (starved === undefined) found.set(app.leaf, (starved = starvedOf(app.leaf, byLeaf.get(app.leaf) ?? [])));
    return starved.has(app);
  };
}

function starvedOf({ config, used, min, fairShare }: FairQueue, apps: readonly FairApp[]): Set<FairApp> {
  const { policy, fairSharePreemptionThreshold } = config;
  const demands = apps.map((app) => ({ weight: app.weight, used: copy(app.used), pending: pendingOf(app) }));
  const wanted = demands.reduce<Resource>((sum, demand) => plus(sum, plus(demand.used, demand.pending)), NOTHING);
  if (isBelow(copy(used), byPolicy(policy, atMost(finite(min), wanted), 0))) return new Set(apps);
  const shares = appShares(policy, fairShare, demands);
  return new Set(apps.filter((app, i) => isBelow(copy(app.used), byPolicy(policy, times(shares[i]!, fairSharePreemptionThreshold), 0))));
}
