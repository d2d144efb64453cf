// spark.catalog, saveAsTable, insertInto and what they are together with SQL.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functions } from '../../../../../src/runtime/sql/api/functions.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';

const { expr } = functions;
const folder = mkdtempSync(join(tmpdir(), 'catalog-api-'));
const spark = new TestSession({ 'spark.sql.warehouse.dir': join(folder, 'wh') });
afterAll(async () => {
  await spark.close();
  rmSync(folder, { recursive: true });
});

beforeAll(async () => {
  const df = spark.createDataFrame([{ id: 1, p: 'a' }], 'id INT, p STRING');
  await df.write.partitionBy('p').saveAsTable('saved');
  await spark.sql('CREATE DATABASE other').collect();
  await spark.sql('CREATE TABLE other.plain (a INT COMMENT "first") USING csv COMMENT "plain one"').collect();
  await df.createOrReplaceTempView('temporary');
});

describe('spark.catalog', () => {
  it('lists databases, tables and columns', async () => {
    expect((await spark.catalog.listDatabases()).map((d) => d.name)).toEqual(['default', 'other']);
    expect((await spark.catalog.listTables()).map((t) => [t.name, t.tableType])).toEqual([
      ['saved', 'MANAGED'],
      ['temporary', 'TEMPORARY'],
    ]);
    expect(await spark.catalog.getTable('other.plain')).toEqual({
      name: 'plain',
      catalog: 'spark_catalog',
      namespace: ['other'],
      description: 'plain one',
      tableType: 'MANAGED',
      isTemporary: false,
    });
    expect((await spark.catalog.listColumns('saved')).map((c) => [c.name, c.dataType, c.isPartition])).toEqual([
      ['id', 'int', false],
      ['p', 'string', true],
    ]);
    expect((await spark.catalog.listColumns('other.plain'))[0]!.description).toBe('first');
  });

  it('knows what there is', async () => {
    const names = ['saved', 'plain', 'other.plain', 'temporary', 'nope'];
    expect(await Promise.all(names.map((n) => spark.catalog.tableExists(n)))).toEqual([true, false, true, true, false]);
    expect([await spark.catalog.databaseExists('other'), await spark.catalog.databaseExists('nope')]).toEqual([true, false]);
    expect(await spark.catalog.functionExists('UPPER')).toBe(true);
  });

  it('changes the current database', async () => {
    await spark.catalog.setCurrentDatabase('other');
    expect(await spark.catalog.currentDatabase()).toBe('other');
    expect(await spark.table('plain').count()).toBe(0);
    await spark.catalog.setCurrentDatabase('default');
    await expect(spark.catalog.setCurrentDatabase('nope')).rejects.toMatchObject({ condition: 'SCHEMA_NOT_FOUND' });
  });

  it('keeps rows of a table until the table is changed', async () => {
    await spark.createDataFrame([{ v: 1 }], 'v INT').write.saveAsTable('kept');
    await spark.catalog.cacheTable('kept');
    expect([await spark.catalog.isCached('kept'), await spark.table('kept').count()]).toEqual([true, 1]);
    await spark.sql('INSERT INTO kept VALUES (2)').collect();
    expect([await spark.catalog.isCached('kept'), await spark.table('kept').count()]).toEqual([false, 2]);
  });

  it('makes a table over files that there are', async () => {
    const path = join(folder, 'files');
    await spark.createDataFrame([{ v: 7 }], 'v INT').write.parquet(path);
    const table = await spark.catalog.createTable('external', { path, source: 'parquet' });
    expect((await table.collect()).map((r) => r.get(0))).toEqual([7]);
    await spark.sql('DROP TABLE external').collect();
    expect(await spark.read.parquet(path).count()).toBe(1);
  });
});

it('reads a partition where it is, and writes no rows where nobody looks', async () => {
  const path = join(folder, 'elsewhere');
  await spark.createDataFrame([{ v: 5 }], 'v INT').write.parquet(path);
  await spark.sql('CREATE TABLE moved (v INT, p INT) USING parquet PARTITIONED BY (p)').collect();
  await spark.sql(`ALTER TABLE moved ADD PARTITION (p = 1) LOCATION '${path}'`).collect();
  expect((await spark.table('moved').collect()).map((r) => [r.get(0), r.get(1)])).toEqual([[5, 1]]);
  await expect(spark.sql('INSERT INTO moved PARTITION (p = 1) VALUES (6)').collect()).rejects.toMatchObject({ condition: 'NOT_BUILT' });
  await spark.sql('INSERT INTO moved PARTITION (p = 2) VALUES (6)').collect();
  expect(await spark.table('moved').count()).toBe(2);
});

