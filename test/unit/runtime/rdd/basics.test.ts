// The RDD API against what Spark's documentation and shell show, in one process.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import { HashPartitioner, Partitioner } from '../../../../src/runtime/rdd/partitioner.ts';
import { TaskContext } from '../../../../src/runtime/rdd/task-context.ts';
import { InProcessContext } from '../../../helpers/in-process-context.ts';

let sc: InProcessContext;
beforeEach(() => {
  sc = new InProcessContext();
});
afterEach(() => sc.close());
const pairs = <K, V>(...given: [K, V][]) => given;

describe('sources', () => {
  it('slices a collection as ParallelCollectionRDD does', async () => {
    expect(await sc.parallelize([1, 2, 3, 4, 5, 6, 7], 3).glom().collect()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6, 7],
    ]);
    expect(await sc.parallelize([1], 3).glom().collect()).toEqual([[], [], [1]]);
    expect(await sc.parallelize([], 2).collect()).toEqual([]);
  });

  it('reads a collection when the job is submitted, as Spark does', async () => {
    const values = [1, 2];
    const rdd = sc.parallelize(values, 1);
    values[0] = 9;
    expect(await rdd.collect()).toEqual([9, 2]);
  });

  it('counts ranges up and down', async () => {
    expect(await sc.range(5).collect()).toEqual([0, 1, 2, 3, 4]);
    expect(await sc.range(2, 11, 3, 2).glom().collect()).toEqual([[2], [5, 8]]);
    expect(await sc.range(5, 0, -2).collect()).toEqual([5, 3, 1]);
    expect(await sc.range(5, 0).collect()).toEqual([]);
    expect(() => sc.range(0, 1, 0)).toThrow('step cannot be 0');
  });

  it('refuses zero slices', () => {
    expect(() => sc.parallelize([1], 0)).toThrow('Positive number of partitions required');
  });

  it('reads lines with every line end, over every split', async () => {
    const text = 'eins\nzwei\r\ndrei\rvier\n\näöü €\r\n\r\nlast';
    writeFileSync(path.join(sc.folder, 'a.txt'), text);
    for (let min = 1; min < 45; min++) {
      expect(await sc.textFile('a.txt', min).collect()).toEqual(['eins', 'zwei', 'drei', 'vier', '', 'äöü €', '', 'last']);
    }
  });

  it('reads folders, globs, lists, gz and zst, without hidden files', async () => {
    const folder = path.join(sc.folder, 'in');
    mkdirSync(path.join(folder, 'deeper'), { recursive: true });
    writeFileSync(path.join(folder, 'b.txt.gz'), gzipSync('g1\ng2\n'));
    writeFileSync(path.join(folder, 'a.txt'), 'a1\na2\n');
    writeFileSync(path.join(folder, 'c.zst'), zstdCompressSync('z1'));
    writeFileSync(path.join(folder, '_SUCCESS'), 'no');
    writeFileSync(path.join(folder, '.crc'), 'no');
    expect(await sc.textFile('in').collect()).toEqual(['a1', 'a2', 'g1', 'g2', 'z1']);
    expect(await sc.textFile('in/*.txt').collect()).toEqual(['a1', 'a2']);
    expect(await sc.textFile('in/{a.txt,c.zst}').collect()).toEqual(['a1', 'a2', 'z1']);
    expect(await sc.textFile('in/c.zst,in/a.txt').collect()).toEqual(['z1', 'a1', 'a2']);
    expect(await sc.wholeTextFiles('in/*.txt').collect()).toEqual([[path.join(folder, 'a.txt'), 'a1\na2\n']]);
    expect(() => sc.textFile('in/nothing*')).toThrow('Input path does not exist');
    expect(() => sc.textFile('absent')).toThrow(AppError);
  });
});

