// The figures that operators of a physical plan have, by Spark's names, each an accumulator: which there are for which operator, and which of
// them the tasks of a stage are to tell (FragmentMetrics). What they come to is the driver's listeners' matter (src/status/).
// Source: the `metrics` of SparkPlan's operators and SQLShuffleWriteMetricsReporter of Spark 4.2.
import {
  type FigureIds,
  type FragmentMetrics,
  type FragmentOperator,
  type OperatorKind,
  type ReadFigures,
  readsIn,
  type SqlBranch,
} from '../../rdd/sql-fragment.ts';
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';
import type { Branch } from './parts.ts';
import { keyOf, type PhysicalPlan } from './physical-plan.ts';
import type { Consumer } from './run-record.ts';

export type PlanMetric = { readonly name: string; readonly accumulatorId: number; readonly metricType: string };
/** Where a metric hangs: an operator, a side that is sent everywhere, the reading of an exchange, or the text that begins with the operator. */
export type MetricPart = 'operator' | 'read' | 'left' | 'right' | 'text';
type Spec = readonly [role: string, name: string, type: string];

const ROWS: Spec = ['rows', 'number of output rows', 'sum'];
const TIME: Spec = ['timeNs', 'time in the operator', 'nsTiming'];
const MEMORY: readonly Spec[] = [
  ['peakMemory', 'peak memory', 'size'],
  ['spilled', 'spill size', 'size'],
];
const EXCHANGE: readonly Spec[] = [
  ['writtenRows', 'shuffle records written', 'sum'],
  ['shuffleNs', 'shuffle write time', 'nsTiming'],
  ['readRows', 'records read', 'sum'],
  ['localBytes', 'local bytes read', 'size'],
  ['remoteBytes', 'remote bytes read', 'size'],
  ['waitMs', 'fetch wait time', 'timing'],
  ['bytes', 'data size', 'size'],
  ['partitions', 'number of partitions', 'sum'],
  ['shuffleBytes', 'shuffle bytes written', 'size'],
];
const BROADCAST: readonly Spec[] = [
  ['bytes', 'data size', 'size'],
  ['writtenRows', 'number of output rows', 'sum'],
  ['collectMs', 'time to collect', 'timing'],
];
const READ: readonly Spec[] = [
  ['partitions', 'number of partitions', 'sum'],
  ['coalesced', 'number of coalesced partitions', 'sum'],
  ['dataSize', 'partition data size', 'size'],
];
const NARROW: Readonly<Partial<Record<LogicalPlan['kind'], readonly Spec[]>>> = {
  project: [TIME],
  aggregate: [ROWS, ['timeNs', 'time in aggregation build', 'nsTiming'], ...MEMORY],
  distinct: [ROWS, ['timeNs', 'time in aggregation build', 'nsTiming'], ...MEMORY],
  deduplicate: [ROWS, ['timeNs', 'time in aggregation build', 'nsTiming'], ...MEMORY],
  sort: [ROWS, ['timeNs', 'sort time', 'nsTiming'], ...MEMORY],
  window: [ROWS, TIME, ...MEMORY],
};

function specsOf(plan: PhysicalPlan, part: MetricPart): readonly Spec[] {
  if (part === 'text') return [['duration', 'duration', 'timing']];
  if (part === 'read') return READ;
  if (part === 'left' || part === 'right') return BROADCAST;
  switch (plan.kind) {
    case 'exchange':
      return EXCHANGE;
    case 'join':
    case 'set':
      return [ROWS, TIME, ...MEMORY];
    case 'filtered':
      return [ROWS, TIME];
    case 'narrow':
      return NARROW[plan.node.kind] ?? [ROWS, TIME];
    case 'leaf':
      if (plan.node.kind !== 'scan') return [ROWS, TIME];
      return [
        ROWS,
        ['timeNs', 'scan time', 'nsTiming'],
        ['files', 'number of files read', 'sum'],
        ['fileBytes', 'size of files read', 'size'],
      ];
    default:
      return [ROWS];
  }
}

/** The kernel's operators that a logical node may have become. */
const KINDS: Readonly<Partial<Record<LogicalPlan['kind'], OperatorKind>>> = {
  project: 'project',
  filter: 'filter',
  aggregate: 'aggregate',
  distinct: 'aggregate',
  deduplicate: 'aggregate',
  join: 'join',
  intersect: 'join',
  except: 'join',
  sort: 'sort',
  limit: 'limit',
  offset: 'limit',
  window: 'window',
  generate: 'generate',
  expand: 'expand',
  union: 'union',
};
/** Nodes that are nothing in the kernel's text. */
const WITHOUT_TEXT: ReadonlySet<string> = new Set(['subqueryAlias', 'repartition', 'hint']);

export class PlanMetrics {
  readonly #newMetric: (name: string) => number;
  readonly #more: (metrics: readonly PlanMetric[]) => void;
  readonly #profile: number | undefined;
  #untold: PlanMetric[] = [];
  readonly #made = new Map<unknown, Map<MetricPart, ReadonlyMap<string, PlanMetric>>>();
  readonly #marked = new WeakMap<LogicalPlan, PhysicalPlan>();

