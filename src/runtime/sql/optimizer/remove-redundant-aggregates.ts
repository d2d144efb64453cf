// DISTINCT of rows that are distinct already: groups with all of their keys, or DISTINCT itself. Source: RemoveRedundantAggregates and
// the distinct keys of EliminateDistinct's kin (LogicalPlanDistinctKeys) of Spark 4.2.
import { exprKey } from '../logical/expr-key.ts';
import { type ExprId, passedOn } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

/** Columns of which no two rows have the same values; undefined: it is not known of any. */
function distinctKeys(plan: LogicalPlan): readonly ExprId[] | undefined {
  switch (plan.kind) {
    case 'distinct':
      return outputOf(plan).map((a) => a.exprId);
    case 'aggregate': {
      const keys = plan.grouping.map((g) => plan.aggregates.find((e) => exprKey(e) === exprKey(g))?.exprId);
      return plan.isOfTask || keys.includes(undefined) ? undefined : (keys as ExprId[]);
    }
    case 'project': {
      const below = distinctKeys(plan.child);
      const keys = below?.map((id) => plan.projectList.find((e) => passedOn(e) === id)?.exprId);
      return keys === undefined || keys.includes(undefined) ? undefined : (keys as ExprId[]);
    }
    case 'filter':
    case 'sort':
    case 'limit':
    case 'subqueryAlias':
    case 'hint':
      return distinctKeys(plan.child);
    default:
      return undefined;
  }
}

export const removeRedundantAggregates: Rule = {
  name: 'RemoveRedundantAggregates',
  apply: bottomUp((node) => (node.kind === 'distinct' && distinctKeys(node.child) !== undefined ? node.child : node)),
};
