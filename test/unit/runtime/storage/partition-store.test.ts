import { describe, expect, it } from 'vitest';
import { estimateSize } from '../../../../src/runtime/storage/estimate-size.ts';
import { PartitionStore } from '../../../../src/runtime/storage/partition-store.ts';

const block = (rddId: number, partition: number, bytes: number) => ({ rddId, partition, bytes, rows: [] });

describe('PartitionStore', () => {
  it('drops the least recently used partitions of other RDDs', () => {
    const store = new PartitionStore(100);
    store.put(block(1, 0, 40));
    store.put(block(2, 0, 40));
    store.get(1, 0);
    expect(store.put(block(3, 0, 40))).toMatchObject([{ rddId: 2, partition: 0 }]);
    expect(store.get(2, 0)).toBeUndefined();
    expect(store.usedBytes).toBe(80);
  });

  it('never drops the RDD that is being written', () => {
    const store = new PartitionStore(100);
    store.put(block(1, 0, 60));
    expect(store.put(block(1, 1, 60))).toBeUndefined();
    expect(store.get(1, 0)).toBeDefined();
  });

  it('refuses what is larger than itself, and forgets an RDD whole', () => {
    const store = new PartitionStore(100);
    store.put(block(1, 0, 60));
    expect(store.put(block(2, 0, 101))).toBeUndefined();
    expect(store.usedBytes).toBe(60);
    store.drop(1);
    expect(store.usedBytes).toBe(0);
  });

  it('replaces a partition that is computed twice', () => {
    const store = new PartitionStore(100);
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
});
