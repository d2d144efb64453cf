// Functions in SQL that are kept in the catalogue: another session has them, and they mean there what they meant when they were made.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const warehouse = mkdtempSync(join(tmpdir(), 'functions-'));
const sessions = [1, 2].map(() => new SqlSession({ 'spark.sql.warehouse.dir': warehouse })) as [SqlSession, SqlSession];
const [maker, user] = sessions;
afterAll(async () => {
  for (const session of sessions) await session.close();
  rmSync(warehouse, { recursive: true });
});
const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });

it('another session calls them, and sees what they are', async () => {
  await maker.run("CREATE FUNCTION plus(x INT COMMENT 'the x', y INT DEFAULT 2) RETURNS INT COMMENT 'adds' RETURN x + y");
  await maker.run('CREATE FUNCTION both(x INT) RETURNS TABLE(a INT, b STRING) READS SQL DATA RETURN SELECT x, concat(x, "!")');
  expect((await user.run('SELECT plus(1) AS a, default.plus(y => 5, x => 1) AS b')).rows).toEqual(['3\t6']);
  expect((await user.run('SELECT * FROM both(4)')).rows).toEqual(['4\t4!']);
  expect((await user.run('SHOW USER FUNCTIONS')).rows).toEqual(['spark_catalog.default.both', 'spark_catalog.default.plus']);
  const { rows } = await user.run('DESCRIBE FUNCTION EXTENDED plus');
  expect(rows.slice(0, 2)).toEqual(['Function: spark_catalog.default.plus', 'Class: sqlFunction.']);
  expect(JSON.parse(rows[2]!.replace('Usage: ', ''))).toMatchObject({
    'sqlFunction.comment': 'adds',
    'sqlFunction.expression': 'x + y',
    'sqlFunction.inputParam': "x INT COMMENT 'the x', y INT DEFAULT 2",
    'sqlFunction.returnType': 'INT',
  });
});

it('one that is replaced or dropped elsewhere is so here', async () => {
  await maker.run('CREATE FUNCTION now_one() RETURN 1');
  expect((await user.run('SELECT now_one() AS n')).rows).toEqual(['1']);
  await maker.run('CREATE OR REPLACE FUNCTION now_one() RETURN 2');
  expect((await user.run('SELECT now_one() AS n')).rows).toEqual(['2']);
  await maker.run('DROP FUNCTION now_one');
  expect(await ourAnswer(user, 'SELECT now_one()')).toEqual(condition('UNRESOLVED_ROUTINE'));
});

it('a database with functions is not empty', async () => {
  await maker.run('CREATE DATABASE full');
  await maker.run('CREATE FUNCTION full.f() RETURN 1');
  expect(await ourAnswer(maker, 'DROP DATABASE full')).toEqual(condition('SCHEMA_NOT_EMPTY'));
  await maker.run('DROP DATABASE full CASCADE');
  expect(await ourAnswer(maker, 'CREATE FUNCTION full.f() RETURN 1')).toEqual(condition('SCHEMA_NOT_FOUND'));
});

it.each([
  ['CREATE FUNCTION bad() RETURNS INT RETURN nope', 'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION'],
  ['CREATE FUNCTION bad(a INT) RETURNS INT RETURN b', 'UNRESOLVED_COLUMN.WITH_SUGGESTION'],
  ['CREATE FUNCTION bad(a INT) RETURNS INT RETURN sum(a)', 'USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS'],
  ['CREATE FUNCTION bad(a INT DEFAULT (SELECT 1)) RETURN a', 'USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_EXPRESSION'],
  ['CREATE FUNCTION bad() RETURNS TABLE(a INT) RETURN SELECT 1, 2', 'USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH'],
  ['CREATE FUNCTION bad() RETURNS TABLE(a INT) RETURN 1', 'USER_DEFINED_FUNCTIONS.SQL_TABLE_UDF_BODY_MUST_BE_A_QUERY'],
  ['CREATE FUNCTION bad(a INT) RETURNS INT RETURN 1 + (SELECT (SELECT a))', 'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION'],
])('%s: %s', async (text, name) => {
  expect(await ourAnswer(maker, text)).toEqual(condition(name));
});