describe('df.write to tables', () => {
  const rows = async (name: string) => (await spark.table(name).collect()).map((r) => [r.get(0), r.get(1)]).toSorted();

  it('adds rows by name and by position', async () => {
    const other = spark.createDataFrame([{ p: 'b', id: 2 }], 'p STRING, id INT');
    await expect(other.write.saveAsTable('saved')).rejects.toMatchObject({ condition: 'TABLE_OR_VIEW_ALREADY_EXISTS' });
    await other.write.mode('append').saveAsTable('saved');
    await spark.createDataFrame([{ x: 3, y: 'c' }], 'x INT, y STRING').write.insertInto('saved');
    expect(await rows('saved')).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  it('replaces a table', async () => {
    await spark
      .createDataFrame([{ id: 9, p: 'z' }], 'id INT, p STRING')
      .write.mode('overwrite')
      .saveAsTable('saved');
    expect(await rows('saved')).toEqual([[9, 'z']]);
  });

  it('does not overwrite what it reads from', async () => {
    await expect(spark.sql('INSERT OVERWRITE saved SELECT * FROM saved').collect()).rejects.toMatchObject({
      condition: 'UNSUPPORTED_OVERWRITE.TABLE',
    });
  });
});

describe('df.writeTo', () => {
  const df = () =>
    spark.createDataFrame(
      [
        { id: 1, p: 'a' },
        { id: 2, p: 'b' },
      ],
      'id INT, p STRING',
    );
  const rows = async (sql: string) => (await spark.sql(sql).collect()).map((r) => r.toArray());

  it('makes a table with all that is said of it', async () => {
    await df().writeTo('made').using('parquet').tableProperty('owner', 'me').option('compression', 'zstd').partitionedBy('p').create();
    expect(await rows('SELECT * FROM made ORDER BY id')).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect(await rows('SHOW PARTITIONS made')).toEqual([['p=a'], ['p=b']]);
    expect(await rows('SHOW TBLPROPERTIES made')).toEqual([['owner', 'me']]);
    await expect(df().writeTo('made').create()).rejects.toMatchObject({ condition: 'TABLE_OR_VIEW_ALREADY_EXISTS' });
  });

  it('makes buckets of a transform', async () => {
    await df().writeTo('clustered').partitionedBy(expr('bucket(4, id)')).create();
    const details = await rows('DESCRIBE EXTENDED clustered');
    expect(details.find(([name]) => name === 'Num Buckets')).toEqual(['Num Buckets', '4', '']);
    expect((await spark.catalog.listColumns('clustered')).map((c) => c.isBucket)).toEqual([true, false]);
  });

  it('adds rows by name, and puts rows in the place of partitions', async () => {
    await spark
      .createDataFrame([{ p: 'a', id: 3 }], 'p STRING, id INT')
      .writeTo('made')
      .append();
    expect(await rows('SELECT * FROM made ORDER BY id')).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
    ]);
    await spark
      .createDataFrame([{ id: 9, p: 'a' }], 'id INT, p STRING')
      .writeTo('made')
      .overwritePartitions();
    expect(await rows('SELECT * FROM made ORDER BY id')).toEqual([
      [2, 'b'],
      [9, 'a'],
    ]);
  });

  it('refuses what tables of files cannot do', async () => {
    const refused = { condition: 'UNSUPPORTED_FEATURE.TABLE_OPERATION' };
    await expect(df().writeTo('made').replace()).rejects.toMatchObject(refused);
    await expect(df().writeTo('made').createOrReplace()).rejects.toMatchObject(refused);
    await expect(df().writeTo('made').overwrite(expr('id = 1'))).rejects.toThrow(
      'Cannot write into v1 table: `spark_catalog`.`default`.`made`',
    );
    await expect(df().writeTo('nowhere').append()).rejects.toMatchObject({ condition: 'TABLE_OR_VIEW_NOT_FOUND' });
    await expect(df().writeTo('x').partitionedBy(expr('years(id)')).create()).rejects.toMatchObject({ condition: 'NOT_BUILT' });
  });
});
