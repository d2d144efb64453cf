// Where rows lie after transformations of partitioned RDDs, and which partitioner the result has: as Spark 4.0.1 answered to the same programs.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HashPartitioner, Partitioner } from '../../../../src/runtime/rdd/partitioner.ts';
import { InProcessContext } from '../../../helpers/in-process-context.ts';

let sc: InProcessContext;
beforeEach(() => {
  sc = new InProcessContext();
});
afterEach(() => sc.close());

const left: [number, string][] = [
  [1, 'a'],
  [2, 'b'],
  [3, 'c'],
  [1, 'd'],
  [5, 'e'],
  [-3, 'n'],
];
const right: [number, string][] = [
  [1, 'x'],
  [3, 'y'],
  [4, 'z'],
  [1, 'w'],
  [-3, 'm'],
];
const partitioned = () => {
  const by = new HashPartitioner(3);
  return { l: sc.parallelize(left, 3).partitionBy(by), r: sc.parallelize(right, 2).partitionBy(new HashPartitioner(3)) };
};
const concat = (a: string, b: string) => a + b;

describe('subtract of an RDD that is partitioned', () => {
  const half = new (class extends Partitioner {
    override readonly numPartitions = 3;
    override getPartition(key: unknown): number {
      return (key as number) % 3;
    }
  })();
  const pairs = () =>
    sc.parallelize(
      Array.from({ length: 12 }, (_, i) => [i, `v${i}`] as [number, string]),
      2,
    );
  const gone = () => sc.parallelize([[3, 'v3'] as [number, string], [4, 'other']], 2);
  const keysByPartition = async (rdd: { glom(): { collect(): Promise<[number, string][][]> } }) =>
    (await rdd.glom().collect()).map((part) => part.map(([key]) => key).sort((a, b) => a - b));
  const byThree = [
    [0, 6, 9],
    [1, 4, 7, 10],
    [2, 5, 8, 11],
  ];

  it('leaves rows where their keys are', async () => {
    expect(await keysByPartition(pairs().partitionBy(half).subtract(gone()))).toEqual(byThree);
    expect(await keysByPartition(pairs().partitionBy(new HashPartitioner(3)).subtract(gone(), 3))).toEqual(byThree);
    const sorted = pairs().sortByKey(true, 2);
    expect(await keysByPartition(sorted.subtract(gone()))).toEqual(
      (await keysByPartition(sorted)).map((part) => part.filter((x) => x !== 3)),
    );
  });

  it('hashes whole rows otherwise', async () => {
    expect((await pairs().partitionBy(half).subtract(gone(), 5).collect()).length).toBe(11);
    expect((await pairs().subtract(gone()).collect()).length).toBe(11);
  });
});

describe('union', () => {
  it('of RDDs that are partitioned alike keeps keys where they are', async () => {
    const { l, r } = partitioned();
    const both = l.union(r);
    expect(both.partitioner?.numPartitions).toBe(3);
    expect(
      await both
        .map((row) => row.join(''))
        .glom()
        .collect(),
    ).toEqual([
      ['3c', '-3n', '3y', '-3m'],
      ['1a', '1d', '1x', '4z', '1w'],
      ['2b', '5e'],
    ]);
    const shuffles = sc.outputs.size;
    expect((await both.reduceByKey(concat).collectAsMap()).get(1)).toBe('adxw');
    expect(sc.outputs.size).toBe(shuffles);
  });

  it('leaves RDDs without partitions out of account', async () => {
    const { l, r } = partitioned();
    expect(l.union(sc.emptyRDD<[number, string]>(), r).getNumPartitions()).toBe(3);
  });

  it('of others puts partitions one after another', () => {
    const { l } = partitioned();
    const both = l.union(sc.parallelize(right, 2));
    expect(both.partitioner).toBeUndefined();
    expect(both.getNumPartitions()).toBe(5);
  });
});

describe('distinct', () => {
  it('of a partitioned RDD moves nothing', async () => {
    const { l } = partitioned();
    const once = l.union(l).distinct();
    expect(
      await once
        .map((row) => row.join(''))
        .glom()
        .collect(),
    ).toEqual([
      ['3c', '-3n'],
      ['1a', '1d'],
      ['2b', '5e'],
    ]);
    expect(once.partitioner?.numPartitions).toBe(3);
    expect(sc.outputs.size).toBe(1); // partitionBy's own
  });
});

describe('sample', () => {
  it('keeps the partitioner', () => {
    expect(partitioned().l.sample(false, 0.5, 3).partitioner?.numPartitions).toBe(3);
  });
});

describe('collect', () => {
  it('puts more partitions together than a call can have arguments', async () => {
    const rows = sc.range(0, 150_000, 1, 150_000);
    rows.context.runJob = async (_, __, ___, onResult) => {
      for (let p = 0; p < 150_000; p++) onResult(p, undefined);
    };
    expect(await rows.collect()).toEqual([]);
  });
});

describe('textFile', () => {
  it('reads a first line behind a byte order mark in splits smaller than the mark', async () => {
    writeFileSync(path.join(sc.folder, 'bom.txt'), '\ufeffbom\n\ufeffx\n');
    for (let min = 1; min < 14; min++) expect(await sc.textFile('bom.txt', min).collect()).toEqual(['bom', '\ufeffx']);
  });

  it('gives an empty compressed file no partition', async () => {
    writeFileSync(path.join(sc.folder, 'empty.gz'), '');
    writeFileSync(path.join(sc.folder, 'empty.zst'), '');
    expect(await sc.textFile('empty.gz,empty.zst').collect()).toEqual([]);
  });
});
