// WHERE, HAVING, QUALIFY. HAVING and QUALIFY see their SELECT from inside: aggregates, windows and columns below it; a DataFrame's filter sees
// what the select below it left out. Source: ResolveReferencesInFilter, ResolveAggregateFunctions of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo } from '../../functions/coercion.ts';
import { attributeOf, type Expr } from '../../logical/expressions.ts';
import { exprKey } from '../../logical/expr-key.ts';
import { outputOf } from '../../logical/plans.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import { attributesIn, contains, find } from '../../logical/tree.ts';
import type { Filter, Relation } from '../../plan/relations.ts';
import type { Having, Qualify } from '../../plan/sql-relations.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import { sqlType } from '../../types/type-names.ts';
import { type Analysis, type Environment, onTop, type Resolved, scopeOf } from '../analysis.ts';
import { checkRowCondition } from '../check-aggregate.ts';
import type { Scope } from '../scope.ts';
import { grownPlanOf, hasAggregate, isAggregateCall, liftInto, planOf, type SelectBlock } from '../select-block.ts';
import { inQuotes } from '../names.ts';

export function resolveFilter(relation: Filter, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const condition = booleanCondition(
    analysis.expression(relation.condition, relation.origin === undefined ? scopeAbove(input) : input.scope, env),
    'filter',
  );
  const output = new Set(outputOf(input.plan).map((a) => a.exprId));
  const isMissing = attributesIn(condition).some((a) => !output.has(a.exprId));
  const isOverAggregate = input.select?.grouping !== undefined && hasAggregate(condition);
  if (input.select === undefined || (!isMissing && !isOverAggregate)) {
    checkRowCondition(condition);
    return onTop({ kind: 'filter', child: input.plan, condition }, input);
  }
  if (!isOverAggregate) checkRowCondition(condition);
  const { block, expr } = liftInto(input.select, condition);
  const child = { kind: 'filter', child: grownPlanOf(block), condition: expr } as const;
  return onTop({ kind: 'project', child, projectList: block.list.map(attributeOf) }, input);
}

export function resolveHaving(relation: Having, env: Environment, analysis: Analysis): Resolved {
  const { input: below } = relation;
  const isGlobal =
    below.kind === 'aggregate' && below.groupType === 'groupBy' && below.groupingExpressions.length === 0 && !below.isGroupByAll;
  if (isGlobal && below.input && analysis.settings.get('spark.sql.legacy.parser.havingWithoutGroupByAsWhere') === 'true') {
    const where: Relation = { kind: 'filter', input: below.input, condition: relation.condition };
    return analysis.relation({ kind: 'project', input: where, expressions: below.aggregateExpressions }, env);
  }
  const input = analysis.relation(relation.input, env);
  if (input.select === undefined) throw new AnalysisException('NOT_BUILT', { feature: 'HAVING over this' }, relation.origin);
  const scope = insideScope(input, input.select, env);
  const condition = booleanCondition(analysis.expression(relation.condition, scope, env), 'having');
  if (input.select.grouping === undefined) checkRowCondition(condition);
  // What a generator gives is there above the groups only.
  const generated = input.select.list.filter((e) => contains(e, (x) => x.kind === 'generator'));
  const isOfRows = attributesIn(condition).some((a) => generated.some((e) => e.exprId === a.exprId));
  return withCondition(input, input.select, condition, isOfRows ? 'qualify' : 'having');
}

export function resolveQualify(relation: Qualify, env: Environment, analysis: Analysis): Resolved {
  const named = relation.input.kind === 'withWindowDefinitions' ? { ...env, windows: relation.input.windows } : env;
  const input = analysis.relation(relation.input, env);
  if (input.select === undefined) throw new AnalysisException('NOT_BUILT', { feature: 'QUALIFY over SELECT DISTINCT' }, relation.origin);
  const { select } = input;
  const below: Scope = { ...insideScope(input, select, env) };
  const scope = select.grouping === undefined ? { ...below, first: select.below[0] ?? [] } : below;
  const condition = booleanCondition(analysis.expression(relation.condition, scope, named), 'qualify');
  const aggregate = select.grouping === undefined ? find(condition, isAggregateCall, { intoWindows: false }) : undefined;
  if (aggregate !== undefined)
    throw new AnalysisException('QUALIFY_AGGREGATE_NOT_ALLOWED', { aggregateExpr: inQuotes(prettySql(aggregate)) }, aggregate.origin);
  const isWindow = (e: Expr) => e.kind === 'window';
  const usesAlias = attributesIn(condition).some((a) => select.list.some((e) => e.exprId === a.exprId && contains(e, isWindow)));
  if (!contains(condition, isWindow) && !usesAlias && !select.list.some((e) => contains(e, isWindow)))
    throw new AnalysisException('QUALIFY_REQUIRES_WINDOW_FUNCTION', {}, relation.origin);
  return withCondition(input, select, condition, 'qualify');
}

function withCondition(input: Resolved, select: SelectBlock, condition: Expr, place: 'having' | 'qualify'): Resolved {
  const { block, expr } = liftInto(select, condition);
  const filtered: SelectBlock = { ...block, [place]: [...block[place], expr] };
  return { plan: planOf(filtered), scope: input.scope, select: filtered };
}

/** Grouping columns, then the list's names, then what is below; aggregate functions see what is below first. */
export function insideScope(input: Resolved, { grouping, below, keys: setKeys }: SelectBlock, env: Environment): Scope {
  const keys = new Set((setKeys ?? grouping ?? []).flatMap(attributesIn).map(exprKey));
  const output = outputOf(input.plan);
  const [visible = [], ...hidden] = below;
  return {
    ...scopeOf(output, env, { hidden: below }),
    first: visible.filter((a) => keys.has(exprKey(a))),
    inAggregates: scopeOf(visible, env, { hidden: [...hidden, output] }),
    isGrouped: true,
  };
}

/** What a DataFrame's operator sees above a select: its output, then what it left out; inside of aggregate functions the same. */
export const scopeAbove = ({ scope, select }: Resolved): Scope =>
  select === undefined ? scope : { ...scope, hidden: [...(scope.hidden ?? []), ...select.below] };

/** @throws AnalysisException DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN */
export function booleanCondition(e: Expr, place: string): Expr {
  const { tag } = e.dataType;
  if (tag === 'boolean') return e;
  if (tag === 'null' || tag === 'string' || place === 'having') return castTo(e, BOOLEAN);
  throw new AnalysisException(
    'DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN',
    { sqlExpr: inQuotes(prettySql(e)), filter: inQuotes(prettySql(e)), type: inQuotes(sqlType(e.dataType)) },
    place === 'join' ? undefined : e.origin,
  );
}
