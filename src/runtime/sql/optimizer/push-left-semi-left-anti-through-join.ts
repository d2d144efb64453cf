// A semi or anti join that leaves few rows goes below the joins that its rows come from, to the side that has its keys: what it drops is then not
// joined first, and the order of joins is chosen with what it keeps. Source: PushLeftSemiLeftAntiThroughJoin and PushDownLeftSemiAntiJoin of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import type { Join, LogicalPlan } from '../logical/plans.ts';
import { transformPlanUp } from '../logical/plan-tree.ts';
import { statisticsOf } from '../physical/statistics.ts';
import { idsOf, isDeterministic, isWithin, meaningsOf, referencesOf, substitute } from './rule-tools.ts';
import type { Rule } from './rule.ts';

/** Below others it costs as much as above them when it keeps most rows. */
const MOST_KEPT = 0.5;

function pushed(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'join' || (node.joinType !== 'leftSemi' && node.joinType !== 'leftAnti')) return node;
  if (node.isNullAware || node.isLateral || node.condition === undefined || !isDeterministic(node.condition)) return node;
  if (statisticsOf(node).rows >= MOST_KEPT * statisticsOf(node.left).rows) return node;
  return placed(node.left, node, node.condition) ?? node;
}

/** The plan with the semi join somewhere in it, below a join; undefined: it can't go there. */
function placed(plan: LogicalPlan, semi: Join, condition: Expr): LogicalPlan | undefined {
  switch (plan.kind) {
    case 'filter':
    case 'subqueryAlias':
    case 'hint': {
      const child = placed(plan.child, semi, condition);
      return child && { ...plan, child };
    }
    case 'project': {
      const meanings = meaningsOf(plan.projectList);
      const used = referencesOf(condition).flatMap((id) => meanings.get(id) ?? []);
      const child = used.every((e) => e.kind === 'attribute') ? placed(plan.child, semi, substitute(condition, meanings)) : undefined;
      return child && { ...plan, child };
    }
    case 'join': {
      const side = sidesOf(plan).find((s) => isOver(condition, plan[s], semi.right));
      if (side === undefined) return undefined;
      return { ...plan, [side]: placed(plan[side], semi, condition) ?? { ...semi, left: plan[side], condition } };
    }
    default:
      return undefined;
  }
}

function isOver(condition: Expr, left: LogicalPlan, right: LogicalPlan): boolean {
  return isWithin(condition, new Set([...idsOf(left), ...idsOf(right)]));
}

/** Whose rows are either kept or dropped by what is above the join, whichever rows of the other side they meet. */
function sidesOf({ joinType, isLateral }: Join): readonly ('left' | 'right')[] {
  if (isLateral) return [];
  switch (joinType) {
    case 'inner':
    case 'cross':
      return ['left', 'right'];
    case 'rightOuter':
      return ['right'];
    case 'fullOuter':
      return [];
    default:
      return ['left'];
  }
}

export const pushLeftSemiLeftAntiThroughJoin: Rule = {
  name: 'PushLeftSemiLeftAntiThroughJoin',
  apply: (plan) => transformPlanUp(plan, pushed),
};
