// What a failed query prints: condition, sentence, and the piece of the text that failed, as a real Spark 4.0.1 prints them
// (test/oracle/query-contexts.py asked it).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AnalysisException } from '../../../../../src/runtime/sql/errors/spark-error.ts';
import { runSql, sqlEngine } from '../../../../helpers/sql.ts';
import { stagedSql } from '../../../../helpers/staged-sql.ts';

const asked = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../fixtures/sql/query-contexts.json'), 'utf8')) as {
  readonly sql: string;
  readonly message?: string;
}[];
const warehouse = mkdtempSync(join(tmpdir(), 'el-contexts-'));
const engine = sqlEngine({ 'spark.sql.warehouse.dir': warehouse });
afterAll(async () => {
  await engine.close();
  rmSync(warehouse, { recursive: true });
});

const messageOf = (sql: string) =>
  runSql(engine, sql).then(
    () => undefined,
    (error: Error) => error.message,
  );

describe("an error's message is Spark's", () => {
  it.each(asked.map(({ sql, message }) => [sql, message]))('%s', async (sql, message) => {
    expect(await messageOf(sql!)).toBe(message);
  });
});

describe('an error of a query in stages', () => {
  const staged = stagedSql();
  afterAll(async () => {
    await staged.engine.close();
    staged.close();
  });

  it('points to the piece of the text, too', async () => {
    const sql = 'SELECT id % 3 AS k, sum(10 / (id - 7)) AS s FROM range(0, 20) GROUP BY id % 3';
    await expect(runSql(staged.engine, sql)).rejects.toMatchObject({
      condition: 'DIVIDE_BY_ZERO',
      queryContext: [{ fragment: '10 / (id - 7)', startIndex: 24, stopIndex: 36, objectType: '', objectName: '' }],
    });
  });
});

describe('where several pieces can have failed', () => {
  const contextOf = (sql: string) =>
    runSql(engine, sql).then(undefined, (error: AnalysisException) => error.queryContext.map((c) => c.fragment));

  it('the one whose input has the value of the message is told', async () => {
    const rows = "FROM VALUES ('1', '2', 3), ('4', 'x', 2147483647) AS t(a, b, c)";
    expect(await contextOf(`SELECT CAST(a AS INT), CAST(b AS INT) ${rows}`)).toEqual(['CAST(b AS INT)']);
    expect(await contextOf(`SELECT CAST(a AS INT) + 5, c + 1 ${rows}`)).toEqual(['c + 1']);
  });

  it('what the kernel itself computes is told by its operation', async () => {
    expect(await contextOf('SELECT 1.5 + 2, 12345678901234567890.0 * 12345678901234567890.0')).toEqual([
      '12345678901234567890.0 * 12345678901234567890.0',
    ]);
    expect(await contextOf('SELECT mod(7, 2), mod(7, 0)')).toEqual(['mod(7, 0)']);
    expect(await contextOf('SELECT make_dt_interval(2147483647)')).toEqual(['make_dt_interval(2147483647)']);
  });

  it('none is told when that leaves more than one', async () => {
    expect(await contextOf("SELECT CAST(a AS INT), CAST(b AS INT) FROM VALUES ('x', 'x') AS t(a, b)")).toEqual([]);
  });
});
