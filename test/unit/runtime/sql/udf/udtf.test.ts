// Table functions of the program in FROM, beside rows, and over tables by partition.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programFunctions } from '../../../../../src/runtime/sql/api/program-functions.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';
import { answerOf } from '../../../../helpers/sql.ts';
import { type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

class Squares {
  *eval(from: number, to: number) {
    for (let n = from; n <= to; n++) yield [n, n * n];
  }
}
class Totals {
  #count = 0;
  #sum = 0;
  eval(row: { v: number }, factor: number) {
    this.#count++;
    this.#sum += row.v * factor;
  }
  terminate() {
    return [{ count: this.#count, sum: this.#sum }];
  }
}
class First {
  #seen = 0;
  eval(row: { k: string; v: number }) {
    return this.#seen++ === 0 ? [[row.k, row.v]] : null;
  }
}
class Counter {
  #n = 0;
  eval(_: number) {
    return [[++this.#n]];
  }
  *terminate() {
    yield [-this.#n];
  }
}

const spark = new TestSession();
afterAll(() => spark.close());
spark.udtf.register('squares', F.udtf(Squares, 'n INT, square INT'));
spark.udtf.register('totals', F.udtf(Totals, 'count INT, sum DOUBLE'));
spark.udtf.register('first_row', F.udtf(First, 'k STRING, v INT'));
spark.udtf.register('counter', F.udtf(Counter, 'c INT'));
spark.udtf.register(
  'words',
  F.udtf((text: string | null) => text?.split(' '), 'word STRING'),
);
const rows = (sql: string) =>
  spark
    .sql(sql)
    .collect()
    .then((got) => got.map((r) => r.toArray()));

type Answer = { readonly query: string; readonly rows?: unknown[][]; readonly condition?: string };
/** Of a real Spark: test/oracle/udtf.py. */
const SPARKS = JSON.parse(readFileSync(new URL('../../../../fixtures/sql/udtf.json', import.meta.url), 'utf8')) as Answer[];
const plain = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

beforeAll(async () => {
  await spark.sql("CREATE OR REPLACE TEMP VIEW t AS SELECT * FROM VALUES ('a', 3), ('b', 1), ('a', 2) AS t(k, v)").collect();
});

describe('a table function', () => {
  it.each(SPARKS.filter(({ query }) => !query.includes('LEFT JOIN')))(
    'gives what Spark gives: $query',
    async ({ query, rows: expected, condition }) => {
      if (condition === undefined) expect((await rows(query)).map((row) => row.map(plain))).toEqual(expected);
      else await expect(rows(query)).rejects.toMatchObject({ condition });
    },
  );

  it('leaves rows without any where the join is an outer one', async () => {
    // Spark 4.0.1 loses them: its operator for Python's table functions knows no outer.
    expect(await rows('SELECT k, v, q.n FROM t LEFT JOIN LATERAL squares(3, v) AS q(n, s) ORDER BY v')).toEqual([
      ['b', 1, null],
      ['a', 2, null],
      ['a', 3, 3],
    ]);
  });

  it('is a function of constants for DataFrames', async () => {
    const squares = spark.udtf.register('squares2', F.udtf(Squares, 'n INT, square INT'));
    expect((await squares(F.lit(1), F.lit(2)).collect()).map((r) => r.square)).toEqual([1, 4]);
  });

  it.each<[string, string]>([
    ['SELECT * FROM bad_width()', 'Expected column count: 2, Actual column count: 1'],
    ['SELECT * FROM bad_type()', 'int can not accept object'],
    ['SELECT * FROM bad_rows()', '[UDTF_RETURN_NOT_ITERABLE]'],
    ['SELECT * FROM totals(TABLE(t), TABLE(t))', '[TABLE_VALUED_FUNCTION_TOO_MANY_TABLE_ARGUMENTS]'],
    [
      'SELECT * FROM throws(5)',
      '[FAILED_EXECUTE_UDF] User defined function (`throws`: (int) => array<struct<n:int>>) failed due to: Error: no 5',
    ],
  ])('%s fails: %s', async (sql, message) => {
    spark.udtf.register(
      'bad_width',
      F.udtf(() => [[1]], 'a INT, b INT'),
    );
    spark.udtf.register(
      'bad_type',
      F.udtf(() => [['x']], 'a INT'),
    );
    spark.udtf.register('bad_rows', F.udtf((() => 7) as never, 'a INT'));
    spark.udtf.register(
      'throws',
      F.udtf((n: number): never => {
        throw new Error(`no ${n}`);
      }, 'n INT'),
    );
    await expect(rows(sql)).rejects.toThrow(message);
  });

  it('needs columns', () => {
    expect(() => F.udtf(Squares, 'int')).toThrow('[UDTF_RETURN_TYPE_MISMATCH]');
  });
});

describe('in stages', () => {
  let staged: StagedSql;
  beforeAll(async () => {
    staged = stagedSql();
    staged.engine.views.set(
      't',
      await table(staged.context.folder, 't', 'k INT, v INT', 'SELECT (i % 3)::INTEGER AS k, i::INTEGER AS v FROM range(9000) r(i)'),
    );
    staged.engine.program = programFunctions(spark.udf, spark.udtf);
  });
  afterAll(() => staged.close());

  it('runs in the tasks, and over partitions that were brought together', async () => {
    expect((await answerOf(staged.engine, 'SELECT count(*), sum(n) FROM t, LATERAL squares(v, v + 1)')).rows).toEqual([
      [18000n, 81000000n],
    ]);
    const { rows: got } = await answerOf(staged.engine, 'SELECT * FROM totals(TABLE(t) PARTITION BY k, 1) ORDER BY sum');
    expect(got).toEqual([
      [3000, 13495500],
      [3000, 13498500],
      [3000, 13501500],
    ]);
  });
});
