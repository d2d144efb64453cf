// JSON ↔ values of a type. Values are the kernel's (common/sql-kernel.ts). Source: JacksonParser.scala, JacksonGenerator.scala of Spark 4.2.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { parseDate, parseTime } from '../parser/datetime-literals.ts';
import { parseUnitPairs } from '../parser/interval-text.ts';
import type { DataType } from '../types/data-type.ts';
import { calendarText, dateText, dayTimeText, doubleText, floatText, floorDiv, yearMonthText } from '../types/value-text.ts';
import { formatTimestamp } from './date-format.ts';
import { parseLocal, parseTimestampBy } from './date-parse.ts';
import { dayTimeOfText, yearMonthOfText } from './interval-casts.ts';
import { instantOfText } from './js-casts.ts';
import { decimalOfDigits, roundedQuotient, unscaledOf } from './js-numbers.ts';
import { isObject, type Json, JsonNumber, plainText, quoted } from './json-text.ts';
import { encoded } from './variants/variant.ts';
import { variantOf } from './variants/variant-of-json.ts';
import { shownVariant } from './variants/variant-text.ts';

export type ValueOptions = { readonly zone: string; readonly options: Readonly<Record<string, string>> };

/** A value that does not fit its type. */
export class BadField extends Error {}

const bad = (): never => {
  throw new BadField('a value of another type');
};
const RANGES: { readonly [tag: string]: bigint } = { byte: 2n ** 7n, short: 2n ** 15n, integer: 2n ** 31n, long: 2n ** 63n };

export function decimalValue(text: string, precision: number, scale: number): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(mantissa)) bad();
  const { digits, scale: own } = unscaledOf(mantissa.replace(/^\+/, '').replace(/\.$/, ''));
  const shift = scale - own + Number(exponent);
  const unscaled = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedQuotient(digits, 10n ** BigInt(-shift));
  if (unscaled >= 10n ** BigInt(precision) || unscaled <= -(10n ** BigInt(precision))) bad();
  return decimalOfDigits(unscaled, scale);
}

export function timeValue(text: string, tag: 'date' | 'timestamp' | 'timestamp_ntz', { zone, options }: ValueOptions): KernelValue {
  const format = options[tag === 'date' ? 'dateformat' : tag === 'timestamp' ? 'timestampformat' : 'timestampntzformat'];
  try {
    if (tag === 'date')
      return format === undefined ? (parseDate(text.trim()) ?? bad()) : Number(floorDiv(parseLocal(text, format).local, 86_400_000_000n));
    if (tag === 'timestamp')
      return format === undefined ? (instantOfText(text, zone, () => 0n) ?? bad()) : parseTimestampBy(text, format, zone);
    return format === undefined ? (instantOfText(text, 'UTC', () => 0n) ?? bad()) : parseLocal(text, format).local;
  } catch (error) {
    return error instanceof Error && /CANNOT_PARSE_TIMESTAMP/.test(error.message)
      ? bad()
      : (() => {
          throw error;
        })();
  }
}

const DAY_MICROS = 86_400_000_000n;

/** Digits that the type has no place for are cut off. */
export function clockValue(text: string, precision: number, { options }: ValueOptions): bigint {
  const format = options.timeformat;
  const nanos = format === undefined ? parseTime(text.trim()) : undefined;
  const micros = format === undefined ? nanos && nanos / 1000n : parseLocal(text, format).local % DAY_MICROS;
  if (micros === undefined) return bad();
  return micros - (micros % 10n ** BigInt(Math.max(0, 6 - precision)));
}

function clockText(micros: bigint, format: string | undefined): string {
  if (format !== undefined) return formatTimestamp(micros, format, 'UTC');
  return formatTimestamp(micros, 'HH:mm:ss.SSSSSS', 'UTC').replace(/\.?0*$/, '');
}

export function intervalValue(text: string, type: DataType): KernelValue {
  switch (type.tag) {
    case 'dayTimeInterval':
      return dayTimeOfText(text.trim(), type.startField, type.endField, 'try') ?? bad();
    case 'yearMonthInterval':
      return yearMonthOfText(text.trim(), type.startField, type.endField, 'try') ?? bad();
    default: {
      const { parts } = parseUnitPairs(text) ?? bad();
      return { months: parts.months, days: parts.days, microseconds: parts.micros };
    }
  }
}

