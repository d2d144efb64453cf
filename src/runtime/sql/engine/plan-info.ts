// Plans as the SQL page draws them: nodes with a name, a line of text and metrics. Of a logical plan before it runs, and of the kernel's operators
// after it, under Spark's names where an operator means the same. Source: SparkPlanInfo, SQLMetrics of Spark 4.2.
import type { KernelOperator, KernelProfile } from '../../../common/sql-kernel.ts';
import type { SqlPlanInfo } from '../../../status/events.ts';
import { operatorText } from '../explain/logical-text.ts';
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';

const MOST_TEXT = 1_000;
/** Lines of a plan, no longer than pages can use. */
export const cutText = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 3)}...` : text);

export function infoOfPlan(plan: LogicalPlan): SqlPlanInfo {
  const simpleString = cutText(operatorText(plan));
  const nodeName =
    plan.kind === 'scan'
      ? `Scan ${plan.jdbc === undefined ? plan.format : ''} ${plan.name}`.replace(/ +/g, ' ').trim()
      : simpleString.split(' ')[0]!;
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

/** @param newId of an accumulator, one for each metric */
export function infoOfProfile({ root, peakMemoryBytes, peakSpilledBytes }: KernelProfile, newId: () => number): Measured {
  const values: [number, number][] = [];
  const metric = (name: string, metricType: string, value: number): Metric[] => {
    const accumulatorId = newId();
    values.push([accumulatorId, Math.round(value)]);
    return [{ name, accumulatorId, metricType }];
  };
  const infoOf = (operator: KernelOperator, isRoot: boolean): SqlPlanInfo => {
    const nodeName = nameOf(operator);
    const details = Object.entries(operator.details).filter(([key]) => !HIDDEN.has(key));
    const metrics = [
      ...metric('number of output rows', 'sum', operator.rows),
      ...(operator.rowsScanned > 0 ? metric('number of rows scanned', 'sum', operator.rowsScanned) : []),
      ...metric('time in the operator', 'nsTiming', operator.seconds * 1e9),
      ...(isRoot ? metric('peak memory of the query', 'size', peakMemoryBytes) : []),
      ...(isRoot ? metric('spill size', 'size', peakSpilledBytes) : []),
    ];
    const simpleString = cutText(`${nodeName} ${details.map(([key, value]) => `${key}: ${value}`).join(', ')}`.trim());
    return { nodeName, simpleString, children: operator.children.map((child) => infoOf(child, false)), metadata: {}, metrics };
  };
  return { info: infoOf(root, true), values };
}

const HIDDEN = new Set(['Estimated Cardinality', 'Function']);

function nameOf({ name, details }: KernelOperator): string {
  if (name === 'TABLE_SCAN') return `Scan ${(details['Function'] ?? details['Text'] ?? 'table').toLowerCase().replace('read_', '')}`;
  return SPARK_NAMES[name] ?? name.toLowerCase().replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}
