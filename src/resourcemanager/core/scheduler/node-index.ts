// Which node has room: free memory and vcores of all nodes in typed arrays, and buckets over both, so that the next fit
// is found without looking at all nodes. It knows no application, queue or node state; that is scheduler.ts and rm-core.ts.
//
// A node in bucket b has at least b/255 of the largest node's memory AND of its vcores free. So any node in a bucket
// ≥ ceil(255 × the larger share of the ask) fits for sure, in O(1). The key covers every resource: an index over memory
// alone needed 75 to 160 probes an allocation where vcores were scarce (measured; docs/adr/0004 names the figures).
import { invariant } from '../../../common/invariant.ts';
import type { Resource } from '../../../common/resource.ts';

const BUCKETS = 256;
const WORDS = BUCKETS / 32;
/** Nodes that are looked at below the sure buckets before the caller's full scan takes over. */
const PROBES = 64;
const PROBES_PER_BUCKET = 12;
const UNLINKED = -1;

const grown = <A extends Float64Array | Int32Array | Int16Array | Uint8Array>(old: A, size: number): A => {
  const bigger = new (old.constructor as new (n: number) => A)(size);
  bigger.set(old as never);
  return bigger;
};

export class NodeIndex {
  /** Highest slot ever used + 1. Slots of removed nodes are used again. */
  size = 0;
  /** MiB; may be below 0 when a node came back with more containers than it offers. */
  freeMb = new Float64Array(16);
  freeVcores = new Int32Array(16);
  capacityMb = new Float64Array(16);
  capacityVcores = new Int32Array(16);
  #open = new Uint8Array(16);
  #bucket = new Int16Array(16).fill(UNLINKED);
  #next = new Int32Array(16);
  #prev = new Int32Array(16);
  readonly #heads = new Int32Array(BUCKETS).fill(-1);
  readonly #bits = new Int32Array(WORDS);
  readonly #spare: number[] = [];
  #largestMb = 1;
  #largestVcores = 1;
  #perMb = BUCKETS - 1;
  #perVcore = BUCKETS - 1;
  /** How many nodes were looked at, for the bench. */
  probes = 0;

  /** @returns the slot; the node is closed until open() */
  add(memoryMb: number, vcores: number): number {
    const slot = this.#spare.pop() ?? this.size++;
    if (slot >= this.freeMb.length) this.#grow();
    this.capacityMb[slot] = this.freeMb[slot] = memoryMb;
    this.capacityVcores[slot] = this.freeVcores[slot] = vcores;
    this.#open[slot] = 0;
    this.#bucket[slot] = UNLINKED;
    this.#fitScale(memoryMb, vcores);
    return slot;
  }

  remove(slot: number): void {
    this.close(slot);
    this.capacityMb[slot] = this.freeMb[slot] = 0;
    this.capacityVcores[slot] = this.freeVcores[slot] = 0;
    this.#spare.push(slot);
  }

  resize(slot: number, memoryMb: number, vcores: number): void {
    this.freeMb[slot]! += memoryMb - this.capacityMb[slot]!;
    this.freeVcores[slot]! += vcores - this.capacityVcores[slot]!;
    this.capacityMb[slot] = memoryMb;
    this.capacityVcores[slot] = vcores;
    this.#fitScale(memoryMb, vcores);
    this.#move(slot);
  }

