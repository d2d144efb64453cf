// A storage level in words: `Disk Memory Deserialized 1x Replicated`. Source: Spark's StorageLevel.description.
import type { StorageLevelInfo } from '../events.ts';

export function describeLevel(level: StorageLevelInfo): string {
  const words = [
    ...(level.useDisk ? ['Disk'] : []),
    ...(level.useMemory ? [level.useOffHeap ? 'Memory (off heap)' : 'Memory'] : []),
    level.deserialized ? 'Deserialized' : 'Serialized',
    `${level.replication}x Replicated`,
  ];
  return words.join(' ');
}
