// Bucketed tables: which file a row is in, by Spark's hash; order in the files; what the catalogue says; what is refused.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { answerOf, runSql, sqlEngine } from '../../../../helpers/sql.ts';
import { stagedSql } from '../../../../helpers/staged-sql.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'buckets-'));
const engine = sqlEngine({ 'spark.sql.warehouse.dir': folder });
const staged = stagedSql();
afterAll(async () => {
  await engine.close();
  staged.close();
  rmSync(folder, { recursive: true });
});

const partsOf = (root: string): string[] => readdirSync(root).filter((f) => f.startsWith('part-'));

describe('a bucketed table', () => {
  it.each([
    ['one kernel', engine, folder],
    ['stages', staged.engine, path.join(staged.context.folder, 'warehouse')],
  ] as const)('has each row in the file of its bucket, sorted: %s', async (_, of, warehouse) => {
    await runSql(
      of,
      `CREATE TABLE b USING parquet CLUSTERED BY (id, s) SORTED BY (v) INTO 4 BUCKETS
       AS SELECT id, 'text ' || (id % 11) AS s, (id * 7919) % 1000 AS v FROM range(0, 1000, 1, 3)`,
    );
    const root = path.join(warehouse, 'b');
    const parts = partsOf(root);
    for (const part of parts) {
      const [, bucket] = /^part-\d{5}-[0-9a-f-]{36}_(\d{5})\.c000\.snappy\.parquet$/.exec(part)!;
      const file = `parquet.\`${path.join(root, part)}\``;
      expect((await answerOf(of, `SELECT DISTINCT pmod(hash(id, s), 4) FROM ${file}`)).rows).toEqual([[Number(bucket)]]);
      const values = (await answerOf(of, `SELECT v FROM ${file}`)).rows.map(([v]) => Number(v));
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
    expect(new Set(parts.map((f) => f.slice(48, 53)))).toEqual(new Set(['00000', '00001', '00002', '00003']));
    expect((await answerOf(of, 'SELECT count(*), sum(v) FROM b')).rows).toEqual([[1000n, 499500n]]);
  });

  it('is described and can be made again', async () => {
    const details = await runSql(engine, 'DESCRIBE EXTENDED b');
    const lines = details.rows.filter(([name]) => /Bucket|Sort/.test(String(name))).map(([name, value]) => [name, value]);
    expect(lines).toEqual([
      ['Num Buckets', '4'],
      ['Bucket Columns', '[`id`, `s`]'],
      ['Sort Columns', '[`v`]'],
    ]);
    expect(String((await runSql(engine, 'SHOW CREATE TABLE b')).rows[0]![0])).toContain(
      'CLUSTERED BY (id, s)\nSORTED BY (v)\nINTO 4 BUCKETS\n',
    );
  });

  it('stays bucketed when rows are added, also in partitions', async () => {
    await runSql(engine, 'CREATE TABLE p (id INT, d INT) USING csv PARTITIONED BY (d) CLUSTERED BY (id) INTO 2 BUCKETS');
    await runSql(engine, 'INSERT INTO p VALUES (1, 1), (2, 1), (3, 2)');
    const files = partsOf(path.join(folder, 'p', 'd=1'));
    const expected = (await answerOf(engine, 'SELECT DISTINCT pmod(hash(id), 2) FROM VALUES (1), (2) t(id)')).rows.map(
      ([b]) => `_0000${b}.c000.csv`,
    );
    expect(files.map((f) => f.slice(47)).toSorted()).toEqual(expected.toSorted());
    expect((await answerOf(engine, 'SELECT * FROM p ORDER BY id')).rows).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ]);
  });

  it.each([
    ['CREATE TABLE x (a INT) USING parquet CLUSTERED BY (b) INTO 4 BUCKETS', 'COLUMN_NOT_DEFINED_IN_TABLE'],
    ['CREATE TABLE x (a INT) USING parquet CLUSTERED BY (a) INTO 0 BUCKETS', 'INVALID_BUCKET_COUNT'],
    ['CREATE TABLE x (a INT, b INT) USING parquet PARTITIONED BY (b) CLUSTERED BY (b) INTO 4 BUCKETS', 'BUCKET_COLUMN_IS_PARTITION_COLUMN'],
  ])('is refused: %s', async (sql, condition) => {
    await expect(runSql(engine, sql)).rejects.toMatchObject({ condition });
  });
});
