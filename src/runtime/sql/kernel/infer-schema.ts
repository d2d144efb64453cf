// The type of a JSON document and of a line of CSV, as Spark infers it from one example, and of several documents together.
// Source: JsonInferSchema.scala, CSVInferSchema.scala of Spark 4.2.
import { parseDate, parseTimestamp } from '../parser/datetime-literals.ts';
import * as T from '../types/data-type.ts';
import { isObject, type Json, JsonNumber } from './json-text.ts';

type Options = Readonly<Record<string, string>>;
/** @param isTimestamp where timestamps are to be found among texts */
export type JsonInference = { readonly options: Options; readonly isTimestamp?: (text: string) => boolean };

export const inferJson = (json: Json, options: Options = {}): T.DataType => canonical(jsonType(json, { options }));

/** Digits, and how many of them after the point; undefined: no number, or no decimal has so many. */
export function exactType(text: string): T.DataType | undefined {
  const [, whole, fraction = '', exponent = '0'] = /^-?(\d+)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const scale = fraction.length - Number(exponent);
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '').length;
  return whole === undefined || scale < 0 || Math.max(digits, scale) > T.MAX_DECIMAL_PRECISION
    ? undefined
    : T.decimalType(Math.max(digits, scale), scale);
}

/** Of one document, before `canonical`: what `mergedJson` takes. */
export function jsonType(json: Json, how: JsonInference): T.DataType {
  const { options, isTimestamp } = how;
  if (json === null) return T.NULL;
  if (typeof json === 'string') {
    const exact = options.prefersdecimal === 'true' ? exactType(json) : undefined;
    return exact ?? (isTimestamp?.(json) ? T.TIMESTAMP : T.STRING);
  }
  if (options.primitivesasstring === 'true' && (typeof json === 'boolean' || json instanceof JsonNumber)) return T.STRING;
  if (typeof json === 'boolean') return T.BOOLEAN;
  if (json instanceof JsonNumber) {
    if (!json.isWhole) return (options.prefersdecimal === 'true' ? exactType(json.text) : undefined) ?? T.DOUBLE;
    const n = BigInt(json.text);
    return n < 2n ** 63n && n >= -(2n ** 63n) ? T.LONG : (exactType(json.text) ?? T.DOUBLE);
  }
  if (isObject(json)) {
    const fields = new Map(json.entries.map(([k, v]) => [k, jsonType(v, how)]));
    return T.structType([...fields].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, t]) => T.structField(k, t)));
  }
  return T.arrayType(json.map((v) => jsonType(v, how)).reduce(mergedJson, T.NULL));
}

/** What both are of. */
export function mergedJson(a: T.DataType, b: T.DataType): T.DataType {
  if (T.sameType(a, b) || b.tag === 'null') return a;
  if (a.tag === 'null') return b;
  const numbers = ['long', 'double', 'decimal'];
  if (numbers.includes(a.tag) && numbers.includes(b.tag)) return mergedNumbers(a, b);
  if (a.tag === 'array' && b.tag === 'array') return T.arrayType(mergedJson(a.elementType, b.elementType));
  if (a.tag === 'struct' && b.tag === 'struct') {
    const fields = new Map(a.fields.map((f) => [f.name, f.dataType]));
    for (const f of b.fields) fields.set(f.name, fields.has(f.name) ? mergedJson(fields.get(f.name)!, f.dataType) : f.dataType);
    return T.structType([...fields].sort(([x], [y]) => (x < y ? -1 : 1)).map(([k, t]) => T.structField(k, t)));
  }
  return T.STRING;
}

const asDecimal = (t: T.DataType) => (t.tag === 'long' ? T.decimalType(20, 0) : t.tag === 'decimal' ? t : undefined);

function mergedNumbers(left: T.DataType, right: T.DataType): T.DataType {
  const [a, b] = [asDecimal(left), asDecimal(right)];
  if (a === undefined || b === undefined) return T.DOUBLE;
  const scale = Math.max(a.scale, b.scale);
  const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
  return precision > T.MAX_DECIMAL_PRECISION ? T.DOUBLE : T.decimalType(precision, scale);
}

/** null alone is a string; objects without names inside of others are left out. */
export function canonical(t: T.DataType): T.DataType {
  if (t.tag === 'null') return T.STRING;
  if (t.tag === 'array') return T.arrayType(canonical(t.elementType), t.containsNull);
  if (t.tag !== 'struct') return t;
  const fields = t.fields.map((f) => ({ ...f, dataType: canonical(f.dataType) }));
  return T.structType(fields.filter((f) => f.dataType.tag !== 'struct' || f.dataType.fields.length > 0));
}

export function inferCsvCell(text: string | null): T.DataType {
  if (text === null) return T.STRING;
  if (/^[+-]?\d+$/.test(text)) {
    const n = BigInt(text);
    if (n < 2n ** 31n && n >= -(2n ** 31n)) return T.INTEGER;
    return n < 2n ** 63n && n >= -(2n ** 63n) ? T.LONG : T.decimalType(Math.min(38, text.length), 0);
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?$/.test(text) || /^(NaN|-?Inf)$/.test(text)) return T.DOUBLE;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && parseDate(text) !== undefined) return T.DATE;
  if (/^\d{4}-\d{2}-\d{2}[ T]\d/.test(text) && parseTimestamp(text) !== undefined) return T.TIMESTAMP;
  if (/^\d{1,2}:\d{1,2}(:\d{1,2}(\.\d+)?)?$/.test(text)) return T.TIMESTAMP;
  return /^(true|false)$/i.test(text) ? T.BOOLEAN : T.STRING;
}
