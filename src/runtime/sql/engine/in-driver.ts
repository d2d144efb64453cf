// The last stage of a query, in the driver's own kernel: where all that it reads has come with the sizes of the stages below it, a job for it would
// only take the same few rows to an executor and back. Source: the idea of Spark's LocalTableScan for what an adaptive plan has left.
import type { KernelProfile } from '../../../common/sql-kernel.ts';
import { overInputs, selectFiles, writeRows } from '../../rdd/fragment-text.ts';
import { figuresOf } from '../../rdd/operator-figures.ts';
import { type EngineFunction, type Exchange, type FragmentMetrics, readsIn, type SqlBranch } from '../../rdd/sql-fragment.ts';

export type DriverStage = {
  readonly sql: string;
  readonly functions: readonly EngineFunction[];
  readonly metrics: FragmentMetrics | undefined;
};

/** @param folder for the files @returns undefined: it is executors' work */
export function inDriver(branches: readonly SqlBranch[], folder: string): DriverStage | undefined {
  const [branch, ...more] = branches;
  return branch === undefined || more.length > 0 || branch.source.kind !== 'exchanges' ? undefined : aloneInDriver(branch, folder);
}

/** A branch of one task whose text may read files, too. @returns undefined: not all that it reads is here */
export function aloneInDriver(branch: SqlBranch, folder: string): DriverStage | undefined {
  const { fragment, source, everywhere } = branch;
  if (branch.broadcasts.length > 0 || fragment.remotes !== undefined || fragment.stores !== undefined) return undefined;
  if (fragment.copies !== undefined) return undefined;
  const functions = fragment.functions.flatMap((f) => ('engine' in f ? [f] : []));
  if (fragment.steps !== undefined || fragment.write !== undefined || functions.length < fragment.functions.length) return undefined;
  const reads = readsIn(source);
  if (reads.some(({ groups, shares }) => groups.length > 1 || shares !== undefined)) return undefined;
  const exchanges = new Map<string, Exchange>([
    ...reads.map(({ exchange }) => [exchange.name, exchange] as const),
    ...everywhere.map(({ input, exchange }) => [input, exchange] as const),
  ]);
  if ([...exchanges.values()].some(({ inline }) => inline === undefined)) return undefined;
  const paths = new Map<Exchange, readonly string[]>();
  for (const exchange of exchanges.values())
    if (!paths.has(exchange)) paths.set(exchange, writeRows(folder, exchange.name, exchange.inline!.flat()));
  const sql = overInputs(fragment.sql, fragment.inputs, (input) => selectFiles(input, paths.get(exchanges.get(input.name)!)!));
  return { sql, functions, metrics: fragment.metrics };
}

/** By accumulator id. */
export function stageFigures(profile: KernelProfile, { root, duration }: FragmentMetrics, ms: number): (readonly [number, number])[] {
  const figures = root === undefined ? [] : [...figuresOf(profile, root)];
  return duration === undefined || ms < 1 ? figures : [...figures, [duration, Math.round(ms)]];
}