describe('transformations', () => {
  it('are lazy', () => {
    let called = 0;
    sc.range(3)
      .map(() => called++)
      .filter(() => called++);
    expect(called).toBe(0);
  });

  it('flatMap takes anything iterable, also an endless generator', async () => {
    expect(
      await sc
        .parallelize(['a b', 'c'])
        .flatMap((line) => line.split(' '))
        .collect(),
    ).toEqual(['a', 'b', 'c']);
    const endless = function* () {
      for (let i = 0; ; i++) yield i;
    };
    expect(await sc.parallelize([1], 1).flatMap(endless).take(3)).toEqual([0, 1, 2]);
    expect(
      await sc
        .range(3, 6)
        .flatMap((n) => new Set([n, n]))
        .collect(),
    ).toEqual([3, 4, 5]);
    await expect(
      sc
        .range(1)
        .flatMap((() => 5) as never)
        .collect(),
    ).rejects.toThrow('must return something iterable');
  });

  it("mapPartitions gives an iterator with the language's own methods", async () => {
    expect(
      await sc
        .range(0, 6, 1, 2)
        .mapPartitions((rows) => rows.map((x) => x * 10).filter((x) => x > 10))
        .collect(),
    ).toEqual([20, 30, 40, 50]);
    expect(
      await sc
        .range(0, 4, 1, 2)
        .mapPartitionsWithIndex((p, rows) => [[p, [...rows]]])
        .collect(),
    ).toEqual([
      [0, [0, 1]],
      [1, [2, 3]],
    ]);
  });

  it('mapPartitions may be asynchronous in every way, and what follows works on it', async () => {
    const later = async (rows: Iterable<number>) => [...rows].map((x) => x + 1);
    async function* generator(rows: Iterable<number>) {
      for (const x of rows) yield x + 1;
    }
    expect(
      await sc
        .range(3)
        .mapPartitions(later)
        .map((x) => x * 2)
        .collect(),
    ).toEqual([2, 4, 6]);
    expect(
      await sc
        .range(3000)
        .mapPartitions(generator)
        .filter((x) => x > 2998)
        .collect(),
    ).toEqual([2999, 3000]);
    expect(
      await sc
        .range(3)
        .mapPartitions(generator)
        .mapPartitions((rows) => [...rows].reverse())
        .glom()
        .collect(),
    ).toEqual([[1], [3, 2]]);
    const sums = sc
      .range(4)
      .mapPartitions(generator)
      .map((x) => [x % 2, x])
      .reduceByKey((a, b) => a + b);
    expect(await sums.collect()).toEqual([
      [0, 6],
      [1, 4],
    ]);
    expect(
      await sc
        .range(4)
        .mapPartitions(generator)
        .sortBy((x) => -x)
        .flatMap((x) => [x, x])
        .take(3),
    ).toEqual([4, 4, 3]);
    expect(await sc.range(4).mapPartitions(generator).union(sc.range(1)).coalesce(1).count()).toBe(5);
  });

  it('union keeps partitions and duplicates', async () => {
    const both = sc.parallelize([1, 2], 2).union(sc.parallelize([2, 3], 1));
    expect(both.getNumPartitions()).toBe(3);
    expect(await both.glom().collect()).toEqual([[1], [2], [2, 3]]);
  });

  it('distinct, intersection and subtract compare structures', async () => {
    const rows = sc.parallelize([
      [1, 'a'],
      [1, 'a'],
      [2, 'b'],
    ] as [number, string][]);
    expect((await rows.distinct().collect()).sort()).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect(
      await sc
        .parallelize([1, 2, 3, 3])
        .intersection(sc.parallelize([3, 4, 3]))
        .collect(),
    ).toEqual([3]);
    expect(
      (
        await sc
          .parallelize([1, 2, 2, 3])
          .subtract(sc.parallelize([3]))
          .collect()
      ).sort(),
    ).toEqual([1, 2, 2]);
  });

  it('coalesce groups neighbours as DefaultPartitionCoalescer does', async () => {
    const ten = sc.range(0, 10, 1, 10);
    expect(await ten.coalesce(3).glom().collect()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8, 9],
    ]);
    expect(ten.coalesce(20).getNumPartitions()).toBe(10);
    expect((await ten.coalesce(20, true).collect()).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(() => ten.coalesce(0)).toThrow('must be positive');
  });

  it('repartition spreads evenly', async () => {
    const sizes = (await sc.range(0, 100, 1, 3).repartition(5).glom().collect()).map((part) => part.length);
    expect(sizes.reduce((a, b) => a + b)).toBe(100);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(4);
  });

  it('zipWithIndex numbers rows across partitions, with one job before', async () => {
    const zipped = sc.parallelize(['a', 'b', 'c', 'd', 'e'], 3).zipWithIndex();
    expect(sc.stages).toEqual([]);
    expect(await zipped.collect()).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['d', 3],
      ['e', 4],
    ]);
    await zipped.count();
    expect(sc.stages).toHaveLength(3);
  });

  it('sample gives the same rows for the same seed, about the fraction of them', async () => {
    const rows = sc.range(0, 10_000, 1, 4);
    const some = await rows.sample(false, 0.1, 7).collect();
    expect(await rows.sample(false, 0.1, 7).collect()).toEqual(some);
    expect(some.length).toBeGreaterThan(850);
    expect(some.length).toBeLessThan(1150);
    const twice = await rows.sample(true, 2, 7).count();
    expect(twice).toBeGreaterThan(19_000);
    expect(twice).toBeLessThan(21_000);
    expect(await rows.sample(false, 0, 1).count()).toBe(0);
    expect(await rows.sample(false, 1, 1).count()).toBe(10_000);
    expect(() => rows.sample(false, -1)).toThrow('Negative fraction');
  });

  it('sortBy orders across partitions, both ways, with an own order too', async () => {
    const rows = sc.parallelize([5, 3, 9, 1, 7, 3], 3);
    expect(await rows.sortBy((x) => x).collect()).toEqual([1, 3, 3, 5, 7, 9]);
    expect(await rows.sortBy((x) => x, false, 2).collect()).toEqual([9, 7, 5, 3, 3, 1]);
    expect(
      await rows
        .sortBy(
          (x) => x,
          true,
          1,
          (a, b) => (a % 4) - (b % 4) || a - b,
        )
        .collect(),
    ).toEqual([1, 5, 9, 3, 3, 7]);
    expect(
      await sc
        .parallelize(['b', 'ä', 'a', 'Z'])
        .sortBy((x) => x)
        .collect(),
    ).toEqual(['Z', 'a', 'b', 'ä']);
    expect(
      await sc
        .parallelize<number>([])
        .sortBy((x) => x)
        .collect(),
    ).toEqual([]);
  });

  it('sortBy looks twice at partitions that hold more than their share', async () => {
    const sizes = [30_000, 5, 5, 5, 5, 5, 5, 5, 5, 5];
    const skewed = sc.parallelize(sizes, 10).flatMap((n) => Array.from({ length: n }, (_, i) => (i * 7919) % 30_011));
    const parts = await skewed
      .sortBy((x) => x, true, 4)
      .glom()
      .collect();
    expect(sc.stages.filter((stage) => stage.startsWith('result'))).toHaveLength(3); // the sample, the second look, the job itself
    expect(parts.every((part) => part.length > 2500 && part.length < 13_000)).toBe(true);
    expect(parts.flat()).toEqual(parts.flat().toSorted((a, b) => a - b));
  });

  it('names methods and what they got when a function is missing', () => {
    expect(() => sc.range(1).map(5 as never)).toThrow('map: expected a function, got number');
  });
});

