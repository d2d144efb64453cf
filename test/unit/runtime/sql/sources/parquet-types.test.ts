// Parquet columns that are asked for in another type: read or refused by the rules of Spark's ParquetVectorUpdaterFactory; files with broken pages.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseExpression } from '../../../../../src/runtime/sql/parser/parse.ts';
import { readAnswer, relationAnswer, sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine({ 'spark.sql.session.timeZone': 'UTC' });
const folder = mkdtempSync(join(tmpdir(), 'parquet-types-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

let written = 0;
async function write(query: string): Promise<string> {
  const plan = engine.parse(query);
  if (plan.tag !== 'relation') throw new Error('no query');
  const path = join(folder, `t${++written}`);
  await engine.write(await engine.analyze(plan.relation), { format: 'parquet', path, mode: 'error', options: {}, partitionBy: [] });
  return path;
}

describe('a Parquet column in another type', () => {
  it.each([
    ['INT', 'BIGINT', true],
    ['INT', 'SMALLINT', true],
    ['INT', 'DOUBLE', true],
    ['INT', 'DECIMAL(12, 2)', true],
    ['INT', 'DECIMAL(9, 2)', false],
    ['INT', 'STRING', false],
    ['BIGINT', 'INT', false],
    ['FLOAT', 'DOUBLE', true],
    ['DOUBLE', 'FLOAT', false],
    ['DOUBLE', 'STRING', false],
    ['STRING', 'INT', false],
    ['STRING', 'BINARY', true],
    ['BOOLEAN', 'INT', false],
    ['DECIMAL(10, 2)', 'DECIMAL(12, 4)', true],
    ['DECIMAL(10, 2)', 'DECIMAL(9, 2)', false],
    ['DECIMAL(10, 2)', 'DECIMAL(12, 1)', false],
  ])('is read where Spark widens it, else refused: %s as %s', async (from, to, isRead) => {
    const path = await write(`SELECT CAST('1' AS ${from}) AS a`.replace("CAST('1' AS BOOLEAN)", 'true'));
    const condition = await readAnswer(engine, { format: 'parquet', schema: `a ${to}` }, path).then(
      () => undefined,
      (error: { condition?: string }) => error.condition ?? String(error),
    );
    expect(condition).toBe(isRead ? undefined : 'FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH');
  });

  it('is no matter while nobody asks for its values', async () => {
    const path = await write("SELECT 'x' AS a, 1 AS b");
    const schema = 'a INT, b INT';
    await expect(readAnswer(engine, { format: 'parquet', schema }, path)).rejects.toMatchObject({
      condition: 'FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH',
    });
    const dataSource = { format: 'parquet', paths: [path], options: {}, predicates: [], schema };
    const input = { kind: 'read', dataSource } as const;
    const { rows } = await relationAnswer(engine, { kind: 'project', input, expressions: [parseExpression('b')] });
    expect(rows).toEqual([[1]]);
  });
});

it('leaves out a file with a broken page where corrupt files are ignored', async () => {
  const path = await write("SELECT id, concat('some text ', id) AS s FROM range(5000)");
  const [good] = readdirSync(path).filter((f) => f.endsWith('.parquet'));
  const bytes = readFileSync(join(path, good!));
  bytes.fill(0xff, 200, 1200);
  writeFileSync(join(path, 'broken.parquet'), bytes);
  const count = (options: Record<string, string>) =>
    readAnswer(engine, { format: 'parquet', options }, path).then(({ rows }) => rows.length);
  expect(await count({ ignoreCorruptFiles: 'true' })).toBe(5000);
  await expect(count({})).rejects.toThrow();
});
