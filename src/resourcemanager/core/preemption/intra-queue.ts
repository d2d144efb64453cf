// Preemption inside a queue of the capacity scheduler: users above what one user may have give to those below it (userlimit_first), or
// applications of lower priority to those of higher (priority_first, and with userlimit_first among the applications of one user).
// Source: YARN's IntraQueueCandidatesSelector and FifoIntraQueuePreemptionPlugin.
import { dominantShare, NOTHING, plus, type Resource, times } from '../../../common/resource.ts';
import type { ScheduledApp } from '../scheduler/scheduler-port.ts';
import type { AppUsage, QueueUsage } from '../scheduler/scheduler-views.ts';
import type { Holder } from './ground.ts';
import { amounts, asksForRoom, type ClaimOf, chooseRooms, claimsFor, type RoomFor, type View } from './plan.ts';
import type { PreemptionSettings } from './settings.ts';

export function planInsideQueues(view: View, settings: PreemptionSettings): RoomFor[] {
  const { intraQueue } = settings;
  if (!intraQueue.enabled) return [];
  return view.snapshot.partitions.flatMap(({ label, total }) =>
    view.snapshot.queues.flatMap((queue) => {
      const here = queue.partitions.find((partition) => partition.label === label);
      if (!queue.leaf || queue.intraQueuePreemptionDisabled || here === undefined) return [];
      if (dominantShare(here.used, here.guaranteed) <= intraQueue.minimumThreshold) return [];
      const budget = dominantShare(here.guaranteed, total) * intraQueue.maxAllowable;
      const inside: Inside = { view, queue, label, total, budget, userLimit: here.userLimit };
      const byUser = intraQueue.order === 'userlimit_first' ? planByUser(inside) : [];
      return byUser.length > 0 ? byUser : planByPriority(inside, intraQueue.order === 'userlimit_first');
    }),
  );
}

type Inside = {
  readonly view: View;
  readonly queue: QueueUsage;
  readonly label: string;
  readonly total: Resource;
  readonly budget: number;
  readonly userLimit: Resource;
};

/** Holders are users; what one user may have is both his ideal and his floor. */
function planByUser(inside: Inside): RoomFor[] {
  const { queue, label } = inside;
  const limitOf = (user: string) => times(inside.userLimit, queue.userWeights?.get(user) ?? 1);
  const used = new Map<string, Resource>();
  for (const { app, partitions } of queue.applications) used.set(app.user, plus(used.get(app.user) ?? NOTHING, usedIn(partitions, label)));
  const holders = new Map(
    [...used].map(([user, has]): [string, Holder] => [user, { used: has, ideal: limitOf(user), floor: limitOf(user) }]),
  );
  const claims = queue.applications.flatMap(({ app }) =>
    asksForRoom(app, label).flatMap((ask) => {
      const by = `user ${app.user} waits for ${amounts(ask.resource)} and has ${amounts(used.get(app.user)!)} of ${amounts(limitOf(app.user))}`;
      return claimsFor(inside.view, ask, { holder: app.user, by });
    }),
  );
  return choose(inside, holders, claims, {
    nameOf: ({ user }) => user,
    because: ({ by }, { user }) =>
      `in queue ${queue.path}, where ${by}: user ${user} used ${amounts(used.get(user)!)}, above what one user may have`,
  });
}

const NONE: Resource = { memoryMb: -1, vcores: -1 };
const ALL: Resource = { memoryMb: Number.MAX_SAFE_INTEGER, vcores: Number.MAX_SAFE_INTEGER };

/** Holders are applications. A lower priority has no floor, a higher one no ideal: the order of priorities is strict, so it ends. */
function planByPriority(inside: Inside, sameUserOnly: boolean): RoomFor[] {
  const { queue, label } = inside;
  const apps = queue.applications;
  const name = ({ app }: Pick<AppUsage, 'app'>) => String(app.seq);
  const priorities = new Map(apps.map((entry) => [name(entry), entry.app]));
  const holders = new Map(
    apps.map((entry): [string, Holder] => [name(entry), { used: usedIn(entry.partitions, label), ideal: NONE, floor: NONE }]),
  );
  const limits = new Map<string, Resource>();
  for (const { app, partitions } of apps) limits.set(app.user, plus(limits.get(app.user) ?? NOTHING, usedIn(partitions, label)));
  const sorted = [...apps].sort((a, b) => b.app.priority - a.app.priority || a.app.seq - b.app.seq);
  for (const entry of sorted) {
    const { app } = entry;
    const mayTakeFrom = (loser: string) => {
      const other = priorities.get(loser)!;
      return other.priority < app.priority && (!sameUserOnly || other.user === app.user);
    };
    const claims = asksForRoom(app, label).flatMap((ask) =>
      claimsFor(inside.view, ask, {
        holder: name(entry),
        mayTakeFrom,
        by: `an application of priority ${app.priority} waits for ${amounts(ask.resource)}`,
      }),
    );
    if (claims.length === 0) continue;
    // Only the claimer may be given: his ideal is open, and nobody takes from him.
    const ground = new Map(holders).set(name(entry), { ...holders.get(name(entry))!, ideal: ALL });
    const rooms = choose(inside, ground, claims, {
      nameOf: ({ seq }) => String(seq),
      because: ({ by }, { priority }) => `in queue ${queue.path}, where ${by}: its application has priority ${priority}`,
    });
    if (rooms.length > 0) return rooms; // what is free is reckoned anew in the next round
  }
  return [];
}

type Words = { readonly nameOf: (app: ScheduledApp) => string; readonly because: (claim: ClaimOf, loser: ScheduledApp) => string };

const choose = (
  { view, queue, label, total, budget }: Inside,
  holders: ReadonlyMap<string, Holder>,
  claims: readonly ClaimOf[],
  { nameOf, because }: Words,
): RoomFor[] =>
  chooseRooms({
    view,
    label,
    total,
    budget,
    holders,
    claims,
    holderOf: (app) => (app.queue === queue.path ? nameOf(app) : undefined),
    because,
  });

const usedIn = (partitions: AppUsage['partitions'], label: string): Resource =>
  partitions.find((partition) => partition.label === label)?.used ?? NOTHING;
