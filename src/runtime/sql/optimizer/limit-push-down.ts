// A limit goes below projections, to where its sort is, and into the branches of a union. Source: LimitPushDown of Spark 4.2.
import type { LogicalPlan } from '../logical/plans.ts';
import { mostRows, numberOf } from './max-rows.ts';
import { isDeterministic } from './rule-tools.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

function pushed(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'limit') return node;
  const { child, limit } = node;
  if (child.kind === 'project' && child.projectList.every(isDeterministic)) return { ...child, child: { ...node, child: child.child } };
  const most = numberOf(limit) ?? 0;
  const isFewer = (c: LogicalPlan): boolean => c.kind === 'limit' || mostRows(c) <= most;
  if (child.kind === 'union' && !child.children.every(isFewer))
    return {
      ...node,
      child: { ...child, children: child.children.map((c) => (isFewer(c) ? c : { kind: 'limit', child: c, limit })) },
    };
  return node;
}

export const limitPushDown: Rule = { name: 'LimitPushDown', apply: bottomUp(pushed) };
