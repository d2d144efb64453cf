// Queries cut into stages give what one query gives: each is computed both ways over the same files.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TaskContext } from '../../../../../src/runtime/rdd/task-context.ts';
import { programFunctions } from '../../../../../src/runtime/sql/api/program-functions.ts';
import { UdfRegistration } from '../../../../../src/runtime/sql/api/udf.ts';
import * as parser from '../../../../../src/runtime/sql/parser/parse.ts';
import { setSqlTexts } from '../../../../../src/runtime/sql/api/sql-text.ts';
import { answerOf, runSql, sqlEngine } from '../../../../helpers/sql.ts';
import { BY_ROWS, STAGED, type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

const whole = sqlEngine();
setSqlTexts(() => parser);
/** As it is planned; with every decision that is made while it runs, on small data too; and with more tasks at a time than read alike. */
const MOVING = { ...STAGED, ...BY_ROWS };
const ADAPTIVE = {
  ...MOVING,
  'spark.sql.adaptive.enabled': 'true',
  'spark.sql.adaptive.coalescePartitions.minPartitionSize': '10',
  'spark.sql.autoBroadcastJoinThreshold': '30000',
  'spark.sql.optimizer.runtime.bloomFilter.applicationSideScanSizeThreshold': '1',
};
/** The table lies in the order of its ids: its tasks are ranges of them. */
const IN_PLACE = { 'spark.emberloom.sql.valueRanges.enabled': 'true' };
const WAYS: Readonly<Record<string, StagedSql>> = {
  planned: stagedSql(MOVING),
  adaptive: stagedSql(ADAPTIVE),
  'without broadcasts': stagedSql({ ...ADAPTIVE, 'spark.sql.autoBroadcastJoinThreshold': '-1' }),
  'many slots': stagedSql(ADAPTIVE, {}, 9),
  skewed: stagedSql({
    ...ADAPTIVE,
    'spark.sql.autoBroadcastJoinThreshold': '-1',
    'spark.sql.optimizer.runtime.bloomFilter.enabled': 'false',
    'spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes': '1',
    'spark.sql.adaptive.skewJoin.skewedPartitionFactor': '0.1',
    'spark.sql.adaptive.advisoryPartitionSizeInBytes': '10',
  }),
  'in place, not adaptive': stagedSql(),
  'in place': stagedSql({ ...ADAPTIVE, ...IN_PLACE }),
  'in place, without broadcasts': stagedSql({ ...ADAPTIVE, ...IN_PLACE, 'spark.sql.autoBroadcastJoinThreshold': '-1' }),
};
const staged = WAYS['planned']!;
const inPlace = WAYS['in place']!;

beforeAll(async () => {
  const t = await table(
    staged.context.folder,
    't',
    'id INT, g INT, v BIGINT, d DECIMAL(12,2), s STRING, x DOUBLE',
    `SELECT i::INTEGER AS id, (i % 7)::INTEGER AS g, CASE WHEN i % 11 = 0 THEN NULL ELSE i * 3 END::BIGINT AS v, (i / 7)::DECIMAL(12,2) AS d,
       'name ' || (i % 13) AS s, i / 8.0 AS x FROM range(10000) r(i)`,
  );
  for (const engine of [...Object.values(WAYS).map((way) => way.engine), whole]) engine.views.set('t', t);
});
afterAll(() => {
  for (const way of Object.values(WAYS)) way.close();
});

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
    ['parts of a sum that 64 bits do not hold', 'SELECT sum(CAST(id * 90000L AS DECIMAL(12,2)) * (1 - CAST(id AS DECIMAL(12,2)))) FROM t'],
    ['averages', 'SELECT g, avg(v), avg(d) FROM t GROUP BY g'],
    [
      'a group by the key of a join',
      'SELECT a.g, count(*) FROM t a JOIN (SELECT g, count(*) AS n FROM t GROUP BY g) b ON a.g = b.g GROUP BY a.g',
    ],
    [
      'a window by the key of a join',
      'SELECT a.id, row_number() OVER (PARTITION BY a.id ORDER BY b.v) FROM t a JOIN t b ON a.id = b.v WHERE b.g = 1',
    ],
    [
      'a filter through a group and a join',
      `SELECT a.id, b.n, c.s FROM t a JOIN (SELECT id, count(*) AS n FROM t GROUP BY id) b ON a.id = b.id JOIN t c ON c.id = a.id WHERE a.v IN (30, 60, 90)`,
    ],
    [
      'more than equality, few rows for a key',
      'SELECT a.id, b.s FROM t a JOIN t b ON a.id = b.id AND a.v > b.x * 20 AND (a.g < 3 OR b.v IS NULL)',
    ],
    ['keys of a far larger side', 'SELECT id, s FROM t WHERE id < 9 AND EXISTS (SELECT 1 FROM t u WHERE u.g = t.id)'],
    ['keys that it does not have', 'SELECT id, s FROM t WHERE id < 9 AND NOT EXISTS (SELECT 1 FROM t u WHERE u.g = t.id AND u.v > 90)'],
    ['a semi join by HAVING', 'SELECT id, s FROM t WHERE id IN (SELECT v FROM t GROUP BY v HAVING sum(id) > 3300) AND g < 5'],
    [
      'an anti join after a semi join',
      'SELECT count(*) FROM t a WHERE id IN (SELECT v FROM t) AND NOT EXISTS (SELECT 1 FROM t b WHERE b.v = a.id AND b.g <> a.g)',
    ],
    [
      'a left join whose right side has nothing',
      'SELECT a.id, b.s FROM t a LEFT JOIN (SELECT * FROM t WHERE id < 0) b ON a.id = b.id WHERE a.id < 20',
    ],
    ['a right join', 'SELECT a.s, b.id FROM (SELECT * FROM t WHERE g = 2) a RIGHT JOIN t b ON a.id = b.id'],
    [
      'the same rows on both sides',
      'SELECT a.v, b.v FROM (SELECT id, v FROM t WHERE g = 3) a JOIN (SELECT id, v FROM t WHERE g = 3) b ON a.id = b.id',
    ],
    [
      'alternatives over two sides',
      "SELECT a.id, b.id FROM t a JOIN t b ON a.v = b.id WHERE (a.g = 1 AND b.s = 'name 3') OR (a.g = 2 AND b.s = 'name 4')",
    ],
    [
      'three joins and a filter each',
      "SELECT count(*) FROM t a, t b, t c, t d WHERE a.id = b.v AND b.id = c.v AND c.id = d.id AND a.g = 1 AND d.s LIKE '%2%'",
    ],
    ['sums that pass 64 bits', 'SELECT g, sum(CAST(id AS DECIMAL(18,0)) * 1000000000000000L), sum(d * 100000000000000L) FROM t GROUP BY g'],
  ])('%s', async (_, sql) => {
    const b = await answerOf(whole, sql);
    for (const [name, way] of Object.entries(WAYS)) {
      const a = await answerOf(way.engine, sql);
      expect(unordered(a.rows), name).toEqual(unordered(b.rows));
      expect(a.types, name).toEqual(b.types);
    }
  });

  test.each([
    ['a sort', 'SELECT id, v FROM t ORDER BY v DESC NULLS LAST, id'],
    ['the first rows of a sort', 'SELECT id, v FROM t ORDER BY v, id LIMIT 10'],
    ['a sort by what hides NULL', 'SELECT id, v FROM t ORDER BY struct(v, array(id)) DESC'],
    ['a sort by extremes that hide NULL', 'SELECT g, max(struct(v, id)) AS m FROM t GROUP BY g ORDER BY m LIMIT 3'],
  ])('in order: %s', async (_, sql) => {
    const b = await answerOf(whole, sql);
    for (const [name, way] of Object.entries(WAYS)) expect((await answerOf(way.engine, sql)).rows, name).toEqual(b.rows);
  });

  test('a scan is several tasks', async () => {
    staged.context.stages.length = 0;
    const before = staged.context.ends.length;
    await answerOf(staged.engine, 'SELECT id FROM t');
    expect(staged.context.stages).toHaveLength(1);
    expect(staged.context.ends.length - before).toBe(3);
  });

  test('functions of the program run in the tasks', async () => {
    const udf = new UdfRegistration();
    const tasks = new Set<number>();
    udf.register('tag', (s: string) => `${tasks.add(TaskContext.getPartitionId()).size > 0}:${s}`, 'string');
    udf.register('tripled', (xs: (bigint | null)[]) => xs.map((x) => x && x * 3n), 'bigint', { batch: true });
    staged.engine.program = programFunctions(udf);
    const got = await answerOf(
      staged.engine,
      "SELECT tag(s) AS k, sum(tripled(v)) AS n FROM t WHERE tag(s) <> 'x' GROUP BY tag(s) ORDER BY k LIMIT 1",
    );
    const expected = await answerOf(whole, "SELECT 'true:' || s AS k, sum(v * 3) AS n FROM t GROUP BY s ORDER BY k LIMIT 1");
    expect(got.rows).toEqual(expected.rows);
    expect(tasks).toEqual(new Set([0, 1, 2]));
  });

  test('a function that throws fails the query with its row', async () => {
    const udf = new UdfRegistration();
    udf.register(
      'fussy',
      (id: number) => {
        if (id === 4321) throw new Error('not this one');
        return id;
      },
      'int',
    );
    staged.engine.program = programFunctions(udf);
    await expect(answerOf(staged.engine, 'SELECT max(fussy(id)) FROM t')).rejects.toThrow(
      /\[FAILED_EXECUTE_UDF\] User defined function \(`fussy`: \(int\) => int\) failed due to: Error: not this one at .*staged\.test\.ts:\d+:\d+\)?; the arguments were \(4321\)\. SQLSTATE: 39000/,
    );
  });
});

