import { describe, expect, it } from 'vitest';
import { MemoryPool, poolSizes } from '../../../../src/runtime/storage/memory-pool.ts';

/** A store of blocks of 10 bytes each. */
function poolWith(cachedBytes: number, sizes = { maxBytes: 100, storageRegionBytes: 50 }) {
  const pool = new MemoryPool(sizes);
  const evicted: [number, number | undefined][] = [];
  pool.evict = (bytes, forRdd) => {
    evicted.push([bytes, forRdd]);
    const freed = Math.min(pool.storageBytes, Math.ceil(bytes / 10) * 10);
    pool.releaseStorage(freed);
    return freed;
  };
  if (cachedBytes > 0) expect(pool.acquireStorage(cachedBytes, 1)).toBe(true);
  return { pool, evicted };
}

describe('MemoryPool', () => {
  it('lends execution what storage does not use, beyond half of it', () => {
    const { pool, evicted } = poolWith(20);
    expect(pool.acquireExecution(7, 80)).toBe(80);
    expect(pool.acquireExecution(7, 1)).toBe(0);
    expect(evicted).toEqual([]);
  });

  it('lends storage what execution does not use, beyond its region', () => {
    const { pool } = poolWith(90);
    expect(pool.storageBytes).toBe(90);
    expect(pool.acquireExecution(7, 10)).toBe(10);
  });

  it('execution evicts what storage has beyond its region, and no more', () => {
    const { pool, evicted } = poolWith(90);
    expect(pool.acquireExecution(7, 70)).toBe(50);
    expect(evicted).toEqual([[40, undefined]]);
    expect(pool.storageBytes).toBe(50);
  });

  it('execution takes only as much by eviction as it lacks', () => {
    const { pool, evicted } = poolWith(90);
    expect(pool.acquireExecution(7, 15)).toBe(15);
    expect(evicted).toEqual([[5, undefined]]);
  });

  it('storage never takes what execution holds', () => {
    const { pool, evicted } = poolWith(0);
    expect(pool.acquireExecution(7, 70)).toBe(70);
    expect(pool.acquireStorage(40, 1)).toBe(false);
    expect(evicted).toEqual([]);
    expect(pool.acquireStorage(30, 1)).toBe(true);
  });

  it('storage makes room among its own, and says for which RDD', () => {
    const { pool, evicted } = poolWith(90);
    expect(pool.acquireStorage(30, 2)).toBe(true);
    expect(evicted).toEqual([[20, 2]]);
    expect(pool.storageBytes).toBe(100);
  });

  it('refuses storage when nothing may leave, and takes nothing', () => {
    const { pool } = poolWith(90);
    pool.evict = () => 0;
    expect(pool.acquireStorage(30, 1)).toBe(false);
    expect(pool.storageBytes).toBe(90);
  });

  it("takes back a task's memory at its end and tells its peak", () => {
    const { pool } = poolWith(0);
    pool.acquireExecution(7, 60);
    pool.releaseExecution(7, 50);
    pool.acquireExecution(7, 20);
    expect(pool.executionOf(7)).toBe(30);
    expect(pool.taskEnded(7)).toBe(60);
    expect(pool.taskEnded(7)).toBe(0);
    expect(pool.freeBytes).toBe(100);
  });

  it('refuses to give back more than is held', () => {
    const { pool } = poolWith(10);
    pool.acquireExecution(7, 10);
    expect(() => pool.releaseExecution(7, 11)).toThrow();
    expect(() => pool.releaseStorage(11)).toThrow();
  });

  it('sizes: the fraction of what is not reserved, the region of that', () => {
    expect(poolSizes(1100, 0.6, 0.5, 100)).toEqual({ maxBytes: 600, storageRegionBytes: 300 });
    expect(poolSizes(50, 0.6, 0.5, 100)).toEqual({ maxBytes: 0, storageRegionBytes: 0 });
  });
});
