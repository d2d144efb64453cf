// A sort that another operator undoes is not done. Source: EliminateSorts of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { exprsOfPlan, mapPlanChildren } from '../logical/plan-tree.ts';
import { contains } from '../logical/tree.ts';
import { isMovable } from './rule-tools.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

/** Aggregates whose value depends on the order of rows. */
const ORDERED = new Set([
  'first',
  'first_value',
  'last',
  'last_value',
  'any_value',
  'collect_list',
  'array_agg',
  'collect_set',
  'listagg',
  'string_agg',
  'max_by',
  'min_by',
  'mode',
]);
const isOrdered = (e: Expr): boolean =>
  e.kind === 'udf' || (e.kind === 'aggregateCall' && (ORDERED.has(e.spec.name) || e.spec.program !== undefined));
const isUnordered = (plan: LogicalPlan): boolean => !exprsOfPlan(plan).some((e) => contains(e, isOrdered));

/** The plan without the sorts on top of it that only order rows. */
function unsorted(plan: LogicalPlan): LogicalPlan {
  if (plan.kind === 'sort') return unsorted(plan.child);
  if ((plan.kind === 'project' && plan.projectList.every((e) => e.kind === 'attribute' || isMovable(e.child))) || plan.kind === 'filter')
    return mapPlanChildren(plan, unsorted);
  return plan;
}

export const eliminateSorts: Rule = {
  name: 'EliminateSorts',
  apply: bottomUp((node) => {
    if (node.kind === 'sort' && node.isGlobal) return mapPlanChildren(node, unsorted);
    if (node.kind === 'aggregate' && isUnordered(node)) return mapPlanChildren(node, unsorted);
    if (node.kind === 'join' && !node.isLateral) return mapPlanChildren(node, unsorted);
    return node;
  }),
};
