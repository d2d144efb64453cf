// Count-min sketches: how often values come, counted in a few rows of counters, in Spark's bytes. Source: CountMinSketchImpl of Spark 4.2, java.util.Random.
import { murmurOfBytes } from '../js-hash.ts';

const VERSION = 1;
const PRIME_MODULUS = (1n << 31n) - 1n;

/** java.util.Random(seed).nextInt(bound). */
function javaRandom(seed: bigint): (bound: number) => number {
  const mask = (1n << 48n) - 1n;
  let state = (seed ^ 0x5deece66dn) & mask;
  const next31 = (): number => {
    state = (state * 0x5deece66dn + 0xbn) & mask;
    return Number(state >> 17n);
  };
  return (bound) => {
    for (;;) {
      const bits = next31();
      const value = bits % bound;
      // Java's int would have passed its end here.
      if (bits - value + (bound - 1) < 2 ** 31) return value;
    }
  };
}

export class CountMinSketch {
  #total = 0n;
  readonly #depth: number;
  readonly #width: number;
  readonly #hashes: readonly bigint[];
  readonly #table: BigInt64Array;

  /** @param eps relative error of a count; @param confidence that it holds */
  constructor(eps: number, confidence: number, seed: bigint) {
    this.#width = Math.ceil(2 / eps);
    this.#depth = Math.ceil(-Math.log1p(-confidence) / Math.log(2));
    const next = javaRandom(seed);
    this.#hashes = Array.from({ length: this.#depth }, () => BigInt(next(2 ** 31 - 1)));
    this.#table = new BigInt64Array(this.#depth * this.#width);
  }

  addWhole(item: bigint): void {
    this.#add((row) => {
      let hash = BigInt.asIntN(64, this.#hashes[row]! * item);
      hash = BigInt.asIntN(64, hash + (hash >> 32n));
      return Number((hash & PRIME_MODULUS) % BigInt(this.#width));
    });
  }

  addBytes(item: Uint8Array): void {
    const first = murmurOfBytes(item, 0);
    const second = murmurOfBytes(item, first);
    this.#add((row) => Math.abs(((first + Math.imul(row, second)) | 0) % this.#width));
  }

  #add(columnOf: (row: number) => number): void {
    for (let row = 0; row < this.#depth; row++) this.#table[row * this.#width + columnOf(row)]!++;
    this.#total++;
  }

  /** Numbers with the highest byte first. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(20 + 8 * (this.#depth + this.#table.length));
    const view = new DataView(bytes.buffer);
    view.setInt32(0, VERSION);
    view.setBigInt64(4, this.#total);
    view.setInt32(12, this.#depth);
    view.setInt32(16, this.#width);
    [...this.#hashes, ...this.#table].forEach((v, i) => view.setBigInt64(20 + 8 * i, v));
    return bytes;
  }
}
