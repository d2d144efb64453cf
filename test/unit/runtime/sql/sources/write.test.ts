// Writing: names of files, modes, partitions, formats (their bytes as Spark 4.0.1 wrote them), and the commit protocol under kill -9.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { WriteRequest } from '../../../../../src/runtime/sql/sources/write/write-files.ts';
import { WriteJob } from '../../../../../src/runtime/sql/sources/write/staging.ts';
import { answerOf, readAnswer, sqlEngine } from '../../../../helpers/sql.ts';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/sql');
const TYPES = `parquet.\`${FIXTURES}/files/types.parquet\``;
const engine = sqlEngine();
const folder = mkdtempSync(join(tmpdir(), 'writing-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function write(query: string, format: string, name: string, more: Partial<WriteRequest> = {}): Promise<string> {
  const plan = engine.parse(query);
  if (plan.tag !== 'relation') throw new Error('no query');
  const path = join(folder, name);
  await engine.write(await engine.analyze(plan.relation), { format, path, mode: 'error', options: {}, partitionBy: [], ...more });
  return path;
}
const filesOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name).slice(path.length + 1))
    .sort();
const dataOf = (path: string): string[] =>
  filesOf(path)
    .filter((f) => !f.startsWith('_'))
    .map((f) => readFileSync(join(path, f), 'utf8'));
const SIMPLE = 'byte, short, int, long, float, double, dec, str, date, ts, ntz, bool';

