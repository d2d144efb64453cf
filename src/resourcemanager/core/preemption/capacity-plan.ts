// Preemption between queues of the capacity scheduler: each partition by itself. A queue above its ideal gives to those below theirs that
// wait for room. Source: YARN's ProportionalCapacityPreemptionPolicy; other than there a container is taken only when it makes room for
// one that waits, and what waits for a limit of its own queue or user takes from nobody.
import { atMost, dominantShare, minus, NOTHING, plus, type Resource } from '../../../common/resource.ts';
import type { QueueUsage } from '../scheduler/scheduler-views.ts';
import { idealAllocations, inDeadZone, type QueueNeed } from './capacity-ideals.ts';
import type { Holder } from './ground.ts';
import { amounts, asksForRoom, type ClaimOf, chooseRooms, claimsFor, type RoomFor, type View, wantedRoom } from './plan.ts';
import type { PreemptionSettings } from './settings.ts';

export function planBetweenQueues(view: View, settings: PreemptionSettings): RoomFor[] {
  return view.snapshot.partitions.flatMap(({ label, total }) => planPartition(view, settings, label, total));
}

function planPartition(view: View, settings: PreemptionSettings, label: string, total: Resource): RoomFor[] {
  const needs = needsIn(view.snapshot.queues, label);
  if (!needs.some(({ pending }) => pending.memoryMb + pending.vcores > 0)) return [];
  const ideals = idealAllocations(needs, total);
  const holders = new Map(needs.map((need) => [need.path, holderOf(need, ideals.get(need.path)!, settings)]));
  const byPath = new Map(needs.map((need) => [need.path, need]));
  const claims = claimsOf(view, label, holders, byPath);
  const missing = [...holders.values()]
    .filter((_, i) => needs[i]!.leaf)
    .reduce((sum, { used, ideal }) => sum + dominantShare(shortOf(used, ideal), total), 0);
  return chooseRooms({
    view,
    label,
    total,
    holders,
    claims,
    budget: Math.min(settings.perRound, missing * settings.naturalTermination),
    holderOf: ({ queue }) => queue,
    because: (claim, { queue }) => {
      const { used, guaranteed } = byPath.get(queue)!;
      return `for queue ${claim.holder}, where ${claim.by}: queue ${queue} used ${amounts(used)}, its guaranteed capacity is ${amounts(guaranteed)}`;
    },
  });
}

function needsIn(queues: readonly QueueUsage[], label: string): QueueNeed[] {
  const pending = new Map<string, Resource>();
  const parents = new Map(queues.map(({ path, parent }) => [path, parent]));
  for (const { path, applications } of queues)
    for (const { app } of applications) {
      const wanted = wantedRoom(asksForRoom(app, label));
      for (let at: string | undefined = path; at !== undefined && at !== ''; at = parents.get(at))
        pending.set(at, plus(pending.get(at) ?? NOTHING, wanted));
    }
  return queues.flatMap(({ path, parent, leaf, preemptionDisabled, partitions }) => {
    const here = partitions.find((partition) => partition.label === label);
    if (here === undefined) return [];
    const { guaranteed, maximum, used } = here;
    return [{ path, parent, leaf, guaranteed, maximum, used, pending: pending.get(path) ?? NOTHING, disabled: leaf && preemptionDisabled }];
  });
}

function holderOf(need: QueueNeed, ideal: Resource, { ignoredOverCapacity }: PreemptionSettings): Holder {
  const { used, guaranteed, parent, disabled } = need;
  const spared = disabled || inDeadZone(need, ignoredOverCapacity);
  return { used, ideal, floor: spared ? used : atMost(ideal, guaranteed), due: guaranteed, parent: parent === '' ? undefined : parent };
}

/** The most under-served queue first, in it the applications in their order. */
function claimsOf(view: View, label: string, holders: ReadonlyMap<string, Holder>, needs: ReadonlyMap<string, QueueNeed>): ClaimOf[] {
  const below = view.snapshot.queues.filter(({ path, leaf }) => leaf && holders.has(path));
  const served = (path: string) => dominantShare(holders.get(path)!.used, needs.get(path)!.guaranteed);
  below.sort((a, b) => served(a.path) - served(b.path) || (a.path < b.path ? -1 : 1));
  return below.flatMap(({ path, applications }) => {
    const { used, guaranteed } = needs.get(path)!;
    return applications.flatMap(({ app }) =>
      asksForRoom(app, label).flatMap((ask) => {
        const what = ask.forDriver ? "an application's driver" : 'an application';
        const by = `${what} waits for ${amounts(ask.resource)} and ${amounts(used)} of guaranteed ${amounts(guaranteed)} are in use`;
        return claimsFor(view, ask, { holder: path, by });
      }),
    );
  });
}

const shortOf = (used: Resource, ideal: Resource): Resource => {
  const short = minus(ideal, atMost(used, ideal));
  return { memoryMb: Math.max(0, short.memoryMb), vcores: Math.max(0, short.vcores), ...(short.others && { others: short.others }) };
};
