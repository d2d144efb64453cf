// Subqueries in expressions: scalar, EXISTS, IN; what they name and do not have is the query's around them. Source: ResolveSubquery,
// InConversion of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { castTo, widerType } from '../functions/coercion.ts';
import { aliasOf, type Expr } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import type { SubqueryExpression } from '../plan/expressions.ts';
import { BOOLEAN, sameType } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { type Analysis, type Environment, visiblePlan } from './analysis.ts';
import { inQuotes } from './names.ts';
import type { Scope } from './scope.ts';

export function resolveSubquery(e: SubqueryExpression, scope: Scope, env: Environment, analysis: Analysis): Expr {
  const { origin } = e;
  if (e.plan === undefined) throw new AnalysisException('NOT_BUILT', { feature: 'A subquery by the id of its plan' }, origin);
  const plan = visiblePlan(analysis.relation(e.plan, { ctes: env.ctes, outer: scope }));
  switch (e.subqueryType) {
    case 'exists':
      return { kind: 'exists', plan, dataType: BOOLEAN, nullable: false, origin };
    case 'in':
      return inSubquery(
        (e.inSubqueryValues ?? []).map((v) => analysis.expression(v, scope, env)),
        plan,
        e,
      );
    case 'scalar': {
      const output = outputOf(plan);
      if (output.length !== 1)
        throw new AnalysisException(
          'INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN',
          { number: String(output.length) },
          origin,
        );
      return { kind: 'scalarSubquery', plan, dataType: output[0]!.dataType, nullable: true, origin };
    }
    default:
      throw new AnalysisException('NOT_BUILT', { feature: 'A table as an argument' }, origin);
  }
}

/** Both sides to one type, column by column. */
function inSubquery(given: readonly Expr[], plan: LogicalPlan, { origin }: SubqueryExpression): Expr {
  // (a, b) IN …: the row's columns.
  const row = given.length === 1 && given[0]!.kind === 'call' && given[0]!.spec.name === 'struct' ? given[0]!.args : given;
  const output = outputOf(plan);
  const values = output.length === given.length ? given : row;
  if (output.length !== values.length)
    throw new AnalysisException(
      'DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH',
      {
        sqlExpr: inQuotes(`(${values.map(prettySql).join(', ')} IN (listquery()))`),
        leftLength: String(values.length),
        rightLength: String(output.length),
        leftColumns: values.map((v) => inQuotes(prettySql(v))).join(', '),
        rightColumns: output.map((a) => inQuotes(a.name)).join(', '),
      },
      origin,
    );
  const types = values.map((v, i) => widerType(v.dataType, output[i]!.dataType));
  if (types.includes(undefined)) {
    const bad = values.map((v, i) => [v, output[i]!] as const).filter((_, i) => types[i] === undefined);
    throw new AnalysisException(
      'DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH',
      {
        sqlExpr: inQuotes(`(${values.map(prettySql).join(', ')} IN (listquery()))`),
        mismatchedColumns: bad
          .map(([v, a]) => `${inQuotes(`${prettySql(v)}:${sqlType(v.dataType)}, ${a.name}:${sqlType(a.dataType)}`)}`)
          .join(', '),
        leftType: values.map((v) => inQuotes(sqlType(v.dataType))).join(', '),
        rightType: output.map((a) => inQuotes(sqlType(a.dataType))).join(', '),
      },
      origin,
    );
  }
  const cast = output.every((a, i) => sameType(a.dataType, types[i]!))
    ? plan
    : ({ kind: 'project', child: plan, projectList: output.map((a, i) => aliasOf(castTo(a, types[i]!), a.name)) } as const);
  const nullable = values.some((v) => v.nullable) || output.some((a) => a.nullable);
  return { kind: 'inSubquery', values: values.map((v, i) => castTo(v, types[i]!)), plan: cast, dataType: BOOLEAN, nullable, origin };
}
