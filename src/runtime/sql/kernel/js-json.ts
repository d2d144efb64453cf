// JSON and CSV in single values, in JavaScript: types and options are parameters, known when the query is planned.
// Source: jsonExpressions.scala, csvExpressions.scala of Spark 4.2.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { DataType, StructType } from '../types/data-type.ts';
import { structField, structType } from '../types/data-type.ts';
import { typeFromJson } from '../types/type-json.ts';
import { sqlType } from '../types/type-names.ts';
import { inferCsvCell, inferJson } from './infer-schema.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';
import {
  firstJson,
  isObject,
  type Json,
  jsonAtPath,
  type JsonRules,
  type JsonShape,
  parseJson,
  plainText,
  strictJson,
} from './json-text.ts';
import {
  BadField,
  clockValue,
  decimalValue,
  intervalValue,
  jsonOfValue,
  scalarText,
  timeValue,
  valueOfJson,
  type ValueOptions,
} from './json-values.ts';

export const howOf = (zone: string, options: string): ValueOptions => ({ zone, options: JSON.parse(options) as Record<string, string> });
export const failFast = (record: string): AnalysisException =>
  new AnalysisException('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION', { badRecord: `[${record}]`, failFastMode: 'FAILFAST' });

/** The place of the column that takes records that can't be read; -1: there is none. */
export const corruptAt = (type: StructType, { options }: ValueOptions): number =>
  type.fields.findIndex((f) => f.name === (options.columnnameofcorruptrecord ?? '_corrupt_record') && f.dataType.tag === 'string');

function fromJson(text: string, type: DataType, how: ValueOptions): KernelValue {
  if (text.trim() === '') return null;
  let isBad = false;
  const json = parseJson(text);
  const nothing = (): KernelValue => (type.tag === 'struct' ? type.fields.map(() => null) : null);
  let value: KernelValue;
  if (json === undefined) {
    isBad = true;
    value = nothing();
  } else {
    try {
      value = valueOfJson(rooted(json, type), type, how, () => (isBad = true));
    } catch (error) {
      if (!(error instanceof BadField)) throw error;
      isBad = true;
      value = nothing();
    }
  }
  if (isBad && how.options.mode?.toUpperCase() === 'FAILFAST')
    throw failFast(type.tag === 'struct' ? type.fields.map(() => 'null').join(',') : 'null');
  const at = type.tag === 'struct' ? corruptAt(type, how) : -1;
  if (at < 0 || value === null) return value;
  return (value as readonly KernelValue[]).map((v, i) => (i === at ? (isBad ? text : null) : v));
}

/** One object is an array of one; of an array of objects the first is taken. */
function rooted(json: Json, type: DataType): Json {
  if (type.tag === 'array' && type.elementType.tag === 'struct' && isObject(json)) return [json];
  return type.tag === 'struct' && Array.isArray(json) ? (json[0] ?? null) : json;
}

/** Cells of one line; null is an empty cell without quotes. */
function cellsOf(line: string, { options }: ValueOptions): (string | null)[] {
  const [sep, quote, escape] = [options.sep ?? options.delimiter ?? ',', options.quote ?? '"', options.escape ?? '\\'];
  const cells: (string | null)[] = [];
  for (let i = 0; ; ) {
    let cell = '';
    const isQuoted = quote !== '' && line[i] === quote;
    if (isQuoted) {
      i++;
      while (i < line.length && line[i] !== quote) {
        if (line[i] === escape && (line[i + 1] === quote || line[i + 1] === escape)) i++;
        cell += line[i++];
      }
      i++;
    }
    const end = line.indexOf(sep, i);
    cell += line.slice(i, end < 0 ? undefined : end);
    cells.push(cell === (options.nullvalue ?? '') && !isQuoted ? null : cell);
    if (end < 0) return cells;
    i = end + sep.length;
  }
}

function csvValue(cell: string | null, type: DataType, how: ValueOptions): KernelValue {
  if (cell === null) return null;
  const bad = (): never => {
    throw new BadField('a cell of another type');
  };
  switch (type.tag) {
    case 'string':
      return cell;
    case 'boolean':
      return /^true$/i.test(cell) ? true : /^false$/i.test(cell) ? false : bad();
    case 'byte':
    case 'short':
    case 'integer':
    case 'long': {
      if (!/^[+-]?\d+$/.test(cell)) return bad();
      const [n, limit] = [BigInt(cell), { byte: 2n ** 7n, short: 2n ** 15n, integer: 2n ** 31n, long: 2n ** 63n }[type.tag]];
      return n >= limit || n < -limit ? bad() : type.tag === 'long' ? n : Number(n);
    }
    case 'float':
    case 'double':
      return /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(cell)
        ? Number(cell)
        : cell === 'NaN'
          ? Number.NaN
          : /^[+-]?Inf(inity)?$/.test(cell)
            ? cell.startsWith('-')
              ? -Infinity
              : Infinity
            : bad();
    case 'decimal':
      return decimalValue(cell.trim(), type.precision, type.scale);
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return timeValue(cell, type.tag, how);
    case 'time':
      return clockValue(cell, type.precision, how);
    case 'dayTimeInterval':
    case 'yearMonthInterval':
    case 'calendarInterval':
      return intervalValue(cell, type);
    default:
      return bad();
  }
}

