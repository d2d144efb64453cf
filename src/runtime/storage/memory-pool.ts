// The bytes of one task slot's heap that tasks may work with (execution) and that cached partitions may take (storage), lent to and fro by
// Spark's rules: who needs more takes what the other does not use; execution may also evict cached partitions beyond storage's own region,
// storage never takes memory that execution holds. Bytes are estimates; what is evicted, and how, is the store's (block-store.ts).
// Source: Spark's UnifiedMemoryManager. One slot runs one task at a time, so Spark's sharing among tasks of one pool is not needed.
import { invariant } from '../../common/invariant.ts';

export type PoolSizes = {
  /** All of it, bytes: the heap that is not reserved × spark.memory.fraction. */
  readonly maxBytes: number;
  /** Cached bytes up to this are safe from execution: maxBytes × spark.memory.storageFraction. */
  readonly storageRegionBytes: number;
};

/**
 * Gives up cached bytes, the least recently used first.
 * @param bytes that must become free
 * @param forRdd the RDD that is being written and so is spared; undefined: execution asks
 * @returns bytes given up, 0 when nothing may go; the store has released them in the pool by then
 */
export type Evict = (bytes: number, forRdd: number | undefined) => number;

export class MemoryPool {
  readonly maxBytes: number;
  readonly storageRegionBytes: number;
  /** Set by the store that fills the storage side. */
  evict: Evict = () => 0;
  readonly #held = new Map<number, { bytes: number; peak: number }>();
  #execution = 0;
  #storage = 0;

  constructor({ maxBytes, storageRegionBytes }: PoolSizes) {
    this.maxBytes = maxBytes;
    this.storageRegionBytes = Math.min(maxBytes, storageRegionBytes);
  }

  get executionBytes(): number {
    return this.#execution;
  }

  get storageBytes(): number {
    return this.#storage;
  }

  get freeBytes(): number {
    return this.maxBytes - this.#execution - this.#storage;
  }

  /** What cached partitions could take at most now, were all of the others to leave. */
  get mostStorageBytes(): number {
    return this.maxBytes - this.#execution;
  }

  /**
   * Memory for a task's sort or table. What is not granted means: spill.
   * @returns bytes granted, 0 … bytes; give back with releaseExecution
   */
  acquireExecution(taskId: number, bytes: number): number {
    invariant(bytes >= 0, `${bytes} bytes of execution memory`);
    const missing = bytes - this.freeBytes;
    const beyondRegion = this.#storage - this.storageRegionBytes;
    if (missing > 0 && beyondRegion > 0) this.evict(Math.min(missing, beyondRegion), undefined);
    const granted = Math.max(0, Math.min(bytes, this.freeBytes));
    const held = this.#held.get(taskId) ?? { bytes: 0, peak: 0 };
    this.#held.set(taskId, held);
    held.bytes += granted;
    held.peak = Math.max(held.peak, held.bytes);
    this.#execution += granted;
    return granted;
  }

  releaseExecution(taskId: number, bytes: number): void {
    const held = this.#held.get(taskId);
    invariant(held !== undefined && held.bytes >= bytes, `task ${taskId} gives back ${bytes} bytes and holds ${held?.bytes ?? 0}`);
    held.bytes -= bytes;
    this.#execution -= bytes;
  }

  /** Bytes that a task holds. */
  executionOf(taskId: number): number {
    return this.#held.get(taskId)?.bytes ?? 0;
  }

  /** @returns the most that the task held at once: peakExecutionMemory. What it still holds is taken back, however it ended. */
  taskEnded(taskId: number): number {
    const held = this.#held.get(taskId);
    if (held === undefined) return 0;
    this.#held.delete(taskId);
    this.#execution -= held.bytes;
    return held.peak;
  }

  /** @returns false when it does not fit, even with the least recently used partitions of other RDDs gone; then nothing was taken */
  acquireStorage(bytes: number, forRdd: number | undefined): boolean {
    invariant(bytes >= 0, `${bytes} bytes of storage memory`);
    if (bytes > this.mostStorageBytes) return false;
    const missing = bytes - this.freeBytes;
    if (missing > 0) this.evict(missing, forRdd);
    if (bytes > this.freeBytes) return false;
    this.#storage += bytes;
    return true;
  }

  releaseStorage(bytes: number): void {
    invariant(bytes <= this.#storage, `${bytes} bytes of storage given back, ${this.#storage} held`);
    this.#storage -= bytes;
  }
}

/** Heap of a slot that is neither: the engine itself, and what no estimate sees. Spark reserves 300 MB of a JVM for the same. */
export const RESERVED_BYTES = 24 * 1024 * 1024;

/** @param heapBytes V8's limit for the slot's thread, or what is there for blocks outside of heaps */
export function poolSizes(heapBytes: number, fraction: number, storageFraction: number, reservedBytes = RESERVED_BYTES): PoolSizes {
  const maxBytes = Math.max(0, Math.floor((heapBytes - reservedBytes) * fraction));
  return { maxBytes, storageRegionBytes: Math.floor(maxBytes * storageFraction) };
}
