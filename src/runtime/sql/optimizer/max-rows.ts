// How many rows a plan gives at most, as far as it says so itself. Source: LogicalPlan.maxRows of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';

export const numberOf = (e: Expr): number | undefined => (e.kind === 'literal' && e.value !== null ? Number(e.value) : undefined);

export function mostRows(plan: LogicalPlan): number {
  switch (plan.kind) {
    case 'oneRow':
      return 1;
    case 'localRelation':
      return plan.rows.length;
    case 'aggregate':
      return plan.grouping.length === 0 && plan.isOfTask !== true ? 1 : mostRows(plan.child);
    case 'limit':
      return Math.min(numberOf(plan.limit) ?? Number.POSITIVE_INFINITY, mostRows(plan.child));
    case 'project':
    case 'filter':
    case 'sort':
    case 'distinct':
    case 'subqueryAlias':
      return mostRows(plan.child);
    default:
      return Number.POSITIVE_INFINITY;
  }
}
