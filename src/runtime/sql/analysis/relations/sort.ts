// ORDER BY and SORT BY: positions, ALL, names of the result, then what the SELECT below left out, and aggregates over its groups.
// Source: ResolveReferencesInSort, ResolveOrdinalInOrderByAndGroupBy of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { attributeOf, type Expr, type SortOrder } from '../../logical/expressions.ts';
import { outputOf } from '../../logical/plans.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import { attributesIn, contains } from '../../logical/tree.ts';
import type { SortOrder as UnresolvedOrder } from '../../plan/expressions.ts';
import type { Sort } from '../../plan/relations.ts';
import { isOrderable } from '../../types/orderable.ts';
import { sqlType } from '../../types/type-names.ts';
import { type Analysis, type Environment, onTop, type Resolved, scopeOf } from '../analysis.ts';
import { checkRowCondition } from '../check-aggregate.ts';
import { isGroupingCall } from '../grouping-call.ts';
import { inQuotes } from '../names.ts';
import { resolveName, type Scope } from '../scope.ts';
import { grownPlanOf, liftInto, type SelectBlock } from '../select-block.ts';

export function resolveSort(relation: Sort, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const output = outputOf(input.plan);
  const order = isAll(relation.order, input)
    ? output.map((a) => orderBy(a, relation.order[0]!))
    : relation.order.map((o) => orderBy(itemOf(o, input, env, analysis), o));
  for (const o of order) {
    checkOrder(o);
    if (contains(o.child, (e) => e.kind === 'exists' || e.kind === 'inSubquery'))
      throw new AnalysisException(
        'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY',
        { treeNode: 'Sort' },
        o.child.origin,
      );
  }
  const { isGlobal } = relation;
  const known = new Set(output.map((a) => a.exprId));
  const needsMore = (e: Expr) =>
    contains(e, (x) => x.kind === 'aggregateCall' || x.kind === 'window') || attributesIn(e).some((a) => !known.has(a.exprId));
  const { select } = input;
  const asksForSets = order.some((o) => contains(o.child, isGroupingCall));
  const grouped = select?.grouping !== undefined && (select.grouping.length > 0 || asksForSets);
  if (!grouped && !order.some((o) => needsMore(o.child))) return onTop({ kind: 'sort', child: input.plan, order, isGlobal }, input);
  if (select === undefined) {
    for (const o of order) checkRowCondition(o.child);
    return onTop({ kind: 'sort', child: input.plan, order, isGlobal }, input);
  }
  let block: SelectBlock = select;
  const lifted = order.map((o): SortOrder => {
    const done = liftInto(block, o.child);
    block = done.block;
    return { ...o, child: done.expr };
  });
  const sorted = { kind: 'sort', child: grownPlanOf(block), order: lifted, isGlobal } as const;
  if (outputOf(sorted).length === block.list.length) return onTop(sorted, input);
  return onTop({ kind: 'project', child: sorted, projectList: block.list.map(attributeOf) }, input);
}

function itemOf(o: UnresolvedOrder, input: Resolved, env: Environment, analysis: Analysis): Expr {
  const { child } = o;
  const takesPositions = analysis.settings.get('spark.sql.orderByOrdinal') !== 'false';
  if (takesPositions && child.kind === 'literal' && child.value.type === 'integer') {
    const output = outputOf(input.plan);
    const at = output[child.value.value - 1];
    if (at !== undefined) return { ...at, origin: child.origin };
    throw new AnalysisException(
      'ORDER_BY_POS_OUT_OF_RANGE',
      { index: String(child.value.value), size: String(output.length) },
      o.origin ?? child.origin,
    );
  }
  const scope = sortScope(input, env);
  try {
    return analysis.expression(child, scope, env);
  } catch (error) {
    // A name that two columns of the result have may still be one column below.
    const isAmbiguous = error instanceof AnalysisException && error.condition === 'AMBIGUOUS_REFERENCE';
    if (!isAmbiguous || input.select === undefined) throw error;
    return analysis.expression(child, { ...scope, attributes: [] }, env);
  }
}

/** Names of the result come first, also inside of aggregate functions. */
function sortScope(input: Resolved, env: Environment): Scope {
  const { scope, select } = input;
  if (select === undefined) return scope;
  return {
    ...scopeOf(scope.attributes, env, { hidden: [...(scope.hidden ?? []), ...select.below] }),
    ...(select.grouping && { isGrouped: true }),
  };
}

const isAll = (order: readonly UnresolvedOrder[], { scope }: Resolved): boolean => {
  const [only] = order;
  if (order.length !== 1 || only!.child.kind !== 'unresolvedAttribute') return false;
  const { nameParts } = only!.child;
  return (
    nameParts.length === 1 &&
    nameParts[0]!.toLowerCase() === 'all' &&
    resolveName(nameParts, { attributes: scope.attributes }, undefined) === undefined
  );
};

const orderBy = (child: Expr, o: UnresolvedOrder): SortOrder => ({
  kind: 'sortOrder',
  child,
  ascending: o.direction === 'ascending',
  nullsFirst: o.nullOrdering === 'nullsFirst',
});

/** @throws AnalysisException DATATYPE_MISMATCH.INVALID_ORDERING_TYPE */
function checkOrder({ child, ascending, nullsFirst }: SortOrder): void {
  if (isOrderable(child.dataType)) return;
  const functionName = 'sortorder';
  const sqlExpr = inQuotes(`${prettySql(child)} ${ascending ? 'ASC' : 'DESC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`);
  throw new AnalysisException(
    'DATATYPE_MISMATCH.INVALID_ORDERING_TYPE',
    { functionName: `\`${functionName}\``, dataType: inQuotes(sqlType(child.dataType)), sqlExpr },
    child.origin,
  );
}
