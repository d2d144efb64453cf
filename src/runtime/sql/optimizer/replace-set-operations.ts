// INTERSECT and EXCEPT without ALL are joins that take NULLs for equal, of distinct rows. Source: ReplaceIntersectWithSemiJoin,
// ReplaceExceptWithAntiJoin of Spark 4.2. (DISTINCT stays an operator of its own: its two steps are the planner's.)
import { allOf, call } from '../logical/conjuncts.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { transformPlanUp } from '../logical/plan-tree.ts';
import { sameType } from '../types/data-type.ts';
import type { Rule } from './rule.ts';

function replaced(node: LogicalPlan): LogicalPlan {
  if ((node.kind !== 'intersect' && node.kind !== 'except') || node.isAll) return node;
  const [l, r] = [outputOf(node.left), outputOf(node.right)];
  const ids = new Set(l.map((a) => a.exprId));
  // The two sides may be one plan twice; and a column may stand in a side twice.
  if (l.length === 0 || r.some((a) => ids.has(a.exprId)) || !l.every((a, i) => sameType(a.dataType, r[i]!.dataType))) return node;
  const condition = allOf(l.map((a, i) => call('<=>', a, r[i]!)));
  const joinType = node.kind === 'intersect' ? 'leftSemi' : 'leftAnti';
  return { kind: 'distinct', child: { kind: 'join', left: node.left, right: node.right, joinType, condition } };
}

export const replaceSetOperations: Rule = {
  name: 'ReplaceSetOperations',
  isRequired: true,
  apply: (plan) => transformPlanUp(plan, replaced),
};
