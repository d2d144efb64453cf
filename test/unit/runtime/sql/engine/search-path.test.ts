// SET PATH and what names mean by it: statements in order, as Spark 4.2's sql-path.sql has them, and cases of our own.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession({ 'spark.sql.path.enabled': 'true' });
afterAll(() => session.close());

const nothing = { schema: 'struct<>', output: '' };
const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });
const value = (schema: string, output: string) => ({ schema: `struct<${schema}>`, output });

it.each<[string, object]>([
  ['SELECT current_path()', value('current_path():string', 'system.builtin,system.session,spark_catalog.default')],
  ['SET PATH = Spark_Catalog.Default, System.Builtin', nothing],
  ['SELECT CURRENT_PATH AS p', value('p:string', 'Spark_Catalog.Default,System.Builtin')],
  ['SET PATH = PATH, spark_catalog.`a.b`', nothing],
  ['SELECT current_path() AS p', value('p:string', 'Spark_Catalog.Default,System.Builtin,spark_catalog.`a.b`')],
  ['SET PATH = current_database, current_schema', condition('DUPLICATE_SQL_PATH_ENTRY')],
  ['SET PATH = no_catalog', condition('INVALID_SQL_PATH_SCHEMA_REFERENCE')],
  ['SET spark.sql.defaultPath = PATH, system.builtin', condition('INVALID_CONF_VALUE.REQUIREMENT')],
  ['CREATE SCHEMA a', nothing],
  ['CREATE SCHEMA b', nothing],
  ['CREATE TABLE a.t USING parquet AS SELECT 1 AS id', nothing],
  ['CREATE TABLE b.t USING parquet AS SELECT 2 AS id', nothing],
  ['CREATE FUNCTION a.f() RETURNS INT RETURN (SELECT max(id) FROM a.t)', nothing],
  ['CREATE FUNCTION b.f() RETURNS INT RETURN 11', nothing],
  // A function of one's own before one of ours, where the path says so.
  ["CREATE FUNCTION b.upper(s STRING) RETURNS STRING RETURN 'mine'", nothing],
  ['SET PATH = spark_catalog.a, system.builtin, spark_catalog.b', nothing],
  ["SELECT id, f() AS f, upper('x') AS u FROM t", value('id:int,f:int,u:string', '1\t1\tX')],
  ['CREATE VIEW default.v AS SELECT id, f() AS f, current_schema() AS s FROM t', nothing],
  ['CREATE FUNCTION default.g() RETURNS INT RETURN (SELECT max(id) FROM t)', nothing],
  ['SET PATH = spark_catalog.b, system.builtin', nothing],
  ["SELECT id, f() AS f, upper('x') AS u FROM t", value('id:int,f:int,u:string', '2\t11\tmine')],
  // Where names of a view and of a function are looked up stays; the session is the caller's.
  ['USE b', nothing],
  ['SELECT * FROM default.v', value('id:int,f:int,s:string', '1\t1\tb')],
  ['SELECT default.g() AS g', value('g:int', '1')],
  ['INSERT INTO t VALUES (7)', nothing],
  ['SELECT count(*) AS n FROM b.t', value('n:bigint', '2')],
  // What ends with the session is found where the path has it, or by its whole name.
  ['CREATE TEMPORARY VIEW mine AS SELECT 5 AS x', nothing],
  ['CREATE TEMPORARY FUNCTION own() RETURNS INT RETURN 6', nothing],
  ['SELECT * FROM mine', condition('TABLE_OR_VIEW_NOT_FOUND')],
  ['SELECT own()', condition('UNRESOLVED_ROUTINE')],
  ['SELECT x, session.own() AS o FROM session.mine', value('x:int,o:int', '5\t6')],
  ['SET PATH = DEFAULT_PATH', nothing],
  ['SELECT x, own() AS o FROM mine', value('x:int,o:int', '5\t6')],
  ['DROP SCHEMA a CASCADE', nothing],
  ['SELECT a.f()', condition('UNRESOLVED_ROUTINE')],
  ['SET spark.sql.path.enabled = false', value('key:string,value:string', 'spark.sql.path.enabled\tfalse')],
  ['SET PATH = spark_catalog.default', condition('UNSUPPORTED_FEATURE.SET_PATH_WHEN_DISABLED')],
])('%s', async (text, expected) => {
  expect(await ourAnswer(session, text)).toEqual(expected);
});
