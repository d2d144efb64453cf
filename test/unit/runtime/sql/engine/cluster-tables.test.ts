// Rows that executors keep: read again without their source, computed when somebody asks, dropped, and told of in plans.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerOf, rowsOf, runSql } from '../../../../helpers/sql.ts';
import { STAGED, type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

let staged: StagedSql;
let files: string[];

beforeEach(async () => {
  staged = stagedSql({ ...STAGED, 'spark.sql.warehouse.dir': '/nowhere' });
  const t = await table(
    staged.context.folder,
    't',
    'id INT, g INT',
    'SELECT i::INTEGER AS id, (i % 7)::INTEGER AS g FROM range(10000) r(i)',
  );
  files = t.files.map(({ path }) => path);
  staged.engine.views.set('t', t);
});
afterEach(() => staged.close());

const removeSource = () => files.forEach((file) => rmSync(file));
const COUNTS = [0, 1, 2, 3, 4, 5, 6].map((g) => [g, 1429n - (g > 3 ? 1n : 0n)]);

it('CACHE TABLE computes all partitions, which answer when the files are gone', async () => {
  await runSql(staged.engine, 'CACHE TABLE t');
  removeSource();
  const { rows } = await answerOf(staged.engine, 'SELECT g, count(*) FROM t GROUP BY g ORDER BY g');
  expect(rows.map(([g, n]) => [g, BigInt(n as bigint)])).toEqual(COUNTS);
});

it('LAZY computes nothing before the first query', async () => {
  await runSql(staged.engine, 'CACHE LAZY TABLE t');
  expect(staged.context.updates).toEqual([]);
  await answerOf(staged.engine, 'SELECT sum(id) FROM t');
  removeSource();
  expect((await answerOf(staged.engine, 'SELECT max(id) FROM t')).rows).toEqual([[9999]]);
});

it('a cached query with exchanges of its own, joined with itself', async () => {
  await runSql(staged.engine, 'CACHE TABLE c AS SELECT g, count(*) AS n FROM t GROUP BY g');
  removeSource();
  const { rows } = await answerOf(staged.engine, 'SELECT a.g, b.n FROM c a JOIN c b ON a.g = b.g ORDER BY a.g');
  expect(rows.map(([g, n]) => [g, BigInt(n as bigint)])).toEqual(COUNTS);
});

it('inside of what is one task', async () => {
  await runSql(staged.engine, 'CACHE TABLE t');
  removeSource();
  const sql = 'SELECT count(*) FROM t, LATERAL (SELECT max(u.id) AS m FROM t u WHERE u.g = t.g) x WHERE t.id < 10 AND x.m > 0';
  expect((await answerOf(staged.engine, sql)).rows).toEqual([[10n]]);
});

it('UNCACHE gives the memory back; the next query reads the source', async () => {
  await runSql(staged.engine, 'CACHE TABLE t');
  const held = staged.context.updates.filter(({ memoryBytes }) => memoryBytes > 0).length;
  expect(held).toBe(3);
  await runSql(staged.engine, 'UNCACHE TABLE t');
  removeSource();
  await expect(answerOf(staged.engine, 'SELECT count(*) FROM t')).rejects.toThrow();
});

it('a level is the one that was asked for, an unknown one is refused', async () => {
  await runSql(staged.engine, "CACHE TABLE t OPTIONS ('storageLevel' 'DISK_ONLY')");
  expect(staged.context.updates.some(({ diskBytes }) => diskBytes > 0)).toBe(true);
  expect(staged.context.updates.every(({ memoryBytes }) => memoryBytes === 0)).toBe(true);
  await expect(runSql(staged.engine, "CACHE TABLE u OPTIONS ('storageLevel' 'SOMEWHERE') AS SELECT 1")).rejects.toThrow(
    'Invalid StorageLevel: SOMEWHERE',
  );
});

it('plans show the scan, the relation with its level and what it was made of', async () => {
  await runSql(staged.engine, 'CACHE LAZY TABLE t');
  const parsed = staged.engine.parse('SELECT g FROM t WHERE id > 3');
  if (parsed.tag !== 'relation') throw new Error('not a query');
  const text = await staged.engine.explain(await staged.engine.prepare(parsed.relation), 'simple', parsed.relation);
  const lines = text.replace(/#\d+L?/g, '').split('\n');
  const at = lines.findIndex((line) => line.includes('InMemoryTableScan'));
  expect(lines[at]).toMatch(/InMemoryTableScan \[id, g\]$/);
  expect(lines[at + 1]).toMatch(/^ +\+- InMemoryRelation \[id, g\], StorageLevel\(disk, memory, deserialized, 1 replicas\)$/);
  expect(lines[at + 2]).toMatch(/^ +\+- \*\(1\) Project/);
  expect(lines[at + 3]).toContain('+- *(1) FileScan parquet');
});

it('a query that was made of kept rows computes them when they are not kept any more', async () => {
  await runSql(staged.engine, 'CACHE TABLE c AS SELECT g, count(*) AS n FROM t GROUP BY g');
  const parsed = staged.engine.parse('SELECT sum(n) FROM c');
  if (parsed.tag !== 'relation') throw new Error('not a query');
  const query = await staged.engine.prepare(parsed.relation);
  const kept = () => staged.context.updates.filter(({ memoryBytes }) => memoryBytes > 0).length;
  const before = kept();
  await runSql(staged.engine, 'UNCACHE TABLE c');
  expect(await rowsOf(staged.engine, query)).toEqual([[10000n]]);
  expect([before, kept()]).toEqual([3, 3]);
});
