// EXISTS and IN with references outside that are no conjunct of a filter (under OR, in CASE, in a select list) become a column that a join computes:
// whether a row has a partner. IN does so where nobody sees whether it is NULL or false. Source: RewritePredicateSubquery.rewriteExistentialExpr of
// Spark 4.2, where IN of a select list is false for NULL; ours stays NULL, in one task.
import { allOf, call } from '../logical/conjuncts.ts';
import { attributeOf, type Attribute, type Expr, newAttribute } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { exprsOfPlan, mapPlanExprs } from '../logical/plan-tree.ts';
import { mapChildren } from '../logical/tree.ts';
import { hasOuter } from '../physical/spread.ts';
import { BOOLEAN } from '../types/data-type.ts';
import { pullOut } from './pull-out-correlation.ts';
import { hasSubqueryIn, outerToInner, projected } from './rule-tools.ts';

type Existing = Extract<Expr, { kind: 'exists' | 'inSubquery' }>;

/** The node over its child joined with what its expressions ask for. */
export function withExistenceJoins(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'filter' && node.kind !== 'project' && node.kind !== 'aggregate') return node;
  if (!exprsOfPlan(node).some(hasSubqueryIn)) return node;
  let child = node.child;
  const joined = (e: Existing): Expr => {
    const right = rightSide(e);
    if (right === undefined) return e;
    const exists = newAttribute('exists', BOOLEAN, false);
    child = { kind: 'join', left: child, right: right.plan, joinType: 'existence', condition: right.condition, exists };
    return exists;
  };
  // Of groups only what stands inside of aggregate functions is asked of each row.
  const made = mapPlanExprs(node, (e) => (node.kind === 'aggregate' ? inCalls(e, joined) : rewritten(e, node.kind === 'filter', joined)));
  if (child === node.child) return node;
  const over = { ...made, child } as LogicalPlan;
  return node.kind === 'filter' ? projected(over, outputOf(node).map(attributeOf)) : over;
}

const inCalls = (e: Expr, joined: (e: Existing) => Expr): Expr =>
  e.kind === 'aggregateCall' ? mapChildren(e, (c) => rewritten(c, false, joined)) : mapChildren(e, (c) => inCalls(c, joined));

/** @param isTest NULL is as good as false there */
function rewritten(e: Expr, isTest: boolean, joined: (e: Existing) => Expr): Expr {
  if (e.kind === 'exists') return joined(e);
  if (e.kind === 'inSubquery') return isTest || isNeverNull(e) ? joined(e) : e;
  if (e.kind !== 'call') return mapChildren(e, (c) => rewritten(c, false, joined));
  const { name } = e.spec;
  let place = -1;
  return mapChildren(e, (c) => {
    place++;
    const isCondition = name === 'when' ? place % 2 === 0 && place < e.args.length - 1 : name === 'if' && place === 0;
    return rewritten(c, isCondition || (isTest && (name === 'and' || name === 'or')), joined);
  });
}

const isNeverNull = ({ values, plan }: Extract<Expr, { kind: 'inSubquery' }>): boolean =>
  values.every((v) => !v.nullable) && outputOf(plan).every((a) => !a.nullable);

/** What the join is with; undefined: it stays an expression. Subqueries without references outside are computed once as they are. */
function rightSide(e: Existing): { readonly plan: LogicalPlan; readonly condition: Expr } | undefined {
  if (!hasOuter(e.plan) || isOneRow(e.plan) || (e.kind === 'inSubquery' && e.values.some(hasSubqueryIn))) return undefined;
  const columns: readonly Attribute[] = outputOf(e.plan);
  const pulled = pullOut(e.plan);
  if (pulled === undefined) return undefined;
  const equals = e.kind === 'inSubquery' ? e.values.map((value, i) => call('==', value, columns[i]!)) : [];
  const condition = allOf([...pulled.conditions.map(outerToInner), ...equals]);
  return condition && { plan: pulled.plan, condition };
}

/** Of an aggregate without keys there is always a row. */
export const isOneRow = (plan: LogicalPlan): boolean =>
  plan.kind === 'aggregate' ? plan.grouping.length === 0 : (plan.kind === 'project' || plan.kind === 'filter') && isOneRow(plan.child);
