// A limit goes below projections, to where its sort is, and into the branches of a union. Source: LimitPushDown of Spark 4.2.
import type { LogicalPlan } from '../logical/plans.ts';
import { transformPlanUp } from '../logical/plan-tree.ts';
import { isDeterministic } from './rule-tools.ts';
import type { Rule } from './rule.ts';

function pushed(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'limit') return node;
  const { child, limit } = node;
  if (child.kind === 'project' && child.projectList.every(isDeterministic)) return { ...child, child: { ...node, child: child.child } };
  if (child.kind === 'union' && child.children.some((c) => c.kind !== 'limit'))
    return {
      ...node,
      child: { ...child, children: child.children.map((c) => (c.kind === 'limit' ? c : { kind: 'limit', child: c, limit })) },
    };
  return node;
}

export const limitPushDown: Rule = { name: 'LimitPushDown', apply: (plan) => transformPlanUp(plan, pushed) };
