// CAST as Spark means it, in DuckDB's words: which pair of types goes which way, and complex types element by element. Ways by target: casts/.
// Which pairs are allowed at all is the analyser's matter (../analysis/cast-rules.ts). Source: Cast.scala of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import type { Cast } from '../logical/expressions.ts';
import { isIntegral } from '../functions/coercion.ts';
import { NARROW_DIGITS } from '../functions/decimals.ts';
import { type DataType, type DecimalType, decimalType } from '../types/data-type.ts';
import { typeToJson } from '../types/type-json.ts';
import { type CastMode, bind } from './casts/bind.ts';
import { toDatetime } from './casts/to-datetime.ts';
import { toInterval } from './casts/to-interval.ts';
import { toNumber } from './casts/to-number.ts';
import { toText } from './casts/to-text.ts';
import { duckdbType } from './duckdb-types.ts';
import type { Emit } from './emit-context.ts';

export function castText({ child, dataType, mode }: Cast, emit: Emit): string {
  const to = isWide(dataType) && isExact(child.dataType) && emit.narrowsDecimals() ? decimalType(NARROW_DIGITS, dataType.scale) : dataType;
  return convert(emit.emit(child), child.dataType, to, mode, emit);
}

const isWide = (type: DataType): type is DecimalType =>
  type.tag === 'decimal' && type.precision > NARROW_DIGITS && type.scale < NARROW_DIGITS;
const isExact = (type: DataType): boolean => type.tag === 'decimal' || isIntegral(type);

/** @param x DuckDB text of a value of `from`. @returns text of the value as `to` */
export function convert(x: string, from: DataType, to: DataType, mode: CastMode, emit: Emit): string {
  if (sameInKernel(from, to)) return x;
  if (from.tag === 'null') return `CAST(${x} AS ${duckdbType(to)})`;
  if (from.tag === 'variant') return fromVariant(x, to, mode, emit);
  if (to.tag === 'variant') return `${emit.jsFunction('to_variant', typeToJson(from), duckdbType(from))}(${x})`;
  switch (to.tag) {
    case 'string':
    case 'char':
    case 'varchar':
      return toText(x, from, emit);
    case 'boolean':
      if (from.tag === 'string')
        return bind(x, emit, (v) => `coalesce(TRY_CAST(${v} AS BOOLEAN), ${emit.jsFunction('boolean_of_text', mode)}(${v}))`);
      return from.tag === 'timestamp' ? `(epoch_us(${x}) <> 0)` : from.tag === 'date' ? 'NULL::BOOLEAN' : `(${x} <> 0)`;
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
    case 'decimal':
      return toNumber(x, from, to, mode, emit);
    case 'binary':
      return from.tag === 'string' ? `encode(${x})` : `unhex(printf('%0${WIDTHS[from.tag] ?? 16}x', ${x} & ${MASKS[from.tag] ?? -1}))`;
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
    case 'time':
      return toDatetime(x, from, to, mode, emit);
    case 'dayTimeInterval':
    case 'yearMonthInterval':
    case 'calendarInterval':
      return toInterval(x, from, to, mode, emit);
    case 'geography':
      return from.tag === 'geometry' ? `${emit.jsFunction('geography_of_geometry')}(${x})` : x;
    case 'geometry':
      return x;
    case 'array': {
      if (from.tag !== 'array') break;
      const v = emit.nextAlias();
      return `list_transform(${x}, lambda ${v}: ${convert(v, from.elementType, to.elementType, mode, emit)})`;
    }
    case 'map': {
      if (from.tag !== 'map') break;
      const v = emit.nextAlias();
      const key = convert(`${v}.key`, from.keyType, to.keyType, mode, emit);
      const value = convert(`${v}.value`, from.valueType, to.valueType, mode, emit);
      return `map_from_entries(list_transform(map_entries(${x}), lambda ${v}: struct_pack(k := ${key}, v := ${value})))`;
    }
    case 'struct': {
      if (from.tag !== 'struct') break;
      return bind(x, emit, (v) => {
        const fields = to.fields.map((f, i) => {
          const source = from.fields[i]!;
          return `${quoteText(f.name).replaceAll("'", '"')} := ${convert(`struct_extract(${v}, ${quoteText(source.name)})`, source.dataType, f.dataType, mode, emit)}`;
        });
        return `CASE WHEN ${v} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`;
      });
    }
  }
  return `${mode === 'ansi' ? 'CAST' : 'TRY_CAST'}(${x} AS ${duckdbType(to)})`;
}

const fromVariant = (x: string, to: DataType, mode: CastMode, emit: Emit): string =>
  `${emit.jsFunction('cast_variant', typeToJson(to), duckdbType(to), emit.settings.timeZone, mode === 'try' ? 'try' : 'ansi')}(${x})`;

const WIDTHS: { readonly [tag: string]: number } = { byte: 2, short: 4, integer: 8 };
const MASKS: { readonly [tag: string]: number } = { byte: 255, short: 65535, integer: 4294967295 };

/** Nothing to do: collations, lengths and nullability are nothing to the kernel. */
function sameInKernel(a: DataType, b: DataType): boolean {
  const text = (t: DataType): boolean => t.tag === 'string' || t.tag === 'char' || t.tag === 'varchar';
  if (text(a) && text(b)) return true;
  if (a.tag !== b.tag) return false;
  if (a.tag === 'time') return a.precision <= (b as typeof a).precision;
  if (a.tag === 'dayTimeInterval' || a.tag === 'yearMonthInterval') return a.endField === (b as typeof a).endField;
  if (a.tag === 'array') return sameInKernel(a.elementType, (b as typeof a).elementType);
  if (a.tag === 'map') return sameInKernel(a.keyType, (b as typeof a).keyType) && sameInKernel(a.valueType, (b as typeof a).valueType);
  if (a.tag === 'struct') {
    const other = b as typeof a;
    return (
      a.fields.length === other.fields.length &&
      a.fields.every((f, i) => f.name === other.fields[i]!.name && sameInKernel(f.dataType, other.fields[i]!.dataType))
    );
  }
  return duckdbType(a) === duckdbType(b);
}
