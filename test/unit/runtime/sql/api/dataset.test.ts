// Typed Datasets: functions of the program over rows, in tasks; what they give is read by the next query where it lies. The same on a local master
// and on executors.
import { afterAll, describe, expect, it } from 'vitest';
import { Aggregator } from '../../../../../src/runtime/sql/api/aggregator.ts';
import { Decimal } from '../../../../../src/runtime/sql/api/decimal.ts';
import { Encoders } from '../../../../../src/runtime/sql/api/encoders.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { LocalDate, LocalTimestamp, Timestamp } from '../../../../../src/runtime/sql/api/times.ts';
import { TypedSession } from '../../../../helpers/typed-session.ts';

/** Over the values of a Dataset as they are. */
class Names extends Aggregator<{ id: number }, string, string> {
  override zero() {
    return '';
  }
  override reduce(list: string, { id }: { id: number }) {
    return this.merge(list, String(id));
  }
  override merge(a: string, b: string) {
    return [a, b].filter((part) => part !== '').join(',');
  }
  override finish(list: string) {
    return list;
  }
  override readonly bufferEncoder = 'string';
  override readonly outputEncoder = 'string';
}
class Most extends Aggregator<number, number, number> {
  override zero() {
    return 0;
  }
  override reduce(most: number, id: number) {
    return Math.max(most, id);
  }
  override merge(a: number, b: number) {
    return Math.max(a, b);
  }
  override finish(most: number) {
    return most;
  }
  override readonly bufferEncoder = 'int';
  override readonly outputEncoder = 'int';
}

class Point {
  static readonly schema = 'x INT, y INT';
  x = 0;
  y = 0;

  sum(): number {
    return this.x + this.y;
  }
}

