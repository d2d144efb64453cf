// A limit of no rows is nothing; a limit on a limit is the smaller one; one that its input cannot reach is none. Source: EliminateLimits of Spark 4.2.
import type { LogicalPlan } from '../logical/plans.ts';
import { mostRows, numberOf } from './max-rows.ts';
import { nothing } from './propagate-empty-relation.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

function eliminated(node: LogicalPlan): LogicalPlan {
  const limit = node.kind === 'limit' ? numberOf(node.limit) : undefined;
  if (node.kind !== 'limit' || limit === undefined) return node;
  if (limit === 0) return nothing(node);
  if (mostRows(node.child) <= limit) return node.child;
  const { child } = node;
  return child.kind === 'limit' && (numberOf(child.limit) ?? 0) > limit ? { ...node, child: child.child } : node;
}

export const eliminateLimits: Rule = { name: 'EliminateLimits', apply: bottomUp(eliminated) };
