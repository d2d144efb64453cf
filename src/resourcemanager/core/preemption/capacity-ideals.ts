// What each queue of the capacity scheduler should have of one partition, by its guaranteed capacity and by what is wanted: a guaranteed part
// that nobody asks for goes to those who do, by their guarantees. Numbers only. Source: YARN's PreemptableResourceCalculator and
// AbstractPreemptableResourceCalculator.computeFixpointAllocation; shares are found as in scheduler/fair/fair-shares.ts.
import { amountOf, atMost, minus, NOTHING, plus, type Resource, resource } from '../../../common/resource.ts';
import { fairShares } from '../scheduler/fair/fair-shares.ts';

/** One queue in the partition. `pending`: what it waits for because no node has room for it, and for no other reason. */
export type QueueNeed = {
  readonly path: string;
  readonly parent: string;
  readonly leaf: boolean;
  readonly guaranteed: Resource;
  readonly maximum: Resource;
  readonly used: Resource;
  readonly pending: Resource;
  /** Nothing may be taken from it. */
  readonly disabled: boolean;
};

/** So small that a queue without a guarantee comes after all who have one. */
const NO_GUARANTEE = 1e-6;

/** @returns by the path of each queue; what a queue without preemption has stays its own */
export function idealAllocations(queues: readonly QueueNeed[], total: Resource): Map<string, Resource> {
  const below = new Map<string, QueueNeed[]>();
  for (const queue of queues) below.set(queue.parent, [...(below.get(queue.parent) ?? []), queue]);
  const ideals = new Map<string, Resource>();
  const names = [
    ...new Set(queues.flatMap(({ used, pending, guaranteed }) => [used, pending, guaranteed].flatMap((r) => Object.keys(r.others ?? {})))),
  ];
  const floorOf = (queue: QueueNeed): Resource => {
    if (queue.disabled) return queue.used;
    const own = atMost(queue.used, queue.guaranteed);
    if (queue.leaf) return own;
    const children = (below.get(queue.path) ?? []).map(floorOf).reduce(plus, NOTHING);
    return larger(own, children);
  };
  const share = (parent: string, available: Resource): void => {
    const children = below.get(parent) ?? [];
    const floors = children.map(floorOf);
    const of = (amount: (r: Resource) => number) =>
      fairShares(
        children.map((queue, i) => ({
          weight: Math.max(amount(queue.guaranteed), NO_GUARANTEE),
          min: amount(floors[i]!),
          max: Math.max(amount(floors[i]!), Math.min(amount(plus(queue.used, queue.pending)), amount(queue.maximum))),
        })),
        amount(available),
      );
    const [memory, vcores] = [of((r) => r.memoryMb), of((r) => r.vcores)];
    const others = names.map((name) => of((r) => amountOf(r, name)));
    for (const [i, { path }] of children.entries()) {
      const counted = Object.fromEntries(names.map((name, n) => [name, others[n]![i]!]));
      const ideal = resource(memory[i]!, vcores[i]!, counted);
      ideals.set(path, ideal);
      share(path, ideal);
    }
  };
  share('', total);
  return ideals;
}

const larger = (a: Resource, b: Resource): Resource => plus(a, minus(b, atMost(a, b)));

/** Over its guarantee by no more than a part of it: left alone (max_ignored_over_capacity). */
export function inDeadZone({ used, guaranteed }: Pick<QueueNeed, 'used' | 'guaranteed'>, ignored: number): boolean {
  const over = (has: number, due: number) => has > due * (1 + ignored) + 1e-6;
  if (over(used.memoryMb, guaranteed.memoryMb) || over(used.vcores, guaranteed.vcores)) return false;
  return !Object.keys(used.others ?? {}).some((name) => over(amountOf(used, name), amountOf(guaranteed, name)));
}
