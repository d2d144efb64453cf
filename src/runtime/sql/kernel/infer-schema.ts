// The type of a JSON document and of a line of CSV, as Spark infers it from one example. Source: JsonInferSchema.scala, CSVInferSchema.scala of Spark 4.2.
import { parseDate, parseTimestamp } from '../parser/datetime-literals.ts';
import * as T from '../types/data-type.ts';
import { isObject, type Json, JsonNumber } from './json-text.ts';

type Options = Readonly<Record<string, string>>;
export const inferJson = (json: Json, options: Options = {}): T.DataType => canonical(typeOf(json, options));

/** Digits, and how many of them after the point. */
function exactType(text: string): T.DataType {
  const [, whole = '', fraction = ''] = /^-?(\d+)\.?(\d*)$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '').length;
  return digits === 0 || digits > 38 ? T.DOUBLE : T.decimalType(Math.max(digits, fraction.length), fraction.length);
}

function typeOf(json: Json, options: Options): T.DataType {
  if (json === null) return T.NULL;
  if (typeof json === 'string') return T.STRING;
  if (options.primitivesasstring === 'true' && (typeof json === 'boolean' || json instanceof JsonNumber)) return T.STRING;
  if (typeof json === 'boolean') return T.BOOLEAN;
  if (json instanceof JsonNumber) {
    if (!json.isWhole) return options.prefersdecimal === 'true' ? exactType(json.text) : T.DOUBLE;
    const n = BigInt(json.text);
    return n < 2n ** 63n && n >= -(2n ** 63n) ? T.LONG : T.decimalType(Math.min(38, json.text.replace('-', '').length), 0);
  }
  if (isObject(json)) {
    const fields = new Map(json.entries.map(([k, v]) => [k, typeOf(v, options)]));
    return T.structType([...fields].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, t]) => T.structField(k, t)));
  }
  return T.arrayType(json.map((v) => typeOf(v, options)).reduce(merged, T.NULL));
}

function merged(a: T.DataType, b: T.DataType): T.DataType {
  if (T.sameType(a, b) || b.tag === 'null') return a;
  if (a.tag === 'null') return b;
  const numbers = ['long', 'double', 'decimal'];
  if (numbers.includes(a.tag) && numbers.includes(b.tag)) return T.DOUBLE;
  if (a.tag === 'array' && b.tag === 'array') return T.arrayType(merged(a.elementType, b.elementType));
  if (a.tag === 'struct' && b.tag === 'struct') {
    const fields = new Map(a.fields.map((f) => [f.name, f.dataType]));
    for (const f of b.fields) fields.set(f.name, fields.has(f.name) ? merged(fields.get(f.name)!, f.dataType) : f.dataType);
    return T.structType([...fields].sort(([x], [y]) => (x < y ? -1 : 1)).map(([k, t]) => T.structField(k, t)));
  }
  return T.STRING;
}

/** null alone is a string; objects without names inside of others are left out. */
function canonical(t: T.DataType): T.DataType {
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
