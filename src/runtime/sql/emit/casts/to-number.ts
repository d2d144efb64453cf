// Values as numbers: floating ones are cut toward zero, decimals rounded half up; what does not fit is an error (ansi), NULL (try), or wraps around
// (legacy). DuckDB's own errors become Spark's in ../../engine/kernel-errors.ts. Source: Cast.scala, Decimal.scala of Spark 4.2.
import type { DataType, DecimalType } from '../../types/data-type.ts';
import { duckdbType } from '../duckdb-types.ts';
import type { Emit } from '../emit-context.ts';
import { bind, type CastMode, castWord } from './bind.ts';
import { wrapped } from '../../functions/wrap-around.ts';
import { hideFromKernel } from './hidden-text.ts';

const BITS: { readonly [tag: string]: bigint } = { byte: 8n, short: 16n, integer: 32n, long: 64n };

export function toNumber(x: string, from: DataType, to: DataType, mode: CastMode, emit: Emit): string {
  const cast = (text: string): string => `${castWord(mode)}(${text} AS ${duckdbType(to)})`;
  switch (from.tag) {
    case 'string':
      return ofText(x, to, mode, emit);
    case 'boolean':
      return to.tag === 'decimal' ? cast(`CAST(${x} AS INTEGER)`) : cast(x);
    case 'date':
      return `NULL::${duckdbType(to)}`;
    case 'timestamp':
    case 'time':
      return ofInstant(x, to, mode, emit);
    case 'dayTimeInterval':
      return cast(to.tag === 'decimal' ? decimalRatio(x, MICROS[from.endField]!) : `(${x}) // ${MICROS[from.endField]}`);
    case 'yearMonthInterval':
      return cast(from.endField === 'year' ? `(${x}) // 12` : x);
  }
  if (to.tag === 'decimal') {
    if (from.tag !== 'float' && from.tag !== 'double') return cast(x);
    // By way of its shortest digits, as BigDecimal(double.toString). NaN and infinities have none.
    return bind(from.tag === 'float' ? `CAST(${x} AS DOUBLE)` : x, emit, (v) =>
      cast(`CAST(CASE WHEN isfinite(${v}) THEN ${v} END AS VARCHAR)`),
    );
  }
  const bits = BITS[to.tag];
  if (bits === undefined) return cast(x);
  const isFloating = from.tag === 'float' || from.tag === 'double';
  if (mode !== 'legacy') return cast(isFloating || from.tag === 'decimal' ? `trunc(${x})` : x);
  if (isFloating) return bind(x, emit, (v) => saturated(v, to, bits));
  return wrapped(from.tag === 'decimal' ? `CAST(trunc(${x}) AS HUGEINT)` : x, to);
}

const MICROS: { readonly [field: string]: string } = { day: '86400000000', hour: '3600000000', minute: '60000000', second: '1000000' };
const decimalRatio = (x: string, unit: string): string =>
  unit === '1000000' ? `(${x})::DECIMAL(20,0) * 0.000001::DECIMAL(6,6)` : `(${x}) / ${unit}::DOUBLE`;

/** Java's double → int or long: the nearest value that there is, 0 for NaN; bytes and shorts by way of int. */
function saturated(v: string, to: DataType, bits: bigint): string {
  const wide = bits === 64n ? 64n : 32n;
  const [least, most] = [-(2n ** (wide - 1n)), 2n ** (wide - 1n) - 1n];
  const type = wide === 64n ? 'BIGINT' : 'INTEGER';
  const text = `CASE WHEN isnan(${v}) THEN 0 WHEN ${v} >= ${most} THEN ${most} WHEN ${v} <= ${least} THEN (${least})::${type} ELSE TRY_CAST(trunc(${v}) AS ${type}) END`;
  return bits === wide ? text : wrapped(text, to);
}

function ofText(x: string, to: DataType, mode: CastMode, emit: Emit): string {
  const cast = (text: string): string => `${castWord(mode)}(${text} AS ${duckdbType(to)})`;
  if (to.tag === 'decimal') return cast(hideFromKernel(x, '_'));
  if (to.tag === 'float' || to.tag === 'double')
    return bind(
      x,
      emit,
      (v) => `coalesce(TRY_CAST(${hideFromKernel(v, '_')} AS ${duckdbType(to)}), ${emit.jsFunction(`${to.tag}_of_text`, mode)}(${v}))`,
    );
  // What DuckDB takes for a whole number and Spark does not: fractions, exponents, hexadecimal, digits in groups.
  if (mode !== 'legacy') return cast(hideFromKernel(x, '.eE_xXbBoO'));
  return cast(`regexp_replace(${hideFromKernel(x, 'eE_xXbBoO')}, '^(\\s*[+-]?\\d+)\\.\\d*(\\s*)$', '\\1\\2')`);
}

function ofInstant(x: string, to: DataType, mode: CastMode, emit: Emit): string {
  const micros = `epoch_us(${x})`;
  if (to.tag === 'decimal')
    return `${castWord(mode)}(${micros}::DECIMAL(20,0) * 0.000001::DECIMAL(6,6) AS ${duckdbType(to satisfies DecimalType)})`;
  if (to.tag === 'float' || to.tag === 'double') return `CAST(${micros} / 1000000 AS ${duckdbType(to)})`;
  const seconds = bind(micros, emit, (v) => `((${v} - ((${v} % 1000000 + 1000000) % 1000000)) // 1000000)`);
  return `${castWord(mode)}(${seconds} AS ${duckdbType(to)})`;
}
