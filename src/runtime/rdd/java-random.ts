// Spark's random numbers, bit for bit, so that sample and repartition pick the rows that Spark picks.
// 64-bit states are two signed 32-bit halves: BigInt would be fifty times slower.
// Sources: org.apache.spark.util.random.XORShiftRandom, java.util.Random.
import { bytesHash } from './portable-hash.ts';

const ARRAY_SEED = 0x3c074a61;

/** Whole seeds beyond 32 bits are taken as Java longs. */
export function longParts(seed: number | bigint): [high: number, low: number] {
  const value = BigInt.asIntN(64, typeof seed === 'bigint' ? seed : BigInt(Math.trunc(seed)));
  return [Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value))];
}

export class XorShiftRandom {
  #high: number;
  #low: number;

  constructor(seed: number | bigint) {
    const bytes = new Uint8Array(8);
    const [high, low] = longParts(seed);
    new DataView(bytes.buffer).setInt32(0, high);
    new DataView(bytes.buffer).setInt32(4, low);
    this.#low = bytesHash(bytes, ARRAY_SEED);
    this.#high = bytesHash(bytes, this.#low);
  }

  /** The lowest `bits` of the next state: `seed ^= seed << 21; ^= seed >>> 35; ^= seed << 4`. */
  #next(bits: number): number {
    let h = this.#high;
    let l = this.#low;
    h ^= (h << 21) | (l >>> 11);
    l ^= l << 21;
    l ^= h >>> 3;
    h ^= (h << 4) | (l >>> 28);
    l ^= l << 4;
    this.#high = h;
    this.#low = l;
    return bits === 32 ? l : l & ((1 << bits) - 1);
  }

  /** Uniform in [0, 1), 53 bits. */
  nextDouble(): number {
    const high = this.#next(26);
    return (high * 134217728 + this.#next(27)) / 9007199254740992;
  }

  /** Uniform whole number in [0, bound). */
  nextInt(bound: number): number {
    let r = this.#next(31);
    const m = bound - 1;
    if ((bound & m) === 0) return Number((BigInt(bound) * BigInt(r)) >> 31n);
    for (let u = r; u - (r = u % bound) + m > 0x7fffffff; u = this.#next(31)) {
      // rejected: the last, incomplete range of multiples of bound
    }
    return r;
  }
}

/** java.util.Random, for the one number per partition that seeds a sample. */
export class JavaRandom {
  #seed: bigint;

  constructor(seed: number | bigint) {
    this.#seed = (BigInt.asUintN(64, typeof seed === 'bigint' ? seed : BigInt(Math.trunc(seed))) ^ 0x5deece66dn) & ((1n << 48n) - 1n);
  }

  #next(bits: number): number {
    this.#seed = (this.#seed * 0x5deece66dn + 0xbn) & ((1n << 48n) - 1n);
    return Number(BigInt.asIntN(32, this.#seed >> BigInt(48 - bits)));
  }

  nextLong(): bigint {
    const high = BigInt(this.#next(32)) << 32n;
    return BigInt.asIntN(64, high + BigInt(this.#next(32)));
  }
}

/** scala.util.hashing.byteswap32. */
export function byteswap32(v: number): number {
  let hc = Math.imul(v, 0x9e3775cd);
  hc = ((hc & 0xff) << 24) | ((hc & 0xff00) << 8) | ((hc >>> 8) & 0xff00) | (hc >>> 24);
  return Math.imul(hc, 0x9e3775cd);
}
