// Stored views over tables that changed: Spark 4.2's result files view-schema-*.sql.out and postgreSQL/create_view.sql.out say the same.
import { afterAll, beforeEach, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());
const run = async (...texts: readonly string[]) => {
  for (const text of texts) await session.run(text);
};
const made = async (mode: string, after: string, columns = '') =>
  run(
    'CREATE TABLE t (c1 INT NOT NULL, c2 INT) USING PARQUET',
    'INSERT INTO t VALUES (1, 2)',
    `CREATE OR REPLACE VIEW v${columns} ${mode} AS SELECT * FROM t`,
    'DROP TABLE t',
    ...after.split('; '),
  );
beforeEach(() => run('DROP VIEW IF EXISTS v', 'DROP TABLE IF EXISTS t'));

const WIDER = 'CREATE TABLE t (c1 BIGINT NOT NULL, c2 INT) USING PARQUET; INSERT INTO t VALUES (1, 2)';
const OTHER = "CREATE TABLE t (c1 STRING, c2 DOUBLE, c3 DATE) USING PARQUET; INSERT INTO t VALUES ('1', 2.0, DATE'2022-01-01')";
const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });

it.each<[mode: string, change: string, answer: object]>([
  ['WITH SCHEMA BINDING', WIDER, condition('CANNOT_UP_CAST_DATATYPE')],
  ['WITH SCHEMA COMPENSATION', WIDER, { schema: 'struct<c1:int,c2:int>', output: '1\t2' }],
  ['', WIDER, { schema: 'struct<c1:int,c2:int>', output: '1\t2' }],
  [
    'WITH SCHEMA COMPENSATION',
    'CREATE TABLE t (c1 MAP<INT, INT>, c2 INT) USING PARQUET',
    condition('DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION'),
  ],
  ['WITH SCHEMA TYPE EVOLUTION', OTHER, { schema: 'struct<c1:string,c2:double>', output: '1\t2.0' }],
  ['WITH SCHEMA EVOLUTION', OTHER, { schema: 'struct<c1:string,c2:double,c3:date>', output: '1\t2.0\t2022-01-01' }],
  ['WITH SCHEMA EVOLUTION', 'CREATE TABLE t (c4 INT) USING PARQUET; INSERT INTO t VALUES (7)', { schema: 'struct<c4:int>', output: '7' }],
  ['WITH SCHEMA TYPE EVOLUTION', 'CREATE TABLE t (c1 INT) USING PARQUET', condition('INCOMPATIBLE_VIEW_SCHEMA_CHANGE')],
])('a view %s, then %s', async (mode, change, answer) => {
  await made(mode, change);
  expect(await ourAnswer(session, 'SELECT * FROM v')).toEqual(answer);
});

it('with columns of its own keeps their names, and says TYPE EVOLUTION', async () => {
  await made('WITH SCHEMA EVOLUTION', OTHER, ' (a1, a2)');
  expect(await ourAnswer(session, 'SELECT * FROM v')).toEqual({ schema: 'struct<a1:string,a2:double>', output: '1\t2.0' });
  const { rows } = await session.run('DESCRIBE EXTENDED v');
  expect(rows.map((r) => r.split('\t').map((v) => v.trim()))).toEqual(expect.arrayContaining([['View Schema Mode', 'TYPE EVOLUTION', '']]));
  expect(rows.slice(0, 2).map((r) => r.split('\t').map((v) => v.trim()))).toEqual([
    ['a1', 'string', ''],
    ['a2', 'double', ''],
  ]);
});

it('another mode can be given later', async () => {
  await made('WITH SCHEMA BINDING', WIDER);
  await run('ALTER VIEW v WITH SCHEMA COMPENSATION');
  expect(await ourAnswer(session, 'SELECT * FROM v')).toEqual({ schema: 'struct<c1:int,c2:int>', output: '1\t2' });
});

it('a stored view is not over a temporary one, unless WITH gives its name', async () => {
  await run('CREATE TEMPORARY VIEW temp_table AS SELECT 1 AS id');
  for (const query of ['SELECT * FROM temp_table', 'SELECT 1 AS x WHERE EXISTS (SELECT 1 FROM temp_table)'])
    expect(await ourAnswer(session, `CREATE VIEW v AS ${query}`)).toEqual({
      error: {
        condition: 'INVALID_TEMP_OBJ_REFERENCE',
        parameters: { obj: 'VIEW', objName: '`spark_catalog`.`default`.`v`', tempObj: 'VIEW', tempObjName: '`temp_table`' },
      },
    });
  await run('CREATE VIEW v AS WITH temp_table AS (SELECT 2 AS id) SELECT * FROM temp_table');
  expect(await ourAnswer(session, 'SELECT * FROM v')).toEqual({ schema: 'struct<id:int>', output: '2' });
});
