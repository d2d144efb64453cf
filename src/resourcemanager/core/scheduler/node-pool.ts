// Nodes of one kind (one partition, the same countable resources) in buckets over their free memory and vcores, so that the next fit is
// found without looking at all of them. What is free is node-table.ts; the figures behind it are in docs/adr/0004.
//
// A node in bucket b has at least b/255 of the largest node's memory AND of its vcores free. So any node in a bucket
// ≥ ceil(255 × the larger share of the ask) has both for sure, in O(1). The key covers both: an index over memory
// alone needed 75 to 160 probes an allocation where vcores were scarce.
import type { NodeTable } from './node-table.ts';
import type { Vector } from './vectors.ts';

const BUCKETS = 256;
const WORDS = BUCKETS / 32;
/** Nodes that are looked at below the sure buckets before the caller's full scan takes over. */
const PROBES = 64;
const PROBES_PER_BUCKET = 12;
export const UNLINKED = -1;

export class NodePool {
  /** Of countable resources, in the order of the alphabet. */
  readonly names: readonly string[];
  /** All its nodes, linked or not. */
  readonly slots: number[] = [];
  readonly #nodes: NodeTable;
  readonly #heads = new Int32Array(BUCKETS).fill(-1);
  readonly #bits = new Int32Array(WORDS);
  #largestMb = 1;
  #largestVcores = 1;
  #perMb = BUCKETS - 1;
  #perVcore = BUCKETS - 1;

  constructor(nodes: NodeTable, names: readonly string[]) {
    this.#nodes = nodes;
    this.names = names;
  }

  link(slot: number): void {
    this.#linkIn(slot, this.#bucketOf(slot));
  }

  unlink(slot: number): void {
    const { bucket, next, prev } = this.#nodes;
    const at = bucket[slot]!;
    if (at === UNLINKED) return;
    const [after, before] = [next[slot]!, prev[slot]!];
    if (before >= 0) next[before] = after;
    else {
      this.#heads[at] = after;
      if (after < 0) this.#bits[at >> 5]! &= ~(1 << (at & 31));
    }
    if (after >= 0) prev[after] = before;
    bucket[slot] = UNLINKED;
  }

  /** What is free there has changed. */
  move(slot: number): void {
    const at = this.#nodes.bucket[slot]!;
    if (at === UNLINKED) return;
    const bucket = this.#bucketOf(slot);
    if (bucket === at) return;
    this.unlink(slot);
    this.#linkIn(slot, bucket);
  }

  /** A node larger than all before changes what a bucket means: all are linked anew. O(nodes), once per larger size. */
  fitScale(memoryMb: number, vcores: number): void {
    if (memoryMb <= this.#largestMb && vcores <= this.#largestVcores) return;
    this.#largestMb = Math.max(this.#largestMb, memoryMb);
    this.#largestVcores = Math.max(this.#largestVcores, vcores);
    this.#perMb = (BUCKETS - 1) / this.#largestMb;
    this.#perVcore = (BUCKETS - 1) / this.#largestVcores;
    for (const slot of this.slots) this.move(slot);
  }

  /** The node with the most room by its scarcer resource, or -1. O(1). */
  roomiest(): number {
    const bucket = this.#below(BUCKETS - 1);
    return bucket < 0 ? -1 : this.#heads[bucket]!;
  }

  /** Spread: a node from the emptiest bucket. -1 says that a bounded look found nothing; scan() then knows for sure. */
  find(want: Vector): number {
    const nodes = this.#nodes;
    const a = want[0]! * this.#perMb;
    const b = want[1]! * this.#perVcore;
    const sure = Math.ceil(Math.max(a, b));
    const top = this.#below(BUCKETS - 1);
    if (top >= sure && want.length <= 2) {
      nodes.probes++;
      return this.#heads[top]!;
    }
    const may = Math.min(a, b) | 0;
    let left = PROBES;
    for (let bucket = top; bucket >= may && left > 0; bucket = bucket === 0 ? -1 : this.#below(bucket - 1)) {
      let here = PROBES_PER_BUCKET;
      for (let slot = this.#heads[bucket]!; slot >= 0 && here > 0; slot = nodes.next[slot]!, here--, left--) {
        nodes.probes++;
        if (nodes.fits(slot, want)) return slot;
      }
    }
    return -1;
  }

  /** Every node, once around from `from`, a place in `slots`. O(nodes). @returns the place of one that fits, or -1 when none does */
  scan(want: Vector, from: number): number {
    const { length } = this.slots;
    for (let k = 0; k < length; k++) {
      const at = from + k;
      const place = at >= length ? at - length : at;
      if (this.#nodes.fits(this.slots[place]!, want)) {
        this.#nodes.probes += k + 1;
        return place;
      }
    }
    this.#nodes.probes += length;
    return -1;
  }

  /** The one with the most room of those that are linked and large enough for it when they are empty; -1 when there is none. O(nodes) at worst. */
  roomiestFor(want: Vector): number {
    for (let bucket = this.#below(BUCKETS - 1); bucket >= 0; bucket = bucket === 0 ? -1 : this.#below(bucket - 1))
      for (let slot = this.#heads[bucket]!; slot >= 0; slot = this.#nodes.next[slot]!) if (this.#nodes.couldHold(slot, want)) return slot;
    return -1;
  }

  #bucketOf(slot: number): number {
    const a = this.#nodes.freeMb[slot]! * this.#perMb;
    const b = this.#nodes.freeVcores[slot]! * this.#perVcore;
    const share = Math.min(a, b);
    return share < 0 ? 0 : share | 0;
  }

  #linkIn(slot: number, at: number): void {
    const { bucket, next, prev } = this.#nodes;
    const head = this.#heads[at]!;
    bucket[slot] = at;
    next[slot] = head;
    prev[slot] = -1;
    if (head >= 0) prev[head] = slot;
    this.#heads[at] = slot;
    this.#bits[at >> 5]! |= 1 << (at & 31);
  }

  /** The highest bucket ≤ `from` with a node in it, or -1. */
  #below(from: number): number {
    let word = from >> 5;
    let bits = this.#bits[word]! & ((from & 31) === 31 ? -1 : (1 << ((from & 31) + 1)) - 1);
    for (;;) {
      if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits);
      if (--word < 0) return -1;
      bits = this.#bits[word]!;
    }
  }
}
