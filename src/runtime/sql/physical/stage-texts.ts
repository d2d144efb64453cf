// The texts that the stages of a plan would run, for explain codegen: the plan is executed as far as its texts, on a cluster that computes nothing.
// Exchanges are told to be large there, so none is left out.
import type { Exchange, FragmentColumn, SqlBranch, SqlCluster } from '../../rdd/sql-fragment.ts';
import type { Attribute } from '../logical/expressions.ts';
import { type CachedRelation, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { resultColumns } from './fragments.ts';
import { nextTable } from './spread.ts';
import { Execution } from './execute.ts';
import type { ExecuteSettings } from './leaves.ts';
import { keyOf, type PhysicalPlan } from './physical-plan.ts';
import type { RunRecord } from './run-record.ts';

export type StageTexts = {
  /** By the operator on top: one for each branch that differs from the others. */
  readonly textsOf: (top: PhysicalPlan) => readonly string[];
  readonly record: RunRecord;
};

export async function textsOf(plan: PhysicalPlan, output: readonly Attribute[], settings: ExecuteSettings): Promise<StageTexts> {
  const texts = new Map<unknown, Set<string>>();
  const marked = new WeakMap<LogicalPlan, PhysicalPlan>();
  const large = (name: string, columns: readonly FragmentColumn[], partitions: number): Exchange => {
    const each = new Array<number>(partitions).fill(settings.broadcastBytes + settings.advisoryBytes);
    return { name, columns, partitions, maps: 1, bytes: each, rows: each, rdd: undefined };
  };
  const cluster: SqlCluster = {
    slots: settings.slots,
    isLocal: false,
    forExecution: () => cluster,
    exchange: async (_, name, columns, partitions) => large(name, columns, partitions),
    async collect(_, each) {
      each(0, []);
    },
    keep: (_, columns, { name }) => ({
      exchange: () => large(name, columns, settings.slots),
      release: async () => {},
    }),
    files: () => undefined,
    literalFiles: () => undefined,
    broadcast: () => undefined,
    forget: () => {},
  };
  const watch = {
    mark: (node: LogicalPlan, of: PhysicalPlan) => void (marked.has(node) || marked.set(node, of)),
    fragment(branch: { readonly plan: LogicalPlan }, made: SqlBranch): undefined {
      const top = marked.get(branch.plan);
      if (top === undefined) return;
      texts.set(keyOf(top), (texts.get(keyOf(top)) ?? new Set()).add(withInputs(made)));
    },
  };
  const cachedRows = async ({ source }: CachedRelation) => large(nextTable('kept'), resultColumns(outputOf(source)), settings.slots);
  const tableFile = async () => new Uint8Array();
  const ports = { cluster, watch, cachedRows, tableFile, bounds: async () => [], numbers: async () => undefined, nowMs: () => 0 };
  const execution = new Execution(settings, ports);
  await execution.collect(plan, output, () => {});
  return { textsOf: (top) => [...(texts.get(keyOf(top)) ?? [])], record: execution.record };
}

/** Scans come as texts of each task: one stands for all. */
function withInputs({ fragment, source }: SqlBranch): string {
  if (source.kind !== 'texts') return fragment.sql;
  const [first = []] = source.tasks;
  const tasks = source.tasks.length;
  return [...first.map(([name, text]) => `-- ${name}${tasks > 1 ? ` of the first of ${tasks} tasks` : ''}: ${text}`), fragment.sql].join(
    '\n',
  );
}
