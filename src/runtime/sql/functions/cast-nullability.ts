// Whether a cast between two types may give NULL for a value, in every mode: implicit casts (coercion.ts) and written ones (../analysis/cast-rules.ts)
// say it alike. Source: Cast.forceNullable of Spark 4.2.
import * as T from '../types/data-type.ts';

const DIGITS: { readonly [tag: string]: number } = { boolean: 1, byte: 3, short: 5, integer: 10, long: 20 };
const isString = (t: T.DataType): boolean => t.tag === 'string' || t.tag === 'char' || t.tag === 'varchar';
const isIntegral = (t: T.DataType): boolean => t.tag === 'byte' || t.tag === 'short' || t.tag === 'integer' || t.tag === 'long';

/** Values of these pairs may have no counterpart, in every mode. Source: Cast.forceNullable. */
export function canGiveNull(from: T.DataType, to: T.DataType): boolean {
  if (T.sameType(from, to)) return false;
  if (from.tag === 'null' || from.tag === 'variant') return true;
  if (isString(from)) return to.tag !== 'binary' && !isString(to);
  if (isString(to)) return false;
  if (from.tag === 'timestamp' && to.tag !== 'decimal') return to.tag === 'byte' || to.tag === 'short' || to.tag === 'integer';
  if (from.tag === 'float' || from.tag === 'double') return to.tag === 'timestamp' || to.tag === 'decimal' || isIntegral(to);
  if (from.tag === 'decimal' && isIntegral(to)) return true;
  if (to.tag === 'date') return true;
  if (from.tag === 'date') return to.tag !== 'timestamp';
  if (to.tag === 'decimal') return !holdsAll(from, to);
  return to.tag === 'calendarInterval';
}

function holdsAll(from: T.DataType, to: T.DecimalType): boolean {
  if (from.tag === 'decimal') {
    const more = to.precision - to.scale - (from.precision - from.scale);
    return more > 0 || (more === 0 && to.scale >= from.scale);
  }
  return to.precision - to.scale >= (DIGITS[from.tag] ?? 39);
}
