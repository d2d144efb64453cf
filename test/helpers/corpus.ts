// Queries with the answers of a real Spark (4.0.1, asked once by test/oracle/ask_spark.py), by topic: test/fixtures/sql/corpus/. The statements of a topic
// are one session's, in order: the first ones make its views.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SparkError } from '../../src/common/spark-error.ts';
import type { SqlSession } from './sql-session.ts';

export type SparkAnswer =
  | { readonly schema: string; readonly output: string }
  | { readonly error: { readonly condition: string; readonly parameters: Readonly<Record<string, string>> } };
export type Question = SparkAnswer & {
  readonly text: string;
  /** Why it is not answered as Spark does, so far. `test/oracle/corpus-oracle.ts` writes it. */
  readonly notYet?: string;
};

export const CORPUS_FOLDER = join(import.meta.dirname, '../fixtures/sql/corpus');

export const corpus = (): ReadonlyMap<string, readonly Question[]> =>
  new Map(
    globSync('*.json', { cwd: CORPUS_FOLDER })
      .sort()
      .map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(CORPUS_FOLDER, file), 'utf8')) as Question[]]),
  );

/** What our engine answers, in the corpus' form. @throws what is no error of Spark's kind */
export async function ourAnswer(session: SqlSession, text: string): Promise<SparkAnswer> {
  try {
    const { schema, rows, isOrdered } = await session.run(text.replaceAll('{dir}', session.folder));
    return { schema, output: (isOrdered ? rows : [...rows].sort()).join('\n') };
  } catch (error) {
    if (!(error instanceof SparkError)) throw error;
    return { error: { condition: error.condition, parameters: error.messageParameters } };
  }
}

/** Of an error the condition counts; its parameters have changed between Spark's versions. */
export const comparable = (answer: SparkAnswer): unknown =>
  'error' in answer ? { condition: answer.error.condition } : { schema: answer.schema, output: answer.output };
