// Casts between text and other types where DuckDB reads or writes another form than Spark. The SQL around them (emit/casts/) has fast ways for
// the common forms and calls these for the rest. Source: Cast.scala, UTF8String, SparkDateTimeUtils and IntervalUtils of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { parseDate, parseTime, parseTimestamp } from '../parser/datetime-literals.ts';
import { parseUnitPairs } from '../parser/interval-text.ts';
import type { DayTimeField, YearMonthField } from '../types/data-type.ts';
import { calendarText, dateText, dayTimeText, doubleText, floatText, localTimestampText, yearMonthText } from '../types/value-text.ts';
import { dayTimeOfText, yearMonthOfText } from './interval-casts.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';
import { instantOf } from './time-zones.ts';

/** 'try' and 'legacy' give NULL. @param target Spark's name of the type */
export function malformed(text: string, target: string, mode: string): null {
  if (mode !== 'ansi') return null;
  throw new AnalysisException('CAST_INVALID_INPUT', {
    expression: `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    sourceType: '"STRING"',
    targetType: `"${target}"`,
  });
}

/** Everything up to the space counts as white, as UTF8String.trimAll does with control characters. */
export const trimAll = (text: string): string => text.replace(/^[\0-\x20\x7f]+|[\0-\x20\x7f]+$/g, '');

const FLOATING = /^[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)[df]?$/i;
const WORDS: { readonly [word: string]: number } = {
  inf: Infinity,
  '+inf': Infinity,
  infinity: Infinity,
  '+infinity': Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
  nan: Number.NaN,
};

function floatingOfText(text: string, target: string, mode: string): number | null {
  const trimmed = trimAll(text);
  if (FLOATING.test(trimmed)) return Number(trimmed.replace(/[df]$/i, ''));
  return WORDS[trimmed.toLowerCase()] ?? malformed(text, target, mode);
}

const TRUE = new Set(['t', 'true', 'y', 'yes', '1']);
const FALSE = new Set(['f', 'false', 'n', 'no', '0']);

/** A time without a day is today's, in the zone. */
const TIME_ONLY = /^T?(\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d*)?)?)\s*(\S*)$/;

export function instantOfText(text: string, zone: string, nowMicros: () => bigint): bigint | undefined {
  const trimmed = trimAll(text);
  const parsed = parseTimestamp(trimmed);
  if (parsed !== undefined) return instantOf(parsed.micros, parsed.zone ?? zone);
  const time = TIME_ONLY.exec(trimmed);
  if (time === null) return undefined;
  const where = time[2] || zone;
  const midnight = instantOf(0n, where);
  if (midnight === undefined) return undefined;
  const today = dateText(Number((nowMicros() - midnight) / 86_400_000_000n));
  const local = parseTimestamp(`${today} ${time[1]}`);
  return local && instantOf(local.micros, where);
}
const clock = (): bigint => BigInt(Date.now()) * 1000n;

export const JS_CASTS: readonly JsFunction[] = [
  jsFunction('double_text', ['DOUBLE'], 'VARCHAR', byRow(doubleText)),
  jsFunction('float_text', ['FLOAT'], 'VARCHAR', byRow(floatText)),
  jsFunction('date_text', ['DATE'], 'VARCHAR', byRow(dateText)),
  jsFunction('timestamp_text', ['TIMESTAMP'], 'VARCHAR', byRow(localTimestampText)),
  jsFunction('interval_text', ['INTERVAL'], 'VARCHAR', byRow(calendarText)),
  jsFunction(
    'utf8_text',
    ['BLOB'],
    'VARCHAR',
    byRow((bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)),
  ),
  {
    name: 'day_time_text',
    make: (startField, endField) => ({
      parameterTypes: ['BIGINT'],
      returnType: 'VARCHAR',
      compute: byRow((micros: bigint) =>
        dayTimeText(micros, { startField: startField as DayTimeField, endField: endField as DayTimeField }),
      ),
    }),
  },
  {
    name: 'year_month_text',
    make: (startField, endField) => ({
      parameterTypes: ['INTEGER'],
      returnType: 'VARCHAR',
      compute: byRow((months: number) =>
        yearMonthText(months, { startField: startField as YearMonthField, endField: endField as YearMonthField }),
      ),
    }),
  },
  ofText('double_of_text', 'DOUBLE', (text, mode) => floatingOfText(text, 'DOUBLE', mode)),
  ofText('float_of_text', 'FLOAT', (text, mode) => floatingOfText(text, 'FLOAT', mode)),
  ofText('boolean_of_text', 'BOOLEAN', (text, mode) => {
    const word = trimAll(text).toLowerCase();
    return TRUE.has(word) ? true : FALSE.has(word) ? false : malformed(text, 'BOOLEAN', mode);
  }),
  ofText('date_of_text', 'DATE', (text, mode) => parseDate(trimAll(text)) ?? malformed(text, 'DATE', mode)),
  ofText('timestamp_of_text', 'TIMESTAMPTZ', (text, mode, zone) => instantOfText(text, zone!, clock) ?? malformed(text, 'TIMESTAMP', mode)),
  ofText(
    'timestamp_ntz_of_text',
    'TIMESTAMP',
    (text, mode) => parseTimestamp(trimAll(text))?.micros ?? malformed(text, 'TIMESTAMP_NTZ', mode),
  ),
  ofText('time_of_text', 'TIME', (text, mode) => {
    const nanoseconds = parseTime(trimAll(text));
    return nanoseconds === undefined ? malformed(text, 'TIME(6)', mode) : nanoseconds / 1000n;
  }),
  ofText('interval_of_text', 'INTERVAL', (text, mode) => {
    const parts = parseUnitPairs(text)?.parts;
    return parts ? { months: parts.months, days: parts.days, microseconds: parts.micros } : malformed(text, 'INTERVAL', mode);
  }),
  ofText('day_time_of_text', 'BIGINT', (text, mode, start, end) => dayTimeOfText(text, start as DayTimeField, end as DayTimeField, mode)),
  ofText('year_month_of_text', 'INTEGER', (text, mode, start, end) =>
    yearMonthOfText(text, start as YearMonthField, end as YearMonthField, mode),
  ),
];

function ofText(
  name: string,
  returnType: string,
  read: (text: string, mode: string, ...more: string[]) => ReturnType<Parameters<typeof byRow>[0]>,
): JsFunction {
  return {
    name,
    make: (mode, ...more) => ({ parameterTypes: ['VARCHAR'], returnType, compute: byRow((text: string) => read(text, mode!, ...more)) }),
  };
}
