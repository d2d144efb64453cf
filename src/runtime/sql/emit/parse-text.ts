// The text of a CSV field → a value of its column's type, in the kernel's words: NULL for what does not fit. Stricter than a cast, as Spark is:
// no blanks around whole numbers, no rounding. Source: UnivocityParser.makeConverter of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { TextFormats } from '../sources/csv-options.ts';
import { kernelFormats } from '../sources/datetime-pattern.ts';
import type { DataType } from '../types/data-type.ts';
import { simpleString } from '../types/type-names.ts';
import { duckdbType } from './duckdb-types.ts';

export const WHOLE_NUMBER = '[+-]?[0-9]+';
export const NUMBER = '\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?\\s*';
/** What a cast takes for a date and for a timestamp. The kernel takes more (`epoch`). */
export const DATE = '[+-]?[0-9]{4,7}(-[0-9]{1,2}(-[0-9]{1,2})?)?';
export const TIMESTAMP = `${DATE}([ T][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\\.[0-9]{0,9})?)?\\s*(Z|UTC|GMT|[+-][0-9]{1,2}(:?[0-9]{2}(:[0-9]{2})?)?|[A-Za-z]+/[A-Za-z_/+0-9-]+)?)?`;

export const matches = (text: string, pattern: string): string => `regexp_full_match(${text}, ${quoteText(pattern)})`;
const when = (condition: string, value: string): string => `CASE WHEN ${condition} THEN ${value} END`;

/** `jsFunction`: for types that no kernel's function reads. */
export type ParseFormats = TextFormats & { readonly jsFunction?: (name: string, ...parameters: string[]) => string };

/** @param text an expression, used more than once. @throws AnalysisException UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE */
export function parsed(text: string, type: DataType, formats: ParseFormats, format = 'CSV'): string {
  const cast = `TRY_CAST(${text} AS ${duckdbType(type)})`;
  switch (type.tag) {
    case 'string':
    case 'char':
    case 'varchar':
      return text;
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return when(matches(text, WHOLE_NUMBER), cast);
    case 'float':
    case 'double':
      return floating(text, type, formats);
    case 'decimal':
      return when(matches(`replace(${text}, ',', '')`, NUMBER), `TRY_CAST(replace(${text}, ',', '') AS ${duckdbType(type)})`);
    case 'boolean':
      return `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`;
    case 'date':
      return formats.dateFormat === undefined ? dateText(text) : `${strptime(text, formats.dateFormat)}::DATE`;
    case 'timestamp':
      return formats.timestampFormat === undefined
        ? when(matches(text, TIMESTAMP), `TRY_CAST(${fullDate(text)} AS TIMESTAMPTZ)`)
        : `CAST(${strptime(text, formats.timestampFormat)} AS TIMESTAMPTZ)`;
    case 'timestamp_ntz':
      return formats.timestampNtzFormat === undefined
        ? when(matches(text, TIMESTAMP), `TRY_CAST(${fullDate(text)} AS TIMESTAMP)`)
        : `CAST(${strptime(text, formats.timestampNtzFormat)} AS TIMESTAMP)`;
    case 'time':
    case 'binary':
      return type.tag === 'binary' ? `encode(${text})` : cast;
    case 'dayTimeInterval':
    case 'yearMonthInterval': {
      const name = type.tag === 'dayTimeInterval' ? 'day_time_of_text' : 'year_month_of_text';
      if (formats.jsFunction !== undefined) return `${formats.jsFunction(name, 'try', type.startField, type.endField)}(${text})`;
      return unreadable(type, format);
    }
    default:
      return unreadable(type, format);
  }
}

function unreadable(type: DataType, format: string): never {
  throw new AnalysisException('UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE', {
    format,
    columnName: '',
    columnType: `"${simpleString(type).toUpperCase()}"`,
  });
}

export const dateText = (text: string): string => when(matches(text, TIMESTAMP), `TRY_CAST(${fullDate(text)} AS DATE)`);

/** `2020` and `2020-3` are dates for Spark. */
const fullDate = (text: string): string =>
  `CASE WHEN ${matches(text, '[0-9]{4}')} THEN ${text} || '-01-01' WHEN ${matches(text, '[0-9]{4}-[0-9]{1,2}')} THEN ${text} || '-01' ELSE ${text} END`;

function floating(text: string, type: DataType, { nanValue, positiveInf, negativeInf }: TextFormats): string {
  const name = duckdbType(type);
  const special = [
    [nanValue, 'nan'],
    [positiveInf, 'inf'],
    [negativeInf, '-inf'],
    ['NaN', 'nan'],
    ['Infinity', 'inf'],
    ['-Infinity', '-inf'],
  ].map(([word, value]) => `WHEN ${text} = ${quoteText(word!)} THEN '${value}'::${name}`);
  const number = `TRY_CAST(rtrim(trim(${text}), 'fFdD') AS ${name})`;
  return `CASE ${special.join(' ')} WHEN ${matches(text, NUMBER)} THEN ${number} END`;
}

export function strptime(text: string, pattern: string): string {
  const formats = kernelFormats(pattern);
  return formats.length === 1
    ? `try_strptime(${text}, ${quoteText(formats[0]!)})`
    : `try_strptime(${text}, [${formats.map(quoteText).join(', ')}])`;
}
