// JSON: a record is a line (or, with multiLine, a file), an array's elements are records each. Fields are taken out as JSON and brought to their
// columns' types here, more strictly than the kernel would: a text is no number. Source: JacksonParser of Spark 4.2.
import { kernelPaths, quoteName, quoteText } from '../../../common/kernel-quotes.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { JsonRules } from '../kernel/json-text.ts';
import type { Scan } from '../logical/plans.ts';
import { defaultCorruptColumn, parseMode, textFormats } from '../sources/csv-options.ts';
import { SourceOptions } from '../sources/options.ts';
import { BAD_LINE_MARK } from '../sources/plain-lines.ts';
import type { DataType, StructField } from '../types/data-type.ts';
import { typeToJson } from '../types/type-json.ts';
import { isBlank } from './csv-patterns.ts';
import { duckdbType } from './duckdb-types.ts';
import type { Emit } from './emit-context.ts';
import { jsonShape, keepsCharacters } from './json-texts.ts';
import { dateText, matches, type ParseFormats, parsed, TIMESTAMP } from './parse-text.ts';
import { linesOf, type TextFile } from './scan-text.ts';
import type { FormatScan } from './scans.ts';

/** By the source's options, with Spark's defaults: parameters of the function `relaxed_json`. */
export function jsonRules(options: SourceOptions): string {
  const rules: JsonRules = {
    singleQuotes: options.flag('allowSingleQuotes', true),
    unquotedNames: options.flag('allowUnquotedFieldNames', false),
    comments: options.flag('allowComments', false),
    leadingZeros: options.flag('allowNumericLeadingZeros', false),
    anyEscape: options.flag('allowBackslashEscapingAnyCharacter', false),
    controlCharacters: options.flag('allowUnquotedControlChars', false),
    nonNumericNumbers: options.flag('allowNonNumericNumbers', true),
  };
  return JSON.stringify(rules);
}

/**
 * A FROM item with `raw` (the line), `record` (its JSON), `kind` (OBJECT, or what it is instead; NULL when it is no JSON) and `file_index`.
 * @param relaxed name of the function that takes what the kernel does not; @param wanted columns
 */
export function jsonRecords(
  files: readonly TextFile[],
  options: SourceOptions,
  relaxed: string,
  wanted: readonly StructField[] = [],
): string {
  const isWhole = options.flag('multiLine', false);
  const paths = kernelPaths(files.map((f) => f.path));
  const lines = isWhole ? `(SELECT content AS line, file_index FROM read_text(${paths})) files` : linesOf(files, options);
  // The kernel takes a comma before an end; one in a text is looked at once more.
  const hasComma = isWhole
    ? `regexp_matches(line, ',\\s*[}\\]]')`
    : `(contains(line, ',}') OR contains(line, ',]') OR contains(line, ', }') OR contains(line, ', ]'))`;
  const isKept = keepsCharacters('line', wanted);
  const isPlain = `json_valid(line) AND NOT ${hasComma}${isKept === undefined ? '' : ` AND NOT ${isKept}`}`;
  const text = `CASE WHEN ${isPlain} THEN line ELSE ${relaxed}(line) END`;
  const valid = `SELECT line, file_index, ${text} AS text FROM ${lines} WHERE NOT ${isBlank('line')}`;
  const typed = `SELECT *, json_type(text) AS kind FROM (${valid}) t`;
  const elements = `SELECT ltrim(line, chr(${BAD_LINE_MARK})) AS raw, file_index, unnest(CASE WHEN kind = 'ARRAY' THEN from_json(text, '["JSON"]')::VARCHAR[] ELSE [text] END) AS record, kind AS outer_kind FROM (${typed}) v`;
  return `(SELECT raw, record, file_index, CASE WHEN outer_kind = 'ARRAY' THEN json_type(record) ELSE outer_kind END AS kind FROM (${elements}) e) records`;
}

