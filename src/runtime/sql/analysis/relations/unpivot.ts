// UNPIVOT, of SQL and of the DataFrame API: each row once per column, with the column's name and value. Source: ResolveUnpivot,
// UnpivotTransformer of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo, widestOf } from '../../functions/coercion.ts';
import { makeCall } from '../../functions/make-call.ts';
import { type Attribute, type Expr, literal, type NamedExpr, newAttribute } from '../../logical/expressions.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Unpivot } from '../../plan/dataset-relations.ts';
import type { SqlUnpivot } from '../../plan/sql-relations.ts';
import { STRING } from '../../types/data-type.ts';
import { sqlType } from '../../types/type-names.ts';
import { type Analysis, type Environment, over, type Resolved } from '../analysis.ts';
import { inQuotes, quoted } from '../names.ts';
import { named, resolveList } from './project.ts';

/** What becomes one row: as many values as there are value columns, and what the name column says. */
type RowOf = { readonly values: readonly NamedExpr[]; readonly name: string };

export function resolveSqlUnpivot(relation: SqlUnpivot, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const rows = relation.columns.map(({ names, alias }): RowOf => {
    const values = names.map((nameParts) =>
      named(
        analysis.expression(
          { kind: 'unresolvedAttribute', nameParts, ...(relation.origin && { origin: relation.origin }) },
          input.scope,
          env,
        ),
      ),
    );
    return { values, name: alias ?? values.map((v) => v.name).join('_') };
  });
  const bad = rows.find((r) => r.values.length !== relation.valueColumns.length);
  if (bad !== undefined)
    throw new AnalysisException('UNPIVOT_VALUE_SIZE_MISMATCH', { names: String(relation.valueColumns.length) }, relation.origin);
  const used = new Set(rows.flatMap((r) => r.values.map((v) => v.exprId)));
  const ids = input.scope.attributes.filter((a) => !used.has(a.exprId));
  const { plan, values } = unpivotPlan(input.plan, ids, rows, relation.nameColumn, relation.valueColumns, relation);
  if (relation.includesNulls) return over(plan, env);
  const notNull = values.map((v): Expr => makeCall('isnotnull', [v], analysis.settings));
  return over({ kind: 'filter', child: plan, condition: notNull.reduce((a, b) => makeCall('or', [a, b], analysis.settings)) }, env);
}

export function resolveUnpivot(relation: Unpivot, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const ids = resolveList(relation.ids, input.scope, env, analysis);
  const idIds = new Set(ids.map((a) => a.exprId));
  const values =
    relation.values === undefined
      ? input.scope.attributes.filter((a) => !idIds.has(a.exprId))
      : resolveList(relation.values, input.scope, env, analysis);
  if (values.length === 0) throw new AnalysisException('UNPIVOT_REQUIRES_VALUE_COLUMNS', {}, relation.origin);
  const rows = values.map((v): RowOf => ({ values: [v], name: v.name }));
  return over(unpivotPlan(input.plan, ids, rows, relation.variableColumnName, [relation.valueColumnName], relation).plan, env);
}

function unpivotPlan(
  child: LogicalPlan,
  ids: readonly NamedExpr[],
  rows: readonly RowOf[],
  nameColumn: string,
  valueColumns: readonly string[],
  { origin }: Pick<SqlUnpivot, 'origin'>,
): { readonly plan: LogicalPlan; readonly values: readonly Attribute[] } {
  const types = valueColumns.map((_, i) => {
    const type = widestOf(rows.map((r) => r.values[i]!.dataType));
    if (type !== undefined) return type;
    const byType = rows.map((r) => `${inQuotes(sqlType(r.values[i]!.dataType))} (${quoted([r.values[i]!.name])})`);
    throw new AnalysisException('UNPIVOT_VALUE_DATA_TYPE_MISMATCH', { types: [...new Set(byType)].join(', ') }, origin);
  });
  const bare = (e: NamedExpr): Expr => (e.kind === 'alias' ? e.child : e);
  const projections = rows.map((r) => [...ids.map(bare), literal(r.name, STRING), ...r.values.map((v, i) => castTo(bare(v), types[i]!))]);
  const values = types.map((type, i) =>
    newAttribute(
      valueColumns[i]!,
      type,
      rows.some((r) => r.values[i]!.nullable),
    ),
  );
  const idColumns = ids.map((e) => newAttribute(e.name, e.dataType, e.nullable, e.kind === 'attribute' ? e.qualifier : []));
  const output = [...idColumns, newAttribute(nameColumn, STRING, false), ...values];
  return { plan: { kind: 'expand', child, projections, output }, values };
}
