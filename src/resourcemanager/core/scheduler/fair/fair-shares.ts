// What is fair: an amount shared out by weights, nobody below his minimum or above his maximum. Numbers only.
// Source: YARN's ComputeFairShares: the ratio of share to weight is found by halving, because shares grow with it.

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

const shareAt = ({ weight, min, max }: Sharer, ratio: number): number => Math.min(Math.max(weight * ratio, min), Math.max(max, min));
