// What Spark 4.2's result files say of statements that the kernel refused in its own words, or that had another answer: joins that refer to the
// query around, generators above groups, frames of windows, arguments that must be constants, zones of the session.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());
const refused = (condition: string, parameters: object = {}) => ({ error: { condition, parameters } });
const T1 = '(VALUES (0, 1), (1, 2)) t1(a, b)';
const T2 = '(VALUES (0, 2), (0, 3)) t2(a, b)';
const T4 = '(VALUES (0, 1), (0, 2), (1, 1), (1, 3)) t4(a, b)';
const LEFT = '0\t1\t0\t1\t0\t2\n0\t1\t0\t1\t0\t3\n0\t1\t0\t2\t0\t2\n0\t1\t0\t2\t0\t3\n0\t1\t1\t1\tNULL\tNULL\n0\t1\t1\t3\tNULL\tNULL';
const NONE = '1\t2\t0\t1\tNULL\tNULL\n1\t2\t0\t2\tNULL\tNULL\n1\t2\t1\t1\tNULL\tNULL\n1\t2\t1\t3\tNULL\tNULL';

it.each<[string, object]>([
  [
    `SELECT * FROM ${T1} LEFT JOIN LATERAL (SELECT * FROM ${T4} LEFT JOIN ${T2} ON t2.a = t4.a AND t2.a = t1.a) ORDER BY ALL`,
    { schema: 'struct<a:int,b:int,a:int,b:int,a:int,b:int>', output: `${LEFT}\n${NONE}` },
  ],
  [
    `SELECT * FROM ${T1} LEFT JOIN LATERAL (SELECT t4.a c, t4.b d, t2.a e, t2.b f FROM ${T2} RIGHT JOIN ${T4} ON t2.a = t4.a AND t2.a = t1.a) ORDER BY ALL`,
    { schema: 'struct<a:int,b:int,c:int,d:int,e:int,f:int>', output: `${LEFT}\n${NONE}` },
  ],
  [
    `SELECT * FROM ${T1} JOIN LATERAL (SELECT sum(a) s FROM (SELECT * FROM ${T2} WHERE t2.a <= t1.a) l LEFT SEMI JOIN ${T4} ON l.a <=> t4.a AND l.b <=> t4.b) ORDER BY ALL`,
    { schema: 'struct<a:int,b:int,s:bigint>', output: '0\t1\t0\n1\t2\t0' },
  ],
  [
    `SELECT * FROM ${T1} JOIN ${T2} ON t1.a = t2.a AND EXISTS (SELECT * FROM ${T4} WHERE t4.b = t1.b AND t4.b = t2.b)`,
    refused('UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_EXPRESSION_IN_JOIN_CONDITION', {
      subqueryExpression: 'exists(b, b)',
    }),
  ],
  ['SELECT typeof(sum(id)) FROM range(5)', { schema: 'struct<typeof(sum(id)):string>', output: 'bigint' }],
  [
    "SELECT explode(collect_list(a)) AS package FROM (VALUES ('a'), ('b')) AS t(a) GROUP BY ALL HAVING package IN ('a')",
    { schema: 'struct<package:string>', output: 'a' },
  ],
  [
    "SELECT explode(packages) AS package FROM (VALUES (array('a', 'b'))) AS t(packages) GROUP BY ALL HAVING package IN ('a')",
    { schema: 'struct<package:string>', output: 'a' },
  ],
  [
    "SELECT sum(id) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND 'NaN' FOLLOWING) FROM range(3)",
    refused('CAST_INVALID_INPUT', {
      expression: "'NaN'",
      sourceType: '"STRING"',
      targetType: '"BIGINT"',
    }),
  ],
  [
    'SELECT count(*) OVER (ORDER BY true DESC RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING)',
    refused('DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE', {
      expectedType: '("NUMERIC" or "INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH" or "INTERVAL")',
      exprType: '"BOOLEAN"',
      location: 'upper',
      sqlExpr: '"RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING"',
    }),
  ],
  [
    "SELECT count(*) OVER (ORDER BY TIMESTAMP '2017-12-11 09:30:00' DESC RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING)",
    refused('DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE', {
      orderSpecType: '"TIMESTAMP"',
      sqlExpr: `"(ORDER BY TIMESTAMP '2017-12-11 09:30:00' DESC NULLS LAST RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING)"`,
      valueBoundaryType: '"INT"',
    }),
  ],
  [
    'SELECT percentile_cont(b) WITHIN GROUP (ORDER BY a DESC) FROM VALUES (12, 0.25D) AS v(a, b)',
    refused('DATATYPE_MISMATCH.NON_FOLDABLE_INPUT', {
      inputExpr: '"b"',
      inputName: '`percentage`',
      inputType: '"DOUBLE"',
      sqlExpr: '"percentile_cont(a, b)"',
    }),
  ],
  [
    'SELECT percentile_approx(a, array(0.5, 1 - 0.2)) AS p FROM VALUES (12), (13), (22) AS v(a)',
    { schema: 'struct<p:array<int>>', output: '[13,22]' },
  ],
  ['SELECT array_sort(array(3, 1, 2), 1) AS a', { schema: 'struct<a:array<int>>', output: '[3,1,2]' }],
  [
    'SELECT array_sort(array(3, 1, 2), array(0))',
    refused('DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE', {
      actualType: '"ARRAY<INT>"',
      expectedType: '"INT"',
      functionName: '`lambdafunction`',
      sqlExpr: '"array_sort(array(3, 1, 2), lambdafunction(array(0), namedlambdavariable(), namedlambdavariable()))"',
    }),
  ],
  [
    "SELECT format_string('%0$s', 'Hello')",
    refused('INVALID_PARAMETER_VALUE.ZERO_INDEX', { functionName: '`format_string`', parameter: '`strfmt`' }),
  ],
  [
    'SELECT id, rank() OVER (ORDER BY id) FROM range(2) QUALIFY count(1) > 1',
    refused('QUALIFY_AGGREGATE_NOT_ALLOWED', { aggregateExpr: '"count(1)"' }),
  ],
  ['SELECT id FROM range(2) QUALIFY id = 1', refused('QUALIFY_REQUIRES_WINDOW_FUNCTION')],
  ["SELECT to_timestamp('294248', 'y')", refused('DATETIME_OVERFLOW', { operation: 'the timestamp of a text' })],
  ["SELECT to_timestamp('100', 'DD') AS t", { schema: 'struct<t:timestamp>', output: '1970-04-10 00:00:00' }],
  [
    "SET TIME ZONE 'invalid/zone'",
    refused('INVALID_CONF_VALUE.TIME_ZONE', { confName: 'spark.sql.session.timeZone', confValue: 'invalid/zone' }),
  ],
  [
    "SELECT '2017-12-11' + INTERVAL 2 DAY AS a, INTERVAL 2 DAY + '2017-12-11 09:30:00' AS b, '2020-01-01' - INTERVAL 3 HOURS AS c",
    { schema: 'struct<a:string,b:string,c:string>', output: '2017-12-13 00:00:00\t2017-12-13 09:30:00\t2019-12-31 21:00:00' },
  ],
  [
    "SELECT '4 11:11' - INTERVAL '4 22:12' DAY TO MINUTE",
    refused('CAST_INVALID_INPUT', { expression: "'4 11:11'", sourceType: '"STRING"', targetType: '"TIMESTAMP"' }),
  ],
  [
    "SELECT DATE '2011-11-11' + '1'",
    refused('DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE', {
      inputSql: '"1"',
      inputType: '"DATE"',
      paramIndex: 'second',
      requiredType: '("INT" or "SMALLINT" or "TINYINT")',
      sqlExpr: `"date_add(DATE '2011-11-11', 1)"`,
    }),
  ],
  [
    "SELECT CAST('epoch' AS DATE), CAST('today' AS DATE) = current_date() AS b",
    { schema: 'struct<CAST(epoch AS DATE):date,b:boolean>', output: '1970-01-01\ttrue' },
  ],
  ['SELECT sum(1 / id) FILTER (WHERE id > 0) AS s FROM range(3)', { schema: 'struct<s:double>', output: '1.5' }],
  [
    'SELECT int(-2147483648) % int(-1) AS a, pmod(bigint(-9223372036854775808), -1) AS b',
    { schema: 'struct<a:int,b:bigint>', output: '0\t0' },
  ],
  ["SELECT date_part(null, DATE '2020-01-01') AS d", { schema: 'struct<d:double>', output: 'NULL' }],
  ['SELECT c.a, c[0] FROM (SELECT null AS c)', { schema: 'struct<a:void,c[0]:void>', output: 'NULL\tNULL' }],
  ['FROM range(3) |> SELECT sum(id) AS s', { schema: 'struct<s:bigint>', output: '3' }],
  [
    'SELECT count() FROM range(3)',
    refused('WRONG_NUM_ARGS.WITH_SUGGESTION', {
      actualNum: '0',
      expectedNum: ' >= 1',
      functionName: '`count`',
      legacyConfKey: '"spark.sql.legacy.allowParameterlessCount"',
      legacyConfValue: '"true"',
      legacyNum: '0',
    }),
  ],
  ['SELECT raise_error(NULL)', refused('USER_RAISED_EXCEPTION', { errorMessage: 'null' })],
  [
    'SELECT * FROM range(5) LIMIT CAST(NULL AS INT)',
    refused('INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL', { expr: '"CAST(NULL AS INT)"', name: 'limit' }),
  ],
  [
    `SELECT json_tuple('{"a": 1}', 1)`,
    refused('DATATYPE_MISMATCH.NON_STRING_TYPE', { funcName: '`json_tuple`', sqlExpr: '"json_tuple({"a": 1}, 1)"' }),
  ],
  [
    'SELECT a, (SELECT approx_count_distinct(b) FROM VALUES (1, 2) t(x, b) WHERE x = a) AS n FROM VALUES (1), (3) s(a)',
    { schema: 'struct<a:int,n:bigint>', output: '1\t1\n3\t0' },
  ],
  ["SELECT count(*) AS n FROM sql_keywords() WHERE keyword IN ('TEMP', 'RLIKE', 'TABLE')", { schema: 'struct<n:bigint>', output: '1' }],
])('%s', async (text, expected) => {
  expect(await ourAnswer(session, text)).toMatchObject(expected);
});

