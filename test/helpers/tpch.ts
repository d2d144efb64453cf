// TPC-H in tests: tables at SF0.01 (PyPI's tpchgen-cli 4.0.0, without the comments that no query reads), the 22 queries of its specification with
// the validation parameters, and a real Spark 4.0.1's answers to them. Made by test/oracle/tpch-spark.py.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const TPCH = join(import.meta.dirname, '../fixtures/tpch');
export const TPCH_TABLES = ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'] as const;
export const TPCH_QUERIES = Array.from({ length: 22 }, (_, i) => `q${i + 1}`);

/** Columns as `name type`; values as Python writes them. */
export type TpchAnswer = { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] };

export const tpchQuery = (name: string): string => readFileSync(join(TPCH, 'queries', `${name}.sql`), 'utf8');
export const tpchTable = (table: string): string => join(TPCH, `${table}.parquet`);

export const tpchAnswers = (): { readonly [query: string]: TpchAnswer } =>
  JSON.parse(readFileSync(join(TPCH, 'answers.json'), 'utf8')) as { [query: string]: TpchAnswer };

/** A value of the engine as the answers have it. @param type Spark's, of the column */
export function tpchText(value: unknown, type: string): string | null {
  if (value === null) return null;
  if (type === 'date') return new Date(value instanceof Date ? value : Number(value) * 86_400_000).toISOString().slice(0, 10);
  return String(value);
}
