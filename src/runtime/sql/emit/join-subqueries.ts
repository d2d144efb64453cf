// Subqueries in the condition of an outer, semi or anti join, which DuckDB refuses: each becomes a column of the side that it refers to.
// One that refers to both sides stays where it is. Used by emit-plan.ts.
import { aliasOf, type Alias, attributeOf, type Expr } from '../logical/expressions.ts';
import { exprsOfPlan, hasSubquery, visitPlan } from '../logical/plan-tree.ts';
import { type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { attributesIn, childrenOfExpr, mapChildren } from '../logical/tree.ts';

/** The same join without subqueries in its condition, as far as that is possible. */
export function withSubqueriesBelow(join: Join): Join {
  const { condition, joinType } = join;
  if (condition === undefined || joinType === 'inner' || joinType === 'cross' || joinType === 'existence' || !hasSubquery(condition))
    return join;
  const [left, right]: [Alias[], Alias[]] = [[], []];
  const [leftIds, rightIds] = [idsOf(join.left), idsOf(join.right)];
  const lift = (e: Expr): Expr => {
    if (!('plan' in e)) return mapChildren(e, lift);
    const used = referencesOf(e);
    const [inLeft, inRight] = [used.some((id) => leftIds.has(id)), used.some((id) => rightIds.has(id))];
    if (inLeft && inRight) return e;
    const column = aliasOf(e, 'subquery');
    (inRight ? right : left).push(column);
    return attributeOf(column);
  };
  const lifted = lift(condition);
  return { ...join, condition: lifted, left: withColumns(join.left, left), right: withColumns(join.right, right) };
}

const idsOf = (plan: LogicalPlan): ReadonlySet<number> => new Set(outputOf(plan).map((a) => a.exprId));

const withColumns = (plan: LogicalPlan, columns: readonly Alias[]): LogicalPlan =>
  columns.length === 0 ? plan : { kind: 'project', child: plan, projectList: [...outputOf(plan), ...columns] };

/** Ids of columns around the subquery: those of its own values (x IN …), and outer references anywhere inside. */
function referencesOf(e: Extract<Expr, { readonly plan: LogicalPlan }>): readonly number[] {
  const found = attributesIn(e).map((a) => a.exprId);
  const look = (x: Expr): void => {
    if (x.kind === 'outer') found.push(x.attribute.exprId);
    childrenOfExpr(x).forEach(look);
  };
  visitPlan(e.plan, (p) => exprsOfPlan(p).forEach(look));
  return found;
}
