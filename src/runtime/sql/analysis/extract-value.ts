// Parts of a value: s.field, a[0], m['k'], and a field of every struct in an array. Source: ExtractValue of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { castTo } from '../functions/coercion.ts';
import { makeCall } from '../functions/make-call.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import type { Origin } from '../plan/origin.ts';
import { arrayType, mapType, NULL, structField, structType, type StructType } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { findFunction } from '../functions/registry.ts';
import { inQuotes, quoted } from './names.ts';

/** `struct.field`, `array_of_structs.field`, `map.key`. @throws AnalysisException FIELD_NOT_FOUND, INVALID_EXTRACT_BASE_FIELD_TYPE */
export function fieldOf(child: Expr, name: string, origin: Origin | undefined): Expr {
  const type = child.dataType;
  if (type.tag === 'struct') {
    const ordinal = ordinalOf(type, name, origin);
    const field = type.fields[ordinal]!;
    const nullable = child.nullable || field.nullable;
    return { kind: 'getField', child, ordinal, name, dataType: field.dataType, nullable, origin };
  }
  if (type.tag === 'array' && type.elementType.tag === 'struct') {
    // A getField over an array gives the field of every element.
    const ordinal = ordinalOf(type.elementType, name, origin);
    const field = type.elementType.fields[ordinal]!;
    const dataType = arrayType(field.dataType, type.containsNull || field.nullable);
    return { kind: 'getField', child, ordinal, name, dataType, nullable: child.nullable, origin };
  }
  if (type.tag === 'map')
    return itemOf(
      child,
      { kind: 'literal', value: name, dataType: { tag: 'string', collation: 'UTF8_BINARY' }, nullable: false, origin },
      origin,
    );
  if (type.tag === 'null') return fieldOf(castTo(child, structType([structField(name, NULL)])), name, origin);
  throw new AnalysisException(
    'INVALID_EXTRACT_BASE_FIELD_TYPE',
    { base: inQuotes(prettySql(child)), other: inQuotes(sqlType(type)) },
    origin,
  );
}

function ordinalOf({ fields }: StructType, name: string, origin: Origin | undefined): number {
  const found = fields.map((f, i) => (f.name.toLowerCase() === name.toLowerCase() ? i : -1)).filter((i) => i >= 0);
  if (found.length === 1) return found[0]!;
  const all = fields.map((f) => quoted([f.name])).join(', ');
  if (found.length === 0) throw new AnalysisException('FIELD_NOT_FOUND', { fieldName: quoted([name]), fields: all }, origin);
  throw new AnalysisException('AMBIGUOUS_REFERENCE_TO_FIELDS', { field: quoted([name]), count: String(found.length) }, origin);
}

/** `child[key]`. @throws AnalysisException INVALID_EXTRACT_FIELD_TYPE, INVALID_EXTRACT_BASE_FIELD_TYPE */
export function extractValue(child: Expr, key: Expr, settings: SessionSettings, origin: Origin | undefined): Expr {
  const type = child.dataType;
  // NULL of no type may be anything that has parts.
  if (type.tag === 'null') return itemOf(castTo(child, mapType(key.dataType, NULL)), key, origin, settings);
  const isName = key.kind === 'literal' && key.dataType.tag === 'string' && typeof key.value === 'string';
  if (isName && (type.tag === 'struct' || (type.tag === 'array' && type.elementType.tag === 'struct')))
    return fieldOf(child, key.value as string, origin);
  if (type.tag === 'array' || type.tag === 'map') return itemOf(child, key, origin, settings);
  if (type.tag === 'struct') throw new AnalysisException('INVALID_EXTRACT_FIELD_TYPE', { extraction: inQuotes(prettySql(key)) }, origin);
  throw new AnalysisException(
    'INVALID_EXTRACT_BASE_FIELD_TYPE',
    { base: inQuotes(prettySql(child)), other: inQuotes(sqlType(type)) },
    origin,
  );
}

const ITEM = { array: 'getarrayitem', map: 'getmapvalue' } as const;
const PLAIN: SessionSettings = { ansi: true, timeZone: 'UTC', get: () => undefined };

/** The registry's own names for `a[i]` and `m[k]`. */
function itemOf(child: Expr, key: Expr, origin: Origin | undefined, settings = PLAIN): Expr {
  const name = ITEM[child.dataType.tag as 'array' | 'map'];
  if (findFunction(name) === undefined) throw new AnalysisException('NOT_BUILT', { feature: `${child.dataType.tag}[…]` }, origin);
  return makeCall(name, [child, key], settings, origin);
}
