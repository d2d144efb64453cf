// Bucketed tables in queries: joins and aggregates by the bucket's column move nothing, equal values are read from their bucket alone, and rows are those
// of a query without buckets.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, runSql, sqlEngine } from '../../../../helpers/sql.ts';
import { stagedSql, STAGED } from '../../../../helpers/staged-sql.ts';

const settings = { ...STAGED, 'spark.sql.autoBroadcastJoinThreshold': '-1' };
const staged = stagedSql(settings);
const { engine } = staged;
const warehouse = path.join(staged.context.folder, 'warehouse');
const whole = sqlEngine({ 'spark.sql.warehouse.dir': warehouse, 'spark.sql.sources.bucketing.enabled': 'false' });

beforeAll(async () => {
  const rows = (n: number, more = '') =>
    `SELECT CAST(id % 37 AS INT) AS k, CONCAT('s', id % 5) AS s, id AS v ${more} FROM range(0, ${n}, 1, 3) UNION ALL SELECT NULL, 'none', -1`;
  await runSql(engine, `CREATE TABLE a USING parquet CLUSTERED BY (k) INTO 4 BUCKETS AS ${rows(400)}`);
  await runSql(engine, `CREATE TABLE b USING parquet CLUSTERED BY (k) SORTED BY (v) INTO 4 BUCKETS AS ${rows(90)}`);
  await runSql(engine, `CREATE TABLE eight USING parquet CLUSTERED BY (k) INTO 8 BUCKETS AS ${rows(50)}`);
  await runSql(engine, `CREATE TABLE two USING parquet CLUSTERED BY (k, s) INTO 3 BUCKETS AS ${rows(200)}`);
  await runSql(engine, `CREATE TABLE other USING parquet CLUSTERED BY (s, k) INTO 3 BUCKETS AS ${rows(200)}`);
  await runSql(engine, `CREATE TABLE plain USING parquet AS ${rows(60)}`);
  await runSql(
    engine,
    `CREATE TABLE wide USING parquet CLUSTERED BY (k) INTO 4 BUCKETS AS SELECT CAST(k AS BIGINT) AS k, v FROM (${rows(70)})`,
  );
  // A second file in each bucket.
  await runSql(engine, `INSERT INTO b ${rows(20)}`);
});
afterAll(async () => {
  await whole.close();
  staged.close();
});

const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(String).join('|')).sort();
/** @returns exchanges that were computed; the rows are those of a kernel that knows nothing of buckets */
async function exchangesOf(sql: string): Promise<number> {
  const before = staged.exchanges.length;
  const { rows } = await answerOf(engine, sql);
  expect(sorted(rows)).toEqual(sorted((await answerOf(whole, sql)).rows));
  return staged.exchanges.length - before;
}

describe('rows of bucketed tables stay where they are', () => {
  it.each([
    ['SELECT a.k, a.v, b.v FROM a JOIN b ON a.k = b.k', 0],
    ['SELECT a.k, a.v, b.v FROM a LEFT JOIN b ON a.k = b.k AND b.v > 3', 0],
    ['SELECT a.k, a.v, b.v FROM a FULL JOIN b ON a.k = b.k AND a.v = b.v', 2],
    ['SELECT a.k, a.v, b.v FROM a FULL JOIN b ON a.k = b.k', 0],
    ['SELECT a.v FROM a WHERE k IN (SELECT k FROM b WHERE v < 20)', 0],
    ['SELECT a.v FROM a LEFT ANTI JOIN b ON a.k = b.k', 0],
    ['SELECT k, count(*), sum(v) FROM a GROUP BY k', 0],
    ['SELECT DISTINCT k FROM a', 0],
    ['SELECT k, v, row_number() OVER (PARTITION BY k ORDER BY v) FROM a', 0],
    ['SELECT a.k, count(*) FROM a JOIN b ON a.k = b.k GROUP BY a.k', 0],
    [
      'SELECT x.k, x.n, y.n FROM (SELECT k, count(*) AS n FROM a GROUP BY k) x JOIN (SELECT k, max(v) AS n FROM b GROUP BY k) y ON x.k = y.k',
      0,
    ],
    ['SELECT a.v, b.v, c.v FROM a JOIN b ON a.k = b.k JOIN a c ON c.k = b.k WHERE a.v < 9 AND c.v < 9', 0],
    ['SELECT a.v, b.v FROM a JOIN b ON a.k = b.k WHERE a.k = 5', 0],
    ['SELECT k FROM a EXCEPT SELECT k FROM b', 0],
    ['SELECT k FROM a INTERSECT SELECT k FROM b', 0],
    // Keys in another order than the table's columns.
    ['SELECT x.v, y.v FROM two x JOIN two y ON x.s = y.s AND x.k = y.k', 0],
    ['SELECT k, s, count(*) FROM two GROUP BY s, k', 0],
  ])('%s: %i exchanges', async (sql, exchanges) => {
    expect(await exchangesOf(sql)).toBe(exchanges);
  });
});

