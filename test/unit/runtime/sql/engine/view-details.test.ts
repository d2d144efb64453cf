// What is shown of views: their schema mode as the setting says, texts of temporary ones, AS SERDE.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());
/** The rows as they are: those of SqlSession are names alone. */
async function informationOf(view: string): Promise<unknown> {
  const { engine } = session;
  const parsed = engine.parse(`SHOW TABLE EXTENDED LIKE '${view}'`);
  if (parsed.tag !== 'command') throw new Error('no command');
  const [row] = await engine.rowsOf(engine.preparePlan(await engine.execute(parsed.command)));
  return row![3];
}

it('the query and the columns of a temporary view', async () => {
  await session.run('CREATE TEMPORARY VIEW tv AS SELECT 1 AS a, CAST(NULL AS STRING) AS b');
  const shown = String(await informationOf('tv'));
  expect(shown.replace(/Created Time: .*/, 'Created Time: then')).toBe(
    `Table: tv
Created Time: then
Last Access: UNKNOWN
Created By: Emberloom
Type: VIEW
View Text: SELECT 1 AS a, CAST(NULL AS STRING) AS b
View Schema Mode: BINDING
View Catalog and Namespace: spark_catalog.default
View Query Output Columns: [\`a\`, \`b\`]
Schema: root
 |-- a: integer (nullable = false)
 |-- b: string (nullable = true)

`,
  );
});

it('a view that was made while modes were off is shown as BINDING when they are on', async () => {
  session.settings['spark.sql.legacy.viewSchemaBindingMode'] = 'false';
  await session.run('CREATE VIEW off AS SELECT 1 AS a');
  expect((await session.run('SHOW CREATE TABLE off')).rows[0]).not.toContain('WITH SCHEMA');
  expect(await informationOf('off')).not.toContain('View Schema Mode');
  delete session.settings['spark.sql.legacy.viewSchemaBindingMode'];
  expect((await session.run('SHOW CREATE TABLE off AS SERDE')).rows[0]).toContain('WITH SCHEMA BINDING');
  expect(await informationOf('off')).toContain('View Schema Mode: BINDING');
  expect((await session.run('SET spark.sql.legacy.viewSchemaBindingMode')).rows).toEqual(['spark.sql.legacy.viewSchemaBindingMode\ttrue']);
});

it('a table of files has no serde, and its columns are in one database', async () => {
  await session.run('CREATE TABLE t (a INT) USING parquet');
  expect(await ourAnswer(session, 'SHOW CREATE TABLE t AS SERDE')).toMatchObject({ error: { condition: '_LEGACY_ERROR_TEMP_1273' } });
  expect(await ourAnswer(session, 'SHOW COLUMNS IN default.t FROM other')).toMatchObject({
    error: { condition: 'SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE', parameters: { namespaceA: '`other`', namespaceB: '`default`' } },
  });
});
