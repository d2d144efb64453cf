// What is told and counted of tables and their partitions: DESCRIBE … AS JSON, ANALYZE TABLE … PARTITION, and what commands are refused with.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

const nothing = { schema: 'struct<>', output: '' };
const condition = (name: string, parameters: object = expect.anything()) => ({ error: { condition: name, parameters } });
const rowsOf = async (sql: string) => (await session.run(sql)).rows;

it('a table and a partition as JSON', async () => {
  await session.run(
    `CREATE TABLE t (a INT COMMENT 'first', b DECIMAL(5,1) DEFAULT 1.5, s STRUCT<x: ARRAY<DATE>>, m MAP<STRING, TIMESTAMP>, d STRING)
     USING parquet OPTIONS (password 'secret') PARTITIONED BY (d) CLUSTERED BY (a) INTO 2 BUCKETS COMMENT 'one' TBLPROPERTIES (e = '3')`,
  );
  await session.run("INSERT INTO t (a, d) VALUES (1, 'x'), (2, 'x'), (3, 'y')");
  const [text] = await rowsOf('DESCRIBE EXTENDED t AS JSON');
  expect(JSON.parse(text!)).toMatchObject({
    table_name: 't',
    catalog_name: 'spark_catalog',
    namespace: ['default'],
    schema_name: 'default',
    columns: [
      { name: 'a', type: { name: 'int' }, comment: 'first', nullable: true },
      { name: 'b', type: { name: 'decimal', precision: 5, scale: 1 }, nullable: true, default: '1.5' },
      {
        name: 's',
        type: { name: 'struct', fields: [{ name: 'x', type: { name: 'array', element_type: { name: 'date' }, element_nullable: true } }] },
      },
      { name: 'm', type: { name: 'map', key_type: { name: 'string' }, value_type: { name: 'timestamp_ltz' }, value_nullable: true } },
      { name: 'd', type: { name: 'string', collation: 'UTF8_BINARY' }, nullable: true },
    ],
    num_buckets: 2,
    bucket_columns: ['a'],
    sort_columns: [],
    storage_properties: { password: '*********(redacted)' },
    last_access: 'UNKNOWN',
    type: 'MANAGED',
    provider: 'parquet',
    comment: 'one',
    table_properties: { e: '3' },
    partition_columns: ['d'],
  });
  const [one] = await rowsOf("DESCRIBE EXTENDED t PARTITION (d = 'x') AS JSON");
  expect(JSON.parse(one!)).toMatchObject({ partition_values: { d: 'x' }, location: expect.stringMatching(/\/t\/d=x$/) });
});

it('rows and bytes of partitions are counted, until there are others', async () => {
  const statistics = async (d: string) =>
    (await rowsOf(`DESCRIBE EXTENDED t PARTITION (d = '${d}')`)).find((line) => line.startsWith('Partition Statistics'))?.trim();
  expect(await statistics('x')).toBeUndefined();
  await session.run("ANALYZE TABLE t PARTITION (d = 'x') COMPUTE STATISTICS");
  expect(await statistics('x')).toMatch(/\t\d+ bytes, 2 rows$/);
  expect(await statistics('y')).toBeUndefined();
  await session.run('ANALYZE TABLE t PARTITION (d) COMPUTE STATISTICS NOSCAN');
  expect(await statistics('y')).toMatch(/\t\d+ bytes$/);
  await session.run("INSERT INTO t (a, d) VALUES (4, 'x')");
  expect(await statistics('x')).toBeUndefined();
  await session.run('ANALYZE TABLES COMPUTE STATISTICS');
  expect((await rowsOf('DESCRIBE EXTENDED t')).some((line) => /^Statistics\s+\d+ bytes, 4 rows/.test(line))).toBe(true);
});

it.each<[string, object]>([
  ["ANALYZE TABLE t PARTITION (d = 'none') COMPUTE STATISTICS", condition('PARTITIONS_NOT_FOUND')],
  ['CREATE VIEW v AS SELECT * FROM t', nothing],
  [
    "DESCRIBE v PARTITION (d = 'x')",
    condition('FORBIDDEN_OPERATION', { statement: 'DESC PARTITION', objectType: 'VIEW', objectName: '`v`' }),
  ],
  ['CREATE TEMPORARY VIEW tv AS SELECT 1 AS a', nothing],
  ["DESCRIBE tv PARTITION (d = 'x')", condition('FORBIDDEN_OPERATION')],
  ['ALTER TABLE tv CHANGE a TYPE INT', condition('EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE')],
  ['ALTER TABLE t CHANGE a AFTER b', condition('UNSUPPORTED_FEATURE.TABLE_OPERATION')],
  ['CREATE TABLE plain (a INT) USING csv', nothing],
  ['MSCK REPAIR TABLE plain', condition('NOT_A_PARTITIONED_TABLE')],
  ["LOAD DATA INPATH '/nowhere' INTO TABLE plain", condition('_LEGACY_ERROR_TEMP_1266')],
  ["ALTER TABLE plain SET SERDEPROPERTIES ('sep' = ';')", nothing],
  ["INSERT INTO t REPLACE WHERE a = 1 SELECT 1, 2.0, NULL, NULL, 'x'", condition('_LEGACY_ERROR_TEMP_1141')],
  ["COMMENT ON TABLE a.b.c.d IS 'x'", condition('REQUIRES_SINGLE_PART_NAMESPACE')],
  ['DROP TEMPORARY FUNCTION default.f', condition('INVALID_TEMP_OBJ_QUALIFIER')],
  ['CREATE SCHEMA s DEFAULT COLLATION UNICODE', nothing],
  ['ALTER SCHEMA s DEFAULT COLLATION UTF8_LCASE', nothing],
  ['UPDATE t SET a = 2', condition('UNSUPPORTED_FEATURE.TABLE_OPERATION')],
])('%s', async (text, expected) => {
  expect(await ourAnswer(session, text)).toEqual(expected);
});

it('a schema with its collation', async () => {
  expect(await rowsOf('DESCRIBE SCHEMA EXTENDED s')).toEqual(expect.arrayContaining(['Collation\tUTF8_LCASE', 'Properties\t']));
});

it('a partition may be moved elsewhere', async () => {
  const [, location] = /\t(file:[^\t]*)/.exec(
    (await rowsOf("DESCRIBE EXTENDED t PARTITION (d = 'y')")).find((l) => l.startsWith('Location'))!,
  )!;
  await session.run(`ALTER TABLE t PARTITION (d = 'x') SET LOCATION '${location!.trim()}'`);
  expect((await session.run('SELECT a, d FROM t ORDER BY d')).rows).toEqual(['3\tx', '3\ty']);
});
