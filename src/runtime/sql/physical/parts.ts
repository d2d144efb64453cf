// A stage that is being put together: plans over inputs that have not been run yet, and what their tasks will read. Operators that need no
// exchange are stacked on them; execute.ts closes them with an exchange or a result.
import type { Exchange, FragmentFunction, FragmentInput, InputText, ProgramRdd } from '../../rdd/sql-fragment.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { SINGLE, type Spread, UNKNOWN } from './spread.ts';

/**
 * Rows that all tasks have: sent to each executor by the driver; read whole by each task from an exchange; or so few that each task computes them
 * itself. `rows`: about; `input` has the names that the columns had where it was made.
 */
export type BroadcastTable = {
  readonly input: FragmentInput;
  readonly rows: number;
  readonly from:
    | { readonly kind: 'driver'; readonly value: unknown }
    | { readonly kind: 'exchange'; readonly exchange: Exchange }
    | { readonly kind: 'text'; readonly plan: LogicalPlan };
};
export type OpenSource =
  /** One task; all it reads is in its plan. */
  | { readonly kind: 'none' }
  /** Texts of tasks and the functions in JavaScript that they call; `beside`: exchanges with as many partitions, of which each task reads its own. */
  | {
      readonly kind: 'texts';
      readonly tasks: readonly (readonly InputText[])[];
      readonly functions?: readonly FragmentFunction[];
      readonly beside?: readonly Exchange[];
    }
  | { readonly kind: 'rdd'; readonly rows: ProgramRdd; readonly input: FragmentInput }
  /** Partition by partition, or all in one task when something stands on that already. */
  | {
      readonly kind: 'exchanges';
      readonly exchanges: readonly Exchange[];
      readonly isOneTask: boolean;
      /** The user said how many partitions: small ones stay as they are. */
      readonly isFixed?: boolean;
    };

export type Branch = {
  readonly plan: LogicalPlan;
  readonly inputs: readonly FragmentInput[];
  readonly broadcasts: readonly BroadcastTable[];
  readonly source: OpenSource;
  /** The plan is the whole query. */
  readonly isWhole?: boolean;
  /** A side of a join whose rows may be in any task with the other side's of the same partition, as nothing above needs equal keys together. */
  readonly splittable?: string;
};
/** A task that reads nothing but what is in its plan. */
export const oneTask = (plan: LogicalPlan): Branch => ({ plan, inputs: [], broadcasts: [], source: { kind: 'none' } });
/** The rows of all branches together, and how they are spread over the tasks in truth. */
export type Parts = { readonly branches: readonly Branch[]; readonly spread: Spread };

export type CoalesceSettings = {
  readonly isAdaptive: boolean;
  readonly slots: number;
  /** spark.sql.adaptive.advisoryPartitionSizeInBytes */
  readonly advisoryBytes: number;
  /** spark.sql.adaptive.coalescePartitions.minPartitionSize */
  readonly leastBytes: number;
  /** spark.sql.adaptive.skewJoin.*: a partition of more bytes, and of so many times the median's, is several tasks' work; undefined: none is. */
  readonly skew: { readonly bytes: number; readonly factor: number } | undefined;
};

export const exchangeBytes = (exchanges: readonly Exchange[]): number =>
  exchanges.reduce((sum, e) => sum + e.bytes.reduce((a, b) => a + b, 0), 0);

export const partsOf = (branch: Branch, spread: Spread = branch.source.kind === 'none' ? SINGLE : UNKNOWN): Parts => ({
  branches: [branch],
  spread,
});

/** Partitions whose number the user said: none are put together. */
export const asSaid = ({ branches, spread }: Parts): Parts => ({
  branches: branches.map((b) => (b.source.kind === 'exchanges' ? { ...b, source: { ...b.source, isFixed: true } } : b)),
  spread,
});

/** @returns the parts as one task's, undefined when they are more than one task's work */
export function asOneTask({ branches }: Parts, settings: CoalesceSettings): Branch | undefined {
  const [branch, ...more] = branches;
  if (branch === undefined || more.length > 0) return undefined;
  const { source } = branch;
  if (source.kind === 'none') return branch;
  if (source.kind === 'texts' || source.kind === 'rdd') return undefined;
  const fits = source.isOneTask || source.exchanges.every((e) => e.partitions === 1);
  if (!fits && !(settings.isAdaptive && exchangeBytes(source.exchanges) <= settings.leastBytes)) return undefined;
  return { ...branch, source: { ...source, isOneTask: true } };
}

