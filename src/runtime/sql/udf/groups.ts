// Aggregators of the program over many rows: rows are sorted by what they are grouped by, which may spill, and go by one buffer at a time, so that memory
// grows neither with the rows of a group nor with the groups. Which rows are a group is the kernel's to say: it counts them, and computes its own
// aggregates of the same rows with that. Source: the idea of SortBasedAggregationIterator of Spark 4.2.
import { quoteName } from '../../../common/kernel-quotes.ts';
import type { KernelChunk, KernelValue, SqlKernel } from '../../../common/sql-kernel.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import type { UserCall } from '../plan/user-function.ts';
import { type AggregatorBody, groupReducer } from './aggregate.ts';
import type { StepRun } from './steps.ts';

/** What is computed before a text that reads `name`. */
export type GroupStep = {
  /** A view with the keys, the kernel's aggregates and the results, a row for each group. */
  readonly name: string;
  /** The rows: keys, and what aggregates are given. */
  readonly sql: string;
  /** None: all rows are one group, also when there are none. */
  readonly keys: readonly string[];
  /** Of the kernel over the columns of `sql`: `sum(c1) AS c2`. */
  readonly aggregates: readonly string[];
  readonly calls: readonly GroupCall[];
};
/** `args` are columns of the step's rows; several make one input. `call` is of a list of them. */
export type GroupCall = { readonly call: UserCall; readonly body: number; readonly args: readonly string[]; readonly column: string };

/** Of a group, beside what the query has: no column of a plan is called so. */
const SIZE = 'rows_of_group';
/** Results that are put down at a time. */
const RESULT_ROWS = 8192;

/** Leaves the step's view. Groups and results are in the order of the keys: row for row. */
export async function runGroupStep(step: GroupStep, bodies: readonly unknown[], run: StepRun): Promise<void> {
  const { kernel } = run;
  const rows = await run.table('rows', step.sql);
  const keys = step.keys.map(quoteName).join(', ');
  const order = step.keys.map((k) => `${quoteName(k)} NULLS FIRST`);
  const list = [...step.keys.map(quoteName), ...step.aggregates, `count(*) AS ${SIZE}`].join(', ');
  const how = keys === '' ? 'HAVING true' : `GROUP BY ${keys} ORDER BY ${order.join(', ')}`;
  const groups = await run.table('groups', `SELECT ${list} FROM ${quoteName(rows)} ${how}`);
  const results = await run.results(step.calls.map(({ call, column }) => [column, call.returnType]));
  const args = [...new Set(step.calls.flatMap((c) => c.args))];
  // Values of a group in the order in which they came.
  const sorted = order.length === 0 ? '' : ` ORDER BY ${[...order, 'rowid'].join(', ')}`;
  const inputs = run.read(`SELECT ${args.map(quoteName).join(', ')} FROM ${quoteName(rows)}${sorted}`);
  const into = new Results(kernel, results, step);
  const reducers = step.calls.map((c) => groupReducer(c.call, bodies[c.body] as AggregatorBody));
  const places = step.calls.map((c) => c.args.map((name) => args.indexOf(name)));
  const sizes = sizesOf(run, groups);
  try {
    let buffers = reducers.map((r) => r.zero());
    let left = await nextOf(sizes);
    const ended = async () => {
      into.add(reducers.map((r, i) => r.result(buffers[i])));
      if (into.isFull) await into.write();
      buffers = reducers.map((r) => r.zero());
      left = await nextOf(sizes);
    };
    for await (const chunk of inputs) {
      run.check();
      for (let from = 0; from < chunk.rows; ) {
        const to = Math.min(chunk.rows, from + left!);
        for (const [i, { add }] of reducers.entries()) {
          const value = valueOf(step.calls[i]!.call, places[i]!, chunk);
          let buffer = buffers[i];
          for (let row = from; row < to; row++) buffer = add(buffer, value(row));
          buffers[i] = buffer;
        }
        left! -= to - from;
        from = to;
        if (left === 0) await ended();
      }
    }
    if (left !== undefined) await ended(); // no rows, and one group
    await into.write();
  } finally {
    await sizes.return(undefined);
  }
  const columns = [`g.* EXCLUDE (${SIZE})`, ...step.calls.map(({ column }) => `v.${quoteName(column)}`)];
  await run.view(`SELECT ${columns.join(', ')} FROM ${quoteName(groups)} g POSITIONAL JOIN ${quoteName(results)} v`);
}

function valueOf({ width }: UserCall, places: readonly number[], { columns }: KernelChunk): (row: number) => KernelValue {
  const own = places.map((p) => columns[p]!);
  const [first] = own;
  return width === undefined ? (row) => first![row]! : (row) => own.map((c) => c[row]!);
}

async function* sizesOf(run: StepRun, groups: string): AsyncGenerator<number, undefined> {
  for await (const { rows, columns } of run.read(`SELECT ${SIZE} FROM ${quoteName(groups)}`))
    for (let i = 0; i < rows; i++) yield Number(columns[0]![i]);
  return undefined;
}
const nextOf = async (sizes: AsyncGenerator<number, undefined>): Promise<number | undefined> => (await sizes.next()).value;

/** Rows for the table of results. */
class Results {
  readonly #kernel: SqlKernel;
  readonly #table: string;
  readonly #calls: GroupStep['calls'];
  #values: KernelValue[][];
  #rows = 0;

  constructor(kernel: SqlKernel, table: string, { calls }: GroupStep) {
    this.#kernel = kernel;
    this.#table = table;
    this.#calls = calls;
    this.#values = calls.map(() => []);
  }

  add(row: readonly KernelValue[]): void {
    for (const [i, value] of row.entries()) this.#values[i]!.push(value);
    this.#rows++;
  }

  get isFull(): boolean {
    return this.#rows >= RESULT_ROWS;
  }

  async write(): Promise<void> {
    if (this.#rows === 0) return;
    const columns = this.#calls.map(({ call, column }, i) => ({
      name: column,
      type: duckdbType(call.returnType),
      values: this.#values[i]!,
    }));
    await this.#kernel.append(this.#table, columns, this.#rows);
    this.#values = this.#calls.map(() => []);
    this.#rows = 0;
  }
}
