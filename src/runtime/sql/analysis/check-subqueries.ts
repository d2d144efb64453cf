// Where a subquery may stand, and which of its operators may name columns of the query around it: what the optimiser cannot turn into joins is
// refused, as Spark refuses it. Source: ValidateSubqueryExpression of Spark 4.2, with its settings' defaults.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Exists, Expr, ExprId, InSubquery, ScalarSubquery } from '../logical/expressions.ts';
import { exprsOfPlan, outerIn, visitPlan } from '../logical/plan-tree.ts';
import { childrenOf, type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { childrenOfExpr, contains } from '../logical/tree.ts';
import { inQuotes } from './names.ts';

type Subquery = ScalarSubquery | Exists | InSubquery;
const CATEGORY = 'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY';

/** @throws AnalysisException UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.… */
export function checkSubqueries(plan: LogicalPlan): void {
  visitPlan(plan, (node) => {
    if (node.kind === 'join' && node.isLateral) checkOperator(node.right, true);
    for (const e of exprsOfPlan(node)) for (const subquery of subqueriesIn(e)) checkSubquery(subquery, node);
  });
}

function subqueriesIn(e: Expr): readonly Subquery[] {
  const inside = childrenOfExpr(e).flatMap(subqueriesIn);
  return e.kind === 'scalarSubquery' || e.kind === 'exists' || e.kind === 'inSubquery' ? [...inside, e] : inside;
}

const HOSTS = new Set(['filter', 'project', 'aggregate', 'localRelation']);

function checkSubquery(subquery: Subquery, host: LogicalPlan): void {
  const isAllowed = HOSTS.has(host.kind) || (subquery.kind !== 'scalarSubquery' && (host.kind === 'join' || host.kind === 'window'));
  if (!isAllowed && (subquery.kind !== 'scalarSubquery' || isCorrelated(subquery.plan))) {
    const category = subquery.kind === 'scalarSubquery' ? 'UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY' : 'UNSUPPORTED_IN_EXISTS_SUBQUERY';
    throw new AnalysisException(`${CATEGORY}.${category}`, { treeNode: host.kind }, subquery.origin);
  }
  if (host.kind === 'join' && subquery.kind !== 'scalarSubquery') checkBothSides(subquery, host);
  checkOperator(subquery.plan, true);
}

/** A join's condition may ask a subquery about one of its sides. */
function checkBothSides(subquery: Exists | InSubquery, { left, right }: Join): void {
  const outer = new Set(outerIn(subquery.plan).map((a) => a.exprId));
  if (![left, right].every((side) => outputOf(side).some((a) => outer.has(a.exprId)))) return;
  throw new AnalysisException(
    `${CATEGORY}.UNSUPPORTED_CORRELATED_EXPRESSION_IN_JOIN_CONDITION`,
    { subqueryExpression: prettySql(subquery) },
    subquery.origin,
  );
}

/** Whether it names a column that none of its own operators gives. */
function isCorrelated(plan: LogicalPlan): boolean {
  const own = new Set<ExprId>();
  const outer = new Set<ExprId>();
  const look = (e: Expr): void => {
    if (e.kind === 'outer') outer.add(e.attribute.exprId);
    childrenOfExpr(e).forEach(look);
  };
  visitPlan(plan, (p) => {
    for (const a of outputOf(p)) own.add(a.exprId);
    exprsOfPlan(p).forEach(look);
  });
  return [...outer].some((id) => !own.has(id));
}

const isOuter = (e: Expr): boolean => e.kind === 'outer';
const HOSTS_OF_OUTER = new Set(['filter', 'project', 'join']);

/** @param canContainOuter false: an operator above does not let references through */
function checkOperator(plan: LogicalPlan, canContainOuter: boolean): void {
  // Rows of constants, and a generator over none, have no operator below that a reference would have to pass.
  if (plan.kind === 'localRelation' || (plan.kind === 'generate' && plan.child.kind === 'oneRow')) return;
  const withOuter = exprsOfPlan(plan).filter((e) => contains(e, isOuter));
  if (withOuter.length > 0 && !canContainOuter)
    throw new AnalysisException(`${CATEGORY}.ACCESSING_OUTER_QUERY_COLUMN_IS_NOT_ALLOWED`, { treeNode: plan.kind }, withOuter[0]!.origin);
  if (withOuter.length > 0 && !HOSTS_OF_OUTER.has(plan.kind))
    throw new AnalysisException(
      `${CATEGORY}.CORRELATED_REFERENCE`,
      { sqlExprs: withOuter.map((e) => inQuotes(prettySql(e).replaceAll(/outer\(([^)]*)\)/g, '$1'))).join(',') },
      withOuter[0]!.origin,
    );
  switch (plan.kind) {
    case 'join': {
      const { joinType } = plan;
      const isInner = joinType === 'inner' || joinType === 'cross';
      const keepsLeft = joinType === 'leftOuter' || joinType === 'leftSemi' || joinType === 'leftAnti';
      checkOperator(plan.left, canContainOuter && (isInner || keepsLeft));
      checkOperator(plan.right, canContainOuter && (isInner || joinType === 'rightOuter'));
      return;
    }
    case 'expand':
    case 'sample':
    case 'tail':
    case 'deduplicate':
      for (const child of childrenOf(plan)) checkOperator(child, false);
      return;
    default:
      for (const child of childrenOf(plan)) checkOperator(child, canContainOuter);
  }
}
