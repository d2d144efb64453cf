// A subquery that gives one value for each row of the query around becomes an outer join with all of its values at once.
// Source: RewriteCorrelatedScalarSubquery of Spark 4.2. Where no rows would give something else than NULL (count) it stays as it is.
import { allOf } from '../logical/conjuncts.ts';
import { attributeOf, type Attribute, type Expr } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { exprsOfPlan, mapPlanExprs, transformPlan } from '../logical/plan-tree.ts';
import { contains, transformUp } from '../logical/tree.ts';
import { hasOuter } from '../physical/spread.ts';
import { firstColumn, pullOut } from './pull-out-correlation.ts';
import { hasSubqueryIn, outerToInner, projected } from './rule-tools.ts';
import type { Rule } from './rule.ts';

/** An aggregate without keys whose functions are NULL of no rows, below expressions that are NULL of NULL. */
function isNullOfNothing(plan: LogicalPlan): boolean {
  const isStrict = (e: Expr): boolean =>
    !contains(
      e,
      (x) => x.kind === 'call' && ['coalesce', 'when', 'if', 'isnull', 'isnotnull', '<=>', 'nvl', 'ifnull'].includes(x.spec.name),
    );
  if (plan.kind === 'project')
    return plan.projectList.every((e) => isStrict(e) && contains(e, (x) => x.kind === 'attribute')) && isNullOfNothing(plan.child);
  if (plan.kind !== 'aggregate' || plan.grouping.length > 0) return false;
  return plan.aggregates.every(
    (e) => isStrict(e) && contains(e, (x) => x.kind === 'aggregateCall') && !contains(e, (x) => x.kind === 'aggregateCall' && !x.nullable),
  );
}

function rewritten(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'filter' && node.kind !== 'project') return node;
  if (!exprsOfPlan(node).some(hasSubqueryIn)) return node;
  let { child } = node as { child: LogicalPlan };
  const before = child;
  const changed = mapPlanExprs(node, (e) =>
    transformUp(e, (x) => {
      if (x.kind !== 'scalarSubquery' || !hasOuter(x.plan) || !isNullOfNothing(x.plan)) return x;
      const pulled = pullOut(x.plan);
      if (pulled === undefined || pulled.conditions.length === 0) return x;
      const value: Attribute = { ...firstColumn(x.plan), nullable: true };
      child = {
        kind: 'join',
        left: child,
        right: pulled.plan,
        joinType: 'leftOuter',
        condition: allOf(pulled.conditions.map(outerToInner)),
      };
      return value;
    }),
  );
  if (child === before) return node;
  const made = { ...changed, child } as LogicalPlan;
  return node.kind === 'filter' ? projected(made, outputOf(node).map(attributeOf)) : made;
}

export const rewriteCorrelatedScalarSubquery: Rule = {
  name: 'RewriteCorrelatedScalarSubquery',
  isRequired: true,
  apply: (plan) => transformPlan(plan, rewritten),
};
