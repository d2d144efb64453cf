// Where functions of the kernel answer otherwise than Java and Spark do. Answers are those of Spark 4.2's SQL tests and of a real Spark 4.0.1.
import { afterAll, expect, test } from 'vitest';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
const lenient = new SqlSession({ 'spark.sql.ansi.enabled': 'false', 'spark.sql.legacy.negativeIndexInArrayInsert': 'true' });
afterAll(async () => {
  await session.close();
  await lenient.close();
});

test.each([
  [
    "SELECT power(1, double('NaN')), power(-1, double('inf')), pow(CAST(NULL AS DOUBLE), double('NaN')), pow(2, 0.5)",
    'NaN\tNaN\tNULL\t1.4142135623730951',
  ],
  [
    "SELECT to_char(0, '999.99'), to_char(0.5, '99.9'), to_char(0, '999'), to_char(-12, '999'), to_char(12, '999PR')",
    '  0.00\t 0.5\t   \t 12\t 12  ',
  ],
  ['SELECT map_zip_with(map(1Y, 2), map(1L, 3), (k, v, w) -> typeof(k))', '{1:"bigint"}'],
  ["SELECT avg(x), sum(x) FROM VALUES (TIMESTAMP'1970-01-01 00:00:00Z'), (TIMESTAMP'1970-01-01 00:00:01Z') AS t(x)", '0.5\t1.0'],
  ["SELECT try_avg(x) FROM VALUES (INTERVAL '2147483647' MONTH), (INTERVAL '1' MONTH) AS t(x)", 'NULL'],
  ["SELECT typeof(DATE'2011-11-11' + NULL), NULL + TIMESTAMP'2011-11-11 11:11:11'", 'timestamp\tNULL'],
  [
    "SELECT try_to_binary('abcd=', 'base64'), hex(try_to_binary('YWI=', 'base64')), hex(try_to_binary('YWI', 'base64'))",
    'NULL\t6162\t6162',
  ],
  ["SELECT to_csv(struct(1, X'4561'))", '1,Ea'],
  ['SELECT typeof(ceil(5, 0)), typeof(floor(-35L, -1))', 'decimal(11,0)\tdecimal(21,0)'],
  [
    "SELECT date_format(TIMESTAMP'1969-12-31 15:00:00', 'z zzzz'), date_format(TIMESTAMP'1960-07-01 00:00:00', 'z')",
    'PST Pacific Standard Time\tPDT',
  ],
  ["SELECT date_format(TIMESTAMP'1582-05-31 19:40:35', 'ZZZZ ZZZZZ O')", 'GMT-07:52:58 -07:52:58 GMT-7:52:58'],
  ['SELECT count(*) FROM sql_keywords() WHERE reserved', '0'],
])('%s', async (sql, row) => {
  expect((await session.run(sql)).rows).toEqual([row]);
});

test.each([
  ["SELECT conv('-9223372036854775807', 36, 10), conv('-15', 10, 16)", '18446744073709551615\tFFFFFFFFFFFFFFF1'],
  ['SELECT size(CAST(NULL AS ARRAY<INT>)), cardinality(CAST(NULL AS MAP<INT, INT>)), size(array(1))', '-1\t-1\t1'],
  ['SELECT array_insert(array(1, 3, 4), -2, 2), array_insert(array(2, 3, NULL, 4), -5, 1)', '[1,2,3,4]\t[1,null,2,3,null,4]'],
])('outside of ANSI mode: %s', async (sql, row) => {
  expect((await lenient.run(sql)).rows).toEqual([row]);
});
