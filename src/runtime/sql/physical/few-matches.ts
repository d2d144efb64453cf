// Inner joins whose rows meet few others by their keys: what else their condition asks is looked at above (emit/emit-join.ts, isFilterAbove).
// Whether they are few is a guess by groupings and by bounds in footers; wrong, it costs time only. No rule of Spark's: its joins do so always.
import { conjunctsOf, equalColumns } from '../logical/conjuncts.ts';
import { type Expr, type ExprId, type NamedExpr, sourceOf } from '../logical/expressions.ts';
import { type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { hasSubquery, joinKeys } from './join-keys.ts';
import { baseRows, valuesWithin } from './statistics.ts';

/** So many rows of a side may have the same keys. */
const FEW = 2;

export function withFilterAbove(node: Join): Join {
  if (node.joinType !== 'inner' || node.isLateral === true) return node;
  const all = conjunctsOf(node.condition);
  if (!all.some(equalColumns) || all.every(equalColumns) || all.some(hasSubquery)) return node;
  const keys = joinKeys(node);
  const isFew = (side: LogicalPlan, of: readonly Expr[]) => (matchesOf(side, idsIn(of)) ?? FEW + 1) <= FEW;
  return isFew(node.left, keys.left) || isFew(node.right, keys.right) ? { ...node, isFilterAbove: true } : node;
}

const idsIn = (es: readonly Expr[]): readonly ExprId[] => es.flatMap((e) => (e.kind === 'attribute' ? [e.exprId] : []));

/** How many rows agree in these columns, on average; undefined where nothing tells. */
function matchesOf(plan: LogicalPlan, ids: readonly ExprId[]): number | undefined {
  if (ids.length === 0) return undefined;
  switch (plan.kind) {
    case 'scan':
      return ofScan(plan, ids);
    case 'distinct':
      return outputOf(plan).every((a) => ids.includes(a.exprId)) ? 1 : matchesOf(plan.child, ids);
    case 'aggregate': {
      const below = sources(plan.aggregates, ids);
      return plan.grouping.every((g) => g.kind === 'attribute' && below.includes(g.exprId)) ? 1 : undefined;
    }
    case 'project':
      return matchesOf(plan.child, sources(plan.projectList, ids));
    case 'filter':
    case 'sort':
    case 'subqueryAlias':
    case 'hint':
      return matchesOf(plan.child, ids);
    case 'join':
      return ofJoin(plan, ids);
    default:
      return undefined;
  }
}

/** By the bounds of the column that has most values. */
function ofScan(scan: Extract<LogicalPlan, { kind: 'scan' }>, ids: readonly ExprId[]): number | undefined {
  const values = ids.flatMap((id) => valuesWithin(scan, id) ?? []);
  return values.length === 0 ? undefined : Math.max(1, baseRows(scan) / Math.max(...values));
}

/** As many as a row has on its own side, times those that it meets on the other. */
function ofJoin(join: Join, ids: readonly ExprId[]): number | undefined {
  if (join.joinType === 'leftSemi' || join.joinType === 'leftAnti') return matchesOf(join.left, ids);
  if (join.joinType !== 'inner') return undefined;
  const keys = joinKeys(join);
  const [l, r] = [idsIn(keys.left), idsIn(keys.right)];
  const equal = keys.left.flatMap((e, i) => {
    const of = keys.right[i]!;
    return e.kind === 'attribute' && of.kind === 'attribute' ? [[e.exprId, of.exprId] as const] : [];
  });
  const known = new Set([...ids, ...equal.flatMap((pair) => (pair.some((id) => ids.includes(id)) ? pair : []))]);
  const by = (own: LogicalPlan, its: readonly ExprId[], other: LogicalPlan): number | undefined => {
    const [mine, theirs] = [
      matchesOf(
        own,
        outputOf(own).flatMap((a) => (known.has(a.exprId) ? [a.exprId] : [])),
      ),
      matchesOf(other, its),
    ];
    return mine === undefined || theirs === undefined ? undefined : mine * theirs;
  };
  const [a, b] = [by(join.left, r, join.right), by(join.right, l, join.left)];
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

const sources = (list: readonly NamedExpr[], ids: readonly ExprId[]): readonly ExprId[] => ids.flatMap((id) => sourceOf(list, id) ?? []);
