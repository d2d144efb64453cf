// max(DISTINCT x) is max(x): without DISTINCT it is computed in two steps. Source: EliminateDistinct of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import { mapPlanExprs, transformPlan } from '../logical/plan-tree.ts';
import { contains, transformUp } from '../logical/tree.ts';
import type { Rule } from './rule.ts';

/** Functions whose value a row more of the same does not change. */
const BLIND: ReadonlySet<string> = new Set(['max', 'min', 'bool_and', 'every', 'bool_or', 'any', 'some', 'bit_and', 'bit_or']);

const isBlind = (e: Expr): boolean => e.kind === 'aggregateCall' && e.isDistinct && BLIND.has(e.spec.name);
const without = (e: Expr): Expr => (e.kind === 'aggregateCall' && isBlind(e) ? { ...e, isDistinct: false } : e);

export const eliminateDistinct: Rule = {
  name: 'EliminateDistinct',
  isRequired: true,
  apply: (plan) =>
    transformPlan(plan, (node) =>
      node.kind === 'aggregate' ? mapPlanExprs(node, (e) => (contains(e, isBlind) ? transformUp(e, without) : e)) : node,
    ),
};