export function jsonScan(plan: Scan, emit: Emit): FormatScan {
  const options = new SourceOptions(plan.options);
  const corruptName = options.text('columnNameOfCorruptRecord', defaultCorruptColumn(emit.settings));
  const formats: JsonFormats = {
    ...textFormats(options),
    jsFunction: emit.jsFunction.bind(emit),
    deepReader: deepReader(emit, plan.options),
  };
  const mode = parseMode(options);
  // A record is corrupt by all of its fields where that is asked for; else only what is wanted is looked at.
  const looksAtAll = mode !== 'PERMISSIVE' || plan.columns.includes(corruptName);
  const fields = plan.schema.fields.filter((f) => f.name !== corruptName && (looksAtAll || plan.columns.includes(f.name)));
  const kept = jsonShape(fields);
  const relaxed = emit.jsFunction('relaxed_json', jsonRules(options), ...(kept === undefined ? [] : [JSON.stringify(kept)]));
  const records = jsonRecords(plan.files, options, relaxed, fields);
  const shape = `CASE WHEN kind = 'OBJECT' THEN from_json(record, ${quoteText(shapeOf(fields))}) END AS fields`;
  const from = `(SELECT raw, kind, file_index${fields.length > 0 ? `, ${shape}` : ''} FROM ${records}) json`;
  const values = fields.map((f) => {
    const json = `struct_extract(fields, ${quoteText(f.name)})`;
    return { json, value: jsonValue(json, f.dataType, formats) };
  });
  if (plan.schema.fields.length === 1 && plan.schema.fields[0]!.name === corruptName)
    throw new AnalysisException('UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN');
  // A null that stands alone is a record without values.
  const isBad = [
    `(kind IS NULL OR kind NOT IN ('OBJECT', 'NULL'))`,
    ...values.map((v) => `(${v.json} IS NOT NULL AND ${v.value} IS NULL)`),
  ].join(' OR ');
  const raise = () => emit.raise('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION', { failFastMode: 'FAILFAST', badRecord: '' });
  const columns = plan.columns.map((name) => {
    if (name === corruptName) return `CASE WHEN ${isBad} THEN raw END`;
    const { value } = values[fields.findIndex((f) => f.name === name)]!;
    return mode === 'FAILFAST' ? `CASE WHEN ${isBad} THEN ${raise()} ELSE ${value} END` : value;
  });
  return { from, columns, ...(mode === 'DROPMALFORMED' && { where: `NOT (${isBad})` }) };
}

/** An item that is not of its type takes the whole list along. */
const allFit = (items: string, item: string, value: string): string =>
  `NOT coalesce(list_bool_or(list_transform(${items}, lambda ${item}: json_type(${item}) <> 'NULL' AND (${value}) IS NULL)), false)`;

const shapeOf = (fields: readonly StructField[]): string => `{${fields.map((f) => `${JSON.stringify(f.name)}: "JSON"`).join(', ')}}`;

/** `deepReader`: a value of a type that nests deeper than DEEP. */
type JsonFormats = ParseFormats & { readonly deepReader?: (json: string, type: DataType) => string };

/** Levels. What a level says of its value names all levels above it: the text's time grows with the cube of them (100 took 89 s). */
const DEEP = 12;

function depthOf(type: DataType): number {
  if (type.tag === 'struct') return 1 + type.fields.reduce((most, f) => Math.max(most, depthOf(f.dataType)), 0);
  return type.tag === 'array' ? 1 + depthOf(type.elementType) : type.tag === 'map' ? 1 + depthOf(type.valueType) : 0;
}

/** As `from_json` reads, in JavaScript; what is bad of a record is said by this file. */
function deepReader(emit: Emit, options: Readonly<Record<string, string>>): (json: string, type: DataType) => string {
  const {
    mode: _,
    columnnameofcorruptrecord: __,
    ...own
  } = Object.fromEntries(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));
  return (json, type) => {
    const read = emit.jsFunction('from_json', typeToJson(type), duckdbType(type), emit.settings.timeZone, JSON.stringify(own));
    const kind = type.tag === 'array' ? 'ARRAY' : 'OBJECT';
    return `CASE WHEN json_type(${json}) = '${kind}' THEN ${read}(${json}::VARCHAR) END`;
  };
}

let lambdas = 0;

function jsonValue(json: string, type: DataType, formats: JsonFormats): string {
  return formats.deepReader !== undefined && depthOf(type) > DEEP ? formats.deepReader(json, type) : valueText(json, type, formats);
}

