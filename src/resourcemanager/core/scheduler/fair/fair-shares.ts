// What is fair: an amount shared out by weights, nobody below his minimum or above his maximum. Numbers only.
// Source: YARN's ComputeFairShares: the ratio of share to weight is found by halving, because shares grow with it.
import { plus, type Resource } from '../../../../common/resource.ts';

export type Sharer = { readonly weight: number; readonly min: number; readonly max: number };

const ROUNDS = 40;

/** @returns one share each, in whole units; together at most `total`, unless minima alone are more */
export function fairShares(sharers: readonly Sharer[], total: number): number[] {
  if (sharers.length === 0) return [];
  const at = (ratio: number) => sharers.reduce((sum, s) => sum + shareAt(s, ratio), 0);
  const most = sharers.reduce((sum, { min, max }) => sum + Math.max(min, Math.min(max, total)), 0);
  const goal = Math.min(total, most);
  let high = 1;
  while (at(high) < goal && high < 2 ** 60) high *= 2;
  let low = 0;
  for (let round = 0; round < ROUNDS + Math.log2(high); round++) {
    const middle = (low + high) / 2;
    if (at(middle) < goal) low = middle;
    else high = middle;
  }
  return sharers.map((s) => Math.floor(shareAt(s, high) + 1e-6));
}

/** What one application weighs, uses and asks for. */
export type AppDemand = { readonly weight: number; readonly used: Resource; readonly pending: Resource };

/** What each application of a leaf should have of the leaf's due, no more than it wants. In a fifo queue the first takes all it wants. */
export function appShares(policy: 'fair' | 'drf' | 'fifo', due: Resource, apps: readonly AppDemand[]): Resource[] {
  const wants = apps.map(({ used, pending }) => plus(used, pending));
  const of = (amount: (r: Resource) => number): number[] => {
    if (policy !== 'fifo')
      return fairShares(
        apps.map(({ weight }, i) => ({ weight, min: 0, max: amount(wants[i]!) })),
        amount(due),
      );
    let left = amount(due);
    return wants.map((want) => {
      const gets = Math.min(left, amount(want));
      left -= gets;
      return gets;
    });
  };
  const [memory, vcores] = [of((r) => r.memoryMb), of((r) => r.vcores)];
  return apps.map((_, i) => ({ memoryMb: memory[i]!, vcores: vcores[i]! }));
}

/** What counts of a due: the policy `fair` looks at memory alone; vcores then say `otherwise`. */
export const byPolicy = (policy: 'fair' | 'drf' | 'fifo' | undefined, due: Resource, otherwise: number): Resource =>
  policy === 'drf' ? due : { memoryMb: due.memoryMb, vcores: otherwise };

/** Has less than its due of something that counts. */
export const isBelow = (used: Resource, due: Resource): boolean => used.memoryMb < due.memoryMb || used.vcores < due.vcores;

const shareAt = ({ weight, min, max }: Sharer, ratio: number): number => Math.min(Math.max(weight * ratio, min), Math.max(max, min));
