// Resolved plan → a plan that means the same and costs less: batches of rules, each to its fixed point. Rules are files of their own, with
// Catalyst's names. Only what runs in stages comes here: a whole query is the kernel's own to optimise. Source: Optimizer.scala of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { mapPlanExprs, mapSubqueries, transformPlanUp } from '../logical/plan-tree.ts';
import { hasOuter } from '../physical/spread.ts';
import { booleanSimplification } from './boolean-simplification.ts';
import { collapseProject } from './collapse-project.ts';
import { combineUnions } from './combine-unions.ts';
import { constantFolding } from './constant-folding.ts';
import { eliminateDistinct } from './eliminate-distinct.ts';
import { eliminateLimits } from './eliminate-limits.ts';
import { together } from './expression-rules.ts';
import { inferFiltersFromConstraints } from './infer-filters-from-constraints.ts';
import { nullPropagation } from './null-propagation.ts';
import { optimizeIn } from './optimize-in.ts';
import { propagateEmptyRelation } from './propagate-empty-relation.ts';
import { removeRedundantAggregates } from './remove-redundant-aggregates.ts';
import { simplifyConditionals } from './simplify-conditionals.ts';
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
const PUSH = [
  constantFolding,
  nullPropagation,
  optimizeIn,
  booleanSimplification,
  simplifyConditionals,
  pushDownPredicates,
  eliminateOuterJoin,
  limitPushDown,
  eliminateLimits,
  combineUnions,
  pruneFilters,
  propagateEmptyRelation,
  collapseProject,
];

const OPERATORS = [...PUSH, eliminateSorts, removeRedundantAggregates];

/** Subqueries that stay expressions are plans of their own. */
const optimizeSubqueries: Rule = {
  name: 'OptimizeSubqueries',
  apply: (plan, settings) =>
    transformPlanUp(plan, (node) => mapPlanExprs(node, (e) => mapSubqueries(e, (p) => (hasOuter(p) ? p : optimize(p, settings))))),
};

/** As far as joins: what filters leave can be looked at in between. */
const BEFORE_JOINS: readonly Batch[] = [
  { name: 'Finish Analysis', most: 1, rules: [eliminateSubqueryAliases, inlineCte, eliminateDistinct] },
  { name: 'Replace Operators', most: FIXED_POINT, rules: [replaceSetOperations] },
  { name: 'Subqueries', most: FIXED_POINT, rules: [booleanSimplification, rewritePredicateSubquery, rewriteCorrelatedScalarSubquery] },
  { name: 'Subqueries alone', most: 1, rules: [optimizeSubqueries] },
  { name: 'Operator Optimization before Inferring Filters', most: FIXED_POINT, rules: OPERATORS },
  { name: 'Infer Filters', most: 1, rules: [inferFiltersFromConstraints] },
  { name: 'Operator Optimization after Inferring Filters', most: FIXED_POINT, rules: OPERATORS },
];
const JOINS: readonly Batch[] = [
  { name: 'Join Reorder', most: 1, rules: [pushLeftSemiLeftAntiThroughJoin, reorderJoin] },
  { name: 'Operator Optimization after Join Reorder', most: FIXED_POINT, rules: PUSH },
  { name: 'Column Pruning', most: 1, rules: [inlineSumArguments, columnPruning, collapseProject] },
];

const ALL = [...BEFORE_JOINS, ...JOINS];

export function optimize(plan: LogicalPlan, settings: SessionSettings, batches: readonly Batch[] = ALL): LogicalPlan {
  let now = plan;
  for (const { most, rules } of ready(batches, settings.get(EXCLUDED) ?? '')) {
    for (let i = 0; i < most; i++) {
      const before = now;
      for (const rule of rules) now = rule.apply(now, settings);
      if (now === before) break;
    }
  }
  return now;
}

const EXCLUDED = 'spark.sql.optimizer.excludedRules';
const CATALYST = 'org.apache.spark.sql.catalyst.optimizer.';
const made = new WeakMap<readonly Batch[], Map<string, readonly Batch[]>>();

/** Without the rules that the user has excluded, and with neighbours together. */
function ready(batches: readonly Batch[], excluded: string): readonly Batch[] {
  const known = made.get(batches) ?? new Map<string, readonly Batch[]>();
  made.set(batches, known);
  let found = known.get(excluded);
  if (found === undefined) {
    const names = new Set(excluded.split(',').map((name) => name.trim()));
    const isKept = ({ name, isRequired }: Rule) => isRequired === true || !names.has(`${CATALYST}${name}`);
    known.set(excluded, (found = batches.map((batch) => ({ ...batch, rules: together(batch.rules.filter(isKept)) }))));
  }
  return found;
}

/** As optimize, with a look at what filters leave before joins are ordered. */
export async function optimizeWithLook(
  plan: LogicalPlan,
  settings: SessionSettings,
  look: (plan: LogicalPlan) => Promise<LogicalPlan>,
): Promise<LogicalPlan> {
  return optimize(await look(optimize(plan, settings, BEFORE_JOINS)), settings, JOINS);
}
