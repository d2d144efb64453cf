// A branch with its last SELECT: what its tasks leave behind for an exchange, or as the result. Texts are the emitter's.
import type {
  Exchange,
  ExchangeRead,
  FragmentColumn,
  FragmentFunction,
  FragmentWrite,
  SqlBranch,
  SqlFragment,
} from '../../rdd/sql-fragment.ts';
import { Emitter } from '../emit/emitter.ts';
import { columnName } from '../emit/emit-context.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import { stepsWithBodies } from '../emit/needed-steps.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { Attribute, Expr, SortOrder } from '../logical/expressions.ts';
import { type KernelTable, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { userCall } from '../plan/user-function.ts';
import type { DataType } from '../types/data-type.ts';
import { hasManyInStage } from './many-rows.ts';
import { NotStaged } from './spread.ts';
import type { Branch, CoalesceSettings } from './parts.ts';
import { groupsOf } from './parts.ts';
import { splitSkewed } from './skew.ts';

/** Which of `partitions` a row goes to. Bounds are texts of the kernel. */
export type Routing =
  | { readonly kind: 'hash'; readonly keys: readonly Expr[] }
  | { readonly kind: 'roundRobin' }
  | { readonly kind: 'range'; readonly order: SortOrder; readonly bounds: readonly string[] }
  /** As scans are cut by values (ValueCut). */
  | { readonly kind: 'values'; readonly key: Expr; readonly bounds: readonly bigint[] };

/** How rows become files of a table. @param isOneTask files that one task writes may stand for partitions that the user asked for */
export type RowFiles = (isOneTask: boolean) => { readonly select: (query: string) => string; readonly write: FragmentWrite };

/** A SELECT, the functions in JavaScript that it calls, and what is computed before it; `bodies` are the program's. */
export type Text = Pick<SqlFragment, 'sql' | 'functions' | 'steps' | 'remotes' | 'stores' | 'copies'> & {
  readonly bodies: readonly unknown[];
};

/** Columns of rows between stages, each once. Without any there is one that says nothing: rows count all the same. */
export function columnsOf(plan: LogicalPlan): readonly FragmentColumn[] {
  const columns = new Map(outputOf(plan).map((a) => [columnName(a.exprId), typeOf(a.dataType)]));
  return columns.size === 0 ? [['none', 'INTEGER']] : [...columns];
}

/** Columns of rows between stages are each once (columnsOf). */
export const uniqueOf = (output: readonly Attribute[]): readonly Attribute[] => [...new Map(output.map((a) => [a.exprId, a])).values()];

/** What a later stage reads instead of the plan. */
export const tableOf = (name: string, output: readonly Attribute[]): KernelTable => {
  const unique = uniqueOf(output);
  return { kind: 'kernelTable', table: name, output: unique, columns: unique.map((a) => columnName(a.exprId)) };
};

export function exchangeText(plan: LogicalPlan, routing: Routing | undefined, partitions: number, session: SessionSettings): Text {
  const emitter = new Emitter(session, { tellsPlaces: true, hasManyRows: hasManyInStage });
  const inner = emitter.plan(plan);
  const columns = columnsOf(plan).map(([name, type]) => (name === 'none' ? '1 AS none' : `CAST(${name} AS ${type}) AS ${name}`));
  const target = routing === undefined ? [] : [`${routingText(routing, partitions, emitter)} AS p_`];
  return { sql: `SELECT ${[...columns, ...target].join(', ')} FROM (${inner}) q`, ...functionsOf(emitter) };
}

/** Rows that each task gives for the bounds of ranges. */
const SAMPLED_ROWS = 1000;
/** Of the keys, which are the plan's only column. @param seed the same sample each time */
export function sampleText(keys: LogicalPlan, seed: number, session: SessionSettings): Text {
  const text = exchangeText(keys, undefined, 1, session);
  return { ...text, sql: `SELECT c0 FROM (${text.sql}) USING SAMPLE reservoir(${SAMPLED_ROWS} ROWS) REPEATABLE (${seed})` };
}

/** By position: a column may stand in the output twice. */
export function resultText(plan: LogicalPlan, output: readonly Attribute[], session: SessionSettings): Text {
  const emitter = new Emitter(session, { tellsPlaces: true, hasManyRows: hasManyInStage });
  const inner = emitter.plan(plan);
  const list = output.map((a, i) => `CAST(${columnName(a.exprId)} AS ${typeOf(a.dataType)}) AS o${i}`).join(', ');
  return { sql: `SELECT ${list || '1 AS none'} FROM (${inner}) q`, ...functionsOf(emitter) };
}

export const resultColumns = (output: readonly Attribute[]): readonly FragmentColumn[] =>
  output.length === 0 ? [['none', 'INTEGER']] : output.map((a, i) => [`o${i}`, typeOf(a.dataType)]);

export function functionsOf(emitter: Emitter): Omit<Text, 'sql'> {
  const bodies: unknown[] = [];
  const functions = [...emitter.needed.values()].map((f): FragmentFunction => {
    if (!('user' in f)) return f;
    const { sqlName, user, types } = f;
    return { sqlName, call: userCall(user, types), body: bodies.push(user.body) - 1 };
  });
  const { steps } = stepsWithBodies(emitter.steps, bodies);
  const { remotes, stores, copies } = emitter.outside;
  return {
    functions,
    bodies,
    ...(steps.length > 0 && { steps }),
    ...(remotes.length > 0 && { remotes }),
    ...(stores.length > 0 && { stores }),
    ...(copies.length > 0 && { copies }),
  };
}

/** @throws NotStaged for what files do not keep: Parquet's intervals have no microseconds */
function typeOf(type: DataType): string {
  if (/"calendarInterval"/.test(JSON.stringify(type))) throw new NotStaged('a column of calendar intervals');
  return duckdbType(type);
}

/** High bits of the hash: the kernel's own tables use the others. */
function routingText(routing: Routing, partitions: number, emitter: Emitter): string {
  switch (routing.kind) {
    case 'hash':
      return `CAST((hash(${emitter.all(routing.keys).join(', ')}) >> 48) % ${partitions} AS INTEGER)`;
    case 'roundRobin':
      return `CAST(row_number() OVER () % ${partitions} AS INTEGER)`;
    case 'values': {
      const key = emitter.emit(routing.key);
      const parts = routing.bounds.map((bound) => `CAST(${key} >= ${bound} AS INTEGER)`);
      return `CASE WHEN ${key} IS NULL THEN 0 ELSE ${parts.join(' + ')} END`;
    }
    case 'range': {
      const { child, ascending, nullsFirst } = routing.order;
      const key = emitter.emit(child);
      const after = routing.bounds.map((bound) => `CAST(${key} ${ascending ? '>' : '<'} ${bound} AS INTEGER)`);
      return `CASE WHEN ${key} IS NULL THEN ${nullsFirst ? 0 : partitions - 1} ELSE ${after.join(' + ') || '0'} END`;
    }
  }
}

/** @returns the branch as its tasks run it */
export function closed(
  branch: Branch,
  { bodies, ...text }: Text,
  exchange: { name: string; partitions: number } | undefined,
  session: SessionSettings,
  settings: CoalesceSettings,
  write?: FragmentWrite,
): SqlBranch {
  const { inputs, broadcasts, source, isWhole } = branch;
  const sent = broadcasts.flatMap(({ input, from }) => (from.kind === 'driver' ? [{ input, value: from.value }] : []));
  const read = new Map(broadcasts.flatMap(({ input, from }) => (from.kind === 'exchange' ? [[input.name, { input, from }] as const] : [])));
  return {
    fragment: {
      ...text,
      functions: [...text.functions, ...(source.kind === 'texts' ? (source.functions ?? []) : [])],
      inputs: [...inputs, ...[...read.values()].map(({ input }) => input)],
      broadcasts: sent.map(({ input }) => input),
      timeZone: session.timeZone,
      isWhole: isWhole === true,
      ...(exchange && { exchange }),
      ...(write && { write }),
    },
    broadcasts: sent.map(({ value }) => value),
    everywhere: [...read.values()].map(({ input, from }) => ({ input: input.name, exchange: from.exchange })),
    bodies,
    source:
      source.kind === 'none'
        ? { kind: 'texts', tasks: [[]] }
        : source.kind === 'rdd'
          ? source
          : source.kind === 'texts'
            ? { kind: 'texts', tasks: source.tasks, reads: (source.beside ?? []).map(byPartition) }
            : { kind: 'exchanges', reads: readsOf(branch, source, settings) },
  };
}

/** Task i reads partition i. */
const byPartition = (exchange: Exchange): ExchangeRead => ({
  exchange,
  groups: Array.from({ length: exchange.partitions }, (_, p) => [p]),
});

type ExchangeSource = Extract<Branch['source'], { kind: 'exchanges' }>;

function readsOf({ splittable }: Branch, source: ExchangeSource, given: CoalesceSettings): ExchangeRead[] {
  const { exchanges, isOneTask, isFixed } = source;
  const settings = isFixed ? { ...given, isAdaptive: false } : given;
  if (isOneTask) return exchanges.map((exchange) => ({ exchange, groups: [Array.from({ length: exchange.partitions }, (_, p) => p)] }));
  const groups = groupsOf(exchanges, settings);
  const large = exchanges.find(({ name }) => name === splittable);
  const tasks = large === undefined ? groups.map((group) => ({ group })) : splitSkewed(groups, large, settings);
  return exchanges.map((exchange) => ({
    exchange,
    groups: tasks.map(({ group }) => group),
    ...(exchange === large && { shares: tasks.map((task) => ('share' in task ? task.share : undefined)) }),
  }));
}
