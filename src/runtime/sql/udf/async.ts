// Functions of the program that give promises. The kernel calls JavaScript and waits, so they cannot stand in its texts: the rows below are kept in a
// table, arguments are read from it a vector at a time, promises are awaited with so many at once, and the results are a table beside it, row for row.
// Both may spill; both are dropped after the query. Source: the idea of ArrowEvalPythonExec, which evaluates beside the plan as well.
import { quoteName } from '../../../common/kernel-quotes.ts';
import type { KernelChunk, KernelValue, SqlKernel } from '../../../common/sql-kernel.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import type { UserCall } from '../plan/user-function.ts';
import { columnReader, valueWriter } from './border.ts';
import { argumentsText, failed } from './failure.ts';
import { batchText, checkedBatch } from './scalar.ts';
import { type Script, scriptOf } from './script.ts';
import type { StepRun } from './steps.ts';

/** What is computed before a text that reads `name`. */
export type AsyncStep = {
  /** A view with the columns of `sql` but for the arguments, and the results' columns. */
  readonly name: string;
  /** The rows below, with the arguments of each call beside them. */
  readonly sql: string;
  readonly calls: readonly AsyncCall[];
  /** Columns of `sql` that the view has. */
  readonly columns: readonly string[];
};
/** `args` are columns of the step's rows, `column` is the result's. */
export type AsyncCall = { readonly call: UserCall; readonly body: number; readonly args: readonly string[]; readonly column: string };

type Body = (...args: unknown[]) => unknown;

/** Leaves the step's view. */
export async function runAsyncStep(step: AsyncStep, bodies: readonly unknown[], run: StepRun): Promise<void> {
  const rows = await run.table('rows', step.sql);
  const results = await run.results(step.calls.map(({ call, column }) => [column, call.returnType]));
  await evaluate(run.kernel, step, rows, results, bodies, run.check);
  const columns = [...step.columns.map((c) => `r.${quoteName(c)}`), ...step.calls.map(({ column }) => `v.${quoteName(column)}`)];
  await run.view(`SELECT ${columns.join(', ')} FROM ${quoteName(rows)} r POSITIONAL JOIN ${quoteName(results)} v`);
}

async function evaluate(
  kernel: SqlKernel,
  { calls }: AsyncStep,
  rows: string,
  results: string,
  bodies: readonly unknown[],
  check: () => void,
): Promise<void> {
  const args = [...new Set(calls.flatMap((c) => c.args))];
  const computed = calls.map((c) => computeOf(c, bodies[c.body]));
  const ahead = Math.max(...calls.map(({ call }) => (call.how === 'asyncBatch' ? concurrencyOf(call) : 1)));
  const waiting: Promise<{ rows: number; values: readonly (readonly KernelValue[])[] }>[] = [];
  const append = async () => {
    const made = await waiting.shift()!;
    const columns = calls.map(({ call, column }, i) => ({ name: column, type: duckdbType(call.returnType), values: made.values[i]! }));
    await kernel.append(results, columns, made.rows);
  };
  for await (const chunk of kernel.query(`SELECT ${args.map(quoteName).join(', ') || '1'} FROM ${quoteName(rows)}`)) {
    check();
    const columnsOf = ({ args: names }: AsyncCall) => names.map((name) => chunk.columns[args.indexOf(name)]!);
    const promised = Promise.all(calls.map((c, i) => computed[i]!(columnsOf(c), chunk.rows))).then((values) => ({
      rows: chunk.rows,
      values,
    }));
    promised.catch(() => {}); // told when its turn comes
    waiting.push(promised);
    if (waiting.length >= ahead) await append();
  }
  while (waiting.length > 0) await append();
}

type Compute = (columns: KernelChunk['columns'], rows: number) => Promise<readonly KernelValue[]>;

/** Promises that are awaited at once, of rows or of batches. */
export const CONCURRENCY = 16;
const concurrencyOf = (call: UserCall): number => call.concurrency ?? CONCURRENCY;

function computeOf({ call }: AsyncCall, body: unknown): Compute {
  const f = call.how === 'script' ? scriptOf((body as Script).script) : (body as Body);
  const readers = call.types.map(columnReader);
  const back = valueWriter(call.returnType, `result of ${call.name}`);
  if (call.how === 'asyncBatch')
    return async (columns, rows) => {
      const given = columns.map((c, i) => Array.from(readers[i]!(c, rows)));
      try {
        return checkedBatch(await f(...given), rows, back);
      } catch (error) {
        throw failed(call, error, batchText(rows, given));
      }
    };
  return async (columns, rows) => {
    const given = columns.map((c, i) => readers[i]!(c, rows));
    const out = new Array<KernelValue>(rows);
    let next = 0;
    let failure: unknown;
    const work = async () => {
      while (next < rows && failure === undefined) {
        const row = next++;
        const args = given.map((c) => c[row]);
        try {
          out[row] = back(await f(...args));
        } catch (error) {
          failure ??= failed(call, error, call.how === 'script' ? `the script was ${(body as Script).script}` : argumentsText(args));
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(rows, concurrencyOf(call)) }, work));
    if (failure !== undefined) throw failure;
    return out;
  };
}