  /** New containers may be placed on it. */
  open(slot: number): void {
    if (this.#open[slot]) return;
    this.#open[slot] = 1;
    this.#link(slot, this.#bucketOf(slot));
  }

  close(slot: number): void {
    if (!this.#open[slot]) return;
    this.#unlink(slot);
    this.#open[slot] = 0;
  }

  isOpen(slot: number): boolean {
    return this.#open[slot] === 1;
  }

  /** Changes what is free; negative takes. */
  give(slot: number, memoryMb: number, vcores: number): void {
    this.freeMb[slot]! += memoryMb;
    this.freeVcores[slot]! += vcores;
    this.#move(slot);
  }

  fits(slot: number, memoryMb: number, vcores: number): boolean {
    return this.#open[slot] === 1 && this.freeMb[slot]! >= memoryMb && this.freeVcores[slot]! >= vcores;
  }

  freeOn(slot: number): Resource {
    return { memoryMb: this.freeMb[slot]!, vcores: this.freeVcores[slot]! };
  }

  /** The open node with the most room (by its scarcer resource), or -1. O(1). */
  roomiest(): number {
    const bucket = this.#below(BUCKETS - 1);
    return bucket < 0 ? -1 : this.#heads[bucket]!;
  }

  /** Spread: a node from the emptiest bucket. -1 says that a bounded look found nothing; scan() then knows for sure. */
  find(memoryMb: number, vcores: number): number {
    const a = memoryMb * this.#perMb;
    const b = vcores * this.#perVcore;
    const sure = Math.ceil(Math.max(a, b));
    const top = this.#below(BUCKETS - 1);
    if (top >= sure) {
      this.probes++;
      return this.#heads[top]!;
    }
    const may = Math.min(a, b) | 0;
    let left = PROBES;
    for (let bucket = top; bucket >= may && left > 0; bucket = bucket === 0 ? -1 : this.#below(bucket - 1)) {
      let here = PROBES_PER_BUCKET;
      for (let slot = this.#heads[bucket]!; slot >= 0 && here > 0; slot = this.#next[slot]!, here--, left--) {
        this.probes++;
        if (this.freeMb[slot]! >= memoryMb && this.freeVcores[slot]! >= vcores) return slot;
      }
    }
    return -1;
  }

  /** Every node, once around from `from`. O(nodes). @returns a slot that fits, or -1 when none does */
  scan(memoryMb: number, vcores: number, from: number): number {
    for (let k = 0; k < this.size; k++) {
      const at = from + k;
      const slot = at >= this.size ? at - this.size : at;
      if (this.freeMb[slot]! >= memoryMb && this.freeVcores[slot]! >= vcores && this.#open[slot] === 1) {
        this.probes += k + 1;
        return slot;
      }
    }
    this.probes += this.size;
    return -1;
  }

  #bucketOf(slot: number): number {
    const a = this.freeMb[slot]! * this.#perMb;
    const b = this.freeVcores[slot]! * this.#perVcore;
    const share = Math.min(a, b);
    return share < 0 ? 0 : share | 0;
  }

  #move(slot: number): void {
    if (!this.#open[slot]) return;
    const bucket = this.#bucketOf(slot);
    if (bucket === this.#bucket[slot]) return;
    this.#unlink(slot);
    this.#link(slot, bucket);
  }

  #link(slot: number, bucket: number): void {
    const head = this.#heads[bucket]!;
    this.#bucket[slot] = bucket;
    this.#next[slot] = head;
    this.#prev[slot] = -1;
    if (head >= 0) this.#prev[head] = slot;
    this.#heads[bucket] = slot;
    this.#bits[bucket >> 5]! |= 1 << (bucket & 31);
  }

  #unlink(slot: number): void {
    const bucket = this.#bucket[slot]!;
    invariant(bucket !== UNLINKED, `node slot ${slot} is in no bucket`);
    const next = this.#next[slot]!;
    const prev = this.#prev[slot]!;
    if (prev >= 0) this.#next[prev] = next;
    else {
      this.#heads[bucket] = next;
      if (next < 0) this.#bits[bucket >> 5]! &= ~(1 << (bucket & 31));
    }
    if (next >= 0) this.#prev[next] = prev;
    this.#bucket[slot] = UNLINKED;
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

  /** A node larger than all before changes what a bucket means: all are linked anew. O(nodes), once per larger size. */
  #fitScale(memoryMb: number, vcores: number): void {
    if (memoryMb <= this.#largestMb && vcores <= this.#largestVcores) return;
    this.#largestMb = Math.max(this.#largestMb, memoryMb);
    this.#largestVcores = Math.max(this.#largestVcores, vcores);
    this.#perMb = (BUCKETS - 1) / this.#largestMb;
    this.#perVcore = (BUCKETS - 1) / this.#largestVcores;
    for (let slot = 0; slot < this.size; slot++) this.#move(slot);
  }

  #grow(): void {
    const size = this.freeMb.length * 2;
    this.freeMb = grown(this.freeMb, size);
    this.freeVcores = grown(this.freeVcores, size);
    this.capacityMb = grown(this.capacityMb, size);
    this.capacityVcores = grown(this.capacityVcores, size);
    this.#open = grown(this.#open, size);
    this.#bucket = grown(this.#bucket, size);
    this.#next = grown(this.#next, size);
    this.#prev = grown(this.#prev, size);
  }
}
