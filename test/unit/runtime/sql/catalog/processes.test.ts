// Several processes on one warehouse at once: every change of each is there, and the catalogue is sound.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runSql, sqlEngine } from '../../../../helpers/sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'warehouse-'));
const engine = sqlEngine({ 'spark.sql.warehouse.dir': folder });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const PROGRAM = join(import.meta.dirname, '../../../../fixtures/sql/catalog-writer.ts');
const TABLES = 5;

it('two processes change the same tables', { timeout: 120_000 }, async () => {
  const ends = ['x', 'y'].map(async (letter) => {
    const child = spawn(process.execPath, [PROGRAM, folder, letter, String(TABLES)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, errors };
  });
  expect(await Promise.all(ends)).toEqual([
    { code: 0, errors: '' },
    { code: 0, errors: '' },
  ]);
  for (let i = 0; i < TABLES; i++) {
    expect((await runSql(engine, `SELECT p, a FROM shared_${i} ORDER BY p`)).rows).toEqual([
      ['x', i],
      ['y', i],
    ]);
    expect((await runSql(engine, `SHOW TBLPROPERTIES shared_${i}`)).rows).toEqual([
      ['x', String(i)],
      ['y', String(i)],
    ]);
  }
});

it('a table that goes while rows are written into it is gone, and its name is free', async () => {
  const [one, other] = [0, 1].map(() => sqlEngine({ 'spark.sql.warehouse.dir': folder }));
  await runSql(one!, 'CREATE TABLE going (a BIGINT)');
  const written = runSql(one!, 'INSERT INTO going SELECT sum(id) OVER (ORDER BY id) FROM range(300000)');
  const failed = expect(written).rejects.toMatchObject({ condition: expect.stringMatching(/TABLE_OR_VIEW_NOT_FOUND|TASK_WRITE_FAILED/) });
  while (!existsSync(join(folder, 'going/_temporary'))) await new Promise((resolve) => setTimeout(resolve, 2));
  await runSql(other!, 'DROP TABLE going');
  await failed;
  expect(readdirSync(folder).filter((name) => name.includes('going'))).toEqual([]);
  await runSql(other!, 'CREATE TABLE going AS SELECT 1 AS a');
  expect((await runSql(one!, 'SELECT * FROM going')).rows).toEqual([[1]]);
  await Promise.all([one!.close(), other!.close()]);
});

it('a database is dropped with nothing in it that came meanwhile', async () => {
  await runSql(engine, 'CREATE DATABASE filled');
  await runSql(engine, 'CREATE TABLE filled.t (a INT)');
  await expect(runSql(engine, 'DROP DATABASE filled')).rejects.toMatchObject({ condition: 'SCHEMA_NOT_EMPTY' });
  expect((await runSql(engine, 'SELECT * FROM filled.t')).rows).toEqual([]);
  await runSql(engine, 'DROP DATABASE filled CASCADE');
});
