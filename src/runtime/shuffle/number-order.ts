// The order of numbers as a permutation, by radix sort: linear, stable, on typed arrays. -0 equals 0; NaN comes after every number.

const DIGIT = 11;
const BUCKETS = 1 << DIGIT;
const MASK = BUCKETS - 1;

/** @returns indexes of `keys` in order; equal keys keep their order, also when descending */
export function orderOfNumbers(keys: Int32Array | Float64Array, ascending: boolean): Uint32Array {
  const n = keys.length;
  const flip = ascending ? 0 : 0xffffffff;
  let order: Uint32Array = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  if (keys instanceof Int32Array) {
    const words = new Uint32Array(n);
    for (let i = 0; i < n; i++) words[i] = (keys[i]! ^ 0x80000000 ^ flip) >>> 0;
    return byWord(order, words);
  }
  const bits = new Uint32Array(Float64Array.from(keys, (x) => x + 0).buffer);
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const h = bits[2 * i + 1]!;
    // The order of IEEE bits as unsigned: all bits flip for negative numbers, the sign alone for others.
    const turn = h & 0x80000000 ? 0xffffffff : 0;
    low[i] = (bits[2 * i]! ^ turn ^ flip) >>> 0;
    high[i] = (h ^ (turn | 0x80000000) ^ flip) >>> 0;
  }
  order = byWord(order, low);
  return byWord(order, high);
}

/** Least significant digit first. A digit that all keys share costs one count and no move. */
function byWord(given: Uint32Array, words: Uint32Array): Uint32Array {
  const n = given.length;
  let from = given;
  let to: Uint32Array = new Uint32Array(n);
  const starts = new Uint32Array(BUCKETS);
  for (let shift = 0; shift < 32; shift += DIGIT) {
    starts.fill(0);
    for (let i = 0; i < n; i++) starts[(words[i]! >>> shift) & MASK]!++;
    if (n === 0 || starts[(words[0]! >>> shift) & MASK] === n) continue;
    let sum = 0;
    for (let b = 0; b < BUCKETS; b++) {
      const count = starts[b]!;
      starts[b] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const at = from[i]!;
      to[starts[(words[at]! >>> shift) & MASK]!++] = at;
    }
    [from, to] = [to, from];
  }
  return from;
}
