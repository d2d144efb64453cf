// Commands, one after the other in one session: results and errors as Spark 4.0.1 gave them (test/fixtures/sql/commands/commands.json); the
// collations in SHOW CREATE TABLE and the refusals of UPDATE and MERGE are of 4.2.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runSql, sqlEngine } from '../../../../helpers/sql.ts';

type Expected = {
  readonly sql: string;
  readonly columns?: string;
  readonly rows?: readonly (readonly unknown[])[];
  readonly error?: { readonly condition?: string; readonly message: string };
};
const folder = mkdtempSync(join(tmpdir(), 'commands-'));
const warehouse = join(folder, 'wh');
const statements = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../fixtures/sql/commands/commands.json'), 'utf8')
    .replaceAll('{warehouse}', warehouse)
    .replaceAll('{folder}', folder),
) as Expected[];
const engine = sqlEngine({ 'spark.sql.warehouse.dir': warehouse });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** Of these our own is said, or nothing that stays the same. */
const OWN = ['Created Time', 'Created By', 'Statistics', 'Owner'];
const sorted = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((r) => JSON.stringify(r, (_, v) => (typeof v === 'bigint' ? Number(v) : v))).sort();
/** Rows of tables come in no order; those of commands do. Spark 4.2 says a text's collation in SHOW CREATE TABLE, 4.0 did not. */
const comparable = (sql: string, rows: readonly (readonly unknown[])[]): unknown =>
  /^show create/i.test(sql)
    ? rows.map(([text]) => String(text).replaceAll(' COLLATE UTF8_BINARY', ''))
    : /^select/i.test(sql)
      ? sorted(rows)
      : rows.filter((r) => !OWN.includes(String(r[0])));

describe('commands in a row', () => {
  it.each(statements)('$sql', async ({ sql, columns, rows, error }) => {
    if (error !== undefined) {
      await expect(runSql(engine, sql)).rejects.toMatchObject({
        ...(error.condition !== undefined && { condition: error.condition }),
        message: expect.stringContaining(error.message),
      });
      return;
    }
    const answer = await runSql(engine, sql);
    expect(`struct<${answer.columns.map((c, i) => `${c}:${answer.types[i]}`).join(',')}>`).toBe(columns);
    expect(comparable(sql, answer.rows)).toEqual(comparable(sql, rows!));
  });
});
