// Text files that are damaged, odd or against their schema, with each mode: what Spark 4.0.1 makes of the same bytes (test/fixtures/sql/bad-input.json).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { outputOf } from '../../../../../src/runtime/sql/logical/plans.ts';
import { parseExpression } from '../../../../../src/runtime/sql/parser/parse.ts';
import type { Relation } from '../../../../../src/runtime/sql/plan/relations.ts';
import { simpleString } from '../../../../../src/runtime/sql/types/type-names.ts';
import { relationAnswer, sqlEngine } from '../../../../helpers/sql.ts';

type Asked = {
  readonly format: string;
  readonly options: Readonly<Record<string, string>>;
  /** Base64. */
  readonly content: string;
  readonly schema?: string;
  readonly types?: string;
  /** As JSON. */
  readonly rows?: readonly string[];
  readonly error?: string;
};
const asked = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../../fixtures/sql/bad-input.json'), 'utf8')) as Asked[];
/** By their place in the fixture; docs/SQL.md says why. */
const DIFFERENT = new Set([
  181, // a name twice in an object, with a schema: the first value here, the last that fits there
  183,
  184,
  185,
  186,
  187, // a name twice in an inner object
  188, // a map has each key once
  196, // half of a surrogate pair as UTF-8: a corrupt record here, `?` there
  199, // decimals with exponents: DOUBLE here, an error about their scale there
  202,
]);

const engine = sqlEngine({ 'spark.sql.session.timeZone': 'UTC' });
const folder = mkdtempSync(path.join(tmpdir(), 'bad-input-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function answer({ format, options, content, schema }: Asked, n: number): Promise<Pick<Asked, 'types' | 'rows' | 'error'>> {
  const file = path.join(folder, String(n));
  writeFileSync(file, Buffer.from(content, 'base64'));
  const dataSource = { format, paths: [file], options, predicates: [], ...(schema !== undefined && { schema }) };
  const source: Relation = { kind: 'read', dataSource };
  try {
    const output = outputOf(await engine.analyze(source));
    const types = output.map((a) => `${a.name}:${simpleString(a.dataType)}`).join(' ');
    const json = parseExpression("to_json(struct(*), map('ignoreNullFields', 'false'))");
    const query: Relation = output.length === 0 ? source : { kind: 'project', input: source, expressions: [json] };
    return { types, rows: (await relationAnswer(engine, query)).rows.map(([row]) => (output.length === 0 ? '{}' : (row as string))) };
  } catch (error) {
    const condition = (error as { condition?: string }).condition?.split('.')[0] ?? (error as Error).message;
    // Spark says it of the file and has it as a cause.
    return { error: condition === 'MALFORMED_RECORD_IN_PARSING' && options.mode === 'FAILFAST' ? 'FAILED_READ_FILE' : condition };
  }
}

describe('Spark gives the same', () => {
  const cases = asked.flatMap((question, n) => (DIFFERENT.has(n) ? [] : [{ n, question }]));
  it.each(cases)('$n $question.format $question.options $question.schema', async ({ n, question }) => {
    const { types, rows, error } = question;
    const expected =
      error === undefined ? { types, rows } : { error: error === 'MALFORMED_RECORD_IN_PARSING' ? 'FAILED_READ_FILE' : error };
    expect(await answer(question, n)).toEqual(expected);
  });
});
