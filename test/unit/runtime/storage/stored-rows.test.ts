import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { StorageLevel } from '../../../../src/runtime/rdd/storage-level.ts';
import { InProcessContext, type InProcessOptions } from '../../../helpers/in-process-context.ts';

let sc: InProcessContext;
const context = (options: InProcessOptions = {}) => (sc = new InProcessContext(options));
afterEach(() => sc.close());

/** Rows of an RDD at this level, and how often each was computed so far. */
function counted(level: StorageLevel, rows = 5000, partitions = 2) {
  const computed = sc.longAccumulator('computed');
  const rdd = sc
    .range(0, rows, 1, partitions)
    .map((n) => {
      computed.add(1);
      return [n, `row ${n}`] as [number, string];
    })
    .persist(level);
  const sum = async () => {
    const all = await rdd.collect();
    expect(all).toHaveLength(rows);
    expect(all[rows - 1]).toEqual([rows - 1, `row ${rows - 1}`]);
    return all.reduce((total, [n]) => total + n, 0);
  };
  return { rdd, computed, sum, right: (rows * (rows - 1)) / 2 };
}
const blockFiles = () => {
  try {
    return readdirSync(path.join(sc.folder, 'blocks')).sort();
  } catch {
    return [];
  }
};

describe('every level keeps what it computed', () => {
  for (const name of [
    'MEMORY_ONLY',
    'MEMORY_ONLY_SER',
    'MEMORY_AND_DISK',
    'MEMORY_AND_DISK_SER',
    'DISK_ONLY',
    'OFF_HEAP',
    'DISK_ONLY_2',
    'MEMORY_ONLY_2',
  ] as const) {
    it(name, async () => {
      context({ offHeapBytes: 1 << 24 });
      const { rdd, computed, sum, right } = counted(StorageLevel[name]);
      expect(await sum()).toBe(right);
      expect(await sum()).toBe(right);
      expect(computed.value).toBe(5000);
      expect(blockFiles()).toHaveLength(name.startsWith('DISK_ONLY') ? 2 : 0);
      await rdd.unpersist();
      expect(blockFiles()).toEqual([]);
      expect(await sum()).toBe(right);
      expect(computed.value).toBe(10_000);
    });
  }
});

describe('memory that is too small', () => {
  it('MEMORY_ONLY_SER hands on what does not fit, each row once', async () => {
    context({ byteCacheBytes: 1_200_000 });
    const { computed, sum, right } = counted(StorageLevel.MEMORY_ONLY_SER, 200_000, 1);
    expect(await sum()).toBe(right);
    expect(sc.blocks.bytes.blocks()).toEqual([]);
    expect(await sum()).toBe(right);
    expect(computed.value).toBe(400_000);
  });

  it('MEMORY_AND_DISK_SER goes on in a file', async () => {
    context({ byteCacheBytes: 1_200_000 });
    const { computed, sum, right } = counted(StorageLevel.MEMORY_AND_DISK_SER, 200_000, 1);
    expect(await sum()).toBe(right);
    expect(await sum()).toBe(right);
    expect(computed.value).toBe(200_000);
    expect(blockFiles()).toEqual(['rdd_2_0']);
  });

  it('MEMORY_AND_DISK: a partition of objects that is too large goes to a file', async () => {
    context({ cacheBytes: 100_000 });
    const { computed, sum, right } = counted(StorageLevel.MEMORY_AND_DISK, 50_000, 1);
    expect(await sum()).toBe(right);
    expect(await sum()).toBe(right);
    expect(computed.value).toBe(50_000);
    expect(blockFiles()).toEqual(['rdd_2_0']);
  });

  it('MEMORY_AND_DISK: a partition that must leave for another RDD goes to a file and is read from there', async () => {
    context({ cacheBytes: 1_000_000 });
    const first = counted(StorageLevel.MEMORY_AND_DISK, 10_000, 1);
    await first.sum();
    expect(blockFiles()).toEqual([]);
    const second = counted(StorageLevel.MEMORY_AND_DISK, 10_000, 1);
    await second.sum();
    expect(blockFiles()).toEqual(['rdd_2_0']);
    await first.sum();
    expect(first.computed.value).toBe(10_000);
  });

  it('bytes of the least recently used RDD go to disk first, and are told of', async () => {
    context({ byteCacheBytes: 700_000 });
    const first = counted(StorageLevel.MEMORY_AND_DISK_SER, 30_000, 1);
    await first.sum();
    const second = counted(StorageLevel.MEMORY_AND_DISK_SER, 30_000, 1);
    await second.sum();
    expect(sc.updates.filter(({ diskBytes }) => diskBytes > 0)).toMatchObject([{ rddId: 2, memoryBytes: 0 }]);
    await first.sum();
    expect(first.computed.value).toBe(30_000);
  });

  it('OFF_HEAP without such memory is on disk', async () => {
    context();
    const { sum, right } = counted(StorageLevel.OFF_HEAP);
    expect(await sum()).toBe(right);
    expect(blockFiles()).toHaveLength(2);
  });
});