it('gives a function in SQL the aggregates of its caller', async () => {
  await session.run('CREATE TEMPORARY FUNCTION twice(x BIGINT) RETURNS BIGINT RETURN SELECT x + x');
  const answer = await ourAnswer(session, `SELECT b, twice(sum(a) + rand(0) * 0) AS s FROM ${T4} GROUP BY b ORDER BY b`);
  expect(answer).toMatchObject({ output: '1\t2\n2\t0\n3\t2' });
});

it('counts offsets of whole hours as time zones, and refuses those with minutes', async () => {
  const own = new SqlSession();
  const hourAt = async (zone: string) => {
    await own.run(`SET TIME ZONE ${zone}`);
    return (await own.run("SELECT hour(TIMESTAMP '2020-01-01 00:00:00Z'), current_timezone()")).rows;
  };
  expect(await hourAt("'GMT+1'")).toEqual(['1\tGMT+1']);
  expect(await hourAt('INTERVAL 10 HOURS')).toEqual(['10\t+10:00']);
  await expect(hourAt("'UTC+05:30'")).rejects.toThrow('The session time zone UTC+05:30');
  await own.close();
});

it('gives texts of tables, schemas and views their DEFAULT COLLATION', async () => {
  const own = new SqlSession();
  const rows = async (text: string) => (await own.run(text)).rows;
  await own.run('CREATE TABLE t (a STRING, b STRING COLLATE UTF8_BINARY) DEFAULT COLLATION UTF8_LCASE');
  await own.run("INSERT INTO t VALUES ('x', 'x'), ('X', 'X')");
  await own.run('ALTER TABLE t ADD COLUMNS (c STRING)');
  expect(await rows("SELECT count_if(a = 'x'), count_if(b = 'x') FROM t")).toEqual(['2\t1']);
  expect(await rows('SELECT DISTINCT collation(a), collation(b), collation(c) FROM t')).toEqual([
    'SYSTEM.BUILTIN.UTF8_LCASE\tSYSTEM.BUILTIN.UTF8_BINARY\tSYSTEM.BUILTIN.UTF8_LCASE',
  ]);
  expect((await rows('SHOW CREATE TABLE t')).join()).toContain('USING parquet\nDEFAULT COLLATION UTF8_LCASE\n');
  await own.run("CREATE VIEW v DEFAULT COLLATION UNICODE_CI AS SELECT 'a' AS c, CAST(1 AS STRING) AS d");
  expect(await rows("SELECT collation(c), collation(d), c = 'A' FROM v")).toEqual([
    'SYSTEM.BUILTIN.UNICODE_CI\tSYSTEM.BUILTIN.UNICODE_CI\ttrue',
  ]);
  await own.run("ALTER VIEW v AS SELECT 'b' AS e WHERE 'x' = 'X'");
  expect(await rows("SELECT collation(e) FROM v WHERE e = 'B'")).toEqual(['SYSTEM.BUILTIN.UNICODE_CI']);
  await own.run('CREATE SCHEMA s DEFAULT COLLATION UNICODE_CI');
  await own.run('CREATE TABLE s.t (a STRING)');
  expect((await rows('SHOW CREATE TABLE s.t')).join()).toContain('a STRING COLLATE UNICODE_CI');
  await own.close();
});