/** @param note called for each field that does not fit: it is NULL then. @throws BadField when the value itself does not fit */
export function valueOfJson(json: Json, type: DataType, how: ValueOptions, note: () => void): KernelValue {
  if (json === null) return null;
  const inner = (v: Json, t: DataType): KernelValue => {
    try {
      return valueOfJson(v, t, how, note);
    } catch (error) {
      if (!(error instanceof BadField)) throw error;
      note();
      return null;
    }
  };
  switch (type.tag) {
    case 'string':
    case 'char':
    case 'varchar':
      return plainText(json);
    case 'boolean':
      return typeof json === 'boolean' ? json : bad();
    case 'byte':
    case 'short':
    case 'integer':
    case 'long': {
      if (!(json instanceof JsonNumber) || !json.isWhole) return bad();
      const n = BigInt(json.text);
      if (n >= RANGES[type.tag]! || n < -RANGES[type.tag]!) return bad();
      return type.tag === 'long' ? n : Number(n);
    }
    case 'float':
    case 'double':
      if (json instanceof JsonNumber) return Number(json.text);
      return typeof json === 'string' && /^(NaN|[+-]?Infinity|[+-]?INF)$/.test(json) ? Number(json.replace('INF', 'Infinity')) : bad();
    case 'decimal':
      if (json instanceof JsonNumber) return decimalValue(json.text, type.precision, type.scale);
      return typeof json === 'string' ? decimalValue(json, type.precision, type.scale) : bad();
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      if (json instanceof JsonNumber && json.isWhole && type.tag === 'timestamp') return BigInt(json.text) * 1_000_000n;
      return typeof json === 'string' ? timeValue(json, type.tag, how) : bad();
    case 'time':
      return typeof json === 'string' ? clockValue(json, type.precision, how) : bad();
    case 'dayTimeInterval':
    case 'yearMonthInterval':
    case 'calendarInterval':
      return typeof json === 'string' ? intervalValue(json, type) : bad();
    case 'binary':
      return typeof json === 'string' ? new Uint8Array(Buffer.from(json, 'base64')) : bad();
    case 'array':
      // What does not fit spoils all of an array or a map; of an object only its field.
      return Array.isArray(json) ? json.map((v) => valueOfJson(v, type.elementType, how, note)) : bad();
    case 'map': {
      if (!isObject(json)) return bad();
      const entries = new Map(json.entries);
      return [...entries].map(([k, v]) => [k, valueOfJson(v, type.valueType, how, note)]);
    }
    case 'struct': {
      if (!isObject(json)) return bad();
      const fields = new Map(json.entries);
      return type.fields.map((f) => inner(fields.get(f.name) ?? null, f.dataType));
    }
    case 'variant':
      return encoded(variantOf(json));
    default:
      return bad();
  }
}

/** A scalar as text: in JSON without quotes, in CSV as it is. @returns undefined for types with parts */
export function scalarText(value: KernelValue, type: DataType, { zone, options }: ValueOptions): string | undefined {
  switch (type.tag) {
    case 'double':
      return doubleText(value as number);
    case 'float':
      return floatText(value as number);
    case 'date':
      return options.dateformat === undefined
        ? dateText(value as number)
        : formatTimestamp(BigInt(value as number) * 86_400_000_000n, options.dateformat, 'UTC');
    case 'timestamp':
      return formatTimestamp(value as bigint, options.timestampformat ?? "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", zone);
    case 'timestamp_ntz':
      return formatTimestamp(value as bigint, options.timestampntzformat ?? "yyyy-MM-dd'T'HH:mm:ss.SSS", 'UTC');
    case 'time':
      return clockText(value as bigint, options.timeformat);
    case 'binary':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'dayTimeInterval':
      return dayTimeText(value as bigint, type);
    case 'yearMonthInterval':
      return yearMonthText(value as number, type);
    case 'calendarInterval':
      return calendarText(value as { months: number; days: number; microseconds: bigint });
    case 'array':
    case 'map':
    case 'struct':
      return undefined;
    default:
      return String(value);
  }
}

const UNQUOTED = new Set(['boolean', 'byte', 'short', 'integer', 'long', 'decimal']);

/** @param fields names and JSON */
function objectText(fields: readonly (readonly [name: string, json: string])[], { options }: ValueOptions): string {
  const all = options.sortkeys === 'true' ? [...fields].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : fields;
  return `{${all.map(([name, json]) => `${quoted(name)}:${json}`).join(',')}}`;
}

/** to_json */
export function jsonOfValue(value: KernelValue, type: DataType, how: ValueOptions): string {
  if (value === null) return 'null';
  if (type.tag === 'variant') return shownVariant(value as string, how.zone);
  const keepsNulls = how.options.ignorenullfields === 'false';
  switch (type.tag) {
    case 'array':
      return `[${(value as readonly KernelValue[]).map((v) => jsonOfValue(v, type.elementType, how)).join(',')}]`;
    case 'map':
      return objectText(
        (value as readonly [KernelValue, KernelValue][]).map(([k, v]) => [
          keyText(k, type.keyType, how),
          jsonOfValue(v, type.valueType, how),
        ]),
        how,
      );
    case 'struct': {
      const fields = type.fields.flatMap((f, i) => {
        const v = (value as readonly KernelValue[])[i]!;
        return v === null && !keepsNulls ? [] : [[f.name, jsonOfValue(v, f.dataType, how)] as const];
      });
      return objectText(fields, how);
    }
    default: {
      const text = scalarText(value, type, how)!;
      const isNumber = type.tag === 'double' || type.tag === 'float' ? Number.isFinite(value as number) : UNQUOTED.has(type.tag);
      return isNumber ? text : quoted(text);
    }
  }
}

/** A key that is an object is written as Spark writes a row: `[1,2]`. */
function keyText(key: KernelValue, type: DataType, how: ValueOptions): string {
  if (key === null) return 'null';
  if (type.tag !== 'struct') return scalarText(key, type, how) ?? jsonOfValue(key, type, how);
  return `[${type.fields.map((f, i) => keyText((key as readonly KernelValue[])[i]!, f.dataType, how)).join(',')}]`;
}
