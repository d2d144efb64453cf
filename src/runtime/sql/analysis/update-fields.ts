// withField and dropFields: a struct with one field set or left out. Source: UpdateFields of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { makeCall } from '../functions/make-call.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import type { Origin } from '../plan/origin.ts';
import { STRING } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { fieldOf } from './extract-value.ts';
import { inQuotes } from './names.ts';

/** @param path the field, with dots into inner structs. @param value undefined leaves the field out */
export function updateFields(
  struct: Expr,
  path: string,
  value: Expr | undefined,
  settings: SessionSettings,
  origin: Origin | undefined,
): Expr {
  const type = struct.dataType;
  if (type.tag !== 'struct')
    throw new AnalysisException(
      'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE',
      {
        sqlExpr: inQuotes(`update_fields(${prettySql(struct)})`),
        paramIndex: 'first',
        requiredType: '"STRUCT"',
        inputSql: inQuotes(prettySql(struct)),
        inputType: inQuotes(sqlType(type)),
      },
      origin,
    );
  const [name, ...inner] = path.split('.') as [string, ...string[]];
  const is = (f: { name: string }) => f.name.toLowerCase() === name.toLowerCase();
  const entries = type.fields.map((f): [string, Expr] => [f.name, fieldOf(struct, f.name, origin)]);
  const at = type.fields.findIndex(is);
  const changed = inner.length > 0 ? updateFields(fieldOf(struct, name, origin), inner.join('.'), value, settings, origin) : value;
  const kept =
    changed === undefined
      ? entries.filter((_, i) => !is(type.fields[i]!))
      : entries.map((e, i): [string, Expr] => (i === at ? [e[0], changed] : e));
  if (changed !== undefined && at < 0) kept.push([name, changed]);
  if (kept.length === 0)
    throw new AnalysisException('DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS', { sqlExpr: inQuotes('update_fields()') }, origin);
  const made = makeCall(
    'named_struct',
    kept.flatMap(([n, v]) => [literal(n, STRING), v]),
    settings,
    origin,
  );
  if (!struct.nullable) return made;
  return makeCall(
    'when',
    [makeCall('isnull', [struct], settings), { ...literal(null, made.dataType), nullable: true }, made],
    settings,
    origin,
  );
}
