// Folders, globs, partitions and Parquet's types. Files under test/fixtures/sql/files were written by Spark 4.0.1.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { childrenOf, type LogicalPlan } from '../../../../../src/runtime/sql/logical/plans.ts';
import { answerOf, readAnswer, rowsOf, sqlEngine } from '../../../../helpers/sql.ts';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/sql/files');
const engine = sqlEngine();
const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};
const titled = ({ columns, types }: { columns: readonly string[]; types: readonly string[] }) =>
  columns.map((c, i) => `${c}:${types[i]}`).join(' ');

describe("Spark's Parquet files", () => {
  it('have the types that Spark wrote', async () => {
    const answer = await readAnswer(engine, { format: 'parquet' }, join(FIXTURES, 'types.parquet'));
    expect(titled(answer)).toBe(
      'byte:tinyint short:smallint int:int long:bigint float:float double:double dec:decimal(4,2) str:string bin:binary date:date ts:timestamp ntz:timestamp_ntz bool:boolean arr:array<int> map:map<string,int> st:struct<x:int,y:string> dt:interval day ym:interval month',
    );
    expect(answer.rows[0]!.slice(9)).toEqual([
      18295,
      1580702706789000n,
      1580702706789000n,
      true,
      [1, null, 3],
      [['a', 1]],
      [1, 'z'],
      86400000000n,
      2,
    ]);
    expect(answer.rows[1]!.every((v) => v === null)).toBe(true);
  });

  it('have instants in their old form too, whatever the zone', async () => {
    const berlin = sqlEngine({ 'spark.sql.session.timeZone': 'Europe/Berlin' });
    const { rows } = await readAnswer(berlin, { format: 'parquet' }, join(FIXTURES, 'int96.parquet'));
    await berlin.close();
    expect(rows[0]).toEqual([1580702706789000n, 3]);
  });

  it('have partitions in the names of their folders', async () => {
    const answer = await answerOf(engine, `SELECT * FROM parquet.\`${FIXTURES}/parts.parquet\` ORDER BY id`);
    expect(titled(answer)).toBe('id:int year:int name:string');
    expect(answer.rows).toEqual([
      [1, 2020, 'a b/c'],
      [2, 2021, null],
      [3, 2021, null],
      [4, 2020, 'x=y:z%'],
    ]);
  });

  it('give NULL for a column that they lack, and widen a narrow one', async () => {
    const answer = await readAnswer(engine, { format: 'parquet', schema: 'int bigint, more string' }, join(FIXTURES, 'int96.parquet'));
    expect(answer.rows).toEqual([
      [3n, null],
      [null, null],
    ]);
  });

  it('have one schema of all when asked for', async () => {
    const paths = ['int96.parquet', 'types.parquet'].map((p) => join(FIXTURES, p));
    const answer = await readAnswer(engine, { format: 'parquet', options: { mergeSchema: 'true' } }, ...paths);
    expect(answer.columns.slice(0, 4)).toEqual(['ts', 'int', 'byte', 'short']);
    expect(answer.rows).toHaveLength(4);
  });
});

