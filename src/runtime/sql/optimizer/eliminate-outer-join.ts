// An outer join whose missing rows a filter above throws away is an inner one. Source: EliminateOuterJoin of Spark 4.2.
import { conjunctsOf } from '../logical/conjuncts.ts';
import type { Expr, ExprId } from '../logical/expressions.ts';
import type { Join, JoinHint, LogicalPlan } from '../logical/plans.ts';
import { mapPlanChildren } from '../logical/plan-tree.ts';
import { attributesIn, contains } from '../logical/tree.ts';
import { idsOf, isMovable } from './rule-tools.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

/** Comparisons are NULL when a side is, so they refuse rows of NULLs. */
const STRICT = new Set(['==', '<', '<=', '>', '>=', '!=', 'like', 'in', 'isnotnull', 'between']);
const PASSING = new Set(['+', '-', '*', '/', '%', 'upper', 'lower', 'substring', 'abs']);

function refusesNulls(e: Expr, side: ReadonlySet<ExprId>): boolean {
  if (e.kind !== 'call' || !STRICT.has(e.spec.name) || !isMovable(e)) return false;
  const tested = e.spec.name === 'in' ? e.args.slice(0, 1) : e.args;
  return tested.some((arg) => attributesIn(arg).some((a) => side.has(a.exprId)) && passesNull(arg, side));
}

const passesNull = (e: Expr, side: ReadonlySet<ExprId>): boolean =>
  e.kind === 'attribute'
    ? side.has(e.exprId)
    : e.kind === 'cast'
      ? passesNull(e.child, side)
      : e.kind === 'call' &&
        PASSING.has(e.spec.name) &&
        e.args.some((a) => passesNull(a, side)) &&
        !contains(e, (x) => x.kind === 'call' && !PASSING.has(x.spec.name));

function narrowed(join: Join, conditions: readonly Expr[]): Join {
  const { joinType } = join;
  const [left, right] = [idsOf(join.left), idsOf(join.right)];
  const refusesLeft = conditions.some((e) => refusesNulls(e, left));
  const refusesRight = conditions.some((e) => refusesNulls(e, right));
  if (joinType === 'leftOuter' && refusesRight) return { ...join, joinType: 'inner' };
  if (joinType === 'rightOuter' && refusesLeft) return { ...join, joinType: 'inner' };
  if (joinType !== 'fullOuter') return join;
  if (refusesLeft && refusesRight) return { ...join, joinType: 'inner' };
  return refusesLeft ? { ...join, joinType: 'leftOuter' } : refusesRight ? { ...join, joinType: 'rightOuter' } : join;
}

/** Below bare selections too: a scalar subquery's rewrite stands there. */
function below(plan: LogicalPlan, conditions: readonly Expr[]): LogicalPlan {
  if (plan.kind === 'join') return narrowed(plan, conditions);
  if (plan.kind === 'project' && plan.projectList.every((e) => e.kind === 'attribute'))
    return mapPlanChildren(plan, (c) => below(c, conditions));
  return plan;
}

export type { JoinHint };
export const eliminateOuterJoin: Rule = {
  name: 'EliminateOuterJoin',
  apply: bottomUp((node) => {
    if (node.kind !== 'filter') return node;
    const child = below(node.child, conjunctsOf(node.condition));
    return child === node.child ? node : { ...node, child };
  }),
};
