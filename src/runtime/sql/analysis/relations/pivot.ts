// PIVOT, in SQL and of the DataFrame API: grouped by the pivot's column too, then each value's result into a column of its own.
// Source: ResolvePivot and PivotTransformer of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo } from '../../functions/coercion.ts';
import { makeCall } from '../../functions/make-call.ts';
import type { AggregateSpec } from '../../functions/spec.ts';
import { aliasOf, attributeOf, type AggregateCall, type Expr, type Literal, type NamedExpr } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import { literalSql } from '../../logical/literal-sql.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import { attributesIn, childrenOfExpr } from '../../logical/tree.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { Aggregate } from '../../plan/relations.ts';
import type { SqlPivot } from '../../plan/sql-relations.ts';
import { catalogString } from '../../types/type-names.ts';
import { isOrderable } from '../../types/orderable.ts';
import { type Analysis, type Environment, over, type Resolved } from '../analysis.ts';
import { checkAggregates } from '../check-aggregate.ts';
import { inQuotes, quoted } from '../names.ts';
import { hasAggregate } from '../select-block.ts';
import { named, resolveList } from './project.ts';

type PivotValue = { readonly value: Expr; readonly name: string };

/** df.groupBy(…).pivot(col, values).agg(…) */
export function resolvePivot(relation: Aggregate, input: Resolved, env: Environment, analysis: Analysis): Resolved {
  const { pivot } = relation;
  const groups = resolveList(relation.groupingExpressions, input.scope, env, analysis);
  const column = analysis.expression(pivot!.col, input.scope, env);
  const values = pivot!.values.map((v) => pivotValue(analysis.expression(v, input.scope, env), undefined, column));
  const aggregates = relation.aggregateExpressions.map((e) => named(analysis.expression(e, input.scope, env)));
  return over(pivotPlan(input.plan, groups, column, values, aggregates), env);
}

/** PIVOT (aggregates FOR columns IN (values)): grouped by every column that neither names. */
export function resolveSqlPivot(relation: SqlPivot, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const resolve = (e: Expression) => analysis.expression(e, input.scope, env);
  const aggregates = relation.aggregates.map((e) => named(resolve(e)));
  const columns = relation.columns.map((name) =>
    resolve({ kind: 'unresolvedAttribute', nameParts: [name], ...(relation.origin && { origin: relation.origin }) }),
  );
  const column = columns.length === 1 ? columns[0]! : makeCall('struct', columns, analysis.settings);
  const values = relation.values.map((e) => {
    const v = analysis.expression(e, { attributes: [], hidden: [input.scope.attributes] }, env);
    return pivotValue(v.kind === 'alias' ? v.child : v, v.kind === 'alias' ? v.name : undefined, column);
  });
  const used = new Set([...aggregates, column].flatMap(attributesIn).map((a) => a.exprId));
  const groups = outputOf(input.plan).filter((a) => !used.has(a.exprId));
  return over(pivotPlan(input.plan, groups, column, values, aggregates), env);
}

function pivotValue(value: Expr, name: string | undefined, column: Expr): PivotValue {
  if (!isConstant(value)) throw new AnalysisException('NON_LITERAL_PIVOT_VALUES', { expression: inQuotes(prettySql(value)) }, value.origin);
  if (!isOrderable(column.dataType))
    throw new AnalysisException('INCOMPARABLE_PIVOT_COLUMN', { columnName: quoted([prettySql(column)]) }, column.origin);
  const [from, to] = [catalogString(value.dataType), catalogString(column.dataType)];
  const castable = from === to || (value.dataType.tag !== 'struct') === (column.dataType.tag !== 'struct');
  if (
    !castable ||
    (value.dataType.tag === 'struct' && column.dataType.tag === 'struct' && value.dataType.fields.length !== column.dataType.fields.length)
  )
    throw new AnalysisException(
      'PIVOT_VALUE_DATA_TYPE_MISMATCH',
      { value: prettySql(value), valueType: from, pivotType: to },
      value.origin,
    );
  return { value: castTo(value, column.dataType), name: name ?? valueName(value) };
}

const isConstant = (e: Expr): boolean =>
  e.kind === 'literal' || ((e.kind === 'cast' || e.kind === 'call') && childrenOfExpr(e).every(isConstant));

/** As the value's text would be in a result. */
function valueName(e: Expr): string {
  if (e.kind === 'literal') return e.value === null ? 'null' : literalName(e);
  if (e.kind === 'call' && e.spec.name === 'struct') return `{${e.args.map(valueName).join(', ')}}`;
  if (e.kind === 'cast') return valueName(e.child);
  return prettySql(e);
}
const literalName = (e: Literal): string => literalSql(e).replace(/^(?:DATE|TIMESTAMP(?:_NTZ)?|TIME) '(.*)'$/, '$1');

/** The first value that is not NULL: each group has at most one row of a pivot value. */
const PIVOT_FIRST: AggregateSpec = {
  name: 'pivotfirst',
  kind: 'aggregate',
  arity: [1, 1],
  result: ([a]) => a!.dataType,
  nullable: true,
  kernel: 'any_value($1)',
};

function pivotPlan(
  input: LogicalPlan,
  groups: readonly NamedExpr[],
  column: Expr,
  values: readonly PivotValue[],
  aggregates: readonly NamedExpr[],
): LogicalPlan {
  for (const a of aggregates)
    if (!hasAggregate(a))
      throw new AnalysisException('_LEGACY_ERROR_TEMP_1006', { sql: prettySql(a.kind === 'alias' ? a.child : a) }, a.origin);
  const key = aliasOf(column, '__pivot_col');
  const list = aggregates.map((a) => (a.kind === 'alias' ? a : aliasOf(a, a.name)));
  const groupExprs = groups.map((g) => (g.kind === 'alias' ? g.child : g));
  checkAggregates([...groups, key, ...list], [...groupExprs, column], input);
  const first: LogicalPlan = { kind: 'aggregate', child: input, grouping: [...groupExprs, column], aggregates: [...groups, key, ...list] };
  const groupColumns = groups.map(attributeOf);
  const columns = values.flatMap(({ value, name }) =>
    list.map((a): NamedExpr => {
      const isHere = equalsNull(attributeOf(key), value);
      const only = makeCall('when', [isHere, attributeOf(a)], PLAIN);
      const call: AggregateCall = {
        kind: 'aggregateCall',
        spec: PIVOT_FIRST,
        args: [only],
        isDistinct: false,
        dataType: a.dataType,
        nullable: true,
      };
      return aliasOf(call, list.length === 1 ? name : `${name}_${a.name}`);
    }),
  );
  return { kind: 'aggregate', child: first, grouping: groupColumns, aggregates: [...groupColumns, ...columns] };
}

const PLAIN = { ansi: true, timeZone: 'UTC', get: () => undefined };
const equalsNull = (a: Expr, b: Expr): Expr => makeCall('<=>', [a, b], PLAIN);
