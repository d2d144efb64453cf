// Joins → DuckDB's (subqueries in their conditions: join-subqueries.ts), and `(a, b) IN (subquery)`, whose NULLs DuckDB compares as rows.
import { AnalysisException } from '../errors/spark-error.ts';
import { allOf, conjunctsOf, equalColumns } from '../logical/conjuncts.ts';
import type { Expr, InSubquery } from '../logical/expressions.ts';
import { outerIn } from '../logical/plan-tree.ts';
import { type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { contains } from '../logical/tree.ts';
import { columnName, type Emit } from './emit-context.ts';
import { withSubqueriesBelow } from './join-subqueries.ts';

const JOIN_WORDS = {
  inner: 'JOIN',
  cross: 'JOIN',
  leftOuter: 'LEFT JOIN',
  rightOuter: 'RIGHT JOIN',
  fullOuter: 'FULL JOIN',
  leftSemi: 'SEMI JOIN',
  leftAnti: 'ANTI JOIN',
} as const;

export function joinText(plan: Join, emit: Emit): string {
  const columns =
    outputOf(plan)
      .map((a) => columnName(a.exprId))
      .join(', ') || '1 AS none';
  return `SELECT ${columns} FROM ${joined(withSubqueriesBelow(plan), emit)}`;
}

/**
 * A plan as an item of FROM. Joins stay a tree of joins, without a SELECT around each: the kernel orders joins only as far as it sees nothing between
 * them. Their columns have names that no others have.
 */
export function fromItem(plan: LogicalPlan, emit: Emit): string {
  switch (plan.kind) {
    case 'subqueryAlias':
    case 'repartition':
    case 'hint':
      return fromItem(plan.child, emit);
    case 'join':
      if (isExists(plan) || plan.isFilterAbove === true) return joined(plan, emit);
      // Columns that were added for subqueries must not be seen above.
      return withSubqueriesBelow(plan) === plan ? `(${joined(plan, emit)})` : `(${emit.plan(plan)}) ${emit.nextAlias()}`;
    default:
      return `(${emit.plan(plan)}) ${emit.nextAlias()}`;
  }
}

function joined(plan: Join, emit: Emit): string {
  const { left, right, condition, joinType, isLateral, isNullAware } = plan;
  if (isNullAware) throw new AnalysisException('NOT_BUILT', { feature: 'A null-aware join in one query' });
  if (joinType === 'existence' || isExists(plan)) return `(${existsText(plan, emit)}) ${emit.nextAlias()}`;
  if (plan.isFilterAbove === true) return `(${filteredAbove(plan, emit)}) ${emit.nextAlias()}`;
  if (condition !== undefined && contains(condition, isOuter)) {
    if (joinType === 'leftOuter') return `${fromItem(left, emit)} LEFT JOIN ${filteredItem(right, condition, emit)}`;
    if (joinType === 'rightOuter') return `${fromItem(right, emit)} LEFT JOIN ${filteredItem(left, condition, emit)}`;
  }
  const on = condition === undefined ? 'true' : emit.emit(condition);
  const rightItem = isLateral ? `LATERAL (${emit.plan(right)}) ${emit.nextAlias()}` : fromItem(right, emit);
  return `${fromItem(left, emit)} ${JOIN_WORDS[joinType]} ${rightItem} ON ${on}`;
}

const isOuter = (e: Expr): boolean => e.kind === 'outer';

/** A semi or anti join as EXISTS: the better form, or the only one that the kernel takes where something in it refers to the query around. */
function isExists({ left, right, condition, joinType, isByLeftKeys }: Join): boolean {
  if (isByLeftKeys === true || joinType === 'existence') return true;
  if (joinType !== 'leftSemi' && joinType !== 'leftAnti') return false;
  return (condition !== undefined && contains(condition, isOuter)) || outerIn(left).length > 0 || outerIn(right).length > 0;
}

/** The condition inside of the side that is filled up: ON an outer join's the kernel takes none that refers to the query around. */
const filteredItem = (side: LogicalPlan, condition: Expr, emit: Emit): string =>
  `LATERAL (SELECT * FROM ${fromItem(side, emit)} WHERE ${emit.emit(condition)}) ${emit.nextAlias()} ON true`;

/** The kernel makes a hash table of SEMI JOIN's right side; of EXISTS it takes the left side's keys to the right one first. */
function existsText({ left, right, condition, joinType, exists: column }: Join, emit: Emit): string {
  const columns = outputOf(left).map((a) => columnName(a.exprId));
  const exists = `EXISTS (SELECT 1 FROM ${fromItem(right, emit)} WHERE ${condition === undefined ? 'true' : emit.emit(condition)})`;
  if (column !== undefined)
    return `SELECT ${[...columns, `${exists} AS ${columnName(column.exprId)}`].join(', ')} FROM ${fromItem(left, emit)}`;
  return `SELECT ${columns.join(', ') || '1 AS none'} FROM ${fromItem(left, emit)} WHERE ${joinType === 'leftAnti' ? 'NOT ' : ''}${exists}`;
}

/**
 * With equalities alone the kernel tells the left side's files which keys the right side has; with more in ON it does not, and computes the rest
 * for all rows. The CASE keeps it from putting the filter back into the join (DuckDB 1.5: JoinFilterPushdownOptimizer, FilterPushdown).
 */
function filteredAbove({ left, right, condition }: Join, emit: Emit): string {
  const all = conjunctsOf(condition);
  const [keys, others] = [all.filter(equalColumns), all.filter((e) => !equalColumns(e))].map((es) => emit.emit(allOf(es)!));
  return `SELECT * FROM ${fromItem(left, emit)} JOIN ${fromItem(right, emit)} ON ${keys} WHERE CASE WHEN ${others} THEN true ELSE false END`;
}

/** True where a row is equal, NULL where one may be, else false. */
export function inSubqueryText({ values, plan }: InSubquery, emit: Emit): string {
  const texts = emit.all(values);
  if (texts.length === 1) return `(${texts[0]} IN (${emit.plan(plan)}))`;
  const columns = outputOf(plan).map((a) => columnName(a.exprId));
  const isEqual = texts.map((t, i) => `${t} = ${columns[i]}`).join(' AND ');
  const exists = (condition: string) => `EXISTS (SELECT 1 FROM (${emit.plan(plan)}) ${emit.nextAlias()} WHERE ${condition})`;
  return `(CASE WHEN ${exists(isEqual)} THEN true WHEN ${exists(`(${isEqual}) IS NULL`)} THEN NULL ELSE false END)`;
}
