// Preemption inside a queue of the capacity scheduler: users above what one user may have give to those below it (userlimit_first), or
// applications of lower priority to those of higher (priority_first, and with userlimit_first among the applications of one user).
// Source: YARN's IntraQueueCandidatesSelector and FifoIntraQueuePreemptionPlugin.
import { dominantShare, NOTHING, plus, type Resource } from '../../../common/resource.ts';
import type { AppUsage, QueueUsage } from '../scheduler/scheduler-views.ts';
import { type Chosen, type Claim, chooseVictims, type Holder } from './choose-victims.ts';
import { amounts, asksForRoom, freeOf, keptFor, type Victim, type View } from './plan.ts';
import type { PreemptionSettings } from './settings.ts';

export function planInsideQueues(view: View, settings: PreemptionSettings): Victim[] {
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
function planByUser(inside: Inside): Victim[] {
  const { queue, label, userLimit } = inside;
  const used = new Map<string, Resource>();
  for (const { app, partitions } of queue.applications) used.set(app.user, plus(used.get(app.user) ?? NOTHING, usedIn(partitions, label)));
  const holders = new Map([...used].map(([user, has]): [string, Holder] => [user, { used: has, ideal: userLimit, floor: userLimit }]));
  const claims = queue.applications.flatMap(({ app }) =>
    asksForRoom(app, label).map((ask): Claim => {
      const { resource, count } = ask;
      const has = amounts(used.get(app.user)!);
      return {
        holder: app.user,
        size: resource,
        count,
        node: keptFor(inside.view, ask),
        by: `user ${app.user} waits for ${amounts(resource)} and has ${has} of ${amounts(userLimit)}`,
      };
    }),
  );
  const chosen = choose(inside, holders, claims, (container) => container.user);
  const users = new Map(inside.view.containers.map(({ id, user }) => [id, user]));
  return chosen.map(({ id, claim, group }) => {
    const user = users.get(id)!;
    return {
      id,
      group: `${queue.path} ${group}`,
      by: claim.holder,
      because: `in queue ${queue.path}, where ${claim.by}: user ${user} used ${amounts(used.get(user)!)}, above what one user may have`,
    };
  });
}

const NONE: Resource = { memoryMb: -1, vcores: -1 };
const ALL: Resource = { memoryMb: Number.MAX_SAFE_INTEGER, vcores: Number.MAX_SAFE_INTEGER };

/** Holders are applications. A lower priority has no floor, a higher one no ideal: the order of priorities is strict, so it ends. */
function planByPriority(inside: Inside, sameUserOnly: boolean): Victim[] {
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
  const victims: Victim[] = [];
  let budget = inside.budget;
  for (const entry of sorted) {
    const { app } = entry;
    const claims = asksForRoom(app, label).map(
      (ask): Claim => ({
        holder: name(entry),
        size: ask.resource,
        count: ask.count,
        node: keptFor(inside.view, ask),
        mayTakeFrom: (loser) => {
          const other = priorities.get(loser)!;
          return other.priority < app.priority && (!sameUserOnly || other.user === app.user);
        },
        by: `an application of priority ${app.priority} waits for ${amounts(ask.resource)}`,
      }),
    );
    if (claims.length === 0 || budget <= 0) continue;
    // Only the claimer may be given: his ideal is open, and nobody takes from him.
    const ground = new Map(holders).set(name(entry), { ...holders.get(name(entry))!, ideal: ALL });
    const seqs = new Map(inside.view.containers.map((container) => [container.id, container]));
    for (const { id, claim, group } of choose({ ...inside, budget }, ground, claims, (container) => String(container.app.seq))) {
      const loser = seqs.get(id)!;
      budget -= dominantShare(loser.resource, inside.total);
      victims.push({
        id,
        group: `${queue.path} ${group}`,
        by: claim.holder,
        because: `in queue ${queue.path}, where ${claim.by}: its application has priority ${loser.app.priority}`,
      });
    }
    if (victims.length > 0) break; // what is free is reckoned anew in the next round
  }
  return victims;
}

function choose(
  { view, queue, label, total, budget }: Inside,
  holders: ReadonlyMap<string, Holder>,
  claims: readonly Claim[],
  holderOf: (container: View['containers'][number]) => string,
): Chosen[] {
  const candidates = view.containers
    .filter((container) => container.queue === queue.path && container.label === label)
    .map((container) => ({ ...container, holder: holderOf(container) }));
  return chooseVictims({ holders, claims, candidates, total, budget, free: freeOf(view, label) });
}

const usedIn = (partitions: AppUsage['partitions'], label: string): Resource =>
  partitions.find((partition) => partition.label === label)?.used ?? NOTHING;