const sorted = <T>(rows: readonly T[]): T[] => [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const bySize = (a: number, b: number) => a - b;

describe.each([
  ['a local master', true],
  ['executors', false],
])('typed Datasets on %s', (_, isLocal) => {
  const spark = new TypedSession(isLocal);
  afterAll(() => spark.close());
  const people = spark.createDataFrame(
    [
      [1, 'Ann', 'HR', 10n],
      [2, 'Bob', 'IT', 20n],
      [3, 'Cid', 'IT', 30n],
      [4, null, 'HR', null],
    ],
    'id int not null, name string, dept string, pay bigint',
  );

  it('calls functions with plain objects and makes columns of what they give', async () => {
    const made = people.map(({ id, name }) => ({ id, length: name?.length ?? 0 }), 'id int, length int');
    expect(await made.dtypes()).toEqual([
      ['id', 'int'],
      ['length', 'int'],
    ]);
    expect(sorted(await made.collect())).toEqual([
      { id: 1, length: 3 },
      { id: 2, length: 3 },
      { id: 3, length: 3 },
      { id: 4, length: 0 },
    ]);
    const total = await made.agg(F.sum('length').as('n')).collect();
    expect(total[0]!.n).toBe(9n);
  });

  it('keeps the order of rows of the program, and filters by functions, Columns and text', async () => {
    const numbers = spark.createDataset([5, 1, 4, 2, 3], Encoders.INT);
    expect(await numbers.map((x) => x * 2, Encoders.INT).collect()).toEqual([10, 2, 8, 4, 6]);
    const kept = numbers
      .filter((x) => x > 1)
      .filter(F.col('value').lt(5))
      .filter('value != 3');
    expect((await kept.collect()).sort(bySize)).toEqual([2, 4]);
    expect(await kept.count()).toBe(2);
    expect(
      (
        await people
          .filter((p) => p.dept === 'IT')
          .select('id')
          .collect()
      )
        .map((r) => r.id)
        .sort(),
    ).toEqual([2, 3]);
  });

  it('flattens, and maps partitions with state', async () => {
    const words = spark
      .createDataset(['a b', '', 'c'], Encoders.STRING)
      .flatMap((line) => line.split(' ').filter(Boolean), Encoders.STRING);
    expect(sorted(await words.collect())).toEqual(['a', 'b', 'c']);
    const counted = spark.range(0, 10, 1, 2).mapPartitions((rows) => [[...rows].length], 'int');
    expect(await counted.collect()).toEqual([5, 5]);
  });

  it('shows a function what a query would have given it', async () => {
    const first = spark.createDataset([1, 2], Encoders.INT).map((n) => ({ big: n, at: new Date(n) }), 'big bigint, at timestamp');
    const seen = first.map((row: any) => [typeof row.big, row.at.constructor.name], Encoders.tuple(Encoders.STRING, Encoders.STRING));
    const afterQuery = first.filter('true').map((row: any) => [typeof row.big, row.at.constructor.name], 'array<string>');
    expect(await seen.collect()).toEqual([
      ['bigint', 'Timestamp'],
      ['bigint', 'Timestamp'],
    ]);
    expect(await afterQuery.collect()).toEqual(await seen.collect());
  });

  it('calls functions below a cached Dataset once, and rounds as columns do', async () => {
    const calls = spark.context.longAccumulator('calls');
    const tenths = spark.createDataset([1, 2, 3], Encoders.INT).map((n) => {
      calls.add(1);
      return n / 10;
    }, 'float');
    tenths.cache();
    expect(await tenths.count()).toBe(3);
    const seen = await tenths.map((x) => x, 'double').collect();
    expect(seen).toEqual([0.1, 0.2, 0.3].map(Math.fround));
    expect(
      await tenths
        .filter('value > 0')
        .map((x) => x, 'double')
        .collect(),
    ).toEqual(seen);
    expect(calls.value).toBe(3);
    const uncached = spark.createDataset([1], Encoders.INT).map((n) => n / 10, 'float');
    expect(await uncached.map((x) => x, 'double').collect()).toEqual([Math.fround(0.1)]);
  });

  it('brings every kind of value to functions and back', async () => {
    const values = {
      a: true,
      b: -3,
      c: 9_007_199_254_740_993n,
      d: 0.5,
      e: Decimal.parse('-1234567890.12'),
      f: "é'\0",
      g: new Uint8Array([0, 255]),
      h: new LocalDate(18_321),
      i: new Timestamp(1_600_000_000_123_456n),
      j: new LocalTimestamp(-1n),
      k: [1, null],
      l: new Map([['k', { x: 1n }]]),
      m: { x: 'y', z: [Decimal.parse('1.50')] },
      n: null,
    };
    const ddl =
      'a boolean, b smallint, c bigint, d double, e decimal(12,2), f string, g binary, h date, i timestamp, j timestamp_ntz, k array<int>, ' +
      'l map<string,struct<x:bigint>>, m struct<x:string,z:array<decimal(5,2)>>, n int';
    const df = spark.createDataFrame([values], ddl);
    const same = df.map((row) => row, ddl);
    expect(await same.collect()).toEqual([values]);
    expect((await same.toDF().collect())[0]!.asDict(true)).toEqual((await df.collect())[0]!.asDict(true));
    expect(await (await df.rdd()).collect()).toEqual([values]);
  });

  it('infers what functions give from all rows; numbers stay numbers', async () => {
    const made = spark
      .range(0, 6, 1, 3)
      .map(({ id }) => ({ half: Number(id) / 2, whole: Number(id), big: id, name: id > 2n ? 'x' : null }));
    expect(await made.dtypes()).toEqual([
      ['half', 'double'],
      ['whole', 'bigint'],
      ['big', 'bigint'],
      ['name', 'string'],
    ]);
    expect((await made.collect())[5]).toEqual({ half: 2.5, whole: 5, big: 5n, name: 'x' });
    expect(await spark.createDataset([[1, 'a'] as [number, string]]).collect()).toEqual([[1, 'a']]);
    await expect(people.map(() => null).collect()).rejects.toThrow('CANNOT_DETERMINE_TYPE');
    await expect(
      people
        .filter(() => false)
        .map(({ id }) => id)
        .collect(),
    ).rejects.toThrow('CANNOT_INFER_EMPTY_SCHEMA');
  });

  it('reads a DataFrame as objects, instances of a class, tuples and single values', async () => {
    const points = spark.createDataFrame(
      [
        [3, 1, 'a'],
        [4, 2, 'b'],
      ],
      'y int, x int, z string',
    );
    const ds = points.as(Encoders.bean(Point));
    expect((await ds.collect()).map((p) => [p instanceof Point, p.sum()])).toEqual([
      [true, 4],
      [true, 6],
    ]);
    expect(await ds.columns()).toEqual(['y', 'x', 'z']);
    expect(await ds.map((p) => p.sum(), 'int').collect()).toEqual([4, 6]);
    const moved = ds.map((p) => Object.assign(new Point(), { x: p.y, y: p.x }), Encoders.bean(Point));
    expect((await moved.collect()).map((p) => [p instanceof Point, p.x])).toEqual([
      [true, 3],
      [true, 4],
    ]);
    expect(await points.select('x', 'z').as(Encoders.tuple(Encoders.LONG, Encoders.STRING)).collect()).toEqual([
      [1n, 'a'],
      [2n, 'b'],
    ]);
    expect(await points.select('z').as(Encoders.STRING).collect()).toEqual(['a', 'b']);
    const distinct = ds.orderBy(F.desc('x')).limit(1).distinct();
    expect((await distinct.collect())[0]).toBeInstanceOf(Point);
  });

  it('refuses columns that do not fit', async () => {
    await expect(people.as(Encoders.product('nothing int')).collect()).rejects.toThrow('UNRESOLVED_COLUMN.WITH_SUGGESTION');
    await expect(people.as(Encoders.product('pay int')).show()).rejects.toThrow('CANNOT_UP_CAST_DATATYPE');
    await expect(people.as(Encoders.tuple(Encoders.INT, Encoders.STRING)).count()).rejects.toThrow(
      'UNSUPPORTED_DESERIALIZER.FIELD_NUMBER_MISMATCH',
    );
    expect((await people.as(Encoders.product('id bigint')).collect()).map((r) => r.id)).toEqual([1n, 2n, 3n, 4n]);
  });

  it('tells which value of a function does not fit', async () => {
    await expect(people.map(() => ({ n: 'x' }), 'n int').collect()).rejects.toThrow(
      /FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME\] n: int can not accept object 'x'/,
    );
    await expect(people.map(() => undefined, 'n int').collect()).rejects.toThrow('NOT_NULL_ASSERT_VIOLATION');
    expect(() => people.map(42 as never)).toThrow('map: expected a function');
  });

  it('groups by what a function gives', async () => {
    const groups = people.groupByKey((p) => p.dept, Encoders.STRING);
    const names = groups.mapGroups((dept, rows) => `${dept}:${[...rows].map((p) => p.id).sort()}`, Encoders.STRING);
    expect(sorted(await names.collect())).toEqual(['HR:1,4', 'IT:2,3']);
    expect(sorted(await groups.flatMapGroups((_d, rows) => rows.map((p) => p.id), Encoders.INT).collect())).toEqual([1, 2, 3, 4]);
    expect(sorted(await groups.keys().collect())).toEqual(['HR', 'IT']);
    expect((await groups.count().orderBy('key').collect()).map(([k, n]) => [k, n])).toEqual([
      ['HR', 2n],
      ['IT', 2n],
    ]);
    expect(await groups.count().columns()).toEqual(['key', 'count(1)']);
    const largest = await groups.reduceGroups((a, b) => (a.id > b.id ? a : b)).collect();
    expect(largest.map(([k, p]) => [k, p.id]).sort()).toEqual([
      ['HR', 4],
      ['IT', 3],
    ]);
    const summed = await groups.agg(F.sum('pay').as('pay'), F.count('*').as('n')).orderBy('key').collect();
    expect(summed.map((r) => r.toArray())).toEqual([
      ['HR', 10n, 2n],
      ['IT', 50n, 2n],
    ]);
    const joined = await groups.agg(new Names(), F.count('*').as('n')).orderBy('key').collect();
    const lists = joined.map((r) => [r.get(0), (r.get(1) as string).split(',').sort(), r.get(2)]);
    expect(lists).toEqual([
      ['HR', ['1', '4'], 2n],
      ['IT', ['2', '3'], 2n],
    ]);
    const ids = groups.mapValues((p) => p.id, Encoders.INT).agg(new Most());
    expect((await ids.orderBy('key').collect()).map((r) => r.toArray())).toEqual([
      ['HR', 4],
      ['IT', 3],
    ]);
    const lengths = groups.mapValues((p) => p.name?.length ?? 0, Encoders.INT).reduceGroups((a, b) => a + b);
    expect(sorted(await lengths.collect())).toEqual([
      ['HR', 3],
      ['IT', 6],
    ]);
  });

  it('groups by keys that are objects and times, by their contents', async () => {
    const times = [1_000_001n, 1_000_002n, 1_000_001n].map((t) => [new Timestamp(t)]);
    const counted = spark
      .createDataFrame(times, 't timestamp')
      .groupByKey((r) => ({ at: r.t }), 'at timestamp')
      .count();
    const rows = await counted.collect();
    expect(rows.map(([k, n]) => [(k as any).at.epochMicros, n]).sort()).toEqual([
      [1_000_001n, 2n],
      [1_000_002n, 1n],
    ]);
  });

  it('brings groups of two Datasets together', async () => {
    const left = spark.createDataset(['a1', 'b1', 'a2'], Encoders.STRING).groupByKey((s) => s[0]!);
    const right = spark
      .createDataset([
        { k: 'a', n: 1 },
        { k: 'c', n: 2 },
      ])
      .groupByKey((r) => r.k);
    const both = left.cogroup(right, (k, ls, rs) => [`${k}:${[...ls].sort()}|${[...rs].map((r) => r.n)}`], Encoders.STRING);
    expect(sorted(await both.collect())).toEqual(['a:a1,a2|1', 'b:b1|', 'c:|2']);
  });

  it('joins values as pairs', async () => {
    const depts = spark.createDataFrame([['HR', 'Human Resources']], 'dept string, title string');
    const titles = depts.as(Encoders.product('title string'));
    const pairs = await people.joinWith(titles, people.col('dept').eq(titles.col('dept')), 'left').collect();
    expect(sorted(pairs.map(([p, d]) => [p.id, d?.title ?? null]))).toEqual([
      [1, 'Human Resources'],
      [2, null],
      [3, null],
      [4, 'Human Resources'],
    ]);
    expect(pairs.find(([p]) => p.id === 2)![1]).toBeNull();
    const numbers = spark.createDataset([1, 2, 3], Encoders.INT);
    const more = spark.createDataset([2, 3, 4], Encoders.INT);
    const equal = numbers.joinWith(more, numbers.col('value').eq(more.col('value')));
    expect(sorted(await equal.collect())).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(sorted(await equal.map(([a, b]) => a + b, 'int').collect())).toEqual([4, 6]);
    expect(() => numbers.joinWith(more, 'true', 'left_semi')).toThrow('INVALID_JOIN_TYPE_IN_JOINWITH');
  });

  it('numbers rows in their order', async () => {
    const numbered = spark.range(0, 7, 1, 3).zipWithIndex('n');
    expect((await numbered.collect()).map((r) => r.toArray())).toEqual(Array.from({ length: 7 }, (__, i) => [BigInt(i), BigInt(i)]));
    expect(await spark.createDataset(['b', 'a'], Encoders.STRING).zipWithIndex().dtypes()).toEqual([
      ['value', 'string'],
      ['index', 'bigint'],
    ]);
  });

  it('reduces, and runs functions for their effect', async () => {
    expect(await spark.range(1, 11).reduce((a, b) => ({ id: a.id + b.id }))).toEqual({ id: 55n });
    const seen = spark.context.collectionAccumulator<number>('seen');
    await people.foreach((p) => seen.add(p.id));
    await people.foreachPartition((rows) => seen.add([...rows].length * 100));
    expect(seen.value.filter((n) => n < 100).sort()).toEqual([1, 2, 3, 4]);
    expect(seen.value.filter((n) => n >= 100).reduce((a, b) => a + b, 0)).toBe(400);
  });
});

