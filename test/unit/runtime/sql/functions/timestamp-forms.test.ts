// Timestamps made of days and times, what TIMESTAMP means, patterns that Spark refuses. Answers: the SQL tests of Spark 4.2.
import { afterAll, expect, test } from 'vitest';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
const local = new SqlSession({ 'spark.sql.timestampType': 'TIMESTAMP_NTZ' });
afterAll(() => Promise.all([session.close(), local.close()]));

test.each([
  ["make_timestamp(DATE'2014-12-28', TIME'6:30:45.887')", 'timestamp', '2014-12-28 06:30:45.887'],
  ["make_timestamp(DATE'2014-12-28', TIME'6:30:45.887', 'CET')", 'timestamp', '2014-12-27 21:30:45.887'],
  ["make_timestamp_ntz(DATE'2014-12-28', TIME'6:30:45.887')", 'timestamp_ntz', '2014-12-28 06:30:45.887'],
  ["try_make_timestamp_ntz(NULL, TIME'6:30:45')", 'timestamp_ntz', 'NULL'],
  ["lower('İ')", 'string', 'i̇'],
  ["hour(TIME'23:59:58.987654')", 'int', '23'],
  ["extract(SECOND FROM TIME'23:59:58.987654')", 'decimal(8,6)', '58.987654'],
  ["date_part('M', TIME'23:59:58')", 'int', '59'],
])('%s is %s %s', async (sql, type, value) => {
  expect(await session.run(`SELECT ${sql} AS x`)).toMatchObject({ schema: `struct<x:${type}>`, rows: [value] });
});

test.each([
  ["TIMESTAMP'2020-01-01 00:00:00'"],
  ["CAST('2020-01-01' AS TIMESTAMP)"],
  ["to_timestamp('2020-01-01')"],
  ['make_timestamp(2020, 1, 1, 0, 0, 0)'],
])('%s is local where spark.sql.timestampType says so', async (sql) => {
  const answer = { schema: 'struct<x:timestamp_ntz>', rows: ['2020-01-01 00:00:00'] };
  expect(await local.run(`SELECT ${sql} AS x`)).toMatchObject(answer);
  expect(await session.run(`SELECT ${sql} AS x`)).toMatchObject({ ...answer, schema: 'struct<x:timestamp>' });
});

test.each([
  ['YYYY', 'INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION'],
  ['e', 'INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN'],
  ['n', 'INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER'],
  ['QQQQQ', 'INVALID_DATETIME_PATTERN'],
  ['yyyy-MM-dd GGGGG', 'INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION'],
])('the pattern %s is refused: %s', async (pattern, condition) => {
  await expect(session.run(`SELECT date_format(DATE'2020-01-01', '${pattern}')`)).rejects.toThrow(condition);
});

test('UTF8_BINARY that was asked for is no default', async () => {
  await session.run('CREATE TABLE explicit (a STRING COLLATE UTF8_BINARY, b STRING) USING parquet');
  expect((await session.run('SHOW CREATE TABLE explicit')).rows[0]).toContain('a STRING COLLATE UTF8_BINARY');
});
