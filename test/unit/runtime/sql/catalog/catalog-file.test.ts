// A catalogue that cannot be used says which file it is and what to do; it is never taken for an empty one.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCatalog } from '../../../../../src/runtime/sql-main.ts';
import { runSql, sqlEngine } from '../../../../helpers/sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'warehouse-'));
const file = join(folder, '.catalog', 'catalog.sqlite');
let sound: Buffer;
beforeAll(async () => {
  const engine = sqlEngine({ 'spark.sql.warehouse.dir': folder });
  await runSql(engine, 'CREATE TABLE t (a INT)');
  await engine.close();
  sound = readFileSync(file);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('is made whole: nothing else lies beside it', () => {
  expect(readdirSync(join(folder, '.catalog'))).toEqual(['catalog.sqlite']);
});

const COPY = 'Put a copy of it in its place, or move it away and name the tables again';
it.each([
  { what: 'rubbish', damage: () => writeFileSync(file, Buffer.alloc(40_000, 'x')), words: 'file is not a database', advice: COPY },
  { what: 'empty', damage: () => truncateSync(file, 0), words: 'it is empty', advice: COPY },
  { what: 'cut off', damage: () => truncateSync(file, sound.length / 2), words: 'malformed', advice: COPY },
  {
    what: 'rubbish behind its head',
    damage: () => writeFileSync(file, Buffer.concat([sound.subarray(0, 4096), Buffer.alloc(sound.length - 4096, 'x')])),
    words: 'malformed',
    advice: COPY,
  },
  {
    what: "a newer version's",
    damage: () => {
      const db = openCatalog(file);
      db.prepare('PRAGMA user_version = 99').run();
      db.close();
    },
    words: 'written by a newer version of Emberloom',
    advice: 'Use that version, or choose another warehouse (spark.sql.warehouse.dir).',
  },
])('$what', async ({ damage, words, advice }) => {
  writeFileSync(file, sound);
  damage();
  const size = statSync(file).size;
  const engine = sqlEngine({ 'spark.sql.warehouse.dir': folder });
  for (const sql of ['SELECT * FROM t', 'SHOW TABLES', 'CREATE TABLE u (a INT)']) {
    const failed = await runSql(engine, sql).catch((error: Error) => error);
    expect(failed).toMatchObject({ condition: 'CATALOG_UNUSABLE' });
    expect((failed as Error).message).toContain(`The catalogue of the warehouse, file:${file}, cannot be used: `);
    expect((failed as Error).message).toContain(words);
    expect((failed as Error).message).toContain(advice);
  }
  await engine.close();
  expect(statSync(file).size).toBe(size);
});