function fromCsv(line: string, type: StructType, how: ValueOptions): KernelValue {
  const cells = cellsOf(line, how);
  const corrupt = corruptAt(type, how);
  let isBad = false;
  let at = 0;
  const values = type.fields.map((f, i) => {
    if (i === corrupt) return null;
    const cell = cells[at++];
    if (cell === undefined) isBad = true;
    try {
      return csvValue(cell ?? null, f.dataType, how);
    } catch (error) {
      if (!(error instanceof BadField)) throw error;
      isBad = true;
      return null;
    }
  });
  if (isBad && how.options.mode?.toUpperCase() === 'FAILFAST') throw failFast(line);
  return corrupt < 0 ? values : values.map((v, i) => (i === corrupt ? (isBad ? line : null) : v));
}

function toCsv(value: readonly KernelValue[], type: StructType, how: ValueOptions): string {
  const { options } = how;
  const [sep, quote, escape] = [options.sep ?? options.delimiter ?? ',', options.quote ?? '"', options.escape ?? '\\'];
  const cell = (v: KernelValue, t: DataType): string => {
    if (v === null) return options.nullvalue ?? '';
    const text = t.tag === 'binary' ? Buffer.from(v as Uint8Array).toString() : (scalarText(v, t, how) ?? jsonOfValue(v, t, how));
    if (text === '') return options.emptyvalue ?? '""';
    const needsQuotes = text.includes(sep) || text.includes(quote) || /[\r\n]/.test(text) || options.quoteall === 'true';
    return needsQuotes ? `${quote}${text.replaceAll(quote, escape + quote)}${quote}` : text;
  };
  return value.map((v, i) => cell(v, type.fields[i]!.dataType)).join(sep);
}

type Make = JsFunction['make'];
const withType =
  (f: (v: any, type: any, how: ValueOptions) => KernelValue, direction: 'from' | 'to'): Make =>
  (type, kernelType, zone, options) => {
    const [parsed, how] = [typeFromJson(type!), howOf(zone!, options!)];
    const compute = byRow((v: KernelValue) => f(v, parsed, how));
    return direction === 'from'
      ? { parameterTypes: ['VARCHAR'], returnType: kernelType!, compute }
      : { parameterTypes: [kernelType!], returnType: 'VARCHAR', compute };
  };

export function jsonSchemaText(text: string, options: Readonly<Record<string, string>> = {}): string {
  const json = parseJson(options.allownumericleadingzeros === 'true' ? withoutLeadingZeros(text) : text);
  if (json === undefined) throw failFast('null');
  return sqlType(inferJson(json, options));
}

const withoutLeadingZeros = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|(?<![\d.])0+(?=\d)/g, (found) => (found.startsWith('"') ? found : ''));

export const csvSchemaText = (line: string, options: Readonly<Record<string, string>>): string =>
  sqlType(structType(cellsOf(line, { zone: 'UTC', options }).map((cell, i) => structField(`_c${i}`, inferCsvCell(cell)))));

/**
 * What the kernel takes for no JSON, for JSON where Spark does not, or writes otherwise than it stands there; NULL: Spark doesn't read it either.
 * `rules` are JsonRules as JSON, `shape` a JsonShape.
 */
const RELAXED_JSON: JsFunction = {
  name: 'relaxed_json',
  make(rules, shape) {
    const given = JSON.parse(rules!) as JsonRules;
    const texts = shape === undefined ? undefined : (JSON.parse(shape) as JsonShape);
    const relaxed = (text: string) => {
      const json = firstJson(text, given, texts);
      return json === undefined ? null : strictJson(json);
    };
    return { parameterTypes: ['VARCHAR'], returnType: 'VARCHAR', compute: byRow(relaxed) };
  },
};

export const JS_JSON: readonly JsFunction[] = [
  RELAXED_JSON,
  jsFunction('get_json_object', ['VARCHAR', 'VARCHAR'], 'VARCHAR', byRow(jsonAtPath)),
  jsFunction(
    'json_field',
    ['VARCHAR', 'VARCHAR'],
    'VARCHAR',
    byRow((text: string, name: string) => {
      const json = parseJson(text);
      const found = json !== undefined && isObject(json) ? json.entries.find(([k]) => k === name) : undefined;
      return found === undefined ? null : plainText(found[1]);
    }),
  ),
  jsFunction(
    'json_array_length',
    ['VARCHAR'],
    'INTEGER',
    byRow((text: string) => {
      const json = parseJson(text);
      return Array.isArray(json) ? json.length : null;
    }),
  ),
  jsFunction(
    'json_object_keys',
    ['VARCHAR'],
    'VARCHAR[]',
    byRow((text: string) => {
      const json = parseJson(text);
      return json !== undefined && isObject(json) ? json.entries.map(([k]) => k) : null;
    }),
  ),
  { name: 'from_json', make: withType(fromJson, 'from') },
  { name: 'to_json', make: withType(jsonOfValue, 'to') },
  { name: 'from_csv', make: withType(fromCsv, 'from') },
  { name: 'to_csv', make: withType(toCsv, 'to') },
];
