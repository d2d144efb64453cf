// Names have done their work when the analysis is over. Source: EliminateSubqueryAliases of Spark 4.2.
import { transformPlan } from '../logical/plan-tree.ts';
import type { Rule } from './rule.ts';

export const eliminateSubqueryAliases: Rule = {
  name: 'EliminateSubqueryAliases',
  isRequired: true,
  apply: (plan) => transformPlan(plan, (node) => (node.kind === 'subqueryAlias' ? node.child : node)),
};
