import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StorageLevel } from '../../../../src/runtime/rdd/storage-level.ts';
import { InProcessContext } from '../../../helpers/in-process-context.ts';

let sc: InProcessContext;
beforeEach(() => {
  sc = new InProcessContext();
});
afterEach(() => sc.close());
const withDir = () => sc.checkpoints.setDir(path.join(sc.folder, 'checkpoints'));

function sums() {
  const computed = sc.longAccumulator('computed');
  const rdd = sc
    .range(0, 100, 1, 4)
    .map((n) => {
      computed.add(1);
      return [n % 10, n] as [number, number];
    })
    .reduceByKey((a, b) => a + b, 3);
  return { rdd, computed, right: Array.from({ length: 10 }, (_, k) => [k, 450 + 10 * k]) };
}
const sorted = (rows: [number, number][]) => rows.sort((a, b) => a[0] - b[0]);

describe('checkpoint', () => {
  it('needs a folder', () => {
    expect(() => sums().rdd.checkpoint()).toThrow('Checkpoint directory has not been set in the SparkContext');
  });

  it('is written after the first job, cuts the lineage and keeps the partitioner', async () => {
    withDir();
    const { rdd, computed, right } = sums();
    const { partitioner } = rdd;
    rdd.checkpoint();
    expect(rdd.isCheckpointed()).toBe(false);
    expect(rdd.getCheckpointFile()).toBeUndefined();
    expect(sorted(await rdd.collect())).toEqual(right);
    expect(rdd.isCheckpointed()).toBe(true);
    const folder = rdd.getCheckpointFile()!.replace('file:', '');
    expect(path.dirname(folder)).toBe(sc.checkpoints.dir);
    expect(path.basename(folder)).toBe(`rdd-${rdd.id}`);
    expect(readdirSync(folder).sort()).toEqual(['part-00000', 'part-00001', 'part-00002']);
    expect(rdd.toDebugString().split('\n')[1]).toMatch(/\|\s+ReliableCheckpointRDD\[\d+\]/);
    sc.outputs.clear(); // the shuffle is gone: only the files are left
    expect(sorted(await rdd.collect())).toEqual(right);
    expect(sorted(await rdd.mapValues((v) => v).collect())).toEqual(right);
    expect(computed.value).toBe(100);
    expect(rdd.partitioner).toBe(partitioner);
  });

  it('of an RDD in the middle of a lineage is made by a job over a later one, once', async () => {
    withDir();
    const { rdd } = sums();
    const later = rdd.mapValues((v) => v + 1);
    rdd.checkpoint();
    await later.count();
    expect(rdd.isCheckpointed()).toBe(true);
    const stages = sc.stages.length;
    await later.count();
    expect(sc.stages.slice(stages)).toEqual([`result ${later.id}`]);
  });

  it('a damaged file is an error that names it, and never wrong rows', async () => {
    withDir();
    const { rdd } = sums();
    rdd.checkpoint();
    await rdd.count();
    const file = path.join(rdd.getCheckpointFile()!.replace('file:', ''), 'part-00001');
    const bytes = readFileSync(file);
    bytes[20]! ^= 255;
    writeFileSync(file, bytes);
    await expect(rdd.count()).rejects.toThrow(/part-00001.*the checkpoint can't be read/);
  });

  it('of a folder that executors do not share says so', async () => {
    withDir();
    const { rdd } = sums();
    rdd.checkpoint();
    const jobs = sc.runJob.bind(sc);
    sc.runJob = async (root, action, ...rest) => {
      await jobs(root, action, ...rest);
      if (action.kind === 'saveCheckpoint') rmSync(path.join(action.folder, 'part-00002'));
    };
    await expect(rdd.count()).rejects.toThrow(
      /different number of partitions from original RDD.*num of partitions: 3.*num of partitions: 2/,
    );
    expect(rdd.isCheckpointed()).toBe(false);
    expect(existsSync(path.join(sc.checkpoints.dir!, `rdd-${rdd.id}`))).toBe(false);
  });
});

describe('localCheckpoint', () => {
  it('cuts the lineage and reads what executors hold', async () => {
    const { rdd, computed, right } = sums();
    expect(rdd.localCheckpoint()).toBe(rdd);
    expect(rdd.getStorageLevel().useDisk).toBe(true);
    expect(await rdd.take(1)).toHaveLength(1); // one partition: the others are made by the checkpoint's own job
    expect(rdd.isCheckpointed()).toBe(true);
    sc.outputs.clear();
    expect(sorted(await rdd.collect())).toEqual(right);
    expect(computed.value).toBe(100);
    expect(rdd.getCheckpointFile()).toBeUndefined();
  });

  it('what is lost can not be computed again, and says what to do', async () => {
    const rdd = sums().rdd.persist(StorageLevel.MEMORY_ONLY);
    rdd.localCheckpoint();
    await rdd.count();
    sc.blocks.bytes.remove({ rddId: rdd.id, partition: 1 });
    await expect(rdd.count()).rejects.toThrow(`Checkpoint block rdd_${rdd.id}_1 not found!`);
  });
});
