// Random numbers that a seed fixes: the same as Spark's of the same seed in its first partition. Source: XORShiftRandom of Spark 4.2, java.util.Random.
const MASK = 2n ** 64n - 1n;

/** Scala's MurmurHash3.bytesHash of eight bytes, the seed's highest first. */
function hashOf(seed: bigint, start: number): number {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigUint64(0, seed & MASK);
  const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
  let h = start;
  for (const at of [0, 4]) {
    const k = Math.imul(rotate(Math.imul(bytes.getInt32(at, true), 0xcc9e2d51), 15), 0x1b873593);
    h = (Math.imul(rotate(h ^ k, 13), 5) + 0xe6546b64) | 0;
  }
  h ^= 8;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const ARRAY_SEED = 0x3c074a61;

/** The lowest bits of the next state, so many as asked. */
function states(seed: bigint): (bits: bigint) => bigint {
  const low = hashOf(seed, ARRAY_SEED);
  const high = hashOf(seed, low);
  let state = ((BigInt(high) << 32n) | BigInt(low >>> 0)) & MASK;
  return (bits) => {
    state ^= (state << 21n) & MASK;
    state ^= state >> 35n;
    state ^= (state << 4n) & MASK;
    return state & ((1n << bits) - 1n);
  };
}

/** Uniform over [0, 1). */
export function xorShift(seed: bigint): () => number {
  const next = states(seed);
  return () => (Number(next(26n)) * 2 ** 27 + Number(next(27n))) * 2 ** -53;
}

/** java.util.Random's nextInt(): any of 32 bits. */
export function integers(seed: bigint): () => number {
  const next = states(seed);
  return () => Number(BigInt.asIntN(32, next(32n)));
}

/** Mean 0, deviation 1, by the polar method as java.util.Random does it: two at a time. */
export function gaussian(uniform: () => number): () => number {
  let kept: number | undefined;
  return () => {
    if (kept !== undefined) {
      const value = kept;
      kept = undefined;
      return value;
    }
    for (;;) {
      const [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
      const size = a * a + b * b;
      if (size >= 1 || size === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(size)) / size);
      kept = b * factor;
      return a * factor;
    }
  };
}