describe('a written folder', () => {
  it("has Spark's names of files and its mark of success", async () => {
    const [success, part] = filesOf(await write('SELECT 1 AS a', 'parquet', 'names'));
    expect(success).toBe('_SUCCESS');
    expect(part).toMatch(/^part-00000-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-c000\.snappy\.parquet$/);
  });

  it.each([
    {
      format: 'csv',
      query: `SELECT ${SIMPLE} FROM ${TYPES}`,
      bytes:
        'byte,short,int,long,float,double,dec,str,date,ts,ntz,bool\n1,2,3,4,1.5,2.5,12.34,text,2020-02-03,2020-02-03T04:05:06.789Z,2020-02-03T04:05:06.789,true\n,,,,,,,,,,,\n',
    },
    {
      format: 'json',
      query: `SELECT byte, short, int, long, float, double, dec, str, bin, date, ts, ntz, bool, arr, map, st FROM ${TYPES}`,
      bytes:
        '{"byte":1,"short":2,"int":3,"long":4,"float":1.5,"double":2.5,"dec":12.34,"str":"text","bin":"AQI=","date":"2020-02-03","ts":"2020-02-03T04:05:06.789Z","ntz":"2020-02-03T04:05:06.789","bool":true,"arr":[1,null,3],"map":{"a":1},"st":{"x":1,"y":"z"}}\n{}\n',
    },
    { format: 'text', query: `SELECT str FROM ${TYPES}`, bytes: 'text\n\n' },
  ])('has the bytes that Spark writes: $format', async ({ format, query, bytes }) => {
    expect(dataOf(await write(query, format, `bytes-${format}`, { options: { header: 'true' } }))).toEqual([bytes]);
  });

  it('gives all types back', async () => {
    const path = await write(`SELECT * FROM ${TYPES}`, 'parquet', 'types');
    const [ours, theirs] = [await readAnswer(engine, { format: 'parquet' }, path), await answerOf(engine, `SELECT * FROM ${TYPES}`)];
    expect(ours).toEqual(theirs);
  });

  it('has a folder per value, names escaped', async () => {
    const query =
      "SELECT 1 id, 2020 year, 'a b/c' name UNION ALL SELECT 2, 2021, null UNION ALL SELECT 3, 2021, '' UNION ALL SELECT 4, 2020, 'x=y:z%'";
    const path = await write(query, 'csv', 'partitions', { partitionBy: ['year', 'name'] });
    expect([...new Set(filesOf(path).map((f) => f.split('/').slice(0, -1).join('/')))]).toEqual([
      '',
      'year=2020/name=a b%2Fc',
      'year=2020/name=x%3Dy%3Az%25',
      'year=2021/name=__HIVE_DEFAULT_PARTITION__',
    ]);
    const answer = await readAnswer(engine, { format: 'csv' }, path);
    expect(answer.rows.toSorted()).toEqual([
      ['1', 2020, 'a b/c'],
      ['2', 2021, null],
      ['3', 2021, null],
      ['4', 2020, 'x=y:z%'],
    ]);
  });

  it('has files of so many rows as asked for', async () => {
    const path = await write('SELECT * FROM VALUES (1), (2), (3), (4), (5) t(a)', 'json', 'cut', { options: { maxRecordsPerFile: '2' } });
    expect(dataOf(path).map((text) => text.split('\n').length - 1)).toEqual([2, 2, 1]);
  });

  it('has one file for each of many partitions, however their rows come', async () => {
    const path = await write('SELECT id, id % 150 AS p FROM range(600000)', 'parquet', 'many', { partitionBy: ['p'] });
    expect(filesOf(path).filter((f) => f.endsWith('.parquet'))).toHaveLength(150);
  });

  it('has partitions whose names take all the room of a file name', async () => {
    const name = 'ä'.repeat(90);
    const path = await write(`SELECT 1 AS id, '${name}' AS n`, 'csv', 'long', { partitionBy: ['n'] });
    expect((await readAnswer(engine, { format: 'csv' }, path)).rows).toEqual([['1', name]]);
  });

  it('is replaced, kept or added to as the mode says', async () => {
    const path = await write("SELECT 'a' AS v", 'text', 'modes');
    await expect(write("SELECT 'b' AS v", 'text', 'modes')).rejects.toMatchObject({ condition: 'PATH_ALREADY_EXISTS' });
    await write("SELECT 'b' AS v", 'text', 'modes', { mode: 'ignore' });
    expect(dataOf(path)).toEqual(['a\n']);
    await write("SELECT 'b' AS v", 'text', 'modes', { mode: 'append' });
    expect(dataOf(path).sort()).toEqual(['a\n', 'b\n']);
    await write("SELECT 'c' AS v", 'text', 'modes', { mode: 'overwrite' });
    expect(dataOf(path)).toEqual(['c\n']);
  });

  it('keeps the partitions that an overwriting job did not write, in dynamic mode', async () => {
    const more = { partitionBy: ['p'], options: { partitionOverwriteMode: 'dynamic' }, mode: 'overwrite' } as const;
    const path = await write("SELECT 'a' AS v, 1 AS p UNION ALL SELECT 'b', 2", 'text', 'dynamic', more);
    await write("SELECT 'c' AS v, 2 AS p", 'text', 'dynamic', more);
    expect(dataOf(path)).toEqual(['a\n', 'c\n']);
  });

  it.each([
    { query: 'SELECT 1 AS a, 2 AS A', format: 'parquet', condition: 'COLUMN_ALREADY_EXISTS' },
    { query: 'SELECT NULL AS a', format: 'parquet', condition: 'UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE' },
    { query: 'SELECT 1 AS a', format: 'text', condition: 'UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE' },
    { query: 'SELECT 1 AS a', format: 'parquet', more: { partitionBy: ['a'] }, condition: 'ALL_PARTITION_COLUMNS_NOT_ALLOWED' },
    { query: 'SELECT 1 AS a', format: 'delta', condition: 'NOT_BUILT' },
    {
      query: 'SELECT 1 AS a',
      format: 'parquet',
      more: { options: { compression: 'nope' } },
      condition: 'CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION',
    },
    { query: 'SELECT 1 / 0 AS a', format: 'parquet', condition: 'DIVIDE_BY_ZERO' },
  ])('is not there at all after an error: $condition, $query', async ({ query, format, more, condition }) => {
    await expect(write(query, format, 'failed', more ?? {})).rejects.toMatchObject({ condition });
    expect(() => readdirSync(join(folder, 'failed'))).toThrow('ENOENT');
  });
});

it('says what the system says where it cannot write', async () => {
  writeFileSync(join(folder, 'a-file'), '');
  await expect(write('SELECT 1 AS a', 'parquet', 'a-file/below')).rejects.toMatchObject({
    condition: 'TASK_WRITE_FAILED',
    message: expect.stringContaining('mkdir'),
  });
});

