// Writing in stages: each task its own files, committed once, and what is read back is what a single kernel writes.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbKernels } from '../../../../../src/platform/duckdb.ts';
import { Task } from '../../../../../src/runtime/executor/compute/running-task.ts';
import { writeTask } from '../../../../../src/runtime/executor/compute/sql-write.ts';
import type { SqlEngine } from '../../../../../src/runtime/sql/engine/sql-engine.ts';
import type { WriteRequest } from '../../../../../src/runtime/sql/sources/write/write-files.ts';
import { answerOf, readAnswer, runSql, sqlEngine } from '../../../../helpers/sql.ts';
import { type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

let staged: StagedSql;
const whole = sqlEngine();
const folder = mkdtempSync(path.join(tmpdir(), 'staged-write-'));

beforeAll(async () => {
  staged = stagedSql();
  const rows = `SELECT i::INTEGER AS id, (i % 3)::INTEGER AS g, 'name ' || (i % 13) AS s, (i / 7)::DECIMAL(12,2) AS d FROM range(6000) r(i)`;
  const t = await table(staged.context.folder, 't', 'id INT, g INT, s STRING, d DECIMAL(12,2)', rows);
  for (const engine of [staged.engine, whole]) engine.views.set('t', t);
});
afterAll(async () => {
  staged.close();
  await whole.close();
  rmSync(folder, { recursive: true });
});

let folders = 0;
async function write(engine: SqlEngine, query: string, request: Partial<WriteRequest> = {}): Promise<string> {
  const plan = engine.parse(query);
  if (plan.tag !== 'relation') throw new Error('no query');
  const to = path.join(folder, String(folders++));
  await engine.write(await engine.analyze(plan.relation), {
    format: 'parquet',
    path: to,
    mode: 'error',
    options: {},
    partitionBy: [],
    ...request,
  });
  return request.path ?? to;
}
const filesOf = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => path.relative(root, path.join(e.parentPath, e.name)))
    .sort();
const rowsOf = async (root: string, format = 'parquet') =>
  (await readAnswer(whole, { format, options: { header: 'true' } }, root)).rows.map((row) => row.map(String).join('|'));
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

