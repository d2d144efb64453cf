// Plans as the SQL page draws them: nodes with a name, a line of text and metrics. Of a logical plan before it runs, and of the kernel's operators
// after it, under Spark's names where an operator means the same. Source: SparkPlanInfo, SQLMetrics of Spark 4.2.
import type { KernelOperator, KernelProfile } from '../../../common/sql-kernel.ts';
import type { SqlPlanInfo } from '../../../status/events.ts';
import { operatorText } from '../explain/logical-text.ts';
import { visitPlan } from '../logical/plan-tree.ts';
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';

const MOST_TEXT = 1_000;
/** Lines of a plan, no longer than pages can use. */
export const cutText = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 3)}...` : text);

export function infoOfPlan(plan: LogicalPlan): SqlPlanInfo {
  const simpleString = cutText(operatorText(plan));
  const nodeName =
    plan.kind === 'scan'
      ? `Scan ${plan.jdbc === undefined ? plan.format : ''} ${plan.name}`.replace(/ +/g, ' ').trim()
      : /^\S*/.exec(simpleString)![0];
  return { nodeName, simpleString, children: childrenOf(plan).map(infoOfPlan), metadata: {}, metrics: [] };
}

/** The kernel's words → Spark's, where they mean the same operator. */
const SPARK_NAMES: Readonly<Record<string, string>> = {
  FILTER: 'Filter',
  PROJECTION: 'Project',
  HASH_GROUP_BY: 'HashAggregate',
  PERFECT_HASH_GROUP_BY: 'HashAggregate',
  PARTITIONED_AGGREGATE: 'HashAggregate',
  UNGROUPED_AGGREGATE: 'HashAggregate',
  SIMPLE_AGGREGATE: 'HashAggregate',
  HASH_JOIN: 'ShuffledHashJoin',
  PIECEWISE_MERGE_JOIN: 'SortMergeJoin',
  IE_JOIN: 'SortMergeJoin',
  NESTED_LOOP_JOIN: 'BroadcastNestedLoopJoin',
  BLOCKWISE_NL_JOIN: 'BroadcastNestedLoopJoin',
  CROSS_PRODUCT: 'CartesianProduct',
  ORDER_BY: 'Sort',
  TOP_N: 'TakeOrderedAndProject',
  LIMIT: 'GlobalLimit',
  STREAMING_LIMIT: 'GlobalLimit',
  WINDOW: 'Window',
  STREAMING_WINDOW: 'Window',
  UNION: 'Union',
  UNNEST: 'Generate',
  DUMMY_SCAN: 'Scan OneRowRelation',
  COLUMN_DATA_SCAN: 'LocalTableScan',
  EMPTY_RESULT: 'LocalTableScan',
};

type Metric = SqlPlanInfo['metrics'][number];
export type Measured = { readonly info: SqlPlanInfo; readonly values: readonly (readonly [accumulatorId: number, value: number])[] };

/** @param plan whose text the kernel ran; @param newId of an accumulator, one for each metric */
export function infoOfProfile(
  { root, peakMemoryBytes, peakSpilledBytes }: KernelProfile,
  plan: LogicalPlan,
  newId: () => number,
): Measured {
  const texts = textsOf(root, plan);
  const values: [number, number][] = [];
  const metric = (name: string, metricType: string, value: number): Metric[] => {
    const accumulatorId = newId();
    values.push([accumulatorId, Math.round(value)]);
    return [{ name, accumulatorId, metricType }];
  };
  const infoOf = (operator: KernelOperator, isRoot: boolean): SqlPlanInfo => {
    const nodeName = nameOf(operator);
    const metrics = [
      ...metric('number of output rows', 'sum', operator.rows),
      ...(operator.rowsScanned > 0 ? metric('number of rows scanned', 'sum', operator.rowsScanned) : []),
      ...metric('time in the operator', 'nsTiming', operator.seconds * 1e9),
      ...(isRoot ? metric('peak memory of the query', 'size', peakMemoryBytes) : []),
      ...(isRoot ? metric('spill size', 'size', peakSpilledBytes) : []),
    ];
    const simpleString = cutText(texts.get(operator) ?? nodeName);
    return { nodeName, simpleString, children: operator.children.map((child) => infoOf(child, false)), metadata: {}, metrics };
  };
  return { info: infoOf(root, true), values };
}

/** What Spark's operators are in a logical plan. A scan is one by its format: any of `Scan …`. */
const KINDS: Readonly<Record<string, LogicalPlan['kind']>> = {
  Filter: 'filter',
  HashAggregate: 'aggregate',
  Sort: 'sort',
  TakeOrderedAndProject: 'sort',
  Window: 'window',
  Union: 'union',
  Generate: 'generate',
  ShuffledHashJoin: 'join',
  SortMergeJoin: 'join',
  BroadcastNestedLoopJoin: 'join',
};
const kindOf = (nodeName: string): LogicalPlan['kind'] | undefined => (nodeName.startsWith('Scan ') ? 'scan' : KINDS[nodeName]);

/** By kind, the operators that are the only ones of it: whatever order the kernel has joined in, it must be that one. */
function onlyOnes<T>(kinds: Iterable<readonly [kind: string | undefined, of: T]>): Map<string, T> {
  const seen = new Map<string, T[]>();
  for (const [kind, of] of kinds) if (kind !== undefined) seen.set(kind, [...(seen.get(kind) ?? []), of]);
  return new Map([...seen].flatMap(([kind, [first, ...others]]) => (others.length === 0 ? [[kind, first!] as const] : [])));
}

const operatorsOf = (operator: KernelOperator): KernelOperator[] => [operator, ...operator.children.flatMap(operatorsOf)];

/** Texts for the kernel's operators, from the plan that they compute. */
function textsOf(root: KernelOperator, plan: LogicalPlan): Map<KernelOperator, string> {
  const nodes: LogicalPlan[] = [];
  visitPlan(plan, (node) => nodes.push(node));
  const ours = onlyOnes(nodes.map((node) => [node.kind, node]));
  const theirs = onlyOnes(operatorsOf(root).map((operator) => [kindOf(nameOf(operator)), operator]));
  return new Map([...theirs].flatMap(([kind, operator]) => (ours.has(kind) ? [[operator, operatorText(ours.get(kind)!)] as const] : [])));
}

function nameOf({ name, source }: KernelOperator): string {
  if (name === 'TABLE_SCAN') return `Scan ${source.toLowerCase().replace('read_', '')}`;
  return SPARK_NAMES[name] ?? name.toLowerCase().replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}