describe('pairs', () => {
  const data = () => sc.parallelize(pairs(['a', 1], ['b', 2], ['a', 3], ['c', 4]), 2);
  const sorted = async <T>(rdd: { collect(): Promise<T[]> }) =>
    (await rdd.collect()).sort((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));

  it('combine by key in all ways', async () => {
    expect(await sorted(data().reduceByKey((x, y) => x + y))).toEqual([
      ['a', 4],
      ['b', 2],
      ['c', 4],
    ]);
    expect(await sorted(data().foldByKey(0, (x, y) => x + y))).toEqual([
      ['a', 4],
      ['b', 2],
      ['c', 4],
    ]);
    expect(await sorted(data().groupByKey())).toEqual([
      ['a', [1, 3]],
      ['b', [2]],
      ['c', [4]],
    ]);
    const lists = data().aggregateByKey(
      [] as number[],
      (acc, v) => {
        acc.push(v);
        return acc;
      },
      (x, y) => x.concat(y),
    );
    expect(await sorted(lists)).toEqual([
      ['a', [1, 3]],
      ['b', [2]],
      ['c', [4]],
    ]);
    expect(
      await sorted(
        data().combineByKey(
          (v) => `${v}`,
          (acc, v) => `${acc},${v}`,
          (x, y) => `${x}|${y}`,
        ),
      ),
    ).toEqual([
      ['a', '1|3'],
      ['b', '2'],
      ['c', '4'],
    ]);
    expect(await sorted(sc.parallelize([1, 2, 3, 4]).groupBy((x) => x % 2))).toEqual([
      [0, [2, 4]],
      [1, [1, 3]],
    ]);
  });

  it('put keys where Spark puts them', async () => {
    // hash('a') % 3 = 97 % 3 = 1, 'b' → 2, 'c' → 0; -7 mod 3 = 2
    expect(await data().partitionBy(new HashPartitioner(3)).keys().glom().collect()).toEqual([['c'], ['a', 'a'], ['b']]);
    expect(
      await sc
        .parallelize(pairs([-7, 0], [4, 0]))
        .partitionBy(new HashPartitioner(3))
        .keys()
        .glom()
        .collect(),
    ).toEqual([[], [4], [-7]]);
  });

  it("take a partitioner of the user's, and check its answers", async () => {
    class ByLength extends Partitioner {
      override readonly numPartitions = 2;
      override getPartition(key: unknown) {
        return (key as string).length - 1;
      }
    }
    expect(
      await sc
        .parallelize(pairs(['x', 1], ['yy', 2]))
        .partitionBy(new ByLength())
        .glom()
        .collect(),
    ).toEqual([[['x', 1]], [['yy', 2]]]);
    await expect(
      sc
        .parallelize(pairs(['xxx', 1]))
        .partitionBy(new ByLength())
        .count(),
    ).rejects.toThrow('getPartition gave 2');
  });

  it('join as the documentation shows', async () => {
    const a = sc.parallelize(pairs(['a', 1], ['b', 4], ['a', 2]));
    const b = sc.parallelize(pairs(['a', 'x'], ['c', 'y']));
    expect(await sorted(a.join(b))).toEqual([
      ['a', [1, 'x']],
      ['a', [2, 'x']],
    ]);
    expect(await sorted(a.leftOuterJoin(b))).toEqual([
      ['a', [1, 'x']],
      ['a', [2, 'x']],
      ['b', [4, undefined]],
    ]);
    expect(await sorted(a.rightOuterJoin(b))).toEqual([
      ['a', [1, 'x']],
      ['a', [2, 'x']],
      ['c', [undefined, 'y']],
    ]);
    expect(await a.fullOuterJoin(b).count()).toBe(4);
    expect(await sorted(a.cogroup(b))).toEqual([
      ['a', [[1, 2], ['x']]],
      ['b', [[4], []]],
      ['c', [[], ['y']]],
    ]);
    expect(await a.cogroup(b, b).count()).toBe(3);
    expect(await sorted(a.subtractByKey(b))).toEqual([['b', 4]]);
  });

  it('do not shuffle what is partitioned already', async () => {
    const a = data().partitionBy(new HashPartitioner(2));
    const b = a.mapValues((v) => v * 2);
    await a
      .join(b, 2)
      .reduceByKey((x) => x)
      .count();
    expect(sc.stages.filter((stage) => stage.startsWith('shuffleMap'))).toHaveLength(1);
    expect(a.filter(() => true).partitioner).toBe(a.partitioner);
    expect(a.map((x) => x).partitioner).toBeUndefined();
  });

  it('look up a key in its partition only', async () => {
    const rdd = data().partitionBy(new HashPartitioner(4));
    await rdd.count();
    const before = sc.ends.length;
    expect(await rdd.lookup('a')).toEqual([1, 3]);
    expect(sc.ends.length - before).toBe(1);
    expect(await data().lookup('a')).toEqual([1, 3]);
    expect(await sc.parallelize(pairs([[1, 2], 'x'])).lookup([1, 2])).toEqual(['x']);
  });

  it('count, sort, split', async () => {
    expect(await data().countByKey()).toEqual(
      new Map([
        ['a', 2],
        ['b', 1],
        ['c', 1],
      ]),
    );
    expect(await sc.parallelize(['x', 'y', 'x']).countByValue()).toEqual(
      new Map([
        ['x', 2],
        ['y', 1],
      ]),
    );
    expect(await data().sortByKey(false).values().collect()).toEqual([4, 2, 1, 3]);
    expect(await data().keys().collect()).toEqual(['a', 'b', 'a', 'c']);
    expect(
      await data()
        .flatMapValues((v) => [v, -v])
        .values()
        .collect(),
    ).toEqual([1, -1, 2, -2, 3, -3, 4, -4]);
    expect(
      await data()
        .keyBy(([, v]) => v)
        .keys()
        .collect(),
    ).toEqual([1, 2, 3, 4]);
    expect(await data().collectAsMap()).toEqual(
      new Map([
        ['a', 3],
        ['b', 2],
        ['c', 4],
      ]),
    );
  });
});