describe('a table that tasks write', () => {
  it('has a file of each task under its number and nothing else', async () => {
    const files = filesOf(await write(staged.engine, 'SELECT * FROM t'));
    expect(files).toHaveLength(4);
    expect(files[0]).toBe('_SUCCESS');
    for (const [i, file] of files.slice(1).entries()) expect(file).toMatch(new RegExp(`^part-0000${i}-${ID}-c000\\.snappy\\.parquet$`));
    expect(new Set(files.slice(1).map((f) => f.slice(11, 47))).size).toBe(1);
  });

  it.each<{ what: string; query: string; request?: Partial<WriteRequest> }>([
    { what: 'a scan', query: 'SELECT * FROM t' },
    { what: 'an aggregate', query: 'SELECT g, s, sum(d) AS d, count(*) AS n FROM t GROUP BY g, s' },
    { what: 'no rows', query: 'SELECT * FROM t WHERE id < 0' },
    { what: 'partitions', query: 'SELECT * FROM t', request: { partitionBy: ['g', 's'] } },
    { what: 'no rows and a limit of rows', query: 'SELECT * FROM t WHERE id < 0', request: { options: { maxRecordsPerFile: '10' } } },
    { what: 'CSV', query: 'SELECT * FROM t', request: { format: 'csv', options: { header: 'true' } } },
    { what: 'JSON', query: 'SELECT * FROM t', request: { format: 'json' } },
    { what: 'text', query: 'SELECT s FROM t', request: { format: 'text' } },
    { what: 'constants beside a scan', query: 'SELECT id FROM t UNION ALL SELECT 7' },
  ])('has the rows that one kernel writes: $what', async ({ query, request = {} }) => {
    const [ours, theirs] = [await write(staged.engine, query, request), await write(whole, query, request)];
    const [a, b] = [await rowsOf(ours, request.format), await rowsOf(theirs, request.format)];
    expect(a.toSorted()).toEqual(b.toSorted());
    expect(filesOf(ours).filter((f) => f.includes('_temporary'))).toEqual([]);
  });

  it('has no more rows in a file than was said', async () => {
    const root = await write(staged.engine, 'SELECT * FROM t', { options: { maxRecordsPerFile: '700' } });
    const parts = filesOf(root).filter((f) => f.startsWith('part-'));
    expect(parts.map((f) => f.slice(5, 10)).filter((n, i, all) => all.indexOf(n) === i)).toEqual(['00000', '00001', '00002']);
    const counts = await answerOf(whole, `SELECT count(*) FROM parquet.\`${root}\``);
    expect(counts.rows).toEqual([[6000n]]);
    for (const part of parts) expect((await rowsOf(path.join(root, part))).length).toBeLessThanOrEqual(700);
    expect(parts.length).toBeGreaterThanOrEqual(9);
  });

  it.each([
    ['staged', () => staged.engine],
    ['in one kernel', () => whole],
  ] as const)('keeps the order of a sorted query: %s', async (_, engine) => {
    for (const request of [{}, { options: { maxRecordsPerFile: '1000' } }]) {
      const root = await write(engine(), 'SELECT id, s FROM t ORDER BY s DESC, id', request);
      const read = [];
      for (const part of filesOf(root).filter((f) => f.startsWith('part-'))) read.push(...(await rowsOf(path.join(root, part))));
      const sorted = (await answerOf(whole, 'SELECT id, s FROM t ORDER BY s DESC, id')).rows.map((row) => row.map(String).join('|'));
      expect(read).toEqual(sorted);
    }
  });

  it.each([
    ['staged', () => staged.engine],
    ['in one kernel', () => whole],
  ] as const)('has as many files as repartition says: %s', async (_, engine) => {
    const query = engine().parse('SELECT id, g FROM t');
    if (query.tag !== 'relation') throw new Error('no query');
    const root = path.join(folder, String(folders++));
    const plan = await engine().analyze({ kind: 'repartition', input: query.relation, numPartitions: 5, shuffle: true });
    await engine().write(plan, { format: 'parquet', path: root, mode: 'error', options: {}, partitionBy: [] });
    const parts = filesOf(root).filter((f) => f.startsWith('part-'));
    expect(parts.map((f) => f.slice(5, 10))).toEqual(['00000', '00001', '00002', '00003', '00004']);
    expect(await rowsOf(root)).toHaveLength(6000);
  });

  it('keeps and replaces partitions as the modes say', async () => {
    const root = await write(staged.engine, 'SELECT * FROM t', { partitionBy: ['g'] });
    const only = 'SELECT * FROM t WHERE g = 1 AND id < 10';
    await write(staged.engine, only, { path: root, partitionBy: ['g'], mode: 'overwrite', options: { partitionOverwriteMode: 'dynamic' } });
    expect((await answerOf(whole, `SELECT g, count(*) FROM parquet.\`${root}\` GROUP BY g ORDER BY g`)).rows).toEqual([
      [0, 2000n],
      [1, 3n],
      [2, 2000n],
    ]);
    await write(staged.engine, only, { path: root, partitionBy: ['g'], mode: 'append' });
    await write(staged.engine, 'SELECT * FROM t WHERE id < 2', { path: root, partitionBy: ['g'], mode: 'overwrite' });
    expect((await answerOf(whole, `SELECT g, count(*) FROM parquet.\`${root}\` GROUP BY g ORDER BY g`)).rows).toEqual([
      [0, 1n],
      [1, 1n],
    ]);
  });

  it('is tried again in full widths when a decimal needs them', async () => {
    const query = `SELECT id, sum(d * 10000000000.00) AS x FROM t GROUP BY id`;
    const [ours, theirs] = [await write(staged.engine, query), await write(whole, query)];
    expect((await rowsOf(ours)).toSorted()).toEqual((await rowsOf(theirs)).toSorted());
    expect(filesOf(ours).filter((f) => f.includes('_temporary'))).toEqual([]);
  });

  it('is not there, and nothing of it, when a task fails', async () => {
    const root = path.join(folder, 'failed');
    const failing = write(staged.engine, 'SELECT CAST(s AS INT) AS n FROM t WHERE id > 3000', { path: root });
    await expect(failing).rejects.toMatchObject({ condition: 'CAST_INVALID_INPUT' });
    expect(readdirSync(folder)).not.toContain('failed');
  });

  it('is a table of the catalogue', async () => {
    await runSql(staged.engine, 'CREATE TABLE made USING parquet PARTITIONED BY (g) AS SELECT * FROM t');
    await runSql(staged.engine, 'INSERT INTO made PARTITION (g = 9) SELECT id, s, d FROM t WHERE id < 5');
    await runSql(staged.engine, 'INSERT OVERWRITE made PARTITION (g = 1) SELECT id, s, d FROM t WHERE id < 2');
    expect((await answerOf(staged.engine, 'SELECT g, count(*) FROM made GROUP BY g ORDER BY g')).rows).toEqual([
      [0, 2000n],
      [1, 2n],
      [2, 2000n],
      [9, 5n],
    ]);
  });
});

describe('a task that runs twice', () => {
  const place = { stageId: 0, stageAttempt: 0, partition: 3, numPartitions: 4 };
  const attempt = (attempt: number, interrupted = false) => new Task({ ...place, taskId: 10 + attempt, attempt }, () => interrupted);

  it('leaves what its first attempt has committed, and tells that', async () => {
    const kernel = await duckdbKernels.open({ threads: 1 });
    const to = path.join(folder, `job-${folders++}`);
    mkdirSync(to);
    const write = { folder: to, options: ['FORMAT csv'], by: ['p_0'], isOrdered: false, neverEmpty: false };
    const [first, second] = [attempt(0), attempt(1)];
    const rows = (n: number) => `SELECT i AS a, 'v' || (i % ${n}) AS p_0 FROM range(6) r(i)`;
    const told = await writeTask(kernel, rows(2), write, first);
    first.end(false);
    expect(told.files.map(([file]) => path.dirname(file)).toSorted()).toEqual(['task_00003/rows/p_0=v0', 'task_00003/rows/p_0=v1']);
    expect(await writeTask(kernel, rows(3), write, second)).toEqual(told);
    second.end(false);
    expect(readdirSync(to)).toEqual(['task_00003']);
    kernel.close();
  });

  it('leaves nothing of an attempt that was killed before its commit', async () => {
    const kernel = await duckdbKernels.open({ threads: 1 });
    const to = path.join(folder, `job-${folders++}`);
    mkdirSync(to);
    const write = { folder: to, options: ['FORMAT csv'], by: [], isOrdered: false, neverEmpty: true };
    const killed = attempt(0, true);
    await expect(writeTask(kernel, 'SELECT 1', write, killed)).rejects.toMatchObject({ code: 'TASK_KILLED' });
    killed.end(true);
    expect(readdirSync(to)).toEqual([]);
    rmSync(to, { recursive: true });
    await expect(writeTask(kernel, 'SELECT 1', write, attempt(1))).rejects.toMatchObject({ code: 'LOCAL_DISK' });
    kernel.close();
  });
});
