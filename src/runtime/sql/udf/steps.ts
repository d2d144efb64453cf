// What JavaScript computes beside a text, before it: functions that give promises (async.ts), groups of an Aggregator (groups.ts). Each step leaves a view
// that the text reads, over tables that may spill; all are dropped after the query.
import { quoteName } from '../../../common/kernel-quotes.ts';
import type { KernelChunk, SqlKernel } from '../../../common/sql-kernel.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import type { DataType } from '../types/data-type.ts';
import { type AsyncStep, runAsyncStep } from './async.ts';
import { type GroupStep, runGroupStep } from './groups.ts';

export type Step = AsyncStep | GroupStep;

/** What a step does its work with. Names of tables are its own. */
export type StepRun = {
  readonly kernel: SqlKernel;
  /** Called between vectors: what it throws ends the step. */
  readonly check: () => void;
  /** A table of a text's rows, in their order. @returns its name */
  table(what: string, sql: string): Promise<string>;
  /** Rows as they come. */
  read(sql: string): AsyncIterable<KernelChunk>;
  /** An empty table. @returns its name */
  results(columns: readonly (readonly [name: string, type: DataType])[]): Promise<string>;
  view(sql: string): Promise<void>;
};
export type StepOptions = {
  /** Of the session, where the kernel may have another. */
  readonly timeZone?: string;
  readonly check?: () => void;
  readonly signal?: AbortSignal | undefined;
};

let count = 0;

/**
 * Runs steps in their order: later ones may read what earlier ones gave.
 * @returns what drops the tables
 */
export async function runSteps(
  kernel: SqlKernel,
  steps: readonly Step[],
  bodies: readonly unknown[],
  { timeZone, signal, check = () => signal?.throwIfAborted() }: StepOptions,
): Promise<() => Promise<void>> {
  const undo: string[] = [];
  const drop = async () => {
    for (const text of undo.splice(0).reverse()) await kernel.run(text).catch(() => {}); // the query's own error is the one to tell
  };
  const options = { atOnce: true, ...(timeZone !== undefined && { timeZone }), ...(signal && { signal }) };
  try {
    for (const step of steps) {
      const number = ++count;
      const named = (what: string) => {
        const name = `${step.name}_${what}_${number}`;
        undo.push(`DROP TABLE IF EXISTS ${quoteName(name)}`);
        return name;
      };
      const run: StepRun = {
        kernel,
        check,
        async table(what, sql) {
          const name = named(what);
          for await (const _ of kernel.query(`CREATE TABLE ${quoteName(name)} AS ${sql}`, options));
          return name;
        },
        read: (sql) => kernel.query(sql, signal && { signal }),
        async results(columns) {
          const name = named('results');
          await kernel.run(`CREATE TABLE ${quoteName(name)} (${columns.map(([n, t]) => `${quoteName(n)} ${duckdbType(t)}`).join(', ')})`);
          return name;
        },
        async view(sql) {
          undo.push(`DROP VIEW IF EXISTS ${quoteName(step.name)}`);
          await kernel.run(`CREATE OR REPLACE VIEW ${quoteName(step.name)} AS ${sql}`);
        },
      };
      await ('keys' in step ? runGroupStep(step, bodies, run) : runAsyncStep(step, bodies, run));
    }
  } catch (error) {
    await drop();
    throw error;
  }
  return drop;
}
