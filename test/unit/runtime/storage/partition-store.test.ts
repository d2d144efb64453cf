import { setFlagsFromString, getHeapStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { appended } from '../../../../src/runtime/executor/compute/value-lists.ts';
import { describe, expect, it } from 'vitest';
import { estimateSize } from '../../../../src/runtime/storage/estimate-size.ts';
import { MemoryPool } from '../../../../src/runtime/storage/memory-pool.ts';
import { GONE, PartitionStore } from '../../../../src/runtime/storage/partition-store.ts';

const storeOf = (maxBytes: number) => {
  const store = new PartitionStore(new MemoryPool({ maxBytes, storageRegionBytes: maxBytes / 2 }));
  return Object.assign(store, { evicted: () => store.takeNews().filter(({ bytes }) => bytes === GONE) });
};
const block = (rddId: number, partition: number, bytes: number) => ({ rddId, partition, bytes, rows: [] });

describe('PartitionStore', () => {
  it('drops the least recently used partitions of other RDDs', () => {
    const store = storeOf(100);
    store.put(block(1, 0, 40));
    store.put(block(2, 0, 40));
    store.get(1, 0);
    expect(store.put(block(3, 0, 40))).toBe(true);
    expect(store.evicted()).toMatchObject([{ rddId: 2, partition: 0 }]);
    expect(store.get(2, 0)).toBeUndefined();
    expect(store.usedBytes).toBe(80);
  });

  it('never drops the RDD that is being written', () => {
    const store = storeOf(100);
    store.put(block(1, 0, 60));
    expect(store.put(block(1, 1, 60))).toBe(false);
    expect(store.get(1, 0)).toBeDefined();
  });

  it('refuses what is larger than itself, and forgets an RDD whole', () => {
    const store = storeOf(100);
    store.put(block(1, 0, 60));
    expect(store.put(block(2, 0, 101))).toBe(false);
    expect(store.usedBytes).toBe(60);
    store.drop(1);
    expect(store.usedBytes).toBe(0);
  });

  it('evicts nothing when that would not make enough room', () => {
    const store = storeOf(100);
    store.put(block(1, 0, 60));
    store.put(block(2, 0, 30));
    expect(store.put(block(2, 1, 80))).toBe(false);
    expect(store.evicted()).toEqual([]);
  });

  it('gives execution what it keeps beyond its region', () => {
    const store = storeOf(100);
    for (let p = 0; p < 9; p++) store.put(block(1, p, 10));
    expect(store.pool.acquireExecution(5, 60)).toBe(50);
    expect(store.evicted().map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
  });

  it('replaces a partition that is computed twice', () => {
    const store = storeOf(100);
    store.put(block(1, 0, 60));
    store.put(block(1, 0, 70));
    expect(store.usedBytes).toBe(70);
  });
});

describe('estimateSize', () => {
  it('grows with what a value holds', () => {
    expect(estimateSize('x'.repeat(1000))).toBeGreaterThan(1000);
    expect(estimateSize(new Float64Array(1000))).toBeGreaterThan(8000);
    expect(estimateSize(Array.from({ length: 1000 }, (_, i) => [i, 'a']))).toBeGreaterThan(40_000);
    expect(estimateSize(new Map([[1, 'x'.repeat(500)]]))).toBeGreaterThan(500);
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(estimateSize(cycle)).toBeLessThan(1000);
  });

  it('is near the truth for many small groups of texts', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = () => {
      collect();
      return getHeapStatistics().used_heap_size;
    };
    // As texts come out of a shuffle: in one piece.
    const text = (i: number, j: number) => Buffer.from(`${i}-${j}`.padStart(92, 'y'), 'latin1').toString('latin1');
    const before = used();
    const groups: unknown[][] = [];
    for (let i = 0; i < 50_000; i++) {
      let group: unknown[] = [text(i, 0)];
      for (let j = 1; j < 4; j++) group = appended(group, text(i, j));
      groups.push(group);
    }
    const truth = used() - before;
    const estimate = groups.reduce((sum, group) => sum + estimateSize(group) + 8, 0);
    expect(estimate / truth).toBeGreaterThan(0.8);
    expect(estimate / truth).toBeLessThan(1.25);
  });
});
