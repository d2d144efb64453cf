// Answers of a real Spark (test/fixtures/sql/functions2.json, made by test/oracle/functions2.py) beside ours: what differs in one query.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelValue } from '../../src/common/sql-kernel.ts';
import { AnalysisException } from '../../src/runtime/sql/errors/spark-error.ts';
import type { SqlEngine } from '../../src/runtime/sql/engine/sql-engine.ts';
import { outputOf } from '../../src/runtime/sql/logical/plans.ts';
import { ParseException } from '../../src/runtime/sql/parser/parse-error.ts';
import { type DataType, structField, structType } from '../../src/runtime/sql/types/data-type.ts';
import { simpleString } from '../../src/runtime/sql/types/type-names.ts';

export type SparkAnswer = { readonly topic: string; readonly sql: string } & (
  | { readonly error: string | null; readonly message: string }
  | {
      readonly error?: undefined;
      readonly columns: readonly string[];
      readonly types: readonly string[];
      readonly nullable: readonly boolean[];
      readonly rows: readonly (readonly unknown[])[];
    }
);

export const sparkAnswers = (): readonly SparkAnswer[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/sql/functions2.json'), 'utf8'));

/** A value as the fixture has it. */
function plain(value: KernelValue, type: DataType): unknown {
  if (value === null) return null;
  switch (type.tag) {
    case 'double':
    case 'float': {
      const n = value as number;
      return Number.isFinite(n) ? (type.tag === 'float' ? Number(n) : n) : String(n);
    }
    case 'array':
      return (value as readonly KernelValue[]).map((v) => plain(v, type.elementType));
    case 'map':
      return (value as readonly [KernelValue, KernelValue][]).map(([k, v]) => [plain(k, type.keyType), plain(v, type.valueType)]);
    case 'struct':
      return (value as readonly KernelValue[]).map((v, i) => plain(v, type.fields[i]!.dataType));
    case 'binary':
      return Buffer.from(value as Uint8Array).toString('hex');
    default:
      return typeof value === 'bigint' ? String(value) : value;
  }
}

/** Doubles that were summed in another order may differ in their last digits. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Object.is(a, b) || Math.abs(a - b) <= Math.abs(b) * 1e-13;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => same(x, b[i]));
  return a === b;
}

/** @returns what differs; undefined: nothing */
export async function difference(engine: SqlEngine, spark: SparkAnswer): Promise<string | undefined> {
  try {
    const parsed = engine.parse(spark.sql);
    if (parsed.tag !== 'relation') return 'no query';
    const query = await engine.prepare(parsed.relation);
    const schema = structType(outputOf(query.plan).map((a) => structField(a.name, a.dataType, a.nullable)));
    const rows: unknown[][] = [];
    for await (const chunk of engine.run(query))
      for (let i = 0; i < chunk.rows; i++) rows.push(schema.fields.map((f, c) => plain(chunk.columns[c]![i]!, f.dataType)));
    if (spark.error !== undefined) return `no error, Spark's: ${spark.error ?? spark.message}`;
    for (const [what, ours, theirs] of [
      ['types', schema.fields.map((f) => simpleString(f.dataType)), spark.types],
      ['rows', rows, spark.rows],
      ['nullable', schema.fields.map((f) => f.nullable), spark.nullable],
      ['columns', schema.fields.map((f) => f.name), spark.columns],
    ] as const)
      if (!same(ours, theirs)) return `${what} ${JSON.stringify(ours)}, Spark's ${JSON.stringify(theirs)}`;
    return undefined;
  } catch (error) {
    if (spark.error !== undefined && (error instanceof AnalysisException || error instanceof ParseException)) {
      if (error.condition === spark.error) return undefined;
      if (spark.error === null && error.message.includes(spark.message.slice(0, 40))) return undefined;
    }
    return `${error instanceof Error ? error.message : error}${spark.error === undefined ? '' : `, Spark's ${spark.error ?? spark.message}`}`;
  }
}
