// Whether a plan has a condition that is likely to leave few rows: then it is worth while to tell others of its keys.
// Source: PredicateHelper.isLikelySelective and PartitionPruning.hasSelectivePredicate of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';

const COMPARISONS: ReadonlySet<string> = new Set([
  '==',
  '<=>',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'between',
  'like',
  'ilike',
  'rlike',
  'regexp_like',
  'startswith',
  'endswith',
  'contains',
]);

function isLikelySelective(e: Expr): boolean {
  if (e.kind !== 'call') return e.kind === 'inSubquery' || e.kind === 'exists';
  if (e.spec.name === 'not') return isLikelySelective(e.args[0]!);
  if (e.spec.name === 'and') return e.args.some(isLikelySelective);
  if (e.spec.name === 'or') return e.args.every(isLikelySelective);
  return COMPARISONS.has(e.spec.name);
}

export const isSelective = (plan: LogicalPlan): boolean =>
  (plan.kind === 'filter' && isLikelySelective(plan.condition)) ||
  (plan.kind === 'scan' && plan.pushedFilters?.some(isLikelySelective) === true) ||
  childrenOf(plan).some(isSelective);
