// One page out of many rows in a given order, without sorting them all: quickselect puts the page's rows where they belong, and only those are
// sorted. O(n) for n rows, whatever the page. Pure.

/** What a list is asked for: what to find, in which order, and which of it. */
export type TableQuery<Key extends string> = {
  readonly offset: number;
  readonly length: number;
  readonly sortBy: Key;
  readonly descending: boolean;
  readonly search: string;
  /** None: all. */
  readonly states: readonly string[];
};

export type Order = (a: number, b: number) => number;

/**
 * @param count  rows are 0 … count-1
 * @param before a total order of rows: no two are equal, or pages would overlap
 * @returns rows `offset` … `offset + length - 1` of the order
 */
export function selectPage(count: number, before: Order, offset: number, length: number): number[] {
  const from = Math.min(count, Math.max(0, offset));
  const to = Math.min(count, from + Math.max(0, length));
  if (from === to) return [];
  const rows = Uint32Array.from({ length: count }, (_, i) => i);
  if (from > 0) select(rows, from, 0, count - 1, before);
  if (to < count) select(rows, to, from, count - 1, before);
  return [...rows.subarray(from, to)].sort(before);
}

/** Afterwards rows[k] is where sorting would put it, all smaller ones are left of it, all larger ones right. Source: Hoare's FIND. */
function select(rows: Uint32Array, k: number, first: number, last: number, before: Order): void {
  let left = first;
  let right = last;
  while (left < right) {
    const pivot = middleOf(rows[left]!, rows[(left + right) >>> 1]!, rows[right]!, before);
    let i = left;
    let j = right;
    while (i <= j) {
      while (before(rows[i]!, pivot) < 0) i++;
      while (before(pivot, rows[j]!) < 0) j--;
      if (i > j) continue;
      const swapped = rows[i]!;
      rows[i++] = rows[j]!;
      rows[j--] = swapped;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return;
  }
}

/** Of three, so that rows that are sorted already are not the worst case. */
function middleOf(a: number, b: number, c: number, before: Order): number {
  const ab = before(a, b) < 0;
  const bc = before(b, c) < 0;
  if (ab === bc) return b;
  return before(a, c) < 0 === ab ? c : a;
}
