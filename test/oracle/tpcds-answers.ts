// A real Spark's answers to TPC-DS over generated tables, asked once (tpcds-spark.py) and kept beside the tables; and whether an answer of ours is the
// same. ORDER BY leaves ties open and LIMIT cuts through them, so Spark is asked for all rows: ours must be some of them, as many as LIMIT says, with
// the keys of the order where Spark has them.
import { execFileSync } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tpcdsQueries } from '../../bench/lib/tpcds-data.ts';
import { VENV } from '../../bench/lib/paths.ts';

type Row = readonly (string | null)[];
export type SparkAnswer = {
  readonly query: string;
  /** Its sentence, when the query fails. */
  readonly error?: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Columns that the last ORDER BY names, until its first key that is no column of the result. */
  readonly order: readonly number[];
  readonly ms: number;
  readonly cpuMs: number;
};

const LIMIT = /\blimit\s+(\d+)\s*;?\s*$/i;
const limitOf = (text: string): number => Number(LIMIT.exec(text)?.[1] ?? Infinity);

export const withoutLimit = (text: string): string => text.trim().replace(LIMIT, '').replace(/;\s*$/, '');

/** @returns the answers to these queries; Spark takes five minutes of processor time for all of them at SF0.1 */
export async function tpcdsAnswers(data: string, names: readonly string[]): Promise<Map<string, SparkAnswer>> {
  const texts = await tpcdsQueries();
  const kept = keptAnswers(data);
  const missing = names.filter((name) => !kept.has(name));
  if (missing.length > 0) {
    const questions = Object.fromEntries(missing.map((name) => [name, withoutLimit(texts.get(name)!)]));
    execFileSync(join(VENV, 'bin/python'), [join(import.meta.dirname, 'tpcds-spark.py'), data], {
      input: JSON.stringify(questions),
      stdio: ['pipe', openSync(fileOf(data), 'a'), 'ignore'],
    });
  }
  return keptAnswers(data);
}

const fileOf = (data: string): string => join(data, 'spark-answers.jsonl');

export function keptAnswers(data: string): Map<string, SparkAnswer> {
  const file = fileOf(data);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const answers = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SparkAnswer);
  return new Map(answers.map((answer) => [answer.query, answer]));
}

/** What `[CONDITION] …` begins with. */
const conditionOf = (sentence: string): string | undefined => /\[([A-Z_.\d]+)\]/.exec(sentence)?.[1];

/** @param failure ours, when there is no answer; @returns what differs */
export function differenceOfFailure(spark: SparkAnswer, failure: Error): string | undefined {
  if (spark.error !== undefined && conditionOf(failure.message) === conditionOf(spark.error)) return undefined;
  return `fails: ${failure.message}${spark.error === undefined ? '' : `; Spark: ${spark.error}`}`;
}

/** @param columns as `name type` @param rows values as the engine or a program has them @param text of the query; @returns what differs */
export function differenceOf(
  spark: SparkAnswer,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  text: string,
): string | undefined {
  if (spark.error !== undefined) return `Spark fails: ${spark.error}`;
  if (columns.join() !== spark.columns.join()) return `columns ${columns.join()}; Spark: ${spark.columns.join()}`;
  const count = Math.min(limitOf(text), spark.rows.length);
  if (rows.length !== count) return `${rows.length} rows; Spark: ${count}`;
  const types = columns.map((column) => column.split(' ').at(-1)!);
  const ours = rows.map((row) => row.map((value, i) => valueText(value, types[i]!)));
  const exact = types.flatMap((type, i) => (type === 'double' ? [] : [i]));
  const keyOf = (row: Row): string => JSON.stringify(exact.map((i) => row[i]));
  const left = Map.groupBy(spark.rows, keyOf);
  for (const [i, row] of ours.entries()) {
    const candidates = left.get(keyOf(row)) ?? [];
    const found = candidates.findIndex((candidate) => candidate.every((value, c) => isSame(value, row[c]!)));
    if (found < 0) return `row ${i} is none of Spark's: ${row.join('|')}; Spark has there ${spark.rows[i]!.join('|')}`;
    candidates.splice(found, 1);
    if (spark.order.some((c) => !isSame(row[c]!, spark.rows[i]![c]!)))
      return `order: row ${i} ${row.join('|')}; Spark: ${spark.rows[i]!.join('|')}`;
  }
  return undefined;
}

/** Sums of doubles come in another order. */
const NEAR = 1e-9;
function isSame(a: string | null, b: string | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return Math.abs(Number(a) - Number(b)) <= NEAR * Math.max(1, Math.abs(Number(a)));
}

export function valueText(value: unknown, type: string): string | null {
  if (value === null) return null;
  if (type === 'date') return new Date(value instanceof Date ? value : Number(value) * 86_400_000).toISOString().slice(0, 10);
  return String(value);
}