describe('actions', () => {
  it('take looks at 1, then 4, then more partitions', async () => {
    const rdd = sc.range(0, 100, 1, 50);
    expect(await rdd.take(3)).toEqual([0, 1, 2]);
    expect(sc.ends).toHaveLength(1 + 1); // 2 rows each: 1.5 × 1 row left × 1 partition / 2 found → 1 more
    expect(await rdd.filter((x) => x > 95).take(9)).toEqual([96, 97, 98, 99]);
    expect(await rdd.take(0)).toEqual([]);
  });

  it('reduce, fold, aggregate; empty ones as Spark', async () => {
    const rdd = sc.range(1, 5, 1, 3);
    expect(await rdd.reduce((a, b) => a + b)).toBe(10);
    expect(await rdd.fold(0, (a, b) => a + b)).toBe(10);
    expect(
      await rdd.aggregate(
        [] as number[],
        (acc, x) => {
          acc.push(x);
          return acc;
        },
        (a, b) => [...a, ...b],
      ),
    ).toEqual([1, 2, 3, 4]);
    const empty = sc.emptyRDD<number>();
    for (const rejects of [
      empty.reduce((a) => a),
      empty.first(),
      empty.max(),
      empty.treeReduce((a) => a),
      sc.parallelize<number>([]).reduce((a) => a),
    ]) {
      await expect(rejects).rejects.toThrow('empty collection');
    }
    expect(await empty.fold(3, (a, b) => a + b)).toBe(3);
    expect(await empty.isEmpty()).toBe(true);
    expect(await sc.parallelize([], 3).isEmpty()).toBe(true);
  });

  it('tree aggregation agrees, with levels', async () => {
    const rdd = sc.range(0, 1000, 1, 40);
    expect(await rdd.treeReduce((a, b) => a + b)).toBe(499_500);
    expect(
      await rdd.treeAggregate(
        0,
        (a, b) => a + b,
        (a, b) => a + b,
        3,
      ),
    ).toBe(499_500);
    expect(sc.stages.filter((stage) => stage.startsWith('shuffleMap')).length).toBeGreaterThan(1);
  });

  it('order: top, takeOrdered, min, max, stats, sum', async () => {
    const rdd = sc.parallelize([5, 1, 9, 7, 3], 2);
    expect(await rdd.top(2)).toEqual([9, 7]);
    expect(await rdd.takeOrdered(2)).toEqual([1, 3]);
    expect(await rdd.takeOrdered(2, (a, b) => b - a)).toEqual([9, 7]);
    expect([await rdd.min(), await rdd.max(), await rdd.sum(), await rdd.mean()]).toEqual([1, 9, 25, 5]);
    expect(String(await sc.parallelize([1, 2, 3, 4]).stats())).toBe(
      '(count: 4, mean: 2.500000, stdev: 1.118034, max: 4.000000, min: 1.000000)',
    );
    expect((await sc.parallelize([1, 2, 3, 4]).stats()).sampleVariance).toBeCloseTo(5 / 3);
    expect(
      await sc
        .parallelize([
          [2, 'b'],
          [1, 'z'],
          [2, 'a'],
        ] as [number, string][])
        .top(2),
    ).toEqual([
      [2, 'b'],
      [2, 'a'],
    ]);
  });

  it('keeps what numbers and other values are', async () => {
    const things = [new Date(5), new Map([[1, 2]]), new Uint8Array([1, 2])];
    const odd = [-0, Number.NaN, Infinity, 1.5, null, undefined, 12n, 'ä€', true, [1, [2]], { a: [-0] }, ...things];
    expect(
      await sc
        .parallelize(odd, 3)
        .map((x) => x)
        .collect(),
    ).toEqual(odd);
    expect(Object.is((await sc.parallelize([-0]).collect())[0], -0)).toBe(true);
    expect(await sc.parallelize(['\ud800', 'x'], 1).collect()).toEqual(['\ud800', 'x']);
    expect(
      await sc
        .parallelize([1])
        .map(() => undefined)
        .collect(),
    ).toEqual([undefined]);
  });

  it('toLocalIterator runs a job a partition', async () => {
    const seen: number[] = [];
    for await (const x of sc.range(0, 6, 1, 3).toLocalIterator()) {
      seen.push(x);
      if (seen.length === 1) expect(sc.ends).toHaveLength(1);
      if (seen.length === 4) break;
    }
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(sc.ends).toHaveLength(2);
  });

  it('foreach reaches every row, awaits promises', async () => {
    const seen: number[] = [];
    await sc.range(4).foreach((x) => {
      seen.push(x);
    });
    await sc.range(4).foreach(async (x) => {
      await Promise.resolve();
      seen.push(x);
    });
    await sc.range(4).foreachPartition((rows) => {
      seen.push(...rows);
    });
    await sc.range(4).foreachPartition(async (rows) => {
      for (const x of rows) seen.push(x);
    });
    expect(seen).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
  });

  it('saveAsTextFile commits whole folders, refuses one that exists, leaves nothing after a failure', async () => {
    const out = path.join(sc.folder, 'out');
    await sc
      .parallelize(
        [
          ['a', 1],
          ['b', [2, null]],
        ],
        2,
      )
      .saveAsTextFile('out');
    expect(readdirSync(out).sort()).toEqual(['_SUCCESS', 'part-00000', 'part-00001']);
    expect(readFileSync(path.join(out, 'part-00001'), 'utf8')).toBe('(b,(2,null))\n');
    expect(await sc.textFile('out').collect()).toEqual(['(a,1)', '(b,(2,null))']);
    await expect(sc.range(1).saveAsTextFile('out')).rejects.toThrow('already exists');
    await expect(
      sc
        .range(2)
        .map((x) => {
          if (x === 1) throw new Error('no');
          return x;
        })
        .saveAsTextFile('bad'),
    ).rejects.toThrow('no');
    expect(readdirSync(sc.folder)).not.toContain('bad');
  });
});

