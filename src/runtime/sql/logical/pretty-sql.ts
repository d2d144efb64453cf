// An expression as Spark prints it: names of result columns without an alias, and expressions in messages.
// Source: toPrettySQL (usePrettyExpression) and Expression.sql of Spark 4.2.
import { quoteIfNeeded, sqlType } from '../types/type-names.ts';
import type { AggregateCall, Expr, Frame, FrameBound, SortOrder } from './expressions.ts';
import { literalSql } from './literal-sql.ts';
import { outerIn } from './plan-tree.ts';
import type { LogicalPlan } from './plans.ts';

/** @returns text as in a result's header: columns without qualifier, strings without quotes */
export function prettySql(e: Expr): string {
  switch (e.kind) {
    case 'attribute':
      return e.name;
    case 'outer':
      return `outer(${[...e.attribute.qualifier, e.attribute.name].join('.')})`;
    case 'lambdaVariable':
      return 'namedlambdavariable()';
    case 'literal':
      return literalSql(e);
    case 'alias':
      return `${prettySql(e.child)} AS ${quoteIfNeeded(e.name)}`;
    case 'cast':
      // Casts to types with parts are not printed. Source: Cast.sql.
      if (!e.isExplicit || ['array', 'map', 'struct'].includes(e.dataType.tag)) return prettySql(e.child);
      return `${e.mode === 'try' ? 'TRY_CAST' : 'CAST'}(${prettySql(e.child)} AS ${sqlType(e.dataType)})`;
    case 'call':
    case 'windowCall':
    case 'generator':
      return callSql(e.spec, e.args.map(argumentSql), e.args, false);
    case 'aggregateCall': {
      const text = callSql(e.spec, e.args.map(argumentSql), e.args, e.isDistinct);
      const within = e.order && e.order.length > 0 ? ` WITHIN GROUP (ORDER BY ${e.order.map(withinSql(e)).join(', ')})` : '';
      return `${text}${within}${e.filter ? ` FILTER (WHERE ${prettySql(e.filter)})` : ''}`;
    }
    case 'udf':
      return `${e.name}(${e.args.map(prettySql).join(', ')})`;
    case 'getField':
      return `${prettySql(e.child)}.${e.name}`;
    case 'lambda':
      return `lambdafunction(${[e.body, ...e.args].map(prettySql).join(', ')})`;
    case 'window': {
      const parts = [
        e.partition.length > 0 ? `PARTITION BY ${e.partition.map(prettySql).join(', ')}` : '',
        e.order.length > 0 ? `ORDER BY ${e.order.map(orderSql).join(', ')}` : '',
        frameSql(e.frame),
      ].filter((p) => p !== '');
      const nulls = e.function.kind === 'windowCall' && e.function.ignoreNulls ? ' IGNORE NULLS' : '';
      return `${prettySql(e.function)}${nulls} OVER (${parts.join(' ')})`;
    }
    case 'scalarSubquery':
      return `scalarsubquery(${outerNames(e.plan)})`;
    case 'exists':
      return `exists(${outerNames(e.plan)})`;
    case 'inSubquery':
      return e.values.length === 1
        ? `(${prettySql(e.values[0]!)} IN (listquery(${outerNames(e.plan)})))`
        : `(named_struct(${e.values.map((v) => `${nameOf(v)}, ${prettySql(v)}`).join(', ')}) IN (listquery(${outerNames(e.plan)})))`;
  }
}

/** A subquery's children are the columns of the query around it that it uses. */
const outerNames = (plan: LogicalPlan): string =>
  outerIn(plan)
    .map((a) => a.name)
    .join(', ');

const nameOf = (e: Expr): string => (e.kind === 'attribute' || e.kind === 'alias' ? e.name : prettySql(e));

/** A function's argument that has a name (struct(a AS b)) is printed with it. */
const argumentSql = (e: Expr): string => prettySql(e);

function callSql(
  spec: { readonly name: string; readonly resultName?: (args: readonly string[], exprs: readonly Expr[]) => string },
  args: readonly string[],
  exprs: readonly Expr[],
  isDistinct: boolean,
): string {
  if (isDistinct) {
    const plain = spec.resultName?.(args, exprs);
    if (plain !== undefined && !plain.startsWith(`${spec.name}(`)) return plain.replace('(', '(DISTINCT ');
    return `${spec.name}(DISTINCT ${args.join(', ')})`;
  }
  return spec.resultName?.(args, exprs) ?? `${spec.name}(${args.join(', ')})`;
}

/** `a ASC NULLS FIRST` */
export const orderSql = (o: SortOrder): string =>
  `${prettySql(o.child)} ${o.ascending ? 'ASC' : 'DESC'} NULLS ${o.nullsFirst ? 'FIRST' : 'LAST'}`;

export const frameSql = ({ type, lower, upper }: Frame): string =>
  `${type === 'rows' ? 'ROWS' : 'RANGE'} BETWEEN ${boundSql(lower)} AND ${boundSql(upper)}`;

function boundSql(b: FrameBound): string {
  switch (b.tag) {
    case 'currentRow':
      return 'CURRENT ROW';
    case 'unboundedPreceding':
      return 'UNBOUNDED PRECEDING';
    case 'unboundedFollowing':
      return 'UNBOUNDED FOLLOWING';
    default:
      // A bound that was brought to the order's type is no plain minus any more.
      if (b.tag === 'preceding' && b.value.kind === 'cast') return `(- ${prettySql(b.value)}) FOLLOWING`;
      return `${prettySql(b.value)} ${b.tag.toUpperCase()}`;
  }
}

/** Percentiles and mode print their one order shortly; mode the other way round. Source: PercentileBase.sql, Mode.sql. */
const withinSql =
  ({ spec }: AggregateCall) =>
  (o: SortOrder): string => {
    if (spec.withinGroup === undefined) return orderSql(o);
    return `${prettySql(o.child)}${o.ascending === (spec.name === 'mode') ? ' DESC' : ''}`;
  };
