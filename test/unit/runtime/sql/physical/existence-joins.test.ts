// EXISTS and IN with references outside, in places where they are no semi join: in stages, with the rows of one query.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerOf, runSql, sqlEngine } from '../../../../helpers/sql.ts';
import { BY_ROWS, STAGED, stagedSql, table } from '../../../../helpers/staged-sql.ts';

const whole = sqlEngine();
const moved = { ...STAGED, ...BY_ROWS, 'spark.sql.autoBroadcastJoinThreshold': '-1' };
const filtered = { ...moved, 'spark.sql.optimizer.runtime.bloomFilter.applicationSideScanSizeThreshold': '1' };
const ways = [stagedSql({ ...STAGED, ...BY_ROWS }), stagedSql(filtered)];

beforeAll(async () => {
  const { folder } = ways[0]!.context;
  const t = await table(
    folder,
    't',
    'id INT, g INT, v INT',
    'SELECT i::INTEGER AS id, (i % 7)::INTEGER AS g, CASE WHEN i % 11 > 0 THEN i % 50 END::INTEGER AS v FROM range(5000) r(i)',
  );
  const u = await table(
    folder,
    'u',
    'k INT, w INT',
    'SELECT CASE WHEN i < 40 THEN i END::INTEGER AS k, (i % 3)::INTEGER AS w FROM range(60) r(i)',
  );
  for (const engine of [whole, ...ways.map((way) => way.engine)]) {
    engine.views.set('t', t);
    engine.views.set('u', u);
  }
});
afterAll(async () => {
  await whole.close();
  for (const way of ways) way.close();
});

const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(String).join('|')).sort();

it.each([
  ['EXISTS under OR', 'SELECT id FROM t WHERE g = 1 OR EXISTS (SELECT 1 FROM u WHERE u.k = t.v)'],
  ['NOT EXISTS under OR', 'SELECT id FROM t WHERE g = 1 OR NOT EXISTS (SELECT 1 FROM u WHERE u.k = t.v AND u.w > 1)'],
  [
    'two, and one that is a semi join',
    'SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE k = g) AND (EXISTS (SELECT 1 FROM u WHERE k = v) OR EXISTS (SELECT 1 FROM u WHERE k = id))',
  ],
  ['EXISTS in the select list', 'SELECT id, EXISTS (SELECT 1 FROM u WHERE u.k = t.v AND u.w <> t.g) AS e FROM t'],
  ['IN under OR', 'SELECT id FROM t WHERE g = 1 OR v IN (SELECT k FROM u WHERE u.w = t.g)'],
  ['IN in CASE', 'SELECT id, CASE WHEN v IN (SELECT k FROM u WHERE u.w = t.g) THEN 1 ELSE 2 END AS c FROM t'],
  ['in an aggregate', 'SELECT g, sum(CASE WHEN EXISTS (SELECT 1 FROM u WHERE u.k = t.v) THEN 1 ELSE 0 END) AS n FROM t GROUP BY g'],
  ['without an equality', 'SELECT id FROM t WHERE g = 1 OR EXISTS (SELECT 1 FROM u WHERE u.k > t.id + 30)'],
])('%s is a column of a join', async (_name, sql) => {
  const expected = sorted((await answerOf(whole, sql)).rows);
  expect(expected.length).toBeGreaterThan(0);
  for (const { engine } of ways) expect(sorted((await answerOf(engine, sql)).rows)).toEqual(expected);
  const text = String((await runSql(ways[0]!.engine, `EXPLAIN EXTENDED ${sql}`)).rows[0]![0]);
  expect(text).toMatch(/Join ExistenceJoin\(exists#\d+\), /);
  expect(text).toMatch(/Join .*ExistenceJoin\(exists#\d+\), BuildRight/);
});

it.each([
  ['IN whose NULL is seen', 'SELECT id, v IN (SELECT k FROM u WHERE u.w = t.g) AS e FROM t WHERE id < 100'],
  ['NOT IN', 'SELECT id FROM t WHERE g = 1 OR v NOT IN (SELECT k FROM u WHERE u.w = t.g)'],
  ['an aggregate that always has a row', 'SELECT id FROM t WHERE g = 1 OR EXISTS (SELECT max(k) FROM u WHERE u.k = t.v)'],
])('%s stays one task', async (_name, sql) => {
  const expected = sorted((await answerOf(whole, sql)).rows);
  expect(sorted((await answerOf(ways[0]!.engine, sql)).rows)).toEqual(expected);
  expect(String((await runSql(ways[0]!.engine, `EXPLAIN ${sql}`)).rows[0]![0])).toContain('WholeQuery');
});
