import { beforeEach, expect, it } from 'vitest';
import { type BlockFact, CachedPartitions, placesOf } from '../../../../../src/runtime/driver/core/cached-partitions.ts';
import { Broadcast } from '../../../../../src/runtime/rdd/broadcast.ts';
import { StorageLevel } from '../../../../../src/runtime/rdd/storage-level.ts';

let cached: CachedPartitions;
let facts: BlockFact[];
beforeEach(() => {
  cached = new CachedPartitions();
  facts = [];
  cached.persisted(7, StorageLevel.MEMORY_AND_DISK_2);
  cached.onBlockUpdated = (fact) => facts.push(fact);
});

it('knows objects of a slot and bytes of an executor apart, and adds them up', () => {
  expect(cached.slotHolds(11, '1', 7, 0, 500)).toBe(true);
  expect(cached.executorHolds('1', 7, 0, 0, 90)).toBe(true);
  cached.executorHolds('2', 7, 0, 80, 0);
  expect(cached.holders(7, 0).map(({ executorId, slot }) => [executorId, slot])).toEqual([
    ['1', 11],
    ['1', undefined],
    ['2', undefined],
  ]);
  expect(cached.sizeOf(7)).toEqual({ memoryBytes: 580, diskBytes: 90 });
  expect(cached.count(7)).toBe(1);
  expect(facts[1]).toMatchObject({ executorId: '1', memoryBytes: 500, diskBytes: 90 });
});

it('a slot that is lost takes its objects, an executor all that it held', () => {
  cached.slotHolds(11, '1', 7, 0, 500);
  cached.executorHolds('1', 7, 1, 0, 90);
  cached.executorHolds('2', 7, 1, 0, 90);
  cached.slotLost(11);
  expect(cached.holders(7, 0)).toEqual([]);
  cached.executorLost('1');
  expect(cached.holders(7, 1).map(({ executorId }) => executorId)).toEqual(['2']);
  expect(cached.holdsSome('1')).toBe(false);
  expect(cached.holdsSome('2')).toBe(true);
  expect(facts.at(-1)).toMatchObject({ executorId: '1', partition: 1, memoryBytes: 0, diskBytes: 0 });
});

it('says of an RDD that nobody wants that it should be dropped', () => {
  cached.forget(7);
  expect(cached.slotHolds(11, '1', 7, 0, 500)).toBe(false);
  expect(cached.executorHolds('1', 8, 0, 1, 0)).toBe(false);
  expect(cached.count(7)).toBe(0);
});

it('the first RDD of a lineage that is held somewhere decides where a task goes', () => {
  cached.persisted(9, StorageLevel.MEMORY_ONLY);
  cached.slotHolds(12, '2', 9, 3, 10);
  expect(cached.holdersOfFirst([7, 9], 3)).toMatchObject([{ slot: 12 }]);
  expect(cached.holdersOfFirst([7], 3)).toEqual([]);
});

it('levels are named and described as in Spark', () => {
  expect(StorageLevel.MEMORY_AND_DISK_SER_2.description).toBe('Disk Memory Serialized 2x Replicated');
  expect(StorageLevel.OFF_HEAP.description).toBe('Disk Memory (off heap) Serialized 1x Replicated');
  expect(String(StorageLevel.MEMORY_ONLY)).toBe('StorageLevel(memory, deserialized, 1 replicas)');
  expect(() => new StorageLevel(false, true, true, true)).toThrow('Off-heap storage level does not support deserialized storage');
  expect(() => new StorageLevel(false, true, false, true, 40)).toThrow('Replication restricted to be less than 40');
  expect(StorageLevel.NONE.isValid).toBe(false);
});

it('a broadcast that was destroyed can not be used, unpersisted or destroyed', async () => {
  const broadcast = new Broadcast(3, 'value');
  await broadcast.unpersist();
  await broadcast.destroy();
  expect(() => broadcast.value).toThrow('Attempted to use Broadcast(3) after it was destroyed');
  await expect(broadcast.unpersist()).rejects.toThrow('Attempted to use Broadcast(3) after it was destroyed');
  await expect(broadcast.destroy()).rejects.toThrow('Attempted to use Broadcast(3) after it was destroyed');
});

it('a task goes to the slot with the objects, an executor with the bytes, or the host of one, each host once', () => {
  const host = (executorId: string) => (executorId === '3' ? 'b' : 'a');
  cached.slotHolds(11, '3', 7, 0, 500);
  cached.executorHolds('1', 7, 0, 0, 90);
  cached.executorHolds('2', 7, 0, 80, 0);
  expect(placesOf(cached.holders(7, 0), host)).toEqual([{ slot: 11 }, { executorId: '1' }, { executorId: '2' }, { host: 'a' }]);
  expect(placesOf(cached.holders(7, 1), host)).toEqual([]);
});