describe('rows are moved where buckets are of no use', () => {
  it.each([
    // Other numbers of buckets, no buckets on one side, a part of the columns, columns in another order, other types, other columns.
    ['SELECT a.k, a.v, x.v FROM a JOIN eight x ON a.k = x.k', 2],
    ['SELECT a.k, a.v, p.v FROM a JOIN plain p ON a.k = p.k', 2],
    ['SELECT x.v, y.v FROM two x JOIN two y ON x.k = y.k', 1],
    ['SELECT x.v, y.v FROM two x JOIN other y ON x.k = y.k AND x.s = y.s', 2],
    ['SELECT a.v, w.v FROM a JOIN wide w ON a.k = w.k', 2],
    ['SELECT s, count(*) FROM a GROUP BY s', 1],
    ['SELECT k, count(*) FROM two GROUP BY k', 1],
    ['SELECT a.k, count(*) FROM a JOIN plain p ON a.k = p.k GROUP BY a.k', 2],
  ])('%s: %i exchanges', async (sql, exchanges) => {
    expect(await exchangesOf(sql)).toBe(exchanges);
  });
});

describe('values of the column say which buckets are read', () => {
  const bucketsRead = async (sql: string): Promise<string> =>
    /SelectedBucketsCount: (.*)/.exec(String((await runSql(engine, `EXPLAIN ${sql}`)).rows[0]![0]))![1]!;
  it.each([
    ['SELECT * FROM a WHERE k = 5', '1 out of 4'],
    ['SELECT * FROM a WHERE 5 <=> k AND v > 2', '1 out of 4'],
    ['SELECT * FROM (SELECT k + 0 AS j, k AS i FROM a) WHERE i IN (5) AND j > 1', '1 out of 4'],
    ['SELECT * FROM a WHERE k = 5 OR (k = 5 AND v = 1)', '1 out of 4'],
    ['SELECT * FROM a WHERE k = 5 OR v = 1', '4 out of 4'],
    ['SELECT * FROM a WHERE k > 5', '4 out of 4'],
    ["SELECT * FROM two WHERE k = 5 AND s = 's1'", '3 out of 3'],
  ])('%s: %s', async (sql, expected) => {
    expect(await bucketsRead(sql)).toBe(expected);
    expect(await exchangesOf(sql)).toBe(0);
  });
});

it('explain tells of buckets that are used, and of those that are not', async () => {
  const explained = async (sql: string) => String((await runSql(engine, `EXPLAIN ${sql}`)).rows[0]![0]);
  const joined = await explained('SELECT a.v, b.v FROM a JOIN b ON a.k = b.k');
  expect(joined).not.toContain('Exchange');
  expect(joined.match(/Bucketed: true, .*SelectedBucketsCount: 4 out of 4/g)).toHaveLength(2);
  expect(await explained('SELECT v FROM a')).toContain('Bucketed: false (disabled by query planner)');
  expect(await explained('SELECT v FROM plain')).not.toContain('Bucketed');
});
