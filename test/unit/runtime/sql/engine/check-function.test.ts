// What CREATE FUNCTION refuses of a body, as Spark 4.2's sql-udf.sql.out has it.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());
const done = { schema: 'struct<>', output: '' };
const refused = (condition: string, parameters: object = {}) => ({ error: { condition, parameters } });
const cyclic = (...path: readonly string[]) =>
  refused('CYCLIC_FUNCTION_REFERENCE', { path: path.map((f) => `spark_catalog.default.${f}`).join(' -> ') });
const temporary = (tempObj: string, tempObjName: string) =>
  refused('INVALID_TEMP_OBJ_REFERENCE', { obj: 'FUNCTION', objName: '`default`.`d`', tempObj, tempObjName });
const NO_DATA = refused('INVALID_SQL_FUNCTION_DATA_ACCESS');

it('its functions, tables and what it says of data, in a row', async () => {
  const statements: readonly (readonly [string, object])[] = [
    ['CREATE TABLE t1 (c1 INT, c2 INT) USING parquet', done],
    ['CREATE TEMPORARY VIEW t AS SELECT 1 AS a', done],
    // Not itself, through others.
    ['CREATE FUNCTION a(x INT) RETURNS INT RETURN x', done],
    ['CREATE FUNCTION b(x INT) RETURNS INT RETURN a(x)', done],
    ['CREATE FUNCTION c(x INT) RETURNS TABLE (v INT) RETURN SELECT b(x)', done],
    ['CREATE OR REPLACE FUNCTION a(x INT) RETURNS INT RETURN B(x)', cyclic('a', 'b', 'a')],
    ['CREATE OR REPLACE FUNCTION a(x INT) RETURNS INT RETURN SELECT SUM(v) FROM c(x)', cyclic('a', 'c', 'b', 'a')],
    // A stored one not over what ends with the session.
    ['CREATE TEMPORARY FUNCTION g(x INT) RETURNS INT RETURN (SELECT SUM(a) FROM t)', done],
    ['CREATE FUNCTION d(x INT) RETURNS INT RETURN g(x)', temporary('FUNCTION', '`g`')],
    ['CREATE FUNCTION d(x INT) RETURNS TABLE (a INT) RETURN SELECT a FROM t', temporary('VIEW', '`t`')],
    // CONTAINS SQL reads nothing.
    ['CREATE FUNCTION r(x INT) RETURNS INT READS SQL DATA RETURN x', done],
    ['CREATE FUNCTION i(x INT) RETURNS TABLE (a INT) RETURN SELECT c1 FROM t1', done],
    ['CREATE FUNCTION f(x INT) RETURNS INT CONTAINS SQL RETURN (SELECT COUNT(*) FROM VALUES (0, 1))', done],
    ['CREATE FUNCTION h(x INT) RETURNS INT CONTAINS SQL RETURN 1 + (SELECT SUM(c2) FROM t1)', NO_DATA],
    ['CREATE FUNCTION h(x INT) RETURNS INT CONTAINS SQL RETURN r(x) + 1', NO_DATA],
    ['CREATE FUNCTION h(x INT) RETURNS TABLE (a INT) CONTAINS SQL RETURN SELECT * FROM i(x)', NO_DATA],
    ['CREATE FUNCTION h(x INT) RETURNS TABLE (a INT) CONTAINS SQL RETURN WITH t1 AS (SELECT x AS y) SELECT y FROM t1', done],
    ['SELECT * FROM h(3)', { schema: 'struct<a:int>', output: '3' }],
  ];
  for (const [statement, answer] of statements) expect([statement, await ourAnswer(session, statement)]).toEqual([statement, answer]);
});
