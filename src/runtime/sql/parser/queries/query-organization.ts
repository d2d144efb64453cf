// What stands at the end of a query: its order, its distribution, named windows, LIMIT and OFFSET.
// Source: AstBuilder.withQueryResultClauses of Spark 4.2.
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { sortItem } from '../expressions/make.ts';
import { isClauseHere } from '../expressions/named.ts';
import { windowDefinitions } from '../expressions/window.ts';

/** ORDER BY, CLUSTER BY, DISTRIBUTE BY, SORT BY, WINDOW, LIMIT, OFFSET around a query, each where it is there. */
export function queryOrganization(p: Cursor, input: Relation): Relation {
  const from = p.at;
  const order = p.accept('ORDER', 'BY') ? p.list(sortItem) : [];
  const cluster = p.accept('CLUSTER', 'BY') ? p.list(p.rules.expression) : [];
  const distribute = p.accept('DISTRIBUTE', 'BY') ? p.list(p.rules.expression) : [];
  const sort = p.accept('SORT', 'BY') ? p.list(sortItem) : [];
  let made = input;
  if (order.length > 0 && sort.length + distribute.length + cluster.length === 0)
    made = { kind: 'sort', input: made, order, isGlobal: true, origin: p.origin(from) };
  else if (cluster.length > 0 && order.length + sort.length + distribute.length === 0) {
    const local = cluster.map((child) => ({ kind: 'sortOrder', child, direction: 'ascending', nullOrdering: 'nullsFirst' }) as const);
    made = { kind: 'repartitionByExpression', input: made, partitionExprs: cluster, origin: p.origin(from) };
    made = { kind: 'sort', input: made, order: local, isGlobal: false, origin: p.origin(from) };
  } else if (order.length + cluster.length === 0) {
    if (distribute.length > 0) made = { kind: 'repartitionByExpression', input: made, partitionExprs: distribute, origin: p.origin(from) };
    if (sort.length > 0) made = { kind: 'sort', input: made, order: sort, isGlobal: false, origin: p.origin(from) };
  } else throw p.error('UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES', {}, from);
  if (isClauseHere(p, 'WINDOW')) {
    p.at++;
    made = { kind: 'withWindowDefinitions', input: made, windows: windowDefinitions(p), origin: p.origin(from) };
  }
  return limits(p, made);
}

/** OFFSET skips before LIMIT counts, so it is below. */
function limits(p: Cursor, input: Relation): Relation {
  const from = p.at;
  const hasLimit = isClauseHere(p, 'LIMIT') && p.accept('LIMIT');
  const isAll =
    hasLimit &&
    p.type() === 'ALL' &&
    ['eof', ')', 'OFFSET', ';', '|>', 'UNION', 'EXCEPT', 'INTERSECT'].includes(p.type(1)) &&
    p.accept('ALL');
  const limit = hasLimit && !isAll ? p.rules.expression(p) : undefined;
  let made = input;
  if (isClauseHere(p, 'OFFSET') && p.accept('OFFSET'))
    made = { kind: 'offset', input: made, offset: p.rules.expression(p), origin: p.origin(from) };
  return limit === undefined ? made : { kind: 'limit', input: made, limit, origin: p.origin(from) };
}