describe('partitions', () => {
  const filesRead = async (query: string): Promise<number[]> => {
    const plan = engine.parse(query);
    if (plan.tag !== 'relation') throw new Error('no query');
    const counts: number[] = [];
    const count = (p: LogicalPlan): void => {
      if (p.kind === 'scan') counts.push(p.files.length);
      childrenOf(p).forEach(count);
    };
    count((await engine.prepare(plan.relation)).plan);
    return counts;
  };
  const PARTS = `parquet.\`${FIXTURES}/parts.parquet\``;

  it.each([
    { what: 'by value', query: `SELECT id FROM ${PARTS} WHERE year = 2021`, files: [1] },
    {
      what: 'by an expression of several',
      query: `SELECT id FROM ${PARTS} WHERE year + 1 = 2021 AND upper(name) = 'A B/C' AND id > 0`,
      files: [1],
    },
    { what: 'by NULL', query: `SELECT id FROM ${PARTS} WHERE name IS NULL`, files: [1] },
    { what: 'through a select list', query: `SELECT * FROM (SELECT id, year * 2 AS y FROM ${PARTS}) WHERE y < 4042`, files: [2] },
    {
      what: "by one side's condition of a join",
      query: `SELECT * FROM ${PARTS} a LEFT JOIN ${PARTS} b ON a.id = b.id WHERE a.year = 2021`,
      files: [1, 3],
    },
    {
      what: 'not by a condition that others than partition columns are in',
      query: `SELECT id FROM ${PARTS} WHERE year = 2021 OR id = 1`,
      files: [3],
    },
    { what: 'not under a limit', query: `SELECT * FROM (SELECT * FROM ${PARTS} LIMIT 2) WHERE year = 2021`, files: [3] },
    { what: 'down to nothing', query: `SELECT id FROM ${PARTS} WHERE year = 1999`, files: [0] },
  ])('are left out: $what', async ({ query, files }) => {
    expect(await filesRead(query)).toEqual(files);
    await expect(answerOf(engine, query)).resolves.toBeDefined();
  });

  it('that are left out change no answer', async () => {
    const { rows } = await answerOf(engine, `SELECT id, name FROM ${PARTS} WHERE year = 2020 AND name > 'b'`);
    expect(rows).toEqual([[4, 'x=y:z%']]);
  });
});

