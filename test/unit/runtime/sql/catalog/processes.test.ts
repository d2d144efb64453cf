// Several processes on one warehouse at once: every change of each is there, and the catalogue is sound.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
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