/** Which partitions each task reads: small neighbours together. Source: ShufflePartitionsUtil.coalescePartitions of Spark 4.2. */
export function groupsOf(exchanges: readonly Exchange[], settings: CoalesceSettings): number[][] {
  const { partitions } = exchanges[0]!;
  const all = Array.from({ length: partitions }, (_, p) => p);
  if (!settings.isAdaptive) return all.map((p) => [p]);
  const sizes = all.map((p) => exchanges.reduce((sum, e) => sum + e.bytes[p]!, 0));
  const total = exchangeBytes(exchanges);
  const target = Math.max(settings.leastBytes, Math.min(settings.advisoryBytes, total / settings.slots));
  // Into equal shares, each partition where its middle is.
  const shares = Math.max(1, Math.min(partitions, Math.round(total / target)));
  const groups: number[][] = [];
  let [share, before] = [-1, 0];
  for (const p of all) {
    const middle = total === 0 ? 0 : Math.floor(((before + sizes[p]! / 2) / total) * shares);
    if (middle !== share) groups.push([]);
    groups.at(-1)!.push(p);
    [share, before] = [middle, before + sizes[p]!];
  }
  return groups;
}

/** Two sides in one fragment: both are one task's, or read exchanges that are partitioned alike. */
export function merged(plan: LogicalPlan, l: Branch, r: Branch): Branch {
  const source: OpenSource =
    l.source.kind === 'none'
      ? r.source
      : r.source.kind === 'none'
        ? l.source
        : l.source.kind === 'exchanges' && r.source.kind === 'exchanges' && l.source.isOneTask === r.source.isOneTask
          ? { ...l.source, exchanges: byName([...l.source.exchanges, ...r.source.exchanges]) }
          : inTasks(l.source, r.source);
  return { plan, inputs: byName([...l.inputs, ...r.inputs]), broadcasts: [...l.broadcasts, ...r.broadcasts], source };
}

/** Tasks of texts, to which other texts or partitions of exchanges come, as many. */
function inTasks(l: OpenSource, r: OpenSource): OpenSource {
  const width = (source: OpenSource) =>
    source.kind === 'texts'
      ? source.tasks.length
      : source.kind === 'exchanges' && !source.isOneTask
        ? source.exchanges[0]!.partitions
        : undefined;
  const [n, m] = [width(l), width(r)];
  if (n === undefined || n !== m) return incompatible();
  const texts = [l, r].flatMap((source) => (source.kind === 'texts' ? [source] : []));
  const read = [l, r].flatMap((source) =>
    source.kind === 'exchanges' ? source.exchanges : source.kind === 'texts' ? (source.beside ?? []) : [],
  );
  return {
    kind: 'texts',
    tasks: Array.from({ length: n }, (_, i) => texts.flatMap(({ tasks }) => tasks[i]!)),
    functions: [...new Map(texts.flatMap(({ functions }) => functions ?? []).map((f) => [f.sqlName, f])).values()],
    beside: byName(read),
  };
}

/** Both sides may read the same exchange. */
const byName = <T extends { readonly name: string }>(all: readonly T[]): readonly T[] => [...new Map(all.map((x) => [x.name, x])).values()];

function incompatible(): never {
  throw new Error('two sides of a stage that are not partitioned alike: a defect of the planner');
}

/** A plan over the rows that a branch gives. */
export const stacked = (branch: Branch, over: (below: LogicalPlan) => LogicalPlan, tables: readonly BroadcastTable[] = []): Branch => ({
  ...branch,
  plan: over(branch.plan),
  broadcasts: [...branch.broadcasts, ...tables],
});

/** What is known of parts that read exchanges only: an upper bound, where operators only take rows away. */
export function bytesOf({ branches }: Parts): number | undefined {
  let sum = 0;
  for (const { source } of branches) {
    if (source.kind !== 'exchanges') return undefined;
    sum += exchangeBytes(source.exchanges);
  }
  return sum;
}