/** @param json an expression of type JSON, used more than once; NULL for null */
function valueText(json: string, type: DataType, formats: JsonFormats): string {
  const name = duckdbType(type);
  const kind = `json_type(${json})`;
  const text = `(${json} ->> '$')`;
  const isText = `${kind} = 'VARCHAR'`;
  const when = (condition: string, value: string) => `CASE WHEN ${condition} THEN ${value} END`;
  switch (type.tag) {
    case 'string':
    case 'char':
    case 'varchar':
      return `CASE WHEN ${isText} THEN ${text} ELSE ${json}::VARCHAR END`;
    case 'variant':
      return `${json}::VARCHAR`;
    case 'boolean':
      return when(`${kind} = 'BOOLEAN'`, `${json}::VARCHAR::BOOLEAN`);
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return when(`${kind} IN ('BIGINT', 'UBIGINT')`, `TRY_CAST(${json}::VARCHAR AS ${name})`);
    case 'float':
    case 'double': {
      const words = `CASE ${text} WHEN 'NaN' THEN 'nan'::${name} WHEN 'Infinity' THEN 'inf'::${name} WHEN '+INF' THEN 'inf'::${name} WHEN 'INF' THEN 'inf'::${name} WHEN '-Infinity' THEN '-inf'::${name} WHEN '-INF' THEN '-inf'::${name} END`;
      return `CASE WHEN ${kind} IN ('BIGINT', 'UBIGINT', 'DOUBLE') THEN TRY_CAST(${json}::VARCHAR AS ${name}) WHEN ${isText} THEN ${words} END`;
    }
    case 'decimal':
      return `CASE WHEN ${kind} IN ('BIGINT', 'UBIGINT', 'DOUBLE', 'VARCHAR') THEN TRY_CAST(${text} AS ${name}) END`;
    case 'date':
      return when(isText, formats.dateFormat === undefined ? dateText(text) : parsed(text, type, formats));
    case 'timestamp': {
      const seconds = `make_timestamptz(TRY_CAST(${json}::VARCHAR AS BIGINT) * 1000000)`;
      return `CASE WHEN ${isText} THEN ${parsed(text, type, formats)} WHEN ${kind} IN ('BIGINT', 'UBIGINT') THEN ${seconds} END`;
    }
    case 'timestamp_ntz':
      return when(`${isText} AND ${matches(text, TIMESTAMP)}`, `TRY_CAST(${text} AS TIMESTAMP)`);
    case 'dayTimeInterval':
    case 'yearMonthInterval':
      return when(isText, parsed(text, type, formats, 'JSON'));
    case 'calendarInterval':
      return parsed(text, type, formats, 'JSON');
    case 'binary':
      return when(isText, `TRY(from_base64(${text}))`);
    case 'array': {
      const element = `e${++lambdas}`;
      const items = `from_json(${json}, '["JSON"]')`;
      const value = jsonValue(element, type.elementType, formats);
      return when(`${kind} = 'ARRAY' AND ${allFit(items, element, value)}`, `list_transform(${items}, lambda ${element}: ${value})`);
    }
    case 'map': {
      const value = `e${++lambdas}`;
      const map = `from_json(${json}, '"MAP(VARCHAR, JSON)"')`;
      const one = jsonValue(value, type.valueType, formats);
      const values = `list_transform(map_values(${map}), lambda ${value}: ${one})`;
      return when(`${kind} = 'OBJECT' AND ${allFit(`map_values(${map})`, value, one)}`, `MAP(map_keys(${map}), ${values})::${name}`);
    }
    case 'struct': {
      const inner = `from_json(${json}, ${quoteText(shapeOf(type.fields))})`;
      const fields = type.fields.map(
        (f) => `${quoteName(f.name)} := ${jsonValue(`struct_extract(${inner}, ${quoteText(f.name)})`, f.dataType, formats)}`,
      );
      return when(`${kind} = 'OBJECT'`, fields.length === 0 ? 'NULL' : `struct_pack(${fields.join(', ')})`);
    }
    default:
      return `TRY_CAST(${text} AS ${name})`;
  }
}
