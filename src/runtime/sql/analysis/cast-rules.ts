// Which types may be cast to which, and the error where they may not. How a cast is computed: ../emit/casts.ts.
// Source: Cast.canAnsiCast, Cast.canCast and Cast.typeCheckFailureMessage of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { canGiveNull } from '../functions/cast-nullability.ts';
import { isAnsiInterval, isIntegral, isNumeric, isString } from '../functions/coercion.ts';
import { comesFromVariant, fitsInVariant } from '../functions/variants.ts';
import type { Cast, Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import type { Origin } from '../plan/origin.ts';
import * as T from '../types/data-type.ts';
import { withoutLengths } from '../types/text-lengths.ts';
import { sqlType } from '../types/type-names.ts';

type Allowed = (from: T.DataType, to: T.DataType) => boolean;
const isInterval = (t: T.DataType): boolean => isAnsiInterval(t) || t.tag === 'calendarInterval';
const isAtomicTarget = (t: T.DataType): boolean =>
  t.tag === 'boolean' ||
  isNumeric(t) ||
  t.tag === 'binary' ||
  t.tag === 'date' ||
  t.tag === 'timestamp' ||
  t.tag === 'timestamp_ntz' ||
  t.tag === 'time';

function complex(from: T.DataType, to: T.DataType, allowed: Allowed, checksNulls: boolean): boolean {
  const nulls = (a: boolean, b: boolean): boolean => !checksNulls || !a || b;
  if (from.tag === 'array' && to.tag === 'array')
    return allowed(from.elementType, to.elementType) && nulls(from.containsNull, to.containsNull);
  if (from.tag === 'map' && to.tag === 'map')
    return (
      allowed(from.keyType, to.keyType) && allowed(from.valueType, to.valueType) && nulls(from.valueContainsNull, to.valueContainsNull)
    );
  if (from.tag === 'struct' && to.tag === 'struct')
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((f, i) => allowed(f.dataType, to.fields[i]!.dataType) && nulls(f.nullable, to.fields[i]!.nullable))
    );
  return false;
}

const isGeospatial = (t: T.DataType): t is T.GeometryType | T.GeographyType => t.tag === 'geometry' || t.tag === 'geography';

/** Of one reference to any of the same kind, and between the two kinds with one reference. */
function fitsGeospatial(from: T.DataType, to: T.DataType): boolean {
  if (!isGeospatial(from) || !isGeospatial(to)) return false;
  return from.tag === to.tag ? to.srid === 'ANY' : from.srid !== 'ANY' && from.srid === to.srid;
}

const ansi: Allowed = (from, to) => {
  if (T.sameType(from, to) || from.tag === 'null') return true;
  if (isGeospatial(from) || isGeospatial(to)) return fitsGeospatial(from, to);
  if (from.tag === 'variant') return comesFromVariant(to);
  if (to.tag === 'variant') return fitsInVariant(from, false);
  if (isString(to)) return true;
  if (isString(from)) return isAtomicTarget(to) || isInterval(to);
  if (from.tag === 'boolean') return isNumeric(to);
  if (isNumeric(from)) {
    if (to.tag === 'boolean' || isNumeric(to) || to.tag === 'timestamp') return true;
    return isAnsiInterval(to) && (isIntegral(from) || from.tag === 'decimal');
  }
  switch (from.tag) {
    case 'date':
      return to.tag === 'timestamp' || to.tag === 'timestamp_ntz';
    case 'timestamp':
      return to.tag === 'date' || to.tag === 'timestamp_ntz' || isNumeric(to);
    case 'timestamp_ntz':
      return to.tag === 'date' || to.tag === 'timestamp';
    case 'time':
      return to.tag === 'time' || isIntegral(to) || to.tag === 'decimal';
    case 'dayTimeInterval':
    case 'yearMonthInterval':
      return from.tag === to.tag || isIntegral(to) || to.tag === 'decimal';
    default:
      return complex(from, to, ansi, true);
  }
};

const legacy: Allowed = (from, to) => {
  if (ansi(from, to)) return true;
  if (to.tag === 'boolean') return from.tag === 'timestamp' || from.tag === 'date';
  if (to.tag === 'binary') return isIntegral(from);
  if (to.tag === 'timestamp') return from.tag === 'boolean';
  if (isNumeric(to)) return from.tag === 'date';
  return complex(from, to, legacy, true);
};

/** @throws AnalysisException DATATYPE_MISMATCH.CAST_… */
export function castOf(child: Expr, to: T.DataType, mode: Cast['mode'], origin: Origin | undefined): Expr {
  // A length is only checked where rows are stored: CAST(… AS CHAR(n)) gives a STRING.
  const dataType = withoutLengths(to);
  const from = child.dataType;
  if (!(mode === 'legacy' ? legacy : ansi)(from, dataType)) throw refused(child, dataType, mode, origin);
  return { kind: 'cast', child, dataType, nullable: child.nullable || mode === 'try' || canGiveNull(from, dataType), mode, origin };
}

function refused(child: Expr, to: T.DataType, mode: Cast['mode'], origin: Origin | undefined): AnalysisException {
  const from = child.dataType;
  const common = {
    sqlExpr: `"${mode === 'try' ? 'TRY_CAST' : 'CAST'}(${prettySql(child)} AS ${sqlType(to)})"`,
    srcType: `"${sqlType(from)}"`,
    targetType: `"${sqlType(to)}"`,
  };
  const withFunctions = (...names: string[]) =>
    new AnalysisException(
      'DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION',
      { ...common, functionNames: names.map((n) => `\`${n}\``).join('/') },
      origin,
    );
  if (mode !== 'legacy' && isNumeric(from) && to.tag === 'date') return withFunctions('DATE_FROM_UNIX_DATE');
  if (mode !== 'legacy' && from.tag === 'date' && isNumeric(to)) return withFunctions('UNIX_DATE');
  if (mode === 'ansi' && legacy(from, to))
    return new AnalysisException(
      'DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION',
      { ...common, config: '"spark.sql.ansi.enabled"', configVal: "'false'" },
      origin,
    );
  return new AnalysisException('DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION', common, origin);
}
