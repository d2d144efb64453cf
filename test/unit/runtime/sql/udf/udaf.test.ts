// Aggregate functions of the program: in one step and in stages, with all that SQL can say around an aggregate.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programFunctions } from '../../../../../src/runtime/sql/api/program-functions.ts';
import { Aggregator } from '../../../../../src/runtime/sql/api/aggregator.ts';
import { Encoders } from '../../../../../src/runtime/sql/api/encoders.ts';
import { Decimal } from '../../../../../src/runtime/sql/api/decimal.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { UdfRegistration } from '../../../../../src/runtime/sql/api/udf.ts';
import { Window } from '../../../../../src/runtime/sql/api/window.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';
import { answerOf } from '../../../../helpers/sql.ts';
import { type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

class Average extends Aggregator<number | null, { sum: number; n: number }, number | null> {
  zero = () => ({ sum: 0, n: 0 });
  reduce(b: { sum: number; n: number }, x: number | null) {
    if (x !== null) {
      b.sum += x;
      b.n++;
    }
    return b;
  }
  merge(a: { sum: number; n: number }, b: { sum: number; n: number }) {
    return { sum: a.sum + b.sum, n: a.n + b.n };
  }
  finish = ({ sum, n }: { sum: number; n: number }) => (n === 0 ? null : sum / n);
  override readonly bufferEncoder = 'sum DOUBLE, n INT';
  readonly outputEncoder = 'double';
}

/** Its buffer has no type: it travels as Node.js clones values. */
class Words extends Aggregator<string, Set<string>, string[]> {
  zero = () => new Set<string>();
  reduce = (b: Set<string>, word: string) => b.add(word);
  merge = (a: Set<string>, b: Set<string>) => new Set([...a, ...b]);
  finish = (b: Set<string>) => [...b].sort();
  readonly outputEncoder = 'array<string>';
}

class Weighted extends Aggregator<[number, bigint], number[], number> {
  zero = () => [0, 0];
  reduce = ([sum, weights]: number[], [x, weight]: [number, bigint]) => [sum! + x * Number(weight), weights! + Number(weight)];
  merge = (a: number[], b: number[]) => a.map((x, i) => x + b[i]!);
  finish = ([sum, weights]: number[]) => sum! / weights!;
  override readonly bufferEncoder = 'array<double>';
  readonly outputEncoder = 'double';
}

const spark = new TestSession();
afterAll(() => spark.close());
const rows = spark.createDataFrame(
  [
    ['a', 1, 'x'],
    ['a', 2, 'y'],
    ['a', null, 'x'],
    ['b', 5, 'z'],
    ['b', 5, 'z'],
  ],
  'k string, v int, w string',
);
const average = F.udaf(new Average(), 'double');

describe('an aggregator', () => {
  it('reduces groups, and rows without keys', async () => {
    const got = await rows.groupBy('k').agg(average('v').as('m'), F.udaf(new Words(), 'string')('w').as('w')).orderBy('k').collect();
    expect(got.map((r) => r.toArray())).toEqual([
      ['a', 1.5, ['x', 'y']],
      ['b', 5, ['z']],
    ]);
    expect((await rows.agg(average('v').as('m')).collect())[0]!.m).toBe(13 / 4);
  });

  it('is its zero without rows', async () => {
    expect(
      (await rows.filter('v > 9').agg(average('v').as('m'), F.udaf(new Words(), 'string')('w').as('w')).collect())[0]!.toArray(),
    ).toEqual([null, []]);
    expect(await rows.filter('v > 9').groupBy('k').agg(average('v')).count()).toBe(0);
  });

  it('takes several columns as one input', async () => {
    const weighted = F.udaf(new Weighted(), 'double', 'bigint');
    const df = spark.createDataFrame(
      [
        [1, 3],
        [5, 1],
      ],
      'x int, n int',
    );
    expect((await df.agg(weighted('x', 'n').as('m')).collect())[0]!.m).toBe(2);
  });

  it('stands in SQL with DISTINCT, FILTER and HAVING', async () => {
    spark.udf.register('my_avg', average);
    await rows.createOrReplaceTempView('t');
    const sql = (text: string) =>
      spark
        .sql(text)
        .collect()
        .then((got) => got.map((r) => r.toArray()));
    expect(
      await sql('SELECT k, my_avg(DISTINCT v), my_avg(v) FILTER (WHERE v > 1) FROM t GROUP BY k HAVING MY_AVG(v) > 1 ORDER BY k'),
    ).toEqual([
      ['a', 1.5, 2],
      ['b', 5, 5],
    ]);
    expect(await spark.sql('SELECT my_avg(v) FROM t').columns()).toEqual(['my_avg(v)']);
    expect(await sql("SELECT my_avg('3')")).toEqual([[3]]);
  });

  it('stands over windows, with frames', async () => {
    const w = Window.partitionBy('k').orderBy('v');
    const got = await rows
      .filter('v IS NOT NULL')
      .select('k', 'v', average('v').over(w.rowsBetween(-1, 0)).as('m'))
      .orderBy('k', 'v')
      .collect();
    expect(got.map((r) => r.m)).toEqual([1, 1.5, 5, 5]);
  });

  it('two of one name are two functions', async () => {
    const [sum, product] = [1, 2].map((which) =>
      F.udaf(
        {
          zero: () => (which === 1 ? 0 : 1),
          reduce: (b: number, x: number) => (which === 1 ? b + x : b * x),
          merge: (a: number, b: number) => (which === 1 ? a + b : a * b),
          finish: (b: number) => b,
          outputEncoder: 'int',
        },
        'int',
      ),
    );
    const got = await rows.filter("k = 'b'").agg(sum!('v').as('s'), product!('v').as('p')).collect();
    expect(got[0]!.toArray()).toEqual([10, 25]);
  });

  it.each<[string, () => unknown]>([
    ['[WRONG_NUM_ARGS.WITHOUT_SUGGESTION] The `Average` requires 1 parameters', () => rows.agg(average('v', 'v')).collect()],
    ['[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE]', () => rows.agg(average(F.array('v'))).collect()],
    ['it has no merge()', () => F.udaf({ zero: () => 0, reduce: () => 0, finish: () => 0, outputEncoder: 'int' } as never, 'int')],
  ])('refuses: %s', async (message, f) => {
    await expect((async () => f())()).rejects.toThrow(message);
  });

  it('takes, keeps and gives what encoders say', async () => {
    class Span {
      least = 0;
      most = 0;
      get width() {
        return this.most - this.least;
      }
    }
    class Widest extends Aggregator<{ who: string; at: number }, Span | null, [string, number] | null> {
      zero = () => null;
      reduce(b: Span | null, { at }: { who: string; at: number }) {
        const made = b ?? Object.assign(new Span(), { least: at, most: at });
        made.least = Math.min(made.least, at);
        made.most = Math.max(made.most, at);
        return made;
      }
      merge = (a: Span | null, b: Span | null) =>
        a === null || b === null ? (a ?? b) : this.reduce(this.reduce(a, { who: '', at: b.least }), { who: '', at: b.most });
      finish = (b: Span | null): [string, number] | null => (b === null ? null : [b.constructor.name, b.width]);
      override readonly bufferEncoder = Encoders.bean(Span, 'least DOUBLE, most DOUBLE');
      readonly outputEncoder = Encoders.tuple(Encoders.STRING, Encoders.DOUBLE);
    }
    const widest = F.udaf(new Widest(), Encoders.product('who STRING, at DOUBLE'));
    const df = spark.createDataFrame(
      [
        ['a', 1.5],
        ['a', 4],
        ['b', 2],
      ],
      'who STRING, at DOUBLE',
    );
    const got = await df.groupBy('who').agg(widest('who', 'at').as('w')).orderBy('who').collect();
    expect(got.map((r) => r.w.toArray())).toEqual([
      ['Span', 2.5],
      ['Span', 0],
    ]);
    expect((await df.select(widest.toColumn().as('w')).collect())[0]!.w.toArray()).toEqual(['Span', 2.5]);
    expect((await df.filter('at > 9').select(widest.toColumn().as('w')).collect())[0]!.w).toBeNull();
    expect(() => average.toColumn()).toThrow("toColumn() needs the input's encoder");
  });

  it('that throws is named with the value', async () => {
    class Picky extends Average {
      override reduce(): never {
        throw new RangeError('no such price');
      }
    }
    await expect(rows.agg(F.udaf(new Picky(), 'double')('v')).collect()).rejects.toThrow(
      /^\[FAILED_EXECUTE_UDF\] User defined function \(`Picky`: \(double\) => double\) failed due to: RangeError: no such price at .*udaf\.test\.ts:\d+:\d+\)?; the arguments were \(1\)\. SQLSTATE: 39000$/,
    );
  });

  it('gives decimals', async () => {
    const f = F.udaf(
      {
        zero: () => 0n,
        reduce: (b: bigint, x: Decimal) => b + x.unscaled,
        merge: (a: bigint, b: bigint) => a + b,
        finish: (b: bigint) => new Decimal(b, 2),
        bufferEncoder: 'bigint',
        outputEncoder: 'decimal(10,2)',
      },
      'decimal(10,2)',
    );
    expect((await spark.sql('SELECT 1.25 AS d UNION ALL SELECT 2.5').agg(f('d').as('s')).collect())[0]!.s).toEqual(Decimal.parse('3.75'));
  });
});