describe('files', () => {
  file('tree/a/1.txt', '1\n');
  file('tree/a/_hidden.txt', 'no\n');
  file('tree/a/.hidden.txt', 'no\n');
  file('tree/b/2.txt', '2\n');
  file('tree/b/deep/3.txt', '3\n');
  file('odd/[x]*.txt', 'odd\n');
  const values = async (options: Record<string, string>, ...paths: string[]) =>
    (await readAnswer(engine, { format: 'text', options }, ...paths.map((p) => join(folder, p)))).rows.flat();

  it.each([
    { what: 'a folder, hidden files left out', paths: ['tree/a'], options: {}, rows: ['1'] },
    { what: 'a glob', paths: ['tree/*/*.txt'], options: {}, rows: ['1', '2'] },
    { what: 'alternatives', paths: ['tree/{a,b}/[0-9].txt'], options: {}, rows: ['1', '2'] },
    { what: 'several paths', paths: ['tree/b', 'tree/a'], options: {}, rows: ['2', '1'] },
    { what: 'folders in folders', paths: ['tree'], options: { recursiveFileLookup: 'true' }, rows: ['1', '2', '3'] },
    { what: 'a filter of names', paths: ['tree'], options: { recursiveFileLookup: 'true', pathGlobFilter: '[13]*' }, rows: ['1', '3'] },
    { what: 'a name that looks like a glob', paths: ['odd'], options: {}, rows: ['odd'] },
  ])('$what', async ({ paths, options, rows }) => {
    expect(await values(options as Record<string, string>, ...paths)).toEqual(rows);
  });

  it('have partition columns of the narrowest type', async () => {
    file('dates/p=2020-01-01/q=1.5/r=2020-01-01 10%3A00%3A00/a.csv', '1\n');
    file('dates/p=2020-01-02/q=1/r=__HIVE_DEFAULT_PARTITION__/a.csv', '2\n');
    const answer = await readAnswer(engine, { format: 'csv' }, join(folder, 'dates'));
    expect(titled(answer)).toBe('_c0:string p:date q:double r:timestamp');
    expect(answer.rows).toEqual([
      ['1', 18262, 1.5, 1577872800000000n],
      ['2', 18263, 1, null],
    ]);
  });

  it('that are corrupt can be left out', async () => {
    file('mixed/bad.parquet', 'no parquet at all');
    const paths = [join(folder, 'mixed'), join(FIXTURES, 'int96.parquet')];
    const reading = { format: 'parquet', options: { ignoreCorruptFiles: 'true' } };
    expect((await readAnswer(engine, reading, ...paths)).rows).toHaveLength(2);
    await expect(readAnswer(engine, { format: 'parquet' }, ...paths)).rejects.toMatchObject({
      condition: 'FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER',
    });
  });

  it('that are cut off are no shorter files', async () => {
    const whole = gzipSync('a,1\n'.repeat(1000));
    const path = join(folder, 'cut.csv.gz');
    writeFileSync(path, whole.subarray(0, whole.length - 10));
    await expect(readAnswer(engine, { format: 'csv' }, path)).rejects.toMatchObject({ condition: 'FAILED_READ_FILE.CORRUPT_COMPRESSED' });
    writeFileSync(path, whole);
    expect((await readAnswer(engine, { format: 'csv' }, path)).rows).toHaveLength(1000);
  });

  it('without a byte have no rows, and one of another type is named', async () => {
    file('half/b.parquet', '');
    const [part] = readdirSync(join(FIXTURES, 'types.parquet')).filter((f) => f.endsWith('.parquet'));
    writeFileSync(join(folder, 'half/a.parquet'), readFileSync(join(FIXTURES, 'types.parquet', part!)));
    const path = join(folder, 'half');
    expect((await readAnswer(engine, { format: 'parquet', schema: 'int int' }, path)).rows).toEqual([[3], [null]]);
    await expect(readAnswer(engine, { format: 'parquet', schema: 'int date' }, path)).rejects.toMatchObject({
      condition: 'FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH',
      message: expect.stringContaining('a.parquet'),
    });
  });

  it('that go between being listed and being read are said to be gone', async () => {
    const path = file('going/one.csv', 'a\n1\n');
    const parquet = join(folder, 'going-parquet');
    const plan = engine.parse('SELECT 1 AS a');
    if (plan.tag !== 'relation') throw new Error('no query');
    await engine.write(await engine.analyze(plan.relation), {
      format: 'parquet',
      path: parquet,
      mode: 'error',
      options: {},
      partitionBy: [],
    });
    for (const [query, gone] of [
      [`SELECT * FROM csv.\`${path}\``, path],
      [`SELECT * FROM parquet.\`${parquet}\``, parquet],
    ] as const) {
      const parsed = engine.parse(query);
      if (parsed.tag !== 'relation') throw new Error('no query');
      const prepared = await engine.prepare(parsed.relation, engine.callSite('collect'));
      rmSync(gone, { recursive: true });
      await expect(rowsOf(engine, prepared)).rejects.toMatchObject({
        condition: 'FAILED_READ_FILE.FILE_NOT_EXIST',
        message: expect.stringContaining('It is possible the underlying files have been updated.'),
      });
    }
  });

  it('that are damaged inside end the query with their name', async () => {
    const plan = engine.parse('SELECT id, CAST(id AS STRING) AS s FROM range(20000)');
    if (plan.tag !== 'relation') throw new Error('no query');
    const path = join(folder, 'damaged');
    await engine.write(await engine.analyze(plan.relation), { format: 'parquet', path, mode: 'error', options: {}, partitionBy: [] });
    const part = join(path, readdirSync(path).find((n) => n.endsWith('.parquet'))!);
    const bytes = readFileSync(part);
    writeFileSync(part, bytes.fill(0xff, 1000, bytes.length - 4000));
    await expect(answerOf(engine, `SELECT sum(id), max(s) FROM parquet.\`${path}\``)).rejects.toMatchObject({
      condition: 'FAILED_READ_FILE.NO_HINT',
      message: expect.stringContaining(part),
    });
  });

  it.each([
    { what: 'missing', path: 'nope', format: 'csv', condition: 'PATH_NOT_FOUND', says: 'Path does not exist: file:/' },
    {
      what: 'an empty folder',
      path: 'void',
      format: 'parquet',
      condition: 'UNABLE_TO_INFER_SCHEMA',
      says: 'Unable to infer schema for Parquet.',
    },
    {
      what: 'an unknown format',
      path: 'tree',
      format: 'nofmt',
      condition: 'DATA_SOURCE_NOT_FOUND',
      says: 'Failed to find the data source: nofmt.',
    },
    { what: 'partitions that differ', path: 'differ', format: 'csv', condition: 'CONFLICTING_PARTITION_COLUMN_NAMES', says: 'list #0: p' },
  ])('end in an error: $what', async ({ path, format, condition, says }) => {
    mkdirSync(join(folder, 'void'), { recursive: true });
    file('differ/p=1/a.csv', '1\n');
    file('differ/q=1/a.csv', '1\n');
    const reading = readAnswer(engine, { format }, join(folder, path));
    await expect(reading).rejects.toMatchObject({ condition, message: expect.stringContaining(says) });
  });
});
