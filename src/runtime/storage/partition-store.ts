// Cached partitions of one worker thread, deserialised: the storage side of its memory pool. The least recently used RDD's partition leaves
// first, but never one of the RDD that is being written: it would throw out its own start to keep its end. Serialised and disk blocks are block-store.ts. Source: Spark's MemoryStore.evictBlocksToFreeSpace.
import type { StorageLevel } from '../plan/lineage.ts';
import type { MemoryPool } from './memory-pool.ts';

export type CachedPartition = {
  readonly rddId: number;
  readonly partition: number;
  readonly rows: readonly unknown[];
  readonly bytes: number;
  /** undefined: MEMORY_ONLY. With disk: it is written there when it must leave. */
  readonly level?: StorageLevel;
};

/** What must leave at least, by estimate, when the heap itself is full. */
const HEAP_STEP_BYTES = 8 << 20;
export const GONE = -1;
/** Bytes GONE: this partition had to leave. */
export type BlockNews = { readonly rddId: number; readonly partition: number; readonly bytes: number };

export class PartitionStore {
  readonly pool: MemoryPool;
  /** Writes a partition whose level has disk before it leaves. */
  writeToDisk: (block: CachedPartition & { readonly level: StorageLevel }) => void = () => {};
  /** What came and went since it was last taken, for the driver. */
  #news: BlockNews[] = [];
  readonly #guard: { hasRoom(): boolean };
  /** In order of use, the least recent first. */
  readonly #blocks = new Map<string, CachedPartition>();

  /** @param guard says when the heap is full though the pool is not */
  constructor(pool: MemoryPool, guard: { hasRoom(): boolean } = { hasRoom: () => true }) {
    this.pool = pool;
    this.#guard = guard;
    pool.evict = (bytes, forRdd) => this.#evict(bytes, forRdd);
  }

  get usedBytes(): number {
    return this.pool.storageBytes;
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

  /** @returns false when it does not fit */
  put(block: CachedPartition): boolean {
    this.#remove(keyOf(block.rddId, block.partition));
    if (!this.pool.acquireStorage(block.bytes, block.rddId)) return false;
    this.#blocks.set(keyOf(block.rddId, block.partition), block);
    this.#news.push({ rddId: block.rddId, partition: block.partition, bytes: block.bytes });
    return true;
  }

  /** Whether so many bytes could be kept for this RDD, were others to leave. Others leave at once when the heap itself is full. */
  couldHold(bytes: number, rddId: number): boolean {
    if (!this.#guard.hasRoom() && this.#evict(HEAP_STEP_BYTES, rddId) === 0) return false;
    if (bytes <= this.pool.freeBytes) return true;
    let own = 0;
    for (const block of this.#blocks.values()) if (block.rddId === rddId) own += block.bytes;
    return own + bytes <= this.pool.mostStorageBytes;
  }

  get hasNews(): boolean {
    return this.#news.length > 0;
  }

  takeNews(): readonly BlockNews[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  blocks(): Iterable<CachedPartition> {
    return this.#blocks.values();
  }

  drop(rddId: number): void {
    for (const [key, block] of [...this.#blocks]) if (block.rddId === rddId) this.#remove(key);
  }

  #evict(bytes: number, forRdd: number | undefined): number {
    const leaving: CachedPartition[] = [];
    let freed = 0;
    for (const [, block] of this.#blocks) {
      if (freed >= bytes) break;
      if (block.rddId === forRdd) continue;
      leaving.push(block);
      freed += block.bytes;
    }
    // For storage all or nothing: what would not make enough room stays. Execution takes what it gets.
    if (freed < bytes && forRdd !== undefined) return 0;
    for (const block of leaving) {
      this.#remove(keyOf(block.rddId, block.partition));
      const { level } = block;
      if (level?.useDisk) this.writeToDisk({ ...block, level });
      this.#news.push({ rddId: block.rddId, partition: block.partition, bytes: GONE });
    }
    return freed;
  }

  #remove(key: string): void {
    const block = this.#blocks.get(key);
    if (!block) return;
    this.#blocks.delete(key);
    this.pool.releaseStorage(block.bytes);
  }
}

const keyOf = (rddId: number, partition: number) => `${rddId}_${partition}`;
