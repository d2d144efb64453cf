// Filters that are always true go; below one that never is there is nothing, and what stands on nothing is nothing where that is sure.
// Source: PruneFilters and PropagateEmptyRelation of Spark 4.2.
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { transformPlanUp } from '../logical/plan-tree.ts';
import type { Rule } from './rule.ts';

const isEmpty = (plan: LogicalPlan): boolean => plan.kind === 'localRelation' && plan.rows.length === 0;
const nothing = (plan: LogicalPlan): LogicalPlan => ({ kind: 'localRelation', output: outputOf(plan), rows: [] });

function pruned(node: LogicalPlan): LogicalPlan {
  switch (node.kind) {
    case 'filter':
      if (node.condition.kind === 'literal') return node.condition.value === true ? node.child : nothing(node);
      return isEmpty(node.child) ? nothing(node) : node;
    case 'limit':
      return isEmpty(node.child) || (node.limit.kind === 'literal' && Number(node.limit.value) === 0) ? nothing(node) : node;
    case 'project':
    case 'sort':
    case 'distinct':
    case 'window':
    case 'sample':
      return isEmpty(node.child) ? nothing(node) : node;
    case 'aggregate':
      return isEmpty(node.child) && node.grouping.length > 0 ? nothing(node) : node;
    case 'join': {
      const [l, r] = [isEmpty(node.left), isEmpty(node.right)];
      const { joinType } = node;
      const isInner = joinType === 'inner' || joinType === 'cross' || joinType === 'leftSemi';
      if ((l && joinType !== 'fullOuter' && joinType !== 'rightOuter') || (r && (isInner || joinType === 'rightOuter')))
        return nothing(node);
      return node;
    }
    default:
      return node;
  }
}

export const pruneFilters: Rule = { name: 'PruneFilters', apply: (plan) => transformPlanUp(plan, pruned) };