  /**
   * @param newMetric makes an accumulator that tasks may add to, and gives its id
   * @param more hears of metrics that came after the first plan, before tasks tell of them
   * @param profile of an accumulator for the kernel's own operators, when the whole query is one text
   */
  constructor(newMetric: (name: string) => number, more: (metrics: readonly PlanMetric[]) => void, profile?: number) {
    this.#newMetric = newMetric;
    this.#more = more;
    this.#profile = profile;
  }

  of(plan: PhysicalPlan, part: MetricPart): readonly PlanMetric[] {
    return [...this.#byRole(plan, part).values()];
  }

  id(plan: PhysicalPlan, part: MetricPart, role: string): number | undefined {
    return this.#byRole(plan, part).get(role)?.accumulatorId;
  }

  #byRole(plan: PhysicalPlan, part: MetricPart): ReadonlyMap<string, PlanMetric> {
    let parts = this.#made.get(keyOf(plan));
    if (parts === undefined) this.#made.set(keyOf(plan), (parts = new Map()));
    let made = parts.get(part);
    if (made === undefined) {
      made = new Map(
        specsOf(plan, part).map(([role, name, metricType]) => [role, { name, accumulatorId: this.#newMetric(name), metricType }]),
      );
      parts.set(part, made);
      this.#untold.push(...made.values());
    }
    return made;
  }

  /** `node` is what `plan` became in a stage; the first one to say so is right. */
  mark(node: LogicalPlan, plan: PhysicalPlan): void {
    if (!this.#marked.has(node)) this.#marked.set(node, plan);
  }

  /** What tasks of a branch are to tell. */
  fragment(branch: Branch, { source }: SqlBranch, to: Consumer): FragmentMetrics {
    if (this.#profile !== undefined) return { profile: this.#profile, reads: {} };
    const top = this.#topOf(branch.plan);
    const reads: Record<string, ReadFigures> = {};
    for (const { exchange } of readsIn(source)) {
      const plan = this.#exchangeOf(branch.plan, exchange.name);
      if (plan?.kind !== 'exchange') continue; // kept rows are blocks: the storage page tells of them
      const id = (role: string) => this.id(plan, 'operator', role)!;
      reads[exchange.name] = { localBytes: id('localBytes'), remoteBytes: id('remoteBytes'), waitMs: id('waitMs') };
    }
    const written = this.#written(to);
    const metrics = {
      root: this.#operator(branch.plan),
      reads,
      ...(top !== undefined && { duration: this.id(top, 'text', 'duration')! }),
      ...(written && { written }),
    };
    this.#more(this.told());
    return metrics;
  }

  /** All that there are have been told. @returns those that had not been */
  told(): readonly PlanMetric[] {
    const untold = this.#untold;
    this.#untold = [];
    return untold;
  }

  #written(to: Consumer): FragmentMetrics['written'] {
    if (to.kind !== 'exchange' && to.kind !== 'broadcast') return undefined;
    const part = to.kind === 'exchange' ? 'operator' : to.side;
    const made = this.#byRole(to.plan, part);
    const id = (role: string, as: string) => (made.has(role) ? { [as]: made.get(role)!.accumulatorId } : {});
    return {
      ...id('writtenRows', 'rows'),
      ...id('bytes', 'bytes'),
      ...id('shuffleBytes', 'shuffleBytes'),
      ...id('shuffleNs', 'shuffleNs'),
    };
  }

  /** The topmost operator that has a plan and is no exchange: by it the text is known. */
  #topOf(node: LogicalPlan): PhysicalPlan | undefined {
    const plan = this.#marked.get(node);
    return plan?.kind === 'exchange' ? undefined : plan;
  }

  #exchangeOf(node: LogicalPlan, table: string): PhysicalPlan | undefined {
    if (node.kind === 'kernelTable') return node.table === table ? this.#marked.get(node) : undefined;
    for (const child of childrenOf(node)) {
      const found = this.#exchangeOf(child, table);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #operator(node: LogicalPlan): FragmentOperator {
    if (WITHOUT_TEXT.has(node.kind)) return this.#operator(childrenOf(node)[0]!);
    const plan = this.#marked.get(node);
    const children = childrenOf(node).map((child) => this.#operator(child));
    const kind = KINDS[node.kind] ?? (children.length === 0 ? 'scan' : 'other');
    return { kind, ...(plan && this.#ids(plan)), children };
  }

  #ids(plan: PhysicalPlan): FigureIds {
    const made = this.#byRole(plan, 'operator');
    const of = (role: string, as: keyof FigureIds) => (made.has(role) ? { [as]: made.get(role)!.accumulatorId } : {});
    if (plan.kind === 'exchange') return of('readRows', 'rows');
    return { ...of('rows', 'rows'), ...of('timeNs', 'timeNs'), ...of('peakMemory', 'peakMemory'), ...of('spilled', 'spilled') };
  }
}
