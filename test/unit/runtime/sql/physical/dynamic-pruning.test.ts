// Tables in Hive folders that are joined by a folder's column: folders that the other side's keys do not name are not read. Rows are those of the
// same query without pruning; the count of files is what the SQL page says.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlPlanInfo } from '../../../../../src/status/events.ts';
import type { SqlEvent } from '../../../../../src/runtime/sql/engine/sql-executions.ts';
import { answerOf, runSql, sqlEngine } from '../../../../helpers/sql.ts';
import { STAGED, type StagedSql, stagedSql } from '../../../../helpers/staged-sql.ts';

const OFF = { 'spark.sql.optimizer.dynamicPartitionPruning.enabled': 'false' };
const heard: SqlEvent[] = [];
const sent = stagedSql(STAGED, {}, 3, heard);
const moved = stagedSql({ ...STAGED, 'spark.sql.autoBroadcastJoinThreshold': '-1', 'spark.sql.adaptive.enabled': 'true' }, {}, 3, heard);
const many = stagedSql(STAGED, {}, 9, heard);
const off = stagedSql({ ...STAGED, ...OFF }, {}, 3, heard);
const whole = sqlEngine({ ...OFF, 'spark.sql.warehouse.dir': path.join(sent.context.folder, 'warehouse') });

beforeAll(async () => {
  const folder = (name: string) => path.join(sent.context.folder, name);
  const fact = `CREATE TABLE fact (v BIGINT, k INT, p INT) USING parquet PARTITIONED BY (p) LOCATION '${folder('fact')}'`;
  const region =
    'SELECT id AS v, CAST(id % 3 AS INT) AS k, CASE WHEN id % 10 < 9 THEN CAST(id % 10 AS INT) END AS p FROM range(0, 1000, 1, 1)';
  await runSql(sent.engine, fact);
  await runSql(sent.engine, `INSERT INTO fact ${region}`);
  const names = "SELECT CAST(id AS INT) AS p, CAST(id % 2 AS INT) AS k, CONCAT('n', id % 5) AS n FROM range(0, 20, 1, 1)";
  await runSql(sent.engine, `CREATE TABLE dim USING parquet LOCATION '${folder('dim')}' AS ${names}`);
  for (const { engine } of [moved, many, off]) {
    await runSql(engine, fact);
    await runSql(engine, 'MSCK REPAIR TABLE fact');
    await runSql(engine, `CREATE TABLE dim USING parquet LOCATION '${folder('dim')}'`);
  }
});
afterAll(async () => {
  await whole.close();
  for (const way of [sent, moved, many, off]) way.close();
});

const nodes = (plan: SqlPlanInfo): SqlPlanInfo[] => [plan, ...plan.children.flatMap(nodes)];
const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(String).join('|')).sort();

/** Files of the table with folders that the query's scans have read. The rows are those of a kernel that leaves nothing out. */
async function filesRead(way: StagedSql, sql: string): Promise<number> {
  heard.length = 0;
  const { rows } = await answerOf(way.engine, sql);
  expect(rows.length).toBeGreaterThan(0);
  expect(sorted(rows)).toEqual(sorted((await answerOf(whole, sql)).rows));
  const plan = heard.flatMap((e) => ('plan' in e && e.plan !== undefined ? [e.plan] : [])).at(-1)!;
  const ids = new Set(
    nodes(plan)
      .filter(({ simpleString }) => simpleString.includes('.fact['))
      .flatMap(({ metrics }) => metrics.flatMap((m) => (m.name === 'number of files read' ? [m.accumulatorId] : []))),
  );
  const told = heard.flatMap((e) => (e.tag === 'sqlDriverAccumUpdates' ? e.updates : []));
  return told.reduce((sum, [id, value]) => (ids.has(id) ? sum + Number(value) : sum), 0);
}

const ALL = 10; // nine values and NULL
describe('folders that a join cannot need are not read', () => {
  it.each([
    ['a join', "SELECT v, n FROM fact JOIN dim ON fact.p = dim.p WHERE n = 'n3'", 2],
    ['a semi join', "SELECT v FROM fact WHERE p IN (SELECT p FROM dim WHERE n = 'n3')", 2],
    ['a grouping', "SELECT a.p, c, n FROM (SELECT p, count(*) AS c FROM fact GROUP BY p) a JOIN dim ON a.p = dim.p WHERE n = 'n3'", 2],
    [
      'both sides of another join',
      "SELECT count(*) FROM (SELECT a.p FROM fact a LEFT JOIN fact b ON a.v = b.v AND a.p = b.p) x JOIN dim ON x.p = dim.p WHERE n = 'n3'",
      4,
    ],
    ['two keys, of which one is a folder', "SELECT v FROM fact JOIN dim ON fact.p = dim.p AND fact.k = dim.k WHERE n = 'n3'", 2],
    ['a column of another name', 'SELECT v FROM (SELECT v, p AS q FROM fact) JOIN dim ON q = dim.p WHERE dim.p < 1', 1],
  ])('%s', async (_name, sql, files) => {
    expect(await filesRead(sent, sql)).toBe(files);
  });

  it.each([
    ['moved by their keys', moved],
    ['sent by way of the driver', many],
  ])('when rows are %s', async (_name, way) => {
    expect(await filesRead(way, "SELECT v, n FROM dim JOIN fact ON fact.p = dim.p WHERE n = 'n3'")).toBe(2);
  });

  it('when the side that is kept says so', async () => {
    expect(await filesRead(moved, "SELECT v, n FROM (SELECT * FROM dim WHERE n = 'n3') d LEFT JOIN fact ON fact.p = d.p")).toBe(2);
  });
});

it.each([
  ['an outer join that keeps the large side', "SELECT v, n FROM fact LEFT JOIN (SELECT * FROM dim WHERE n = 'n3') d ON fact.p = d.p"],
  ['an anti join', "SELECT v FROM fact WHERE NOT EXISTS (SELECT 1 FROM dim WHERE dim.p = fact.p AND n = 'n3')"],
  ['a join that takes NULLs for equal', "SELECT v, n FROM fact JOIN dim ON fact.p <=> dim.p WHERE n = 'n3'"],
  ['a side without a condition', 'SELECT v, n FROM fact JOIN dim ON fact.p = dim.p'],
  ['a column of the files', "SELECT v, n FROM fact JOIN dim ON fact.k = dim.k WHERE n = 'n3'"],
])('%s needs all folders', async (_name, sql) => {
  expect(await filesRead(sent, sql)).toBe(ALL);
});

it('can be turned off', async () => {
  expect(await filesRead(off, "SELECT v, n FROM fact JOIN dim ON fact.p = dim.p WHERE n = 'n3'")).toBe(ALL);
});

it('is said by explain', async () => {
  const sql = "SELECT v, n FROM fact JOIN dim ON fact.p = dim.p WHERE n = 'n3'";
  const text = async ({ engine }: StagedSql) => String((await runSql(engine, `EXPLAIN ${sql}`)).rows[0]![0]);
  expect(await text(sent)).toMatch(
    /PartitionFilters: \[dynamicpruningexpression\(p#(\d+) IN dynamicpruning#\d+\)\], ReadSchema: struct<v:bigint>/,
  );
  expect(await text(off)).not.toContain('dynamicpruning');
});
