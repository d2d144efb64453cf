// MurmurHash3, x64, 128 bits, as Apache DataSketches seeds it: what theta, tuple and HLL sketches hash their items with.
// Source: org.apache.datasketches.hash.MurmurHash3.

/** DataSketches' default seed. */
export const SKETCH_SEED = 9001n;

const MASK = (1n << 64n) - 1n;
const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;
const rotated = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;
const mixed1 = (k: bigint): bigint => (rotated((k * C1) & MASK, 31n) * C2) & MASK;
const mixed2 = (k: bigint): bigint => (rotated((k * C2) & MASK, 33n) * C1) & MASK;

function finished(h: bigint): bigint {
  let x = ((h ^ (h >> 33n)) * 0xff51afd7ed558ccdn) & MASK;
  x = ((x ^ (x >> 33n)) * 0xc4ceb9fe1a85ec53n) & MASK;
  return x ^ (x >> 33n);
}

/** @returns two unsigned numbers of 64 bits */
export function murmur128(bytes: Uint8Array, seed = SKETCH_SEED): readonly [bigint, bigint] {
  let [h1, h2] = [seed, seed];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 16);
  for (let i = 0; i < whole; i += 16) {
    h1 = (rotated(h1 ^ mixed1(view.getBigUint64(i, true)), 27n) + h2) & MASK;
    h1 = (h1 * 5n + 0x52dce729n) & MASK;
    h2 = (rotated(h2 ^ mixed2(view.getBigUint64(i + 8, true)), 31n) + h1) & MASK;
    h2 = (h2 * 5n + 0x38495ab5n) & MASK;
  }
  const tail = (from: number, to: number): bigint => {
    let k = 0n;
    for (let i = Math.min(to, bytes.length) - 1; i >= from; i--) k = (k << 8n) | BigInt(bytes[i]!);
    return k;
  };
  if (bytes.length > whole + 8) h2 ^= mixed2(tail(whole + 8, whole + 16));
  if (bytes.length > whole) h1 ^= mixed1(tail(whole, whole + 8));
  const length = BigInt(bytes.length);
  h1 ^= length;
  h2 ^= length;
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  h1 = finished(h1);
  h2 = finished(h2);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  return [h1, h2];
}