describe('around tasks', () => {
  it('accumulators count what successful tasks added', async () => {
    const count = sc.longAccumulator('rows');
    const seen = sc.collectionAccumulator<number>();
    await sc.range(5).foreach((x) => {
      count.add(x);
      if (x > 2) seen.add(x);
    });
    expect([count.value, count.count, count.avg, seen.value]).toEqual([10, 5, 2, [3, 4]]);
    expect(() => count.add(1.5)).toThrow('not a whole number');
    count.reset();
    expect(count.isZero).toBe(true);
  });

  it('TaskContext tells where a task runs', async () => {
    expect(TaskContext.get()).toBeUndefined();
    let done = 0;
    const parts = await sc
      .range(0, 2, 1, 2)
      .map(() => {
        TaskContext.get()!.addTaskCompletionListener(() => {
          done++;
        });
        return [TaskContext.getPartitionId(), TaskContext.get()!.attemptNumber(), TaskContext.get()!.numPartitions()];
      })
      .collect();
    expect(parts).toEqual([
      [0, 0, 2],
      [1, 0, 2],
    ]);
    expect(done).toBe(2);
  });

  it("errors of user code keep name, message and the user's line", async () => {
    const error = (await sc
      .range(1)
      .map(() => {
        throw new RangeError('too far');
      })
      .collect()
      .catch((e: AppError) => e)) as AppError<'TASK_FAILED'>;
    expect(error.code).toBe('TASK_FAILED');
    expect(error.params).toMatchObject({ name: 'RangeError', message: 'too far' });
    expect(error.params.stack).toMatch(/basics\.test\.ts:\d+:\d+/);
    expect(error.params.stack).not.toMatch(/executor\/compute/);
    const thrown = (await sc
      .range(1)
      .map(() => {
        throw 'text';
      })
      .collect()
      .catch((e: AppError) => e)) as AppError<'TASK_FAILED'>;
    expect(thrown.params.message).toBe('text');
  });

  it('an interrupted task ends between chunks', async () => {
    const job = sc
      .range(0, 1e9, 1, 1)
      .map((x) => {
        if (x === 5000) sc.interrupted = true;
        return x;
      })
      .count();
    await expect(job).rejects.toThrow('TaskKilled');
  });

  it('cached partitions are computed once, and tell their size', async () => {
    let computed = 0;
    const rdd = sc
      .range(0, 5000, 1, 2)
      .map((x) => {
        computed++;
        return x;
      })
      .cache();
    expect(await rdd.count()).toBe(5000);
    expect(await rdd.map((x) => x + 1).reduce((a, b) => Math.max(a, b))).toBe(5000);
    expect(await rdd.union(rdd).count()).toBe(10_000);
    expect(computed).toBe(5000);
    expect(sc.ends[0]!.cached).toMatchObject([{ rddId: rdd.id, partition: 0 }]);
    await rdd.unpersist();
    await rdd.count();
    expect(computed).toBe(10_000);
  });

  it('a partition too large for the store is handed on uncached', async () => {
    const small = new InProcessContext({ cacheBytes: 20_000 });
    const rdd = small.range(0, 50_000, 1, 1).cache();
    expect([await rdd.count(), await rdd.sum()]).toEqual([50_000, 1_249_975_000]);
    expect(small.store.usedBytes).toBe(0);
    small.close();
  });

  it("toDebugString has Spark's layout", () => {
    const counts = sc
      .parallelize(['a'])
      .setName('words')
      .map((w): [string, number] => [w, 1])
      .reduceByKey((a, b) => a + b)
      .cache();
    expect(counts.toDebugString()).toBe(
      [
        '(2) ShuffledRDD[2] at reduceByKey at job.ts:1 [Memory Deserialized 1x Replicated]',
        ' +-(2) MapPartitionsRDD[1] at map at job.ts:1 []',
        '    |  words ParallelCollectionRDD[0] at parallelize at job.ts:1 []',
      ].join('\n'),
    );
    const joined = counts.join(sc.parallelize([['a', 1]] as [string, number][], 3), 2);
    expect(joined.toDebugString().split('\n').slice(0, 5)).toEqual([
      '(2) MapPartitionsRDD[6] at join at job.ts:1 []',
      ' |  MapPartitionsRDD[5] at join at job.ts:1 []',
      ' |  CoGroupedRDD[4] at join at job.ts:1 []',
      ' |  ShuffledRDD[2] at reduceByKey at job.ts:1 [Memory Deserialized 1x Replicated]',
      ' +-(2) MapPartitionsRDD[1] at map at job.ts:1 []',
    ]);
  });
});