describe('what moves', () => {
  const rowsMoved = async (way: StagedSql, sql: string): Promise<number[]> => {
    const before = way.exchanges.length;
    await answerOf(way.engine, sql);
    return way.exchanges.slice(before).map(({ rows }) => rows.reduce((a, b) => a + b, 0));
  };

  test('the keys of the side that is computed first leave little of the other', async () => {
    const sql = 'SELECT a.s, b.x FROM t a JOIN t b ON a.id = b.id WHERE a.v < 300 AND a.v > 0';
    const [plain, filtered] = [await rowsMoved(WAYS['planned']!, sql), await rowsMoved(WAYS['without broadcasts']!, sql)];
    expect(plain).toEqual([90]); // read by every task of the other side, which stays
    expect(filtered).toEqual([90, 90]);
  });

  test('through a grouping and another join, down to the files', async () => {
    const sql = `SELECT a.s, b.n FROM (SELECT * FROM t WHERE v < 300 AND v > 0) a
                 JOIN (SELECT u.id, count(*) AS n FROM t u JOIN t w ON u.id = w.id GROUP BY u.id) b ON a.id = b.id`;
    expect(Math.max(...(await rowsMoved(WAYS['without broadcasts']!, sql)))).toBe(90);
  });

  test('of a far larger side that only says which keys there are, the keys', async () => {
    const sql = 'SELECT id FROM t WHERE id < 3 AND EXISTS (SELECT 1 FROM t u WHERE u.g = t.id)';
    const moved = await rowsMoved(WAYS['without broadcasts']!, sql);
    expect(moved[0]).toBe(3);
    expect(moved[1]).toBeLessThanOrEqual(9); // of each of three tasks
  });

  test('nothing is filtered by what has every key', async () => {
    expect(await rowsMoved(WAYS['without broadcasts']!, 'SELECT a.s, b.x FROM t a JOIN t b ON a.id = b.id')).toEqual([10000, 10000]);
  });

  test('files of more than 8 MB go in pieces, and come whole', async () => {
    // Two files of 12 MB of each map task, of rows that no dictionary makes small.
    const rows = `SELECT id, repeat(md5(CAST(id AS STRING)), 25) AS s FROM range(0, 90000, 1, 3)`;
    const sql = `SELECT count(*), count(DISTINCT s), sum(length(s)), min(s), max(s) FROM (SELECT /*+ REPARTITION(2, id) */ * FROM (${rows}))`;
    const before = staged.exchanges.length;
    expect((await answerOf(staged.engine, sql)).rows).toEqual((await answerOf(whole, sql)).rows);
    const [moved] = staged.exchanges.slice(before);
    expect(Math.min(...moved!.bytes)).toBeGreaterThan(3 * 9_000_000);
  });

  test('equal stages are one', async () => {
    const sql = 'WITH c AS (SELECT s, sum(v) AS n FROM t GROUP BY s) SELECT a.s, b.n FROM c a JOIN c b ON a.n = b.n';
    const moved = await rowsMoved(WAYS['planned']!, sql);
    expect(moved.filter((rows) => rows === 39)).toHaveLength(1); // 13 groups of each of three tasks
  });

  test('stages that differ in a text, in a column or in a function of the program are not equal', async () => {
    const w = await table(
      staged.context.folder,
      'w',
      'c1 INT, c2 INT, s1 STRING',
      "SELECT i % 5 AS c1, i % 7 AS c2, 'c' || (i % 3) AS s1 FROM range(1000) r(i)",
    );
    for (const engine of [staged.engine, whole]) engine.views.set('w', w);
    for (const sql of [
      'SELECT a.k, a.n, b.n FROM (SELECT c1 AS k, count(*) AS n FROM w GROUP BY c1) a JOIN (SELECT c2 AS k, count(*) AS n FROM w GROUP BY c2) b ON a.k = b.k',
      "SELECT a.k, a.n, b.n FROM (SELECT c1 AS k, count(*) AS n FROM w WHERE s1 = 'c1' GROUP BY c1) a JOIN (SELECT c1 AS k, count(*) AS n FROM w WHERE s1 = 'c2' GROUP BY c1) b ON a.k = b.k",
    ])
      expect(unordered((await answerOf(staged.engine, sql)).rows)).toEqual(unordered((await answerOf(whole, sql)).rows));
  });

  test('nor are those that call two functions of the program', async () => {
    const udf = new UdfRegistration();
    udf.register('twice', (x: number) => x * 2, 'int');
    udf.register('thrice', (x: number) => x * 3, 'int');
    staged.engine.program = programFunctions(udf);
    const of = (name: string) => `(SELECT g, sum(${name}(id)) AS n FROM t GROUP BY g)`;
    const sql = `SELECT a.g, b.n / a.n FROM ${of('twice')} a JOIN ${of('thrice')} b ON a.g = b.g`;
    expect(new Set((await answerOf(staged.engine, sql)).rows.map(([, ratio]) => ratio))).toEqual(new Set([1.5]));
  });

  test('a join by the key of the join below it moves nothing anew', async () => {
    const sql = 'SELECT count(a.g), count(b.s), count(c.x) FROM t a JOIN t b ON a.id = b.id JOIN t c ON b.id = c.id';
    expect((await rowsMoved(WAYS['without broadcasts']!, sql)).filter((rows) => rows === 10000)).toHaveLength(3);
  });

  test('the same rows are moved once, however often they are joined', async () => {
    const sql = 'SELECT count(*) FROM t a JOIN t b ON a.id = b.id JOIN t c ON b.id = c.id';
    expect((await rowsMoved(WAYS['without broadcasts']!, sql)).filter((rows) => rows === 10000)).toHaveLength(1);
  });

  test.each([
    ['a grouping', 'SELECT id, count(*), max(s) FROM t GROUP BY id'],
    ['a grouping by more', 'SELECT id, g, count(DISTINCT s) FROM t GROUP BY id, g'],
    ['a window', 'SELECT id, sum(v) OVER (PARTITION BY id ORDER BY x) FROM t'],
    [
      'joins and what stands on them',
      'SELECT a.id, count(b.s), max(c.x) FROM t a JOIN t b ON a.id = b.id LEFT JOIN t c ON b.id = c.id GROUP BY a.id',
    ],
    ['a join by more', 'SELECT a.s, b.x FROM t a JOIN t b ON a.g = b.g AND a.id = b.id'],
    ['a full join', 'SELECT a.id, b.id FROM (SELECT id FROM t WHERE g < 3) a FULL JOIN (SELECT id FROM t WHERE g > 1) b ON a.id = b.id'],
    [
      'semi and anti joins, few rows on the left',
      `SELECT id FROM t WHERE v = 300 AND EXISTS (SELECT 1 FROM t u WHERE u.id = t.id AND u.x <> t.g)
      AND NOT EXISTS (SELECT 1 FROM t u WHERE u.id = t.id AND u.g <> t.g)`,
    ],
    ['other names', 'SELECT k, count(*) FROM (SELECT id AS k, v FROM t) JOIN (SELECT id AS j FROM t) ON k = j GROUP BY k'],
  ])('nothing, by the key in whose order files lie: %s', async (_, sql) => {
    expect(await rowsMoved(inPlace, sql)).toEqual([]);
    expect(unordered((await answerOf(inPlace.engine, sql)).rows)).toEqual(unordered((await answerOf(whole, sql)).rows));
  });

  test.each([
    [
      'the other side comes to where the files are',
      'SELECT a.id, b.n FROM t a LEFT JOIN (SELECT v, count(*) AS n FROM t GROUP BY v) b ON a.id = b.v',
      10000,
    ],
    [
      'rows without a key come along',
      'SELECT b.v, b.n, a.id FROM t a RIGHT JOIN (SELECT v, count(*) AS n FROM t GROUP BY v) b ON a.id = b.v',
      10000,
    ],
    ['and null-safe', 'SELECT a.id, b.v FROM t a FULL JOIN (SELECT v, s FROM t) b ON a.id <=> b.v', 10000],
  ])('one side only: %s', async (_, sql, most) => {
    const way = WAYS['in place, without broadcasts']!;
    expect(Math.max(...(await rowsMoved(way, sql)))).toBeLessThanOrEqual(most);
    expect(unordered((await answerOf(way.engine, sql)).rows)).toEqual(unordered((await answerOf(whole, sql)).rows));
  });

  test('explain says by which values', async () => {
    const { rows } = await runSql(inPlace.engine, 'EXPLAIN SELECT id, count(*) FROM t GROUP BY id');
    expect(String(rows[0]![0])).toMatch(/FileScan parquet .*, ReadSchema: .*, ValueRanges: id in 3/);
    expect(String(rows[0]![0])).not.toContain('Exchange');
  });

  test('a partition that is too large for one task is divided, unless equal keys have to be together', async () => {
    const skewed = WAYS['skewed']!;
    const tasks = async (sql: string) => {
      const before = skewed.context.ends.length;
      await answerOf(skewed.engine, sql);
      return skewed.context.ends.length - before;
    };
    const join = 'FROM (SELECT id, s FROM t) a JOIN (SELECT id, x FROM t) b ON a.id = b.id';
    const whole = await tasks(`SELECT a.id, count(a.s), count(b.x) ${join} GROUP BY a.id`);
    expect(await tasks(`SELECT a.s, b.x ${join}`)).toBe(whole + 6); // three partitions, three map tasks
  });

  test('scans of subqueries are cut as others', async () => {
    const before = staged.context.ends.length;
    await answerOf(staged.engine, 'SELECT id FROM t WHERE id = (SELECT max(id) FROM t)');
    expect(staged.context.ends.length - before).toBeGreaterThanOrEqual(6);
  });
});
