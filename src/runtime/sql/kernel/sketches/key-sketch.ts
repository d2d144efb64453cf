// The sketch of distinct keys below theta and tuple sketches: the smallest hashes, each with a summary, and the bound theta below which all are
// known. Up to k keys it is exact. Source: DataSketches' theta QuickSelect, Union, Intersection and AnotB.
import { murmur128 } from './murmur.ts';

/** Hashes are below it: no bound. */
export const NO_BOUND = (1n << 63n) - 1n;

export class KeySketch<S> {
  readonly lgK: number;
  theta = NO_BOUND;
  /** Nothing was ever put in. A sketch without keys whose theta is less is not empty. */
  isEmpty = true;
  entries = new Map<bigint, S>();

  constructor(lgK: number) {
    this.lgK = lgK;
  }

  /** @param merge of the summary that a key has with another's */
  update(item: Uint8Array, summary: S, merge: (a: S, b: S) => S): void {
    this.isEmpty = false;
    this.put(murmur128(item)[0] >> 1n, summary, merge);
  }

  put(hash: bigint, summary: S, merge: (a: S, b: S) => S): void {
    if (hash >= this.theta || hash === 0n) return;
    const known = this.entries.get(hash);
    this.entries.set(hash, known === undefined ? summary : merge(known, summary));
    // The hash table of 2k places is cut when it is full to 15/16.
    if (this.entries.size > (15 * 2 ** (this.lgK + 1)) / 16) this.cut();
  }

  /** Down to k keys. */
  cut(): void {
    const k = 2 ** this.lgK;
    if (this.entries.size <= k) return;
    const sorted = [...this.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    this.theta = sorted[k]![0];
    this.entries = new Map(sorted.slice(0, k));
  }

  /** How many distinct keys there were. */
  estimate(): number {
    return this.theta === NO_BOUND ? this.entries.size : this.entries.size / (Number(this.theta) / 2 ** 63);
  }

  private below(theta: bigint): void {
    this.theta = theta;
    for (const hash of this.entries.keys()) if (hash >= theta) this.entries.delete(hash);
  }

  union(other: KeySketch<S>, merge: (a: S, b: S) => S): void {
    this.isEmpty &&= other.isEmpty;
    if (other.theta < this.theta) this.below(other.theta);
    for (const [hash, summary] of other.entries) this.put(hash, summary, merge);
  }

  intersect(other: KeySketch<unknown>, merged: (hash: bigint, own: S) => S): void {
    this.isEmpty ||= other.isEmpty;
    if (this.isEmpty) {
      this.theta = NO_BOUND;
      this.entries.clear();
      return;
    }
    if (other.theta < this.theta) this.below(other.theta);
    for (const [hash, summary] of this.entries) {
      if (other.entries.has(hash)) this.entries.set(hash, merged(hash, summary));
      else this.entries.delete(hash);
    }
  }

  subtract(other: KeySketch<unknown>): void {
    if (this.isEmpty || other.isEmpty) return;
    if (other.theta < this.theta) this.below(other.theta);
    for (const hash of other.entries.keys()) this.entries.delete(hash);
    if (this.entries.size === 0 && this.theta === NO_BOUND) this.isEmpty = true;
  }

  /** Hashes ascend. */
  sorted(): readonly (readonly [bigint, S])[] {
    return [...this.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