describe('in stages', () => {
  let staged: StagedSql;
  beforeAll(async () => {
    staged = stagedSql();
    const t = await table(
      staged.context.folder,
      't',
      'g INT, v INT, s STRING',
      "SELECT (i % 3)::INTEGER AS g, i::INTEGER AS v, 'w' || (i % 5) AS s FROM range(10000) r(i)",
    );
    staged.engine.views.set('t', t);
    const registered = new UdfRegistration();
    registered.register('my_avg', average);
    registered.register('words', F.udaf(new Words(), 'string'));
    staged.engine.program = programFunctions(registered);
  });
  afterAll(() => staged.close());
  const sorted = async (sql: string) => [...(await answerOf(staged.engine, sql)).rows].sort((a, b) => Number(a[0]) - Number(b[0]));

  it('merges the buffers of tasks', async () => {
    staged.context.stages.length = 0;
    expect(await sorted('SELECT g, my_avg(v), words(s) FROM t GROUP BY g')).toEqual(
      [0, 1, 2].map((g) => [g, g === 0 ? 4999.5 : g === 1 ? 4999 : 5000, ['w0', 'w1', 'w2', 'w3', 'w4']]),
    );
    // A task ends its part before rows are exchanged: three groups of three tasks, and no more.
    expect(staged.context.stages[0]).toMatch(/^shuffleMap/);
    expect(await sorted('SELECT my_avg(v) FROM t WHERE v < 0')).toEqual([[null]]);
  });

  it('brings rows together for DISTINCT', async () => {
    expect(await sorted('SELECT g, words(DISTINCT s) FROM t WHERE v < 4 GROUP BY g')).toEqual([
      [0, ['w0', 'w3']],
      [1, ['w1']],
      [2, ['w2']],
    ]);
  });
});
