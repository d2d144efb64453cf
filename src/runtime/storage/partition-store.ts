// Cached partitions of one worker thread, deserialised, in a bounded pool of estimated bytes. The least recently used RDD's partition leaves
// first, but never one of the RDD that is being written: it would throw out its own start to keep its end.
// Source: Spark's MemoryStore.evictBlocksToFreeSpace.
import { getHeapStatistics } from 'node:v8';

/** Share of this thread's heap that cached partitions may take; execution needs the rest. Spark: spark.memory.storageFraction. */
const HEAP_SHARE = 0.5;

export type CachedPartition = {
  readonly rddId: number;
  readonly partition: number;
  readonly rows: readonly unknown[];
  readonly bytes: number;
};

export class PartitionStore {
  readonly #maxBytes: number;
  /** In order of use, the least recent first. */
  readonly #blocks = new Map<string, CachedPartition>();
  #usedBytes = 0;

  constructor(maxBytes: number = getHeapStatistics().heap_size_limit * HEAP_SHARE) {
    this.#maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  get(rddId: number, partition: number): CachedPartition | undefined {
    const key = keyOf(rddId, partition);
    const block = this.#blocks.get(key);
    if (block) {
      this.#blocks.delete(key);
      this.#blocks.set(key, block);
    }
    return block;
  }

  /** @returns what had to leave for it, or undefined when it does not fit */
  put(block: CachedPartition): CachedPartition[] | undefined {
    this.#remove(keyOf(block.rddId, block.partition));
    const evicted = this.#makeRoom(block.bytes, block.rddId);
    if (!evicted) return undefined;
    this.#blocks.set(keyOf(block.rddId, block.partition), block);
    this.#usedBytes += block.bytes;
    return evicted;
  }

  /** Whether so many bytes could be kept for this RDD, were others to leave. */
  couldHold(bytes: number, rddId: number): boolean {
    let own = 0;
    for (const block of this.#blocks.values()) if (block.rddId === rddId) own += block.bytes;
    return own + bytes <= this.#maxBytes;
  }

  drop(rddId: number): void {
    for (const [key, block] of [...this.#blocks]) if (block.rddId === rddId) this.#remove(key);
  }

  #makeRoom(bytes: number, rddId: number): CachedPartition[] | undefined {
    if (!this.couldHold(bytes, rddId)) return undefined;
    const evicted: CachedPartition[] = [];
    for (const [key, block] of [...this.#blocks]) {
      if (this.#usedBytes + bytes <= this.#maxBytes) break;
      if (block.rddId === rddId) continue;
      evicted.push(block);
      this.#remove(key);
    }
    return evicted;
  }

  #remove(key: string): void {
    const block = this.#blocks.get(key);
    if (!block) return;
    this.#blocks.delete(key);
    this.#usedBytes -= block.bytes;
  }
}

const keyOf = (rddId: number, partition: number) => `${rddId}_${partition}`;
