// GROUP BY: expressions, positions, names of the list, ALL. ROLLUP, CUBE and GROUPING SETS go on in grouping-sets.ts, pivots in pivot.ts.
// Source: ResolveReferencesInAggregate, ResolveOrdinalInOrderByAndGroupBy of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { attributeOf, type Expr, type NamedExpr } from '../../logical/expressions.ts';
import { sameExpr } from '../../logical/expr-key.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import { attributesIn, childrenOfExpr, contains, find, mapChildren } from '../../logical/tree.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { Aggregate } from '../../plan/relations.ts';
import { type Analysis, type Environment, over, type Resolved } from '../analysis.ts';
import { isGroupingCall } from '../grouping-call.ts';
import { resolveName, type Scope } from '../scope.ts';
import { hasAggregate, selectBlock } from '../select-block.ts';
import { expandSets, isOneGroup, oneGroup, setsOf } from './grouping-sets.ts';
import { resolvePivot } from './pivot.ts';
import { named, ofBlock, resolveList } from './project.ts';
import { withTimeWindow } from './time-windows.ts';

export function resolveAggregate(given: Aggregate, env: Environment, analysis: Analysis): Resolved {
  const { relation, input } = withWindowColumn(
    given,
    given.input === undefined ? over({ kind: 'oneRow' }, env) : analysis.relation(given.input, env),
    env,
    analysis,
  );
  if (relation.groupType === 'pivot') return resolvePivot(relation, input, env, analysis);
  const { scope } = input;
  const listed = resolveList(relation.aggregateExpressions, { ...scope, isGrouped: true }, env, analysis);
  const hasStar = relation.aggregateExpressions.some((e) => e.kind === 'unresolvedStar');
  const resolve = (e: Expression) => {
    if (hasStar && takesPositions(analysis) && e.kind === 'literal' && e.value.type === 'integer')
      throw new AnalysisException('STAR_GROUP_BY_POS', {}, e.origin);
    // |> AGGREGATE: positions are those of the input's columns.
    return resolveGrouping(e, relation.keepsGroupingColumns ? scope.attributes : listed, scope, env, analysis);
  };
  const sets = setsOf(relation, resolve);
  if (sets !== undefined) {
    const keys = sets.keys.map((k) => named(k));
    const list = relation.keepsGroupingColumns ? [...keys, ...listed] : listed;
    return ofBlock(isOneGroup(sets, analysis.settings) ? oneGroup(input.plan, list) : expandSets(input.plan, list, sets), scope, env);
  }
  const all: Expression = { kind: 'unresolvedAttribute', nameParts: ['all'] };
  const isAll = relation.isGroupByAll && resolveName(['all'], { attributes: scope.attributes }, undefined) === undefined;
  const grouping = isAll ? groupingOfAll(listed) : (relation.isGroupByAll ? [all] : relation.groupingExpressions).map(resolve);
  const list = relation.keepsGroupingColumns ? [...grouping.map(named), ...listed] : listed;
  for (const e of list) refuseGroupingCalls(e);
  return ofBlock(selectBlock(input.plan, list, grouping.map(unaliased)), scope, env);
}

/** window() and session_window() are columns of the input. */
function withWindowColumn(relation: Aggregate, input: Resolved, env: Environment, analysis: Analysis) {
  const { groupingExpressions, aggregateExpressions, groupingSets } = relation;
  const timed = withTimeWindow(input, [...groupingExpressions, ...(groupingSets ?? []).flat()], aggregateExpressions, env, analysis);
  if (timed === undefined) return { relation, input };
  const replaced: Aggregate = {
    ...relation,
    groupingExpressions: timed.replaced(groupingExpressions),
    aggregateExpressions: timed.replaced(aggregateExpressions),
    ...(groupingSets && { groupingSets: groupingSets.map((set) => timed.replaced(set)) }),
  };
  return { relation: replaced, input: timed.input };
}

const takesPositions = (analysis: Analysis): boolean => analysis.settings.get('spark.sql.groupByOrdinal') !== 'false';
const unaliased = (e: Expr): Expr => (e.kind === 'alias' ? e.child : e);

/** A position, or an expression over the input, whose unknown names may be those of the list. */
function resolveGrouping(e: Expression, list: readonly NamedExpr[], scope: Scope, env: Environment, analysis: Analysis): Expr {
  if (takesPositions(analysis) && e.kind === 'literal' && e.value.type === 'integer') {
    const item = list[e.value.value - 1];
    const index = String(e.value.value);
    if (item === undefined) throw new AnalysisException('GROUP_BY_POS_OUT_OF_RANGE', { index, size: String(list.length) }, e.origin);
    if (hasAggregate(item))
      throw new AnalysisException(
        'GROUP_BY_POS_AGGREGATE',
        { index, aggExpr: prettySql(item.kind === 'alias' ? item.child : item) },
        e.origin,
      );
    return unaliased(item);
  }
  const usesAliases = analysis.settings.get('spark.sql.groupByAliases') !== 'false';
  const aliases: Scope['aliases'] = (name) => {
    const found = list.find((i) => i.kind === 'alias' && i.name.toLowerCase() === name.toLowerCase());
    return found && attributeOf(found);
  };
  const resolved = analysis.expression(e, { ...scope, ...(usesAliases && { aliases }) }, env);
  const inPlace = (x: Expr): Expr => {
    const item = x.kind === 'attribute' ? list.find((i) => i.kind === 'alias' && i.exprId === x.exprId) : undefined;
    return item?.kind === 'alias' ? item.child : mapChildren(x, inPlace);
  };
  return inPlace(resolved);
}

/** GROUP BY ALL: what has no aggregate; beside aggregates nothing else may stand. @throws AnalysisException UNRESOLVED_ALL_IN_GROUP_BY */
function groupingOfAll(list: readonly NamedExpr[]): readonly Expr[] {
  const items = list.flatMap(given);
  const plain = items.filter((e) => !hasAggregate(e));
  const groups = plain.filter((e) => !contains(e, (x) => x.kind === 'window'));
  const outside = (e: Expr): readonly Expr[] =>
    e.kind === 'aggregateCall' ? [] : e.kind === 'attribute' ? [e] : childrenOfExpr(e).flatMap(outside);
  const isMissing = items.filter(hasAggregate).some((e) => outside(e).some((a) => !groups.some((g) => sameExpr(g, a))));
  if (groups.length === 0 && isMissing) throw new AnalysisException('UNRESOLVED_ALL_IN_GROUP_BY', {}, list[0]?.origin);
  return groups;
}

/** A generator stands above the groups: what it is given counts, as far as it is no constant. */
function given(item: NamedExpr): readonly Expr[] {
  const generator = find(item, (e) => e.kind === 'generator');
  return generator?.kind === 'generator' ? generator.args.filter((a) => attributesIn(a).length > 0) : [unaliased(item)];
}

function refuseGroupingCalls(e: Expr): void {
  if (isGroupingCall(e)) throw new AnalysisException('UNSUPPORTED_GROUPING_EXPRESSION', {}, e.origin);
  childrenOfExpr(e).forEach(refuseGroupingCalls);
}
