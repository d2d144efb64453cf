// EXISTS and IN of a filter become semi and anti joins, others existence joins (existence-joins.ts). NOT IN without references to the query around stays: the kernel's own is null-aware,
// and its rows go to every task. Source: RewritePredicateSubquery of Spark 4.2.
import { allOf, call, conjunctsOf, isCall } from '../logical/conjuncts.ts';
import type { Expr } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { transformPlan } from '../logical/plan-tree.ts';
import { isOneRow, withExistenceJoins } from './existence-joins.ts';
import { pullOut } from './pull-out-correlation.ts';
import { hasSubqueryIn, outerToInner } from './rule-tools.ts';
import type { Rule } from './rule.ts';

/** @returns the child joined with the subquery, undefined when the condition is none or cannot become one */
function joined(child: LogicalPlan, condition: Expr): LogicalPlan | undefined {
  const isNegated = isCall(condition, 'not');
  const e = isNegated && condition.kind === 'call' ? condition.args[0]! : condition;
  if (e.kind !== 'exists' && e.kind !== 'inSubquery') return undefined;
  if (e.kind === 'inSubquery' && (isNegated || e.values.some(hasSubqueryIn))) return undefined;
  // Of an aggregate without keys there is always a row.
  if (e.kind === 'exists' && isOneRow(e.plan)) return undefined;
  const columns = outputOf(e.plan);
  const pulled = pullOut(e.plan);
  if (pulled === undefined || (isOneRow(e.plan) && pulled.conditions.length > 0)) return undefined;
  const equals = e.kind === 'inSubquery' ? e.values.map((value, i) => call('==', value, columns[i]!)) : [];
  const all = allOf([...pulled.conditions.map(outerToInner), ...equals]);
  return { kind: 'join', left: child, right: pulled.plan, joinType: isNegated ? 'leftAnti' : 'leftSemi', condition: all };
}

export const rewritePredicateSubquery: Rule = {
  name: 'RewritePredicateSubquery',
  isRequired: true,
  apply: (plan) =>
    transformPlan(plan, (node) => {
      if (node.kind !== 'filter') return withExistenceJoins(node);
      if (!hasSubqueryIn(node.condition)) return node;
      let child = node.child;
      const stay: Expr[] = [];
      for (const e of conjunctsOf(node.condition)) {
        const made = joined(child, e);
        if (made === undefined) stay.push(e);
        else child = made;
      }
      if (child === node.child) return withExistenceJoins(node);
      return stay.length === 0 ? child : withExistenceJoins({ kind: 'filter', child, condition: allOf(stay)! });
    }),
};