describe('at the edges', () => {
  it('an RDD without partitions goes through everything', async () => {
    const none = sc.emptyRDD<number>();
    const nonePairs = none.map((x) => [x, x]);
    const shuffled = [none.distinct(), none.repartition(2), nonePairs.reduceByKey((a) => a), nonePairs.join(nonePairs)];
    for (const rdd of [none.sortBy((x) => x), none.coalesce(3), ...shuffled]) {
      expect(await rdd.collect()).toEqual([]);
      expect(await rdd.count()).toBe(0);
    }
    expect(await none.zipWithIndex().collect()).toEqual([]);
    expect(await nonePairs.sortByKey(true, 4).collect()).toEqual([]);
  });

  it('a join of two hot keys is not made before it is pulled', async () => {
    const hot = sc.range(0, 3000, 1, 2).map((i) => ['k', i]);
    expect((await hot.join(hot, 1).take(2)).length).toBe(2);
    expect(
      await hot
        .join(
          sc.parallelize([
            ['k', 1],
            ['k', 2],
          ]),
          1,
        )
        .count(),
    ).toBe(6000);
  });

  it('take closes its input, and a task that stops early leaves no spill', async () => {
    const small = new InProcessContext({ budgetBytes: 500 });
    const rdd = small.range(0, 5000, 1, 2).map((i) => [i, `v${i}`]);
    expect(await rdd.groupByKey(1).take(1)).toHaveLength(1);
    expect(await rdd.sortByKey(false, 1).take(1)).toEqual([[4999, 'v4999']]);
    expect(small.ends.reduce((sum, end) => sum + (end.metrics?.diskBytesSpilled ?? 0), 0)).toBeGreaterThan(0);
    expect(readdirSync(path.join(small.folder, 'shuffle')).filter((name) => name.startsWith('spill'))).toEqual([]);
    small.close();
  });

  it('a straggler of an aborted save does not make its folder anew', async () => {
    const failing = sc.range(0, 2, 1, 2).map((x) => {
      if (x === 0) throw new Error('first');
      return x;
    });
    await expect(failing.saveAsTextFile('gone')).rejects.toThrow('first');
    const action = { kind: 'saveAsTextFile', path: path.join(sc.folder, 'gone'), jobId: '1' } as const;
    await expect(sc.runJob(failing.node, action, [1], () => {}, { callSite: 'x' })).rejects.toThrow('has ended');
    expect(readdirSync(sc.folder)).not.toContain('gone');
  });
});
