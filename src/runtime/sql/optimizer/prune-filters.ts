// Filters that are always true go; below one that never is there is nothing. Source: PruneFilters of Spark 4.2.
import type { LogicalPlan } from '../logical/plans.ts';
import { nothing } from './propagate-empty-relation.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

function pruned(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'filter' || node.condition.kind !== 'literal') return node;
  return node.condition.value === true ? node.child : nothing(node);
}

export const pruneFilters: Rule = { name: 'PruneFilters', apply: bottomUp(pruned) };
