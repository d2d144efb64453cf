// Rows that every task of a stage needs whole, the small side of a join: read from where another stage left them, or computed in each task when
// that is less than to send them. With many tasks at a time they go by way of the driver (execute.ts). Source: BroadcastExchangeExec of Spark 4.2.
import type { Exchange } from '../../rdd/sql-fragment.ts';
import type { Attribute } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { exprsOfPlan, visitPlan } from '../logical/plan-tree.ts';
import { isMovable } from '../optimizer/rule-tools.ts';
import { columnsOf, tableOf } from './fragments.ts';
import type { BroadcastTable, Parts } from './parts.ts';
import { exchangeRows } from './spread.ts';
import { scanBytes, statisticsOf } from './statistics.ts';

/** With more tasks at a time than this, rows for all of them go by way of the driver: each executor gets them once. */
export const MOST_READERS = 8;
/** Files of a side that each task may as well read itself. */
const TEXT_BYTES = 1 << 20;
const TEXT_ROWS = 20_000;

/** A side that is cheap to compute anywhere: what stands on small files alone. */
export function asText({ branches }: Parts): BroadcastTable | undefined {
  const [branch, ...more] = branches;
  if (branch === undefined || more.length > 0 || branch.source.kind !== 'none' || branch.isWhole) return undefined;
  if (branch.inputs.length > 0 || branch.broadcasts.some(({ from }) => from.kind !== 'text')) return undefined;
  let [bytes, isPlain] = [0, true];
  visitPlan(branch.plan, (p) => {
    if (p.kind === 'scan') bytes += scanBytes(p);
    else if (!['project', 'filter', 'subqueryAlias', 'join', 'localRelation', 'oneRow'].includes(p.kind)) isPlain = false;
    if (!exprsOfPlan(p).every(isMovable)) isPlain = false;
  });
  if (!isPlain || bytes > TEXT_BYTES || statisticsOf(branch.plan).rows > TEXT_ROWS) return undefined;
  const columns = columnsOf(branch.plan);
  return { input: { name: '', columns }, rows: statisticsOf(branch.plan).rows, from: { kind: 'text', plan: branch.plan } };
}

/** The exchange that parts are, with nothing on top of it. */
export function plainRead({ branches }: Parts): Exchange | undefined {
  const [branch, ...more] = branches;
  if (branch === undefined || more.length > 0 || branch.source.kind !== 'exchanges' || branch.broadcasts.length > 0) return undefined;
  const { exchanges } = branch.source;
  const isPlain = exchanges.length === 1 && branch.plan.kind === 'kernelTable' && branch.plan.table === exchanges[0]!.name;
  return isPlain ? exchanges[0] : undefined;
}

/** Under a name of its own: a task may read its part of the same exchange besides. */
export const everywhere = (exchange: Exchange): BroadcastTable => ({
  input: { name: `${exchange.name}_all`, columns: exchange.columns },
  rows: exchangeRows(exchange),
  from: { kind: 'exchange', exchange },
});

/** The rows as a relation, under the names that the table's columns have. @param columns of `output`; left out: all, in the table's order */
export function relationOf({ input, from }: BroadcastTable, output: readonly Attribute[], columns?: readonly string[]): LogicalPlan {
  if (from.kind !== 'text') return { ...tableOf(input.name, output), columns: columns ?? output.map((_, i) => input.columns[i]![0]) };
  const isAll = outputOf(from.plan).length === output.length;
  return isAll ? from.plan : { kind: 'project', child: from.plan, projectList: output };
}