describe.each([
  ['a local master', true],
  ['executors', false],
])('RDDs as DataFrames on %s', (_, isLocal) => {
  const spark = new TypedSession(isLocal);
  afterAll(() => spark.close());
  const numbers = spark.context.parallelize(
    Array.from({ length: 100 }, (__, i) => ({ id: i, kind: i % 3 === 0 ? 'x' : 'y' })),
    4,
  );

  it('has their rows under a schema, names, or what is inferred', async () => {
    const said = spark.createDataFrame(numbers, 'id int, kind string');
    expect((await said.groupBy('kind').agg(F.sum('id').as('s')).orderBy('kind').collect()).map((r) => r.toArray())).toEqual([
      ['x', 1683n],
      ['y', 3267n],
    ]);
    expect(await numbers.toDF().dtypes()).toEqual([
      ['id', 'bigint'],
      ['kind', 'string'],
    ]);
    const pairs = spark.context.parallelize([[1, 'a'] as [number, string], [2.5, 'b'] as [number, string]], 2);
    expect(await spark.createDataFrame(pairs, ['n', 's']).dtypes()).toEqual([
      ['n', 'double'],
      ['s', 'string'],
    ]);
    expect((await spark.context.parallelize([3, 1, 2], 2).toDF('int').orderBy('value').collect()).map((r) => r.value)).toEqual([1, 2, 3]);
    expect((await spark.context.parallelize(['b', 'a'], 2).toDS(Encoders.STRING).orderBy('value').collect()) as string[]).toEqual([
      'a',
      'b',
    ]);
  });

  it('joins them with themselves, with each other and with files of rows', async () => {
    const df = numbers.toDF('id int, kind string');
    const other = spark.createDataFrame(spark.context.parallelize([[2, 'two'] as [number, string]], 1), 'id int, name string');
    expect(await df.join(other, 'id').count()).toBe(1);
    expect(
      await df
        .alias('a')
        .join(df.alias('b'), F.col('a.id').eq(F.col('b.id').plus(1)))
        .count(),
    ).toBe(99);
    expect(await df.union(df).distinct().count()).toBe(100);
    expect(await df.filter('id in (select max(id) from range(100))').count()).toBe(1);
    const first = await df.orderBy(F.desc('id')).limit(2).collect();
    expect(first.map((r) => r.id)).toEqual([99, 98]);
  });

  it('keeps the order of a sorted RDD, whose bounds a job finds first', async () => {
    const sorted = spark.context.parallelize([3, 9, 1, 7, 5, 2], 3).sortBy((x) => x);
    expect((await sorted.toDF('int').collect()).map((r) => r.value)).toEqual([1, 2, 3, 5, 7, 9]);
  });

  it('has no rows where there are none', async () => {
    const none = spark.context.parallelize<{ a: number }>([], 2);
    expect(await none.toDF('a int').count()).toBe(0);
    expect(await none.toDF('a int').collect()).toEqual([]);
    await expect(none.toDF().collect()).rejects.toThrow('CANNOT_INFER_EMPTY_SCHEMA');
    expect(await spark.context.parallelize([{}, {}], 2).toDF({ tag: 'struct', fields: [] }).count()).toBe(2);
  });

  it('answers several queries at once, cached and as a view', async () => {
    const df = numbers.toDF('id int, kind string');
    await df.createOrReplaceTempView('numbers');
    const counts = await Promise.all([1, 2, 3].map((n) => spark.sql(`select count(*) c from numbers where id % ${n + 1} = 0`).collect()));
    expect(counts.map(([row]) => row!.c)).toEqual([50n, 34n, 25n]);
    const cached = df.cache();
    expect([await cached.count(), await cached.count()]).toEqual([100, 100]);
  });
});
