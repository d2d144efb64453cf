// Files of Arrow's IPC format: those of pyarrow are read (test/fixtures/sql/arrow, test/oracle/arrow_files.py), ours are read back, and pyarrow has read them;
// damaged ones are errors. In one kernel and in stages.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlEngine } from '../../../../../src/runtime/sql/engine/sql-engine.ts';
import { answerOf, readAnswer, runSql, sqlEngine } from '../../../../helpers/sql.ts';
import { type StagedSql, stagedSql } from '../../../../helpers/staged-sql.ts';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/sql/arrow');
const PLAIN = join(FIXTURES, 'file-plain.arrow');
const folder = mkdtempSync(join(tmpdir(), 'arrow-files-'));
const engine = sqlEngine({ 'spark.sql.warehouse.dir': join(folder, 'warehouse') });
let staged: StagedSql;
beforeAll(() => {
  staged = stagedSql();
});
afterAll(async () => {
  staged.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

const bytes = (...values: number[]) => new Uint8Array(values);
/** Of row 1, by column, and what the column is. */
const ROW: readonly (readonly [column: string, type: string, value: unknown])[] = [
  ['i8', 'tinyint', 1],
  ['i64', 'bigint', 10_000_000_000n],
  ['u8', 'smallint', 6],
  ['u64', 'decimal(20,0)', '18446744073709551614'],
  ['f16', 'float', 0.5],
  ['f32', 'float', 0.5],
  ['b', 'boolean', false],
  ['s', 'string', 'ä1'],
  ['large', 'string', 'large 1'],
  ['view', 'string', 'v'],
  ['bin', 'binary', bytes(0, 255, 1)],
  ['fixed', 'binary', bytes(97, 98, 99)],
  ['dec', 'decimal(12,2)', '-0.43'],
  ['d32', 'date', -6],
  ['d64', 'date', -6],
  ['t_s', 'time(6)', 3_721_000_000n],
  ['t_ns', 'time(6)', 1n],
  ['ts_s', 'timestamp_ntz', 1_700_000_001_000_000n],
  ['ts_ms', 'timestamp_ntz', -1_499_000n],
  ['ts_ns', 'timestamp_ntz', 1_700_000_000_123_457n],
  ['tz_us', 'timestamp', 1_700_000_000_123_457n],
  ['dur', 'interval day to second', 1_000_000n],
  ['dict', 'string', 'bb'],
  ['list', 'array<int>', [1]],
  ['llist', 'array<string>', ['x']],
  ['flist', 'array<double>', [1, 2]],
  ['st', 'struct<a:int,b:struct<c:string>>', [1, ['z1']]],
  [
    'm',
    'map<string,bigint>',
    [
      ['k', 1n],
      ['j', null],
    ],
  ],
  ['nothing', 'void', null],
];

describe('an Arrow file of pyarrow', () => {
  it('has its columns in Spark types, and its values', async () => {
    const { columns, types, rows } = await answerOf(engine, `SELECT * FROM arrow.\`${PLAIN}\``);
    expect(columns.map((name, i) => [name, types[i], rows[1]![i]])).toEqual(ROW);
    expect(rows).toHaveLength(40);
    const withNulls = columns.filter((_, i) => rows[10]![i] === null);
    expect(withNulls.join()).toBe('i8,f32,b,s,large,view,bin,dec,d32,ts_ns,tz_us,dict,list,flist,st,m,nothing');
  });

  it.each(readdirSync(FIXTURES).filter((f) => f !== 'no-rows.arrow'))('is the same in every form: %s', async (file) => {
    const query = (path: string) => `SELECT * FROM arrow.\`${path}\``;
    expect(await answerOf(engine, query(join(FIXTURES, file)))).toEqual(await answerOf(engine, query(PLAIN)));
  });

  it('may have no batch, and columns may be left out', async () => {
    expect((await answerOf(engine, `SELECT * FROM arrow.\`${join(FIXTURES, 'no-rows.arrow')}\``)).rows).toEqual([]);
    expect((await answerOf(engine, `SELECT count(*) FROM arrow.\`${FIXTURES}\``)).rows).toEqual([[240n]]);
  });

  it('is read by tasks, file by file, with partitions', async () => {
    const root = join(folder, 'parts');
    for (const [g, file] of [
      ['a', 'file-lz4.arrow'],
      ['b', 'stream-zstd.arrow'],
    ] as const) {
      mkdirSync(join(root, `g=${g}`), { recursive: true });
      copyFileSync(join(FIXTURES, file), join(root, `g=${g}`, file));
    }
    const { rows } = await answerOf(staged.engine, `SELECT g, count(i8), max(s) FROM arrow.\`${root}\` GROUP BY g ORDER BY g`);
    expect(rows).toEqual([
      ['a', 34n, 'ä9'],
      ['b', 34n, 'ä9'],
    ]);
    const pruned = await answerOf(staged.engine, `SELECT i64 FROM arrow.\`${root}\` WHERE g = 'b' AND i64 < 20000000000 ORDER BY i64`);
    expect(pruned.rows).toEqual([[0n], [10_000_000_000n]]);
  });

  it('is read in a given schema: wider types, columns that are not there', async () => {
    const { rows } = await readAnswer(engine, { format: 'arrow', schema: 'I8 BIGINT, more STRING, s STRING' }, PLAIN);
    expect(rows[1]).toEqual([1n, null, 'ä1']);
    await expect(readAnswer(engine, { format: 'arrow', schema: 's INT' }, PLAIN)).rejects.toMatchObject({
      condition: 'FAILED_READ_FILE.ARROW_COLUMN_DATA_TYPE_MISMATCH',
      messageParameters: { column: '[s]', expectedType: 'int', actualType: 'string' },
    });
  });

  it.each(['whole', 'staged'])('that is cut off or damaged is an error with its name, or left out (%s)', async (how) => {
    const by = how === 'whole' ? engine : staged.engine;
    const root = mkdtempSync(join(folder, 'damaged-'));
    const file = readFileSync(join(FIXTURES, 'file-lz4.arrow'));
    const stream = readFileSync(join(FIXTURES, 'stream-plain.arrow'));
    const damaged = {
      'a.arrow': file.subarray(0, file.length - 3),
      'b.arrow': stream.subarray(0, 20_000),
      'c.arrow': Buffer.from('no Arrow at all'),
    };
    for (const [name, content] of Object.entries(damaged)) {
      writeFileSync(join(root, name), content);
      await expect(answerOf(by, `SELECT i64 FROM arrow.\`${join(root, name)}\``)).rejects.toMatchObject({
        condition: 'FAILED_READ_FILE.CANNOT_READ_ARROW',
        messageParameters: { path: `file:${join(root, name)}` },
      });
    }
    copyFileSync(PLAIN, join(root, 'whole.arrow'));
    const { rows } = await readAnswer(by, { format: 'arrow', options: { ignoreCorruptFiles: 'true' } }, root);
    expect(rows).toHaveLength(40);
  });
});

async function write(by: SqlEngine, query: string, options: Record<string, string> = {}, partitionBy: string[] = []): Promise<string> {
  const plan = by.parse(query);
  if (plan.tag !== 'relation') throw new Error('no query');
  const to = join(mkdtempSync(join(folder, 'written-')), 'to');
  await by.write(await by.analyze(plan.relation), { format: 'arrow', path: to, mode: 'error', options, partitionBy });
  return to;
}

describe('an Arrow file', () => {
  it.each([
    ['none', '.arrow', 'whole'],
    ['lz4', '.lz4.arrow', 'whole'],
    ['zstd', '.zstd.arrow', 'staged'],
  ])('is written and read back: %s', async (compression, extension, how) => {
    const query = `SELECT * FROM arrow.\`${PLAIN}\``;
    const to = await write(how === 'whole' ? engine : staged.engine, query, { compression });
    const [name] = readdirSync(to).filter((f) => f.startsWith('part-'));
    expect(name!.replace(/^[^.]*/, '')).toBe(extension);
    const content = readFileSync(join(to, name!));
    expect([content.subarray(0, 6).toString(), content.subarray(-6).toString()]).toEqual(['ARROW1', 'ARROW1']);
    expect(await answerOf(engine, `SELECT * FROM arrow.\`${to}\``)).toEqual(await answerOf(engine, query));
  });

  it('is one of several by partitions and rows', async () => {
    const to = await write(staged.engine, 'SELECT id, id % 2 AS g FROM range(50)', { maxRecordsPerFile: '10' }, ['g']);
    expect(readdirSync(join(to, 'g=1')).map((f) => f.replace(/^.*(?=\.c\d)/, ''))).toEqual(['.c000.arrow', '.c001.arrow', '.c002.arrow']);
    expect((await answerOf(engine, `SELECT g, sum(id) FROM arrow.\`${to}\` GROUP BY g ORDER BY g`)).rows).toEqual([
      [0, 600n],
      [1, 625n],
    ]);
  });

  it('is a table', async () => {
    await runSql(engine, 'CREATE TABLE t (a INT, s STRING) USING arrow');
    await runSql(engine, "INSERT INTO t VALUES (1, 'x'), (2, NULL)");
    await runSql(engine, 'CREATE TABLE u USING arrow AS SELECT a + 1 AS a, s FROM t');
    expect((await answerOf(engine, 'SELECT * FROM t UNION ALL SELECT * FROM u ORDER BY a, s')).rows).toEqual([
      [1, 'x'],
      [2, null],
      [2, 'x'],
      [3, null],
    ]);
  });

  it('has no columns of types that Arrow does not have, and no codec that nobody knows', async () => {
    await expect(write(engine, "SELECT parse_json('1') AS v")).rejects.toMatchObject({ condition: 'UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE' });
    await expect(write(engine, 'SELECT 1', { compression: 'gzip' })).rejects.toMatchObject({
      condition: 'CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION',
    });
  });
});