describe('damage', () => {
  const files = () => blockFiles().map((name) => path.join(sc.folder, 'blocks', name));

  it('a changed byte is found, warned of, and the partition is computed again', async () => {
    context();
    const { computed, sum, right } = counted(StorageLevel.DISK_ONLY);
    await sum();
    const bytes = readFileSync(files()[0]!);
    bytes[100]! ^= 1;
    writeFileSync(files()[0]!, bytes);
    expect(await sum()).toBe(right);
    expect(computed.value).toBe(7500);
    expect(sc.warnings).toHaveLength(1);
    expect(sc.warnings[0]).toMatch(/rdd_2_0 can't be read and is computed again: .*checksum of piece 0 is wrong/);
    expect(await sum()).toBe(right);
    expect(computed.value).toBe(7500);
  });

  it('so are a file that is cut off and one that is gone', async () => {
    context();
    const { computed, sum, right } = counted(StorageLevel.DISK_ONLY);
    await sum();
    writeFileSync(files()[0]!, readFileSync(files()[0]!).subarray(0, 500));
    rmSync(files()[1]!);
    expect(await sum()).toBe(right);
    expect(computed.value).toBe(10_000);
    expect(sc.warnings).toHaveLength(2);
  });
});

it('compressed blocks are smaller and read back alike', async () => {
  context({ compressed: true });
  const { sum, right } = counted(StorageLevel.DISK_ONLY, 20_000, 1);
  expect(await sum()).toBe(right);
  expect(await sum()).toBe(right);
  expect(sc.updates[0]!.diskBytes).toBeLessThan(150_000);
});

it('empty partitions are kept, too', async () => {
  context();
  const computed = sc.longAccumulator('computed');
  const rdd = sc
    .range(0, 4, 1, 2)
    .mapPartitions((rows) => {
      computed.add(1);
      return [...rows].filter(() => false);
    })
    .persist(StorageLevel.MEMORY_ONLY_SER);
  expect(await rdd.collect()).toEqual([]);
  expect(await rdd.collect()).toEqual([]);
  expect(computed.value).toBe(2);
});

it('an RDD that is unpersisted while a partition is made keeps nothing', async () => {
  context();
  const maker = sc.blocks.slot('slot-7');
  const block = { rddId: 9, partition: 0 };
  const piece = () => ({ bytes: new Uint8Array(10), rows: 1 });
  await maker.put(block, StorageLevel.MEMORY_AND_DISK_SER, piece());
  sc.blocks.removeRdd(9);
  await maker.put(block, StorageLevel.MEMORY_AND_DISK_SER, piece());
  await maker.commit(block, StorageLevel.MEMORY_AND_DISK_SER);
  expect(await maker.open(block)).toBeUndefined();
  expect(sc.updates.at(-1)).toEqual({ ...block, memoryBytes: 0, diskBytes: 0 });
});
