// Aggregates by the key of a join whose rows are grouped before they are moved: the same answers, and far fewer rows in the exchanges.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';
import { BY_ROWS, STAGED, type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

const whole = sqlEngine();
const SETTINGS = { ...STAGED, ...BY_ROWS, 'spark.sql.autoBroadcastJoinThreshold': '-1' };
const ways: readonly StagedSql[] = [
  stagedSql(SETTINGS, {}, 2),
  stagedSql({ ...SETTINGS, ...{ 'spark.emberloom.sql.valueRanges.enabled': 'true' } }, {}, 2),
];
const staged = ways[0]!;

beforeAll(async () => {
  const { folder } = staged.context;
  // Some keys of each side have no partner; v has NULLs; keys of e come in any order, ten rows for each.
  const few = await table(folder, 'few', 'k BIGINT, s STRING', "SELECT i::BIGINT AS k, 's' || (i % 3) AS s FROM range(20, 420) r(i)");
  const many = await table(
    folder,
    'many',
    'j BIGINT, v INT, d DECIMAL(12,2), l BIGINT',
    `SELECT ((i * 7919) % 400)::BIGINT AS j, CASE WHEN i % 9 = 0 THEN NULL ELSE i::INTEGER END AS v, i::DECIMAL(12,2) AS d, i::BIGINT AS l
       FROM range(8000) r(i)`,
  );
  for (const engine of [whole, ...ways.map((way) => way.engine)]) {
    engine.views.set('few', few);
    engine.views.set('many', many);
  }
});
afterAll(() => {
  for (const way of ways) way.close();
});

const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(String).join('|')).sort();
/** The most rows of one exchange. */
async function moved(way: StagedSql, sql: string): Promise<number> {
  const before = way.exchanges.length;
  expect(sorted((await answerOf(way.engine, sql)).rows)).toEqual(sorted((await answerOf(whole, sql)).rows));
  return Math.max(0, ...way.exchanges.slice(before).map(({ rows }) => rows.reduce((a, b) => a + b, 0)));
}

describe('rows are grouped before they are moved', () => {
  test.each([
    ['a left join', 'SELECT k, count(v), sum(v), avg(v), min(v), max(d), sum(d) FROM few LEFT JOIN many ON k = j GROUP BY k'],
    ['an inner join, other columns beside the key', 'SELECT k, s, count(*), sum(d) FROM few JOIN many ON k = j GROUP BY k, s'],
    ['by the key of the other side', 'SELECT j, count(1), avg(d) FROM few JOIN many ON k = j GROUP BY j'],
    ['a right join', 'SELECT k, count(d) FROM many RIGHT JOIN few ON k = j GROUP BY k'],
    [
      'rows that come twice on the other side',
      'SELECT a.k, count(*), sum(d) FROM (SELECT k FROM few UNION ALL SELECT k FROM few) a JOIN many ON a.k = j GROUP BY a.k',
    ],
    [
      'a filter below, HAVING and expressions above',
      'SELECT k + 1, count(v) * 2 FROM few LEFT JOIN (SELECT * FROM many WHERE d <> 77) ON k = j GROUP BY k HAVING count(v) > 3',
    ],
  ])('%s', async (_, sql) => {
    for (const way of ways) expect(await moved(way, sql)).toBeLessThan(2000);
  });
});

describe('they are not', () => {
  test.each([
    ['of both sides', 'SELECT k, count(v), min(s) FROM few LEFT JOIN many ON k = j GROUP BY k'],
    ['rows that are filled up count, too', 'SELECT k, count(*) FROM few LEFT JOIN many ON k = j GROUP BY k'],
    ['a sum that may overflow of rows without partners', 'SELECT k, sum(l) FROM few JOIN many ON k = j GROUP BY k'],
    ['DISTINCT', 'SELECT k, count(DISTINCT v) FROM few LEFT JOIN many ON k = j GROUP BY k'],
    ['FILTER', 'SELECT k, count(v) FILTER (WHERE v > 100) FROM few LEFT JOIN many ON k = j GROUP BY k'],
    ['more than equality', 'SELECT k, count(v) FROM few LEFT JOIN many ON k = j AND k < v GROUP BY k'],
    ['by something else than the key', 'SELECT s, count(v) FROM few LEFT JOIN many ON k = j GROUP BY s'],
    ['a value that NULLs have', 'SELECT k, count(coalesce(v, 0)) FROM few LEFT JOIN many ON k = j GROUP BY k'],
  ])('%s', async (_, sql) => {
    expect(await moved(staged, sql)).toBeGreaterThan(3000);
  });
});