describe('a writer that is killed', () => {
  const kill = (name: string, when: 'before' | 'during'): string => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, 'old.txt'), 'old\n');
    const { signal, stderr } = spawnSync(process.execPath, [join(FIXTURES, 'dying-writer.ts'), path, when], { encoding: 'utf8' });
    expect({ signal, stderr }).toMatchObject({ signal: 'SIGKILL' });
    return path;
  };

  it('before its commit has changed nothing', async () => {
    const path = kill('killed-before', 'before');
    expect((await readAnswer(engine, { format: 'text' }, path)).rows).toEqual([['old']]);
    expect(filesOf(path)).toEqual(['old.txt']);
  });

  it('during its commit has it ended by the next reader', async () => {
    const path = kill('killed-during', 'during');
    expect(filesOf(path)).not.toContain('old.txt');
    expect((await readAnswer(engine, { format: 'text' }, path)).rows).toEqual([['new']]);
    expect(filesOf(path)).toEqual(['_SUCCESS', 'part-00000-the-job-c000.txt']);
  });

  it('after its commit has put some of the files in place, into a partition that it had deleted: none of them is lost', async () => {
    const path = join(folder, 'killed-late');
    mkdirSync(join(path, 'p=1'), { recursive: true });
    writeFileSync(join(path, 'p=1', 'old.txt'), 'old\n');
    const { signal } = spawnSync(process.execPath, [join(FIXTURES, 'dying-writer.ts'), path, 'late'], { encoding: 'utf8' });
    expect(signal).toBe('SIGKILL');
    expect(dataOf(path)).toContain('new\n');
    // By its partition's path, too: the folder that is written into is the one above.
    const answers = await Promise.all([`${path}/p=1`, path].map((p) => readAnswer(engine, { format: 'text' }, p)));
    expect(answers.map((a) => a.rows.map(([v]) => v).toSorted())).toEqual([
      ['new', 'newer'],
      ['new', 'newer'],
    ]);
    expect(filesOf(path)).toEqual(['_SUCCESS', 'p=1/a.txt', 'p=1/b.txt']);
  });

  it('leaves nothing that disturbs the next writer', async () => {
    const path = kill('killed-then-written', 'before');
    await write("SELECT 'newer' AS v", 'text', 'killed-then-written', { mode: 'overwrite' });
    expect(dataOf(path)).toEqual(['newer\n']);
    expect(readdirSync(path)).not.toContain('_temporary');
  });

  it('is told from one that lives: its files are left alone', async () => {
    const path = join(folder, 'living');
    const job = await WriteJob.begin(path, 'living');
    writeFileSync(join(job.staging, 'rows'), 'x\n');
    await write("SELECT 'other' AS v", 'text', 'living', { mode: 'append' });
    await job.commit([{ from: 'rows', to: 'mine.txt' }], async () => [], false);
    expect(dataOf(path).sort()).toEqual(['other\n', 'x\n']);
  });

  it('of two that overwrite, the one that commits last has its rows there, and only them', async () => {
    const jobs = await Promise.all(['a', 'b', 'c'].map((id) => WriteJob.begin(join(folder, 'raced'), id)));
    await Promise.all(
      jobs.map(async (job) => {
        for (const n of [1, 2]) writeFileSync(join(job.staging, `${n}`), `${job.id}\n`);
        const moves = [1, 2].map((n) => ({ from: `${n}`, to: `p=${n}/${job.id}.txt` }));
        await job.commit(moves, async () => readdirSync(job.folder).filter((name) => name !== '_temporary'), false);
      }),
    );
    const data = dataOf(join(folder, 'raced'));
    expect(data).toHaveLength(2);
    expect(new Set(data).size).toBe(1);
    expect(readdirSync(join(folder, 'raced')).toSorted()).toEqual(['p=1', 'p=2']);
  });

  it('a commit that the system stops in the middle is finished by the next that comes, and not undone', async () => {
    const path = join(folder, 'stopped');
    const job = await WriteJob.begin(path, 'stopped');
    writeFileSync(join(path, 'old.txt'), 'old\n');
    for (const n of [1, 2]) writeFileSync(join(job.staging, `${n}`), `${n}\n`);
    writeFileSync(join(path, 'in-the-way'), '');
    const moves = [1, 2].map((n) => ({ from: `${n}`, to: n === 1 ? '1.txt' : 'in-the-way/2.txt' }));
    await expect(job.commit(moves, async () => ['old.txt'], false)).rejects.toMatchObject({
      code: expect.stringMatching(/EEXIST|ENOTDIR/),
    });
    await job.abort();
    rmSync(join(path, 'in-the-way'));
    expect((await readAnswer(engine, { format: 'text' }, `${path}/*`)).rows.flat().toSorted()).toEqual(['1', '2']);
  });
});
