// Joins, set operations, groups, subqueries, CTEs, windows, pivots: schema with nullability, rows, conditions with parameters, as a real Spark
// 4.0.1 answers them (test/fixtures/sql/relations.json; `!` means that a column is not nullable).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { outputOf } from '../../../../../src/runtime/sql/logical/plans.ts';
import { simpleString } from '../../../../../src/runtime/sql/types/type-names.ts';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';

type Fact = {
  readonly sql: string;
  readonly schema?: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly condition?: string;
  readonly parameters?: Readonly<Record<string, string>>;
};

const facts = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../fixtures/sql/relations.json'), 'utf8')) as Fact[];
const engine = sqlEngine();
afterAll(() => engine.close());

async function schemaOf(sql: string): Promise<string[]> {
  const plan = engine.parse(sql);
  if (plan.tag !== 'relation') throw new Error(`not a query: ${sql}`);
  return outputOf(await engine.analyze(plan.relation)).map((a) => `${a.name}:${simpleString(a.dataType)}${a.nullable ? '' : '!'}`);
}

/** Rows in no order unless the query says one. */
const inOrder = (sql: string, rows: readonly (readonly (string | null)[])[]) =>
  / ORDER BY [^)]*$/.test(sql) ? rows : rows.map((r) => JSON.stringify(r)).sort();

describe('relations', () => {
  it.each(facts.filter((f) => f.schema !== undefined))('$sql', async ({ sql, schema, rows }) => {
    expect(await schemaOf(sql)).toEqual(schema);
    const answer = await answerOf(engine, sql);
    const texts = answer.rows.map((row) => row.map((v) => (v === null ? null : String(v))));
    expect(inOrder(sql, texts)).toEqual(inOrder(sql, rows!));
  });
});

describe('what is refused', () => {
  it.each(facts.filter((f) => f.condition !== undefined))('$sql', async ({ sql, condition, parameters }) => {
    await expect((async () => answerOf(engine, sql))()).rejects.toMatchObject({ condition, messageParameters: parameters });
  });
});
