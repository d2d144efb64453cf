// Where cached partitions are kept. This version knows MEMORY_ONLY: deserialised, in the worker that computed the partition.
// Source: Spark's StorageLevel.scala.
import type { StorageLevel } from '../plan/lineage.ts';

export const MEMORY_ONLY: StorageLevel = { useMemory: true, useDisk: false, deserialized: true, replication: 1 };

export const StorageLevels = { MEMORY_ONLY } as const;

/** As Spark's `description`: `Memory Deserialized 1x Replicated`. */
export function describeLevel(level: StorageLevel): string {
  const disk = level.useDisk ? 'Disk ' : '';
  const memory = level.useMemory ? 'Memory ' : '';
  return `${disk}${memory}${level.deserialized ? 'Deserialized' : 'Serialized'} ${level.replication}x Replicated`;
}
