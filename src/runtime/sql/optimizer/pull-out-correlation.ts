// A subquery's plan without its references to the query around it, and the conditions that held them: what a join with it needs.
// Source: PullupCorrelatedPredicates and DecorrelateInnerQuery of Spark 4.2, for plans where conditions can simply be lifted.
import { allOf, conjunctsOf, isCall } from '../logical/conjuncts.ts';
import { aliasOf, attributeOf, type Attribute, type Expr, type ExprId, type NamedExpr } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { exprsOfPlan } from '../logical/plan-tree.ts';
import { attributesIn } from '../logical/tree.ts';
import { hasOuter } from '../physical/spread.ts';
import { hasOuterIn, hasSubqueryIn, idsOf, textOf } from './rule-tools.ts';

export type PulledOut = { readonly plan: LogicalPlan; readonly conditions: readonly Expr[] };

/** @returns undefined where conditions cannot be lifted */
export function pullOut(plan: LogicalPlan): PulledOut | undefined {
  if (!hasOuter(plan)) return { plan, conditions: [] };
  switch (plan.kind) {
    case 'filter': {
      const child = pullOut(plan.child);
      const conjuncts = conjunctsOf(plan.condition);
      const lifted = conjuncts.filter(hasOuterDeep);
      if (child === undefined || lifted.some(hasSubqueryIn)) return undefined;
      const rest = allOf(conjuncts.filter((e) => !lifted.includes(e)));
      return {
        plan: rest === undefined ? child.plan : { ...plan, child: child.plan, condition: rest },
        conditions: [...child.conditions, ...lifted],
      };
    }
    case 'project': {
      const child = pullOut(plan.child);
      if (child === undefined || plan.projectList.some(hasOuterDeep)) return undefined;
      return { plan: { ...plan, child: child.plan, projectList: withNeeded(plan.projectList, child) }, conditions: child.conditions };
    }
    case 'join':
      return pullOutOfJoin(plan);
    case 'aggregate':
      return pullOutOfAggregate(plan);
    case 'distinct':
    case 'sort': {
      const child = pullOut(plan.child);
      if (child === undefined || exprsOfPlan(plan).some(hasOuterDeep)) return undefined;
      return { plan: plan.kind === 'sort' ? child.plan : { ...plan, child: child.plan }, conditions: child.conditions };
    }
    default:
      return undefined;
  }
}

/** Outer references of the expression or of subqueries in it. */
const hasOuterDeep = (e: Expr): boolean =>
  hasOuterIn(e) || (hasSubqueryIn(e) && hasOuter({ kind: 'filter', child: { kind: 'oneRow' }, condition: e }));

/** The list and the columns that lifted conditions ask for. */
function withNeeded(list: readonly NamedExpr[], { plan, conditions }: PulledOut): readonly NamedExpr[] {
  const has = new Set<ExprId>(list.map((e) => e.exprId));
  const needed = new Map<ExprId, Attribute>();
  for (const a of conditions.flatMap(attributesIn)) if (!has.has(a.exprId)) needed.set(a.exprId, a);
  const output = idsOf(plan);
  return [...list, ...[...needed.values()].filter((a) => output.has(a.exprId))];
}

function pullOutOfJoin(plan: Extract<LogicalPlan, { kind: 'join' }>): PulledOut | undefined {
  const { joinType } = plan;
  if (plan.isLateral) return undefined;
  const isInner = joinType === 'inner' || joinType === 'cross';
  const keepsLeft = isInner || joinType === 'leftSemi' || joinType === 'leftAnti' || joinType === 'leftOuter' || joinType === 'existence';
  if ((!keepsLeft && hasOuter(plan.left)) || (!isInner && hasOuter(plan.right))) return undefined;
  const [left, right] = [pullOut(plan.left), pullOut(plan.right)];
  if (left === undefined || right === undefined) return undefined;
  const conjuncts = conjunctsOf(plan.condition);
  const lifted = conjuncts.filter(hasOuterDeep);
  if (lifted.length > 0 && (!isInner || lifted.some(hasSubqueryIn))) return undefined;
  const condition = allOf(conjuncts.filter((e) => !lifted.includes(e)));
  const made = { ...plan, left: left.plan, right: right.plan, condition };
  return { plan: made, conditions: [...left.conditions, ...right.conditions, ...lifted] };
}

/** Equalities with the query around become keys: one group for each of its values. */
function pullOutOfAggregate(plan: Extract<LogicalPlan, { kind: 'aggregate' }>): PulledOut | undefined {
  const child = pullOut(plan.child);
  if (child === undefined || exprsOfPlan(plan).some(hasOuterDeep)) return undefined;
  const keys = new Map<string, { inner: Expr; named: NamedExpr }>();
  const conditions: Expr[] = [];
  for (const e of child.conditions) {
    if (e.kind !== 'call' || !isCall(e, '==')) return undefined;
    const [a, b] = e.args as [Expr, Expr];
    const inner = hasOuterIn(a) ? b : a;
    const outer = inner === a ? b : a;
    if (hasOuterIn(inner) || attributesIn(outer).length > 0 || attributesIn(inner).length === 0) return undefined;
    const text = textOf(inner);
    let key = keys.get(text);
    if (key === undefined) keys.set(text, (key = { inner, named: inner.kind === 'attribute' ? inner : aliasOf(inner, 'key') }));
    conditions.push({ ...e, args: [attributeOf(key.named), outer] });
  }
  const has = new Set(plan.aggregates.map((e) => e.exprId));
  const grouping = new Set(plan.grouping.map(textOf));
  const added = [...keys.values()];
  return {
    plan: {
      ...plan,
      child: child.plan,
      grouping: [...plan.grouping, ...added.filter((k) => !grouping.has(textOf(k.inner))).map((k) => k.inner)],
      aggregates: [...plan.aggregates, ...added.filter((k) => !has.has(k.named.exprId)).map((k) => k.named)],
    },
    conditions,
  };
}

export const firstColumn = (plan: LogicalPlan): Attribute => outputOf(plan)[0]!;
