// Variables, EXECUTE IMMEDIATE, functions in SQL and functions on TIME: statements in order, each with what Spark 4.2's result files say of it.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

const nothing = { schema: 'struct<>', output: '' };
const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });

it.each<[string, object]>([
  ['DECLARE var1 INT = 5', nothing],
  ['DECLARE var1 INT', condition('VARIABLE_ALREADY_EXISTS')],
  ['SELECT var1, session.var1 + 1 AS next', { schema: 'struct<var1:int,next:int>', output: '5\t6' }],
  ['SET VARIABLE var1 = (SELECT max(id) FROM range(4))', nothing],
  ['SELECT var1', { schema: 'struct<var1:int>', output: '3' }],
  ['SET VAR var1 = DEFAULT', nothing],
  ['SELECT var1', { schema: 'struct<var1:int>', output: '5' }],
  ['SET VAR (var1) = (SELECT id FROM range(2))', condition('ROW_SUBQUERY_TOO_MANY_ROWS')],
  ['SET VAR var1 = 1, vAr1 = 1', condition('DUPLICATE_ASSIGNMENTS')],
  ['SET VAR ses.var1 = 1', condition('UNRESOLVED_VARIABLE')],
  ["EXECUTE IMMEDIATE 'SELECT id FROM range(9) WHERE id > ? AND id < ?' INTO var1 USING 6, 8", nothing],
  ['SELECT var1', { schema: 'struct<var1:int>', output: '7' }],
  ["EXECUTE IMMEDIATE 'SELECT :p AS p' USING var1 AS p", { schema: 'struct<p:int>', output: '7' }],
  ["EXECUTE IMMEDIATE 'SELECT :p, ?' USING 1 AS p", condition('INVALID_QUERY_MIXED_QUERY_PARAMETERS')],
  ['EXECUTE IMMEDIATE 5', condition('INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE')],
  ['DROP TEMPORARY VARIABLE var1', nothing],
  ['DROP TEMPORARY VARIABLE var1', condition('VARIABLE_NOT_FOUND')],
  ['CREATE FUNCTION foo1d1(a INT DEFAULT 10) RETURNS INT RETURN a', nothing],
  [
    'SELECT foo1d1(5), foo1d1()',
    { schema: 'struct<spark_catalog.default.foo1d1(5):int,spark_catalog.default.foo1d1():int>', output: '5\t10' },
  ],
  ['SELECT foo1d1(1, 2)', condition('WRONG_NUM_ARGS.WITHOUT_SUGGESTION')],
  ['CREATE FUNCTION foo1b1(a INT) RETURNS TABLE (c1 INT) RETURN SELECT a + 1', nothing],
  ['SELECT * FROM foo1b1(1)', { schema: 'struct<c1:int>', output: '2' }],
  ['SELECT foo1b1(1)', condition('NOT_A_SCALAR_FUNCTION')],
  ['DROP FUNCTION foo1b1', nothing],
  ['DROP FUNCTION foo1b1', condition('ROUTINE_NOT_FOUND')],
  [
    "SELECT time_trunc('MINUTE', TIME'12:34:56.1')",
    { schema: "struct<time_trunc(MINUTE, TIME '12:34:56.1'):time(6)>", output: '12:34:00' },
  ],
  ["SELECT time_trunc('DAY', TIME'12:34:56')", condition('INVALID_PARAMETER_VALUE.TIME_UNIT')],
  ["SELECT time_diff('HOUR', TIME'12:34:56', TIME'01:02:03') AS h", { schema: 'struct<h:bigint>', output: '-11' }],
  ['SELECT make_time(1, 18, 19.87) AS t', { schema: 'struct<t:time(6)>', output: '01:18:19.87' }],
  ['SELECT make_time(1, 60, 19.87)', condition('DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION')],
  [
    "SELECT time_bucket(INTERVAL '1' MONTH, TIMESTAMP '2024-03-01 12:00:00', TIMESTAMP '1970-01-31 00:00:00') AS b",
    { schema: 'struct<b:timestamp>', output: '2024-02-29 00:00:00' },
  ],
])('%s', async (text, expected) => {
  expect(await ourAnswer(session, text)).toEqual(expected);
});
