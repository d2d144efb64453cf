// VALUES: rows of constants, each column of the type that holds all its values. Source: ResolveInlineTables, EvaluateUnresolvedInlineTable.
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo, widestOf } from '../../functions/coercion.ts';
import { newAttribute } from '../../logical/expressions.ts';
import { contains } from '../../logical/tree.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import type { InlineTable } from '../../plan/sql-relations.ts';
import { type Analysis, type Environment, over, type Resolved } from '../analysis.ts';
import { inQuotes, quoted } from '../names.ts';

export function resolveInlineTable(relation: InlineTable, env: Environment, analysis: Analysis): Resolved {
  const scope = { attributes: [], ...(env.outer && { outer: env.outer }) };
  const rows = relation.rows.map((row) =>
    row.map((e) => (e.kind === 'alias' ? analysis.expression(e.expr, scope, env) : analysis.expression(e, scope, env))),
  );
  const bad = rows.flat().find((e) => contains(e, (x) => x.kind === 'aggregateCall' || x.kind === 'window' || x.kind === 'generator'));
  if (bad !== undefined)
    throw new AnalysisException(
      'INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE',
      { expr: inQuotes(prettySql(bad)) },
      bad.origin,
    );
  const types = rows[0]!.map((_, i) => {
    const type = widestOf(rows.map((row) => row[i]!.dataType));
    if (type === undefined)
      throw new AnalysisException(
        'INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE',
        { colName: quoted([`col${i + 1}`]) },
        relation.origin,
      );
    return type;
  });
  const output = types.map((type, i) =>
    newAttribute(
      `col${i + 1}`,
      type,
      rows.some((row) => row[i]!.nullable),
    ),
  );
  return over({ kind: 'localRelation', output, rows: rows.map((row) => row.map((e, i) => castTo(e, types[i]!))) }, env);
}
