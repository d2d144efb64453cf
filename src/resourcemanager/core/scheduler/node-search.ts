// The next node with room for containers of one size, in one part of the cluster: pool by pool, first a bounded look into the buckets, then a sweep
// that goes on where the last one ended. One per size and partition; both schedulers' size classes have one.
import type { NodePool } from './node-pool.ts';
import type { NodeTable, PartitionIndex } from './node-table.ts';
import type { Vector } from './vectors.ts';

export class NodeSearch {
  readonly #nodes: NodeTable;
  readonly vector: Vector;
  readonly partition: PartitionIndex;
  #pools: readonly NodePool[] = [];
  #poolsVersion = -1;
  /** Where the last sweep found one. */
  #pool = 0;
  #place = 0;

  constructor(nodes: NodeTable, vector: Vector, partition: PartitionIndex) {
    this.#nodes = nodes;
    this.vector = vector;
    this.partition = partition;
  }

  /** A node with room that is kept for nobody, or -1: then there is none. O(nodes) at worst. */
  find(): number {
    const pools = this.pools();
    for (const pool of pools) {
      const slot = pool.find(this.vector);
      if (slot >= 0) return slot;
    }
    return this.#sweep(pools);
  }

  /** The one with the most room of those that are linked and could hold one when they are empty, or -1. */
  roomiest(): number {
    for (const pool of this.pools()) {
      const slot = pool.roomiestFor(this.vector);
      if (slot >= 0) return slot;
    }
    return -1;
  }

  /** Those whose nodes could have room for it. */
  pools(): readonly NodePool[] {
    if (this.#poolsVersion !== this.#nodes.poolsVersion) this.#findPools();
    return this.#pools;
  }

  #findPools(): void {
    const nodes = this.#nodes;
    const names = this.vector.flatMap((amount, d) => (d >= 2 && amount > 0 ? [nodes.dimensions.nameAt(d)] : []));
    this.#pools = nodes.poolsOf(this.partition).filter((pool) => names.every((name) => pool.names.includes(name)));
    this.#poolsVersion = nodes.poolsVersion;
    this.#pool = this.#place = 0;
  }

  /** From where the last one was found: a sweep over all nodes places one on each that has room. */
  #sweep(pools: readonly NodePool[]): number {
    for (let k = 0; k < pools.length; k++) {
      const at = (this.#pool + k) % pools.length;
      const pool = pools[at]!;
      const place = pool.scan(this.vector, k === 0 ? Math.min(this.#place, Math.max(0, pool.slots.length - 1)) : 0);
      if (place < 0) continue;
      this.#pool = at;
      this.#place = place;
      return pool.slots[place]!;
    }
    return -1;
  }
}
