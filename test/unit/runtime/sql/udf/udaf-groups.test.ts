// Aggregators over many rows: rows come sorted, one group after the other, in one kernel and in stages; what cannot be so stays a list.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Aggregator } from '../../../../../src/runtime/sql/api/aggregator.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { programFunctions } from '../../../../../src/runtime/sql/api/program-functions.ts';
import { UdfRegistration } from '../../../../../src/runtime/sql/api/udf.ts';
import { setSqlTexts } from '../../../../../src/runtime/sql/api/sql-text.ts';
import * as parser from '../../../../../src/runtime/sql/parser/parse.ts';
import type { Relation } from '../../../../../src/runtime/sql/plan/relations.ts';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';
import { type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

class Total extends Aggregator<number | null, { sum: number; n: number }, number | null> {
  zero = () => ({ sum: 0, n: 0 });
  reduce(b: { sum: number; n: number }, x: number | null) {
    return x === null ? b : { sum: b.sum + x, n: b.n + 1 };
  }
  merge(a: { sum: number; n: number }, b: { sum: number; n: number }) {
    return { sum: a.sum + b.sum, n: a.n + b.n };
  }
  finish = ({ sum, n }: { sum: number; n: number }) => (n === 0 ? null : sum);
  override readonly bufferEncoder = 'sum DOUBLE, n INT';
  readonly outputEncoder = 'double';
}
/** The first values, in the order in which they came. */
class Order extends Aggregator<number, number[], string> {
  zero = () => [];
  reduce = (b: number[], x: number) => (b.length < 4 ? [...b, x] : b);
  merge = (a: number[], b: number[]) => [...a, ...b];
  finish = (b: number[]) => b.join(' ');
  readonly outputEncoder = 'string';
}
const register = (udf: UdfRegistration) => {
  udf.register('total', F.udaf(new Total(), 'double'));
  udf.register('seen', F.udaf(new Order(), 'double'));
  udf.register(
    'dot',
    F.udaf(
      {
        zero: () => 0,
        reduce: (b: number, [x, y]: [number, number]) => b + x * y,
        merge: (a: number, b: number) => a + b,
        finish: (b: number) => b,
        outputEncoder: 'double',
      },
      'double',
      'double',
    ),
  );
  udf.register(
    'picky',
    F.udaf(
      {
        zero: () => 0,
        reduce(b: number, x: number) {
          if (x === 150_000) throw new RangeError('no such price');
          return b;
        },
        merge: (a: number) => a,
        finish: (b: number) => b,
        outputEncoder: 'int',
      },
      'double',
    ),
  );
};

setSqlTexts(() => parser); // a session does so
const registered = new UdfRegistration();
register(registered);
const engine = sqlEngine();
engine.program = programFunctions(registered);
afterAll(() => engine.close());
const rows = async (sql: string) => (await answerOf(engine, sql)).rows;
/** A guess of so many rows makes a step of it. */
const N = 200_000;
const steps = async (sql: string) => (await engine.prepare((engine.parse(sql) as { readonly relation: Relation }).relation)).steps;

describe('over many rows', () => {
  it.each<[string, string, unknown[][]]>([
    [
      'NULLs among keys and values',
      `SELECT IF(k = 0, NULL, k) AS g, total(IF(k = 1, NULL, id)), count(*) FROM (SELECT id, id % 3 AS k FROM range(${N})) GROUP BY 1 ORDER BY g`,
      [
        [null, 6_666_633_333, 66_667n],
        [1n, null, 66_667n],
        [2n, 6_666_566_667, 66_666n],
      ],
    ],
    ['no rows, and no keys', `SELECT total(id), count(*), seen(id) FROM range(${N}) WHERE id < 0`, [[null, 0n, '']]],
    ['no rows of any group', `SELECT id, total(id) FROM range(${N}) WHERE id < 0 GROUP BY id`, []],
    ['no keys', `SELECT total(id) + 1, max(id) FROM range(${N})`, [[(N * (N - 1)) / 2 + 1, BigInt(N - 1)]]],
    [
      'several, with expressions over them, HAVING and the kernel’s own',
      `SELECT id % 4 AS k, total(id) / count(id) - avg(id) AS d, dot(id, 0) + total(1) AS n, total(1) AS one, sum(DISTINCT id % 8) AS s FROM range(${N}) GROUP BY id % 4 HAVING total(id) > total(3) AND k > 1 ORDER BY k`,
      [
        [2n, 0, 50_000, 50_000, 8n],
        [3n, 0, 50_000, 50_000, 10n],
      ],
    ],
    [
      'values in the order of rows',
      `SELECT id % 2 AS k, seen(id) FROM range(${N}) GROUP BY id % 2 ORDER BY k`,
      [
        [0n, '0 2 4 6'],
        [1n, '1 3 5 7'],
      ],
    ],
    [
      'DISTINCT and FILTER beside it',
      `SELECT total(id), total(DISTINCT id % 3), total(id) FILTER (WHERE id < 3) FROM range(${N})`,
      [[(N * (N - 1)) / 2, 3, 3]],
    ],
    [
      'more groups than a vector has rows',
      `SELECT count(*), sum(m) FROM (SELECT total(id) AS m FROM range(${N}) GROUP BY id % 70000)`,
      [[70_000n, (N * (N - 1)) / 2]],
    ],
    [
      'several kinds of keys',
      `SELECT count(*), min(n) FROM (SELECT total(1) AS n FROM range(${N}) GROUP BY struct(id % 2), array(id % 5), CAST(id % 3 AS DOUBLE) / 0.5, date_add(DATE '2020-01-01', CAST(id % 7 AS INT)), CAST(id % 2 AS STRING))`,
      [[210n, 952]],
    ],
    [
      'keys that are equal and not the same',
      `SELECT k.a AS a, total(id), count(*) FROM (SELECT id, struct(CASE id % 4 WHEN 0 THEN 0D WHEN 1 THEN -0D WHEN 2 THEN CAST('NaN' AS DOUBLE) END AS a) AS k FROM range(${N})) GROUP BY k ORDER BY a`,
      [
        [null, 5_000_050_000, 50_000n],
        [0, 9_999_850_000, 100_000n],
        [Number.NaN, 5_000_000_000, 50_000n],
      ],
    ],
    ['one over another', `SELECT total(m) FROM (SELECT total(id) AS m FROM range(${N}) GROUP BY id)`, [[(N * (N - 1)) / 2]]],
    [
      'grouping sets',
      `SELECT id % 2 AS k, total(1) FROM range(${N}) GROUP BY ROLLUP (id % 2) ORDER BY k`,
      [
        [null, N],
        [0n, N / 2],
        [1n, N / 2],
      ],
    ],
    ['in a subquery', `SELECT (SELECT total(1) FROM range(${N})) AS n`, [[N]]],
  ])('%s', async (_, sql, expected) => {
    expect((await steps(sql)).length).toBeGreaterThan(0);
    expect(await rows(sql)).toEqual(expected);
  });

  it.each<[string, string, unknown[][]]>([
    ['few rows', 'SELECT total(id) FROM range(100)', [[4950]]],
    ['DISTINCT alone', `SELECT total(DISTINCT id % 3) FROM range(${N})`, [[3]]],
    ['a window', `SELECT max(m) FROM (SELECT total(1) OVER (PARTITION BY id % 2) AS m FROM range(${N}) WHERE id < 10)`, [[5]]],
    ['references to the query around', `SELECT x, (SELECT total(id) FROM range(${N}) WHERE id < x) AS n FROM VALUES (3) AS t(x)`, [[3, 3]]],
    [
      'a common table expression that has two uses',
      `WITH t AS (SELECT id FROM range(${N})) SELECT (SELECT total(1) FROM t) AS a, (SELECT count(*) FROM t) AS b`,
      [[N, BigInt(N)]],
    ],
  ])('is a list where it is over %s', async (_, sql, expected) => {
    expect(await steps(sql)).toEqual([]);
    expect(await rows(sql)).toEqual(expected);
  });

  it('throws with the value and the line', async () => {
    await expect(rows(`SELECT picky(id) FROM range(${N}) GROUP BY id % 10`)).rejects.toThrow(
      /^\[FAILED_EXECUTE_UDF\] User defined function \(`picky`: \(double\) => int\) failed due to: RangeError: no such price at .*udaf-groups\.test\.ts:\d+:\d+\)?; the arguments were \(150000\)\. SQLSTATE: 39000$/,
    );
    const left = await engine.kernel();
    for await (const { columns } of left.query("SELECT count(*)::INTEGER FROM duckdb_tables() WHERE table_name LIKE 'groups%'"))
      expect(columns[0]![0]).toBe(0);
  });

  it('is computed again in full widths when a decimal beside it needs them', async () => {
    const big = '9000000000000000.00';
    expect(String((await rows(`SELECT total(id), sum(CAST(${big} AS DECIMAL(18,2)) + id * 0) FROM range(${N})`))[0]![1])).toMatch(
      /^1800000000000000000000\./,
    );
  });
});

describe('in stages', () => {
  let staged: StagedSql;
  beforeAll(async () => {
    staged = stagedSql();
    const scan = await table(
      staged.context.folder,
      't',
      'g INT, v INT',
      'SELECT (i % 5000)::INTEGER AS g, i::INTEGER AS v FROM range(20000) r(i)',
    );
    staged.engine.views.set('t', scan);
    staged.engine.program = programFunctions(registered);
  });
  afterAll(() => staged.close());
  const answer = async (sql: string) => (await answerOf(staged.engine, sql)).rows;

  it('reduces rows in each task, and merges its buffers', async () => {
    const sql =
      'SELECT count(*), sum(m), min(c), max(d) FROM (SELECT g, total(v) AS m, count(*) AS c, max(v) - dot(v, 0) AS d FROM t GROUP BY g HAVING total(v) > 0)';
    expect(await answer(sql)).toEqual([[5000n, 199_990_000, 4n, 19_999]]);
    expect(await answer('SELECT total(v), count(*) FROM t WHERE v < 0')).toEqual([[null, 0n]]);
    expect(await answer('SELECT g, total(v) FROM t WHERE v < 0 GROUP BY g')).toEqual([]);
  });
});
