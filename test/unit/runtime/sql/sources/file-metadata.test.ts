// The column `_metadata` of files: what it says, where names find it, and which files are left out by it. Spark 4.0.1 gives the same for the DataFrame's
// forms (path as a URI, sizes, blocks, times, row_index of Parquet).
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbKernels } from '../../../../../src/platform/duckdb.ts';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';
import { type StagedSql, stagedSql } from '../../../../helpers/staged-sql.ts';

const engine = sqlEngine();
const folder = mkdtempSync(join(tmpdir(), 'file-metadata-'));
const files = join(folder, 'a b');
const texts = join(folder, 'texts');
let staged: StagedSql;
beforeAll(async () => {
  staged = stagedSql();
  for (const to of [files, texts]) mkdirSync(to);
  const kernel = await duckdbKernels.open({ threads: 1 });
  for (const name of ['x', 'y']) await kernel.run(`COPY (FROM range(5) r(id)) TO '${join(files, name)}.parquet' (FORMAT parquet)`);
  kernel.close();
  for (const name of ['one', 'two']) writeFileSync(join(texts, name), `${name}\n`);
  utimesSync(join(texts, 'one'), 1_700_000_000.5, 1_700_000_000.5);
});
afterAll(async () => {
  staged.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

const rowsOf = async (query: string, by = engine) => (await answerOf(by, query)).rows;

describe('_metadata', () => {
  it('says of a file its URI, name, size, block and time, and of Parquet the number of the row', async () => {
    const { columns, types, rows } = await answerOf(engine, `SELECT _metadata FROM parquet.\`${join(files, 'x.parquet')}\` WHERE id = 3`);
    const { size, mtimeMs } = statSync(join(files, 'x.parquet'));
    const path = `file:${join(folder, 'a%20b', 'x.parquet')}`;
    expect(rows).toEqual([[[path, 'x.parquet', BigInt(size), 0n, BigInt(size), BigInt(Math.floor(mtimeMs)) * 1000n, 3n]]]);
    expect([columns, types]).toEqual([
      ['_metadata'],
      [
        'struct<file_path:string,file_name:string,file_size:bigint,file_block_start:bigint,file_block_length:bigint,file_modification_time:timestamp,row_index:bigint>',
      ],
    ]);
  });

  it.each(['whole', 'staged'])('is found by names in every clause, behind an alias and over a join (%s)', async (how) => {
    const by = how === 'whole' ? engine : staged.engine;
    const of = `parquet.\`${files}\``;
    expect(await rowsOf(`SELECT a._metadata.file_name, max(_metadata.row_index) FROM ${of} a GROUP BY 1 ORDER BY 1`, by)).toEqual([
      ['x.parquet', 4n],
      ['y.parquet', 4n],
    ]);
    expect(
      await rowsOf(`SELECT id FROM ${of} WHERE _metadata.file_name = 'y.parquet' ORDER BY _metadata.row_index DESC LIMIT 2`, by),
    ).toEqual([[4n], [3n]]);
    const joined = `SELECT count(*) FROM ${of} f JOIN range(2) r ON f.id = r.id WHERE f._metadata.row_index = r.id`;
    expect(await rowsOf(joined, by)).toEqual([[4n]]);
  });

  it('is none of the columns that a star gives, and a column of its name wins', async () => {
    expect((await answerOf(engine, `SELECT * FROM text.\`${texts}\` WHERE _metadata.file_name = 'one'`)).columns).toEqual(['value']);
    expect(await rowsOf(`SELECT _metadata FROM (SELECT value AS _metadata FROM text.\`${join(texts, 'two')}\`)`)).toEqual([['two']]);
    await expect(rowsOf(`SELECT _metadata FROM (SELECT value FROM text.\`${texts}\`)`)).rejects.toMatchObject({
      condition: 'UNRESOLVED_COLUMN.WITH_SUGGESTION',
    });
    await expect(rowsOf(`SELECT _metadata.row_index FROM text.\`${texts}\``)).rejects.toMatchObject({ condition: 'FIELD_NOT_FOUND' });
    await expect(rowsOf('SELECT _metadata FROM range(1)')).rejects.toMatchObject({ condition: 'UNRESOLVED_COLUMN.WITH_SUGGESTION' });
  });

  it('leaves out files that a condition does not want', async () => {
    writeFileSync(join(texts, 'three'), '');
    for (const [condition, value] of [
      ["_metadata.file_name = 'one'", 'one'],
      ["_metadata.file_modification_time < TIMESTAMP'2023-11-15'", 'one'],
      ["_metadata.file_path LIKE '%/two'", 'two'],
    ]) {
      const plan = engine.parse(`SELECT value FROM text.\`${texts}\` WHERE ${condition}`);
      if (plan.tag !== 'relation') throw new Error('no query');
      const query = await engine.prepare(plan.relation, engine.callSite('collect'));
      expect([...query.sql.matchAll(/'\/[^']*texts\/(\w+)'/g)].map(([, name]) => name)).toEqual([value]);
    }
  });
});
