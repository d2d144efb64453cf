// What may stand in an aggregate's list: grouping expressions, aggregate functions, and what is made of them. And where aggregate functions
// may not stand at all. Source: CheckAnalysis and ExprUtils.assertValidAggregation of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Attribute, Expr, NamedExpr } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { childrenOfExpr, contains } from '../logical/tree.ts';
import { outerIn } from '../logical/plan-tree.ts';
import { typeName } from '../types/type-names.ts';
import { inQuotes } from './names.ts';

/** @throws AnalysisException MISSING_AGGREGATION, MISSING_GROUP_BY, NESTED_AGGREGATE_FUNCTION, GROUP_BY_AGGREGATE, GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE */
export function checkAggregates(aggregates: readonly NamedExpr[], grouping: readonly Expr[], input: LogicalPlan): void {
  for (const g of grouping) checkGrouping(g);
  const keys = new Set(grouping.map(exprKey));
  const below = new Set(outputOf(input).map((a) => a.exprId));
  for (const e of aggregates) checkItem(e, keys, below, grouping.length === 0);
}

function checkGrouping(g: Expr): void {
  if (contains(g, (e) => e.kind === 'aggregateCall'))
    throw new AnalysisException('GROUP_BY_AGGREGATE', { sqlExpr: qualifiedSql(g) }, g.origin);
  if (g.dataType.tag === 'variant' || g.dataType.tag === 'calendarInterval')
    throw new AnalysisException(
      'GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE',
      { sqlExpr: inQuotes(prettySql(g)), dataType: inQuotes(typeName(g.dataType).toUpperCase()) },
      g.origin,
    );
}

function checkItem(e: Expr, keys: ReadonlySet<string>, below: ReadonlySet<number>, isGlobal: boolean): void {
  if (e.kind === 'aggregateCall') {
    const inside = [...e.args, ...(e.filter ? [e.filter] : []), ...(e.order ?? []).map((o) => o.child)];
    const nested = inside.some((a) => contains(a, (x) => x.kind === 'aggregateCall' || x.kind === 'window'));
    if (nested) throw new AnalysisException('NESTED_AGGREGATE_FUNCTION', {}, e.origin);
    const isOuter = (x: Expr) => x.kind === 'outer';
    if (inside.some((a) => contains(a, isOuter))) throw overOuterColumns(e, inside);
    return;
  }
  if (keys.has(exprKey(e))) return;
  if (e.kind === 'attribute' && below.has(e.exprId)) throw missing(e, isGlobal);
  if ('plan' in e) for (const a of outerIn(e.plan)) if (below.has(a.exprId) && !keys.has(exprKey(a))) throw missing(a, isGlobal);
  for (const child of childrenOfExpr(e)) checkItem(child, keys, below, isGlobal);
}

/** An aggregate over columns of the query around is that query's, which is not built, here as in Spark. */
function overOuterColumns(e: Expr, inside: readonly Expr[]): AnalysisException {
  const isMixed = inside.some((a) => contains(a, (x) => x.kind === 'attribute'));
  const category = 'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY';
  return isMixed
    ? new AnalysisException(`${category}.AGGREGATE_FUNCTION_MIXED_OUTER_LOCAL_REFERENCES`, { function: prettySql(e) }, e.origin)
    : new AnalysisException(`${category}.CORRELATED_REFERENCE`, { sqlExprs: inQuotes(prettySql(e)) }, e.origin);
}

function missing(a: Attribute, isGlobal: boolean): AnalysisException {
  if (isGlobal) return new AnalysisException('MISSING_GROUP_BY', {}, a.origin);
  return new AnalysisException(
    'MISSING_AGGREGATION',
    { expression: inQuotes(a.name), expressionAnyValue: inQuotes(`any_value(${a.name})`) },
    a.origin,
  );
}

/** WHERE and the like see rows, not groups. @throws AnalysisException INVALID_WHERE_CONDITION */
export function checkRowCondition(condition: Expr): void {
  const found: Expr[] = [];
  const look = (e: Expr): void => {
    if (e.kind === 'aggregateCall' || e.kind === 'window' || e.kind === 'generator') found.push(e);
    else childrenOfExpr(e).forEach(look);
  };
  look(condition);
  if (found.length === 0) return;
  throw new AnalysisException(
    'INVALID_WHERE_CONDITION',
    { condition: inQuotes(prettySql(condition)), expressionList: found.map(qualifiedSql).join(', ') },
    condition.origin,
  );
}

/** With columns' qualifiers, as `Expression.sql` has them. */
function qualifiedSql(e: Expr): string {
  const named = (x: Expr): Expr =>
    x.kind === 'attribute'
      ? { ...x, name: [...x.qualifier, x.name].join('.') }
      : 'args' in x
        ? ({ ...x, args: x.args.map(named) } as Expr)
        : x;
  return prettySql(named(e));
}
