// Where cached partitions are kept: Spark's levels by name, and custom ones. What a level means for bytes is executor/compute/cached-rows.ts.
// Source: Spark's StorageLevel.scala.
import type { StorageLevel as LevelFlags } from '../plan/lineage.ts';

/** Spark's own limit, for the hash codes of its levels. */
const MOST_REPLICAS = 40;

export class StorageLevel implements LevelFlags {
  readonly useDisk: boolean;
  readonly useMemory: boolean;
  /** Memory outside of every heap, of which spark.memory.offHeap.size says how much there is. */
  readonly useOffHeap: boolean;
  /** As objects, in the worker thread that computed them; else as bytes, readable by the executor's every slot. */
  readonly deserialized: boolean;
  /** Copies, each on another executor. */
  readonly replication: number;

  /** @throws Error for flags that contradict each other, as Spark */
  constructor(useDisk: boolean, useMemory: boolean, useOffHeap: boolean, deserialized: boolean, replication = 1) {
    if (!(replication < MOST_REPLICAS))
      throw new Error('requirement failed: Replication restricted to be less than 40 for calculating hash codes');
    if (useOffHeap && deserialized) throw new Error('requirement failed: Off-heap storage level does not support deserialized storage');
    this.useDisk = useDisk;
    this.useMemory = useMemory;
    this.useOffHeap = useOffHeap;
    this.deserialized = deserialized;
    this.replication = replication;
  }

  /** Something is kept somewhere. */
  get isValid(): boolean {
    return (this.useMemory || this.useDisk) && this.replication > 0;
  }

  /** `Memory Deserialized 1x Replicated`: debug strings and the storage page. */
  get description(): string {
    return describeLevel(this);
  }

  toString(): string {
    const words = [
      this.useDisk && 'disk',
      this.useMemory && 'memory',
      this.useOffHeap && 'offheap',
      this.deserialized && 'deserialized',
      `${this.replication} replicas`,
    ];
    return `StorageLevel(${words.filter(Boolean).join(', ')})`;
  }

  static readonly NONE = new StorageLevel(false, false, false, false);
  static readonly DISK_ONLY = new StorageLevel(true, false, false, false);
  static readonly DISK_ONLY_2 = new StorageLevel(true, false, false, false, 2);
  static readonly DISK_ONLY_3 = new StorageLevel(true, false, false, false, 3);
  static readonly MEMORY_ONLY = new StorageLevel(false, true, false, true);
  static readonly MEMORY_ONLY_2 = new StorageLevel(false, true, false, true, 2);
  static readonly MEMORY_ONLY_SER = new StorageLevel(false, true, false, false);
  static readonly MEMORY_ONLY_SER_2 = new StorageLevel(false, true, false, false, 2);
  static readonly MEMORY_AND_DISK = new StorageLevel(true, true, false, true);
  static readonly MEMORY_AND_DISK_2 = new StorageLevel(true, true, false, true, 2);
  static readonly MEMORY_AND_DISK_SER = new StorageLevel(true, true, false, false);
  static readonly MEMORY_AND_DISK_SER_2 = new StorageLevel(true, true, false, false, 2);
  static readonly OFF_HEAP = new StorageLevel(true, true, true, false, 1);
}

/** The levels by name, as Java programs know them. */
export const StorageLevels = {
  NONE: StorageLevel.NONE,
  DISK_ONLY: StorageLevel.DISK_ONLY,
  DISK_ONLY_2: StorageLevel.DISK_ONLY_2,
  DISK_ONLY_3: StorageLevel.DISK_ONLY_3,
  MEMORY_ONLY: StorageLevel.MEMORY_ONLY,
  MEMORY_ONLY_2: StorageLevel.MEMORY_ONLY_2,
  MEMORY_ONLY_SER: StorageLevel.MEMORY_ONLY_SER,
  MEMORY_ONLY_SER_2: StorageLevel.MEMORY_ONLY_SER_2,
  MEMORY_AND_DISK: StorageLevel.MEMORY_AND_DISK,
  MEMORY_AND_DISK_2: StorageLevel.MEMORY_AND_DISK_2,
  MEMORY_AND_DISK_SER: StorageLevel.MEMORY_AND_DISK_SER,
  MEMORY_AND_DISK_SER_2: StorageLevel.MEMORY_AND_DISK_SER_2,
  OFF_HEAP: StorageLevel.OFF_HEAP,
} as const;

export const sameLevel = (a: LevelFlags, b: LevelFlags): boolean =>
  a.useDisk === b.useDisk &&
  a.useMemory === b.useMemory &&
  a.useOffHeap === b.useOffHeap &&
  a.deserialized === b.deserialized &&
  a.replication === b.replication;

/** As Spark's `description`. */
export function describeLevel(level: LevelFlags): string {
  const disk = level.useDisk ? 'Disk ' : '';
  const memory = level.useMemory ? (level.useOffHeap ? 'Memory (off heap) ' : 'Memory ') : '';
  return `${disk}${memory}${level.deserialized ? 'Deserialized' : 'Serialized'} ${level.replication}x Replicated`;
}
