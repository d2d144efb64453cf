// Functions of the program that give promises, in every place of a query, in one kernel and in stages.
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { programFunctions } from '../../../../../src/runtime/sql/api/program-functions.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { UdfRegistration } from '../../../../../src/runtime/sql/api/udf.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';
import { answerOf } from '../../../../helpers/sql.ts';
import { type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

const spark = new TestSession();
afterAll(() => spark.close());
let running = 0;
let most = 0;
const register = (udf: UdfRegistration) => {
  udf.register(
    'slow_twice',
    async (x: number | null) => {
      most = Math.max(most, ++running);
      await setImmediate();
      running--;
      return x === null ? null : x * 2;
    },
    'int',
    { concurrency: 4 },
  );
  udf.register('is_even', async (x: number) => x % 2 === 0, 'boolean');
  udf.register('lengths', async (texts: string[]) => texts.map((t) => t.length), 'int', { batch: true });
  udf.register('answer', async () => 42, 'int');
  udf.register(
    'fails',
    async (x: number) => {
      if (x === 3) throw new Error('no such id');
      return x;
    },
    'int',
  );
};
register(spark.udf);
const rows = (sql: string) =>
  spark
    .sql(sql)
    .collect()
    .then((got) => got.map((r) => r.toArray()));
const T = "VALUES (1, 'a'), (2, 'bb'), (NULL, 'ccc') AS t(x, s)";

describe('an async function', () => {
  it.each<[string, unknown[][]]>([
    [
      `SELECT x, slow_twice(x) + 1 FROM ${T}`,
      [
        [1, 3],
        [2, 5],
        [null, null],
      ],
    ],
    [`SELECT s FROM ${T} WHERE slow_twice(x) = 4`, [['bb']]],
    [`SELECT slow_twice(slow_twice(x)) AS v FROM ${T} WHERE x IS NOT NULL`, [[4], [8]]],
    [`SELECT sum(slow_twice(x)) FROM ${T}`, [[6n]]],
    [`SELECT slow_twice(CAST(sum(x) AS INT)) AS v, count(*) FROM ${T}`, [[6, 3n]]],
    [
      `SELECT is_even(x), count(*) FROM ${T} WHERE x > 0 GROUP BY is_even(x) ORDER BY 1`,
      [
        [false, 1n],
        [true, 1n],
      ],
    ],
    [`SELECT x FROM ${T} WHERE x > 0 ORDER BY slow_twice(-x)`, [[2], [1]]],
    [`SELECT lengths(s) AS n FROM ${T}`, [[1], [2], [3]]],
    ['SELECT answer()', [[42]]],
    [`SELECT a.x FROM ${T} JOIN VALUES (4) AS a(x) ON slow_twice(t.x) = a.x`, [[4]]],
    [`SELECT x FROM ${T} WHERE x IN (SELECT slow_twice(1))`, [[2]]],
    [`SELECT CASE WHEN is_even(x) THEN lengths(s) END AS v FROM ${T} WHERE x > 0`, [[null], [2]]],
  ])('%s', async (sql, expected) => {
    expect(await rows(sql)).toEqual(expected);
  });

  it('is awaited for many rows with a bound', async () => {
    most = 0;
    expect(await rows('SELECT count(v), sum(v) FROM (SELECT slow_twice(CAST(id AS INT)) AS v FROM range(5000))')).toEqual([
      [5000n, 24995000n],
    ]);
    expect(most).toBe(4);
  });

  it.each<[string, string, number]>([
    ['LIMIT', 'SELECT counted(id) FROM range(5000) LIMIT 3', 3],
    ['the first rows of a sort', 'SELECT counted(id) AS v, id FROM range(5000) ORDER BY id DESC LIMIT 3', 3],
    ['a condition', 'SELECT * FROM (SELECT counted(id) AS v, id FROM range(5000)) WHERE id < 7 AND v >= 0', 7],
    ['nobody', 'SELECT count(*) FROM (SELECT counted(id) AS v FROM range(5000))', 0],
    ['two places', 'SELECT counted(id) + counted(id) AS v FROM range(10) WHERE counted(id) >= 0', 20],
  ])('is given the rows only that somebody asks for: %s', async (_, sql, expected) => {
    let calls = 0;
    spark.udf.register('counted', async (id: bigint) => Number(id) + ++calls * 0, 'int');
    await rows(sql);
    expect(calls).toBe(expected);
  });

  it('is not called for rows that show() does not print', async () => {
    let calls = 0;
    const f = F.udf(async (id: bigint) => Number(id) + ++calls * 0, 'int');
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      await spark.range(5000).select(f('id').as('v')).show(2);
      expect(out.mock.calls.join('')).toContain('only showing top 2 rows');
    } finally {
      out.mockRestore();
    }
    expect(calls).toBe(3);
  });

  it('has the time zone that the session has now', async () => {
    spark.udf.register('same', async (h: number) => h, 'int');
    const hour = "SELECT same(hour(TIMESTAMP '2024-01-01 12:00:00 UTC'))";
    expect(await rows(hour)).toEqual([[12]]);
    await spark.sql('SET spark.sql.session.timeZone=Asia/Tokyo').collect();
    expect(await rows(hour)).toEqual([[21]]);
    await spark.sql('SET spark.sql.session.timeZone=UTC').collect();
  });

  it('is a function of Columns, declared or not', async () => {
    const f = F.udf((x: number) => Promise.resolve(x + 1), 'int', { async: true });
    expect(
      (
        await spark
          .range(2)
          .select(f(F.col('id').cast('int')).as('v'))
          .collect()
      ).map((r) => r.v),
    ).toEqual([1, 2]);
  });

  it('that fails is named with its row, and leaves nothing behind', async () => {
    await expect(rows('SELECT fails(CAST(id AS INT)) FROM range(5)')).rejects.toThrow(
      /^\[FAILED_EXECUTE_UDF\] User defined function \(`fails`: \(int\) => int\) failed due to: Error: no such id at .*async\.test\.ts:\d+:\d+\)?; the arguments were \(3\)\. SQLSTATE: 39000$/,
    );
    const kernel = await spark.dataFrames.engine().kernel();
    const names: unknown[] = [];
    for await (const { columns, rows: n } of kernel.query(
      "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'async%'",
    ))
      for (let i = 0; i < n; i++) names.push(columns[0]![i]);
    expect(names).toEqual([]);
  });

  it.each([
    ['SELECT transform(array(1), x -> slow_twice(x))', 'inside of a lambda'],
    [`SELECT (SELECT slow_twice(t.x)) FROM ${T}`, 'correlated subquery'],
    [`SELECT 1 FROM ${T} JOIN VALUES (1) AS u(y) ON is_even(x + y)`, 'both sides'],
  ])('%s is refused: %s', async (sql, message) => {
    await expect(rows(sql)).rejects.toThrow(message);
  });
});

describe('in stages', () => {
  let staged: StagedSql;
  beforeAll(async () => {
    staged = stagedSql();
    staged.engine.views.set(
      't',
      await table(staged.context.folder, 't', 'g INT, v INT', 'SELECT (i % 3)::INTEGER AS g, i::INTEGER AS v FROM range(9000) r(i)'),
    );
    const udf = new UdfRegistration();
    register(udf);
    staged.engine.program = programFunctions(udf);
  });
  afterAll(() => staged.close());

  it('runs in the tasks', async () => {
    const { rows: got } = await answerOf(staged.engine, 'SELECT g, sum(slow_twice(v)) AS s FROM t WHERE is_even(v) GROUP BY g ORDER BY g');
    expect(got).toEqual([
      [0, 13491000n],
      [1, 13503000n],
      [2, 13497000n],
    ]);
  });

  it('fails with its row', async () => {
    await expect(answerOf(staged.engine, 'SELECT fails(v) FROM t')).rejects.toThrow('Error: no such id');
  });
});
