// Resolved plan → a plan that means the same and costs less: batches of rules, each to its fixed point. Rules are files of their own, with
// Catalyst's names. Only what runs in stages comes here: a whole query is the kernel's own to optimise. Source: Optimizer.scala of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { mapPlanExprs, mapSubqueries, transformPlanUp } from '../logical/plan-tree.ts';
import { hasOuter } from '../physical/spread.ts';
import { booleanSimplification } from './boolean-simplification.ts';
import { collapseProject } from './collapse-project.ts';
import { columnPruning } from './column-pruning.ts';
import { eliminateOuterJoin } from './eliminate-outer-join.ts';
import { eliminateSorts } from './eliminate-sorts.ts';
import { eliminateSubqueryAliases } from './eliminate-subquery-aliases.ts';
import { inlineCte } from './inline-cte.ts';
import { inlineSumArguments } from './inline-sum-arguments.ts';
import { limitPushDown } from './limit-push-down.ts';
import { pruneFilters } from './prune-filters.ts';
import { pushDownPredicates } from './push-down-predicates.ts';
import { pushLeftSemiLeftAntiThroughJoin } from './push-left-semi-left-anti-through-join.ts';
import { reorderJoin } from './reorder-join.ts';
import { replaceSetOperations } from './replace-set-operations.ts';
import { rewriteCorrelatedScalarSubquery } from './rewrite-correlated-scalar-subquery.ts';
import { rewritePredicateSubquery } from './rewrite-predicate-subquery.ts';
import type { Batch, Rule } from './rule.ts';

const FIXED_POINT = 100;
const PUSH = [booleanSimplification, pushDownPredicates, eliminateOuterJoin, limitPushDown, pruneFilters, collapseProject];

/** Subqueries that stay expressions are plans of their own. */
const optimizeSubqueries: Rule = {
  name: 'OptimizeSubqueries',
  apply: (plan, settings) =>
    transformPlanUp(plan, (node) => mapPlanExprs(node, (e) => mapSubqueries(e, (p) => (hasOuter(p) ? p : optimize(p, settings))))),
};

/** As far as joins: what filters leave can be looked at in between. */
const BEFORE_JOINS: readonly Batch[] = [
  { name: 'Finish Analysis', most: 1, rules: [eliminateSubqueryAliases, inlineCte] },
  { name: 'Replace Operators', most: FIXED_POINT, rules: [replaceSetOperations] },
  { name: 'Subqueries', most: FIXED_POINT, rules: [booleanSimplification, rewritePredicateSubquery, rewriteCorrelatedScalarSubquery] },
  { name: 'Subqueries alone', most: 1, rules: [optimizeSubqueries] },
  { name: 'Operator Optimization', most: FIXED_POINT, rules: [...PUSH, eliminateSorts] },
];
const JOINS: readonly Batch[] = [
  { name: 'Join Reorder', most: 1, rules: [pushLeftSemiLeftAntiThroughJoin, reorderJoin] },
  { name: 'Operator Optimization after Join Reorder', most: FIXED_POINT, rules: PUSH },
  { name: 'Column Pruning', most: 1, rules: [inlineSumArguments, columnPruning, collapseProject] },
];

export function optimize(
  plan: LogicalPlan,
  settings: SessionSettings,
  batches: readonly Batch[] = [...BEFORE_JOINS, ...JOINS],
): LogicalPlan {
  let now = plan;
  for (const { most, rules } of batches) {
    for (let i = 0; i < most; i++) {
      const before = now;
      for (const rule of rules) now = rule.apply(now, settings);
      if (now === before) break;
    }
  }
  return now;
}

/** As optimize, with a look at what filters leave before joins are ordered. */
export async function optimizeWithLook(
  plan: LogicalPlan,
  settings: SessionSettings,
  look: (plan: LogicalPlan) => Promise<LogicalPlan>,
): Promise<LogicalPlan> {
  return optimize(await look(optimize(plan, settings, BEFORE_JOINS)), settings, JOINS);
}
