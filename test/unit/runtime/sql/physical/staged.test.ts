// Queries cut into stages give what one query gives: each is computed both ways over the same files.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';
import { type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

let staged: StagedSql;
const whole = sqlEngine();

beforeAll(async () => {
  staged = stagedSql();
  const t = await table(
    staged.context.folder,
    't',
    'id INT, g INT, v BIGINT, d DECIMAL(12,2), s STRING, x DOUBLE',
    `SELECT i::INTEGER AS id, (i % 7)::INTEGER AS g, CASE WHEN i % 11 = 0 THEN NULL ELSE i * 3 END::BIGINT AS v, (i / 7)::DECIMAL(12,2) AS d,
       'name ' || (i % 13) AS s, i / 8.0 AS x FROM range(10000) r(i)`,
  );
  for (const engine of [staged.engine, whole]) engine.views.set('t', t);
});
afterAll(() => staged.close());

const unordered = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(String).join('|')).sort();

describe('the same answer from stages', () => {
  test.each([
    ['a filter', 'SELECT id, s FROM t WHERE g = 3 AND v > 100'],
    ['an aggregate without keys', 'SELECT count(*), count(v), sum(v), min(s), max(d), sum(d) FROM t'],
    ['no rows, no keys', 'SELECT count(*), sum(v) FROM t WHERE id < 0'],
    ['no rows, keys', 'SELECT g, count(*) FROM t WHERE id < 0 GROUP BY g'],
    ['an aggregate by key', 'SELECT g, count(*), sum(v), sum(d), min(x) FROM t GROUP BY g'],
    ['expressions as keys', 'SELECT g + 1, count(v) + 1 FROM t GROUP BY g + 1'],
    ['distinct aggregates', 'SELECT g, count(DISTINCT s) FROM t GROUP BY g'],
    ['distinct rows', 'SELECT DISTINCT g, s FROM t'],
    ['a join of two large sides', 'SELECT a.id, b.v FROM t a JOIN t b ON a.id = b.id WHERE a.g = 2'],
    ['an outer join', 'SELECT a.id, b.n FROM t a LEFT JOIN (SELECT g * 100 AS k, count(*) AS n FROM t GROUP BY g) b ON a.id = b.k'],
    ['a full join without fits', 'SELECT a.id, b.id FROM t a FULL JOIN t b ON a.id = b.id + 9000'],
    ['semi and anti joins', 'SELECT id FROM t WHERE id IN (SELECT v FROM t) AND NOT EXISTS (SELECT 1 FROM t u WHERE u.id = t.id + 5000)'],
    ['NOT IN with NULLs finds nothing', 'SELECT id FROM t WHERE id NOT IN (SELECT v FROM t)'],
    ['a scalar subquery', 'SELECT id FROM t WHERE v > (SELECT max(v) - 50 FROM t)'],
    ['a correlated one', 'SELECT id FROM t WHERE v = (SELECT max(v) FROM t u WHERE u.g = t.g)'],
    ['a union', 'SELECT g, sum(v) FROM (SELECT g, v FROM t UNION ALL SELECT id, v FROM t) GROUP BY g'],
    ['set operations', '(SELECT g FROM t INTERSECT SELECT id FROM t) EXCEPT SELECT 3'],
    ['EXCEPT ALL', 'SELECT g FROM t EXCEPT ALL SELECT DISTINCT g FROM t'],
    ['a window by key', 'SELECT id, row_number() OVER (PARTITION BY g ORDER BY id DESC) FROM t'],
    ['a window over all', 'SELECT id, sum(v) OVER (ORDER BY id) FROM t WHERE id < 100'],
    ['a shared CTE', 'WITH c AS (SELECT g, count(*) AS n FROM t GROUP BY g) SELECT a.g, b.n FROM c a JOIN c b ON a.g = b.g + 1'],
    ['grouping sets', 'SELECT g, s, count(*) FROM t GROUP BY CUBE (g, s)'],
    ['averages', 'SELECT g, avg(v), avg(d) FROM t GROUP BY g'],
  ])('%s', async (_, sql) => {
    const [a, b] = [await answerOf(staged.engine, sql), await answerOf(whole, sql)];
    expect(unordered(a.rows)).toEqual(unordered(b.rows));
    expect(a.types).toEqual(b.types);
  });

  test.each([
    ['a sort', 'SELECT id, v FROM t ORDER BY v DESC NULLS LAST, id'],
    ['the first rows of a sort', 'SELECT id, v FROM t ORDER BY v, id LIMIT 10'],
  ])('in order: %s', async (_, sql) => {
    const [a, b] = [await answerOf(staged.engine, sql), await answerOf(whole, sql)];
    expect(a.rows).toEqual(b.rows);
  });

  test('a scan is several tasks', async () => {
    staged.context.stages.length = 0;
    const before = staged.context.ends.length;
    await answerOf(staged.engine, 'SELECT id FROM t');
    expect(staged.context.stages).toHaveLength(1);
    expect(staged.context.ends.length - before).toBe(3);
  });
});
