// Text → day-time and year-month intervals: the bare form ('1 02:03:04', '1-2') or the literal's ("INTERVAL '1-2' YEAR TO MONTH").
// Forms of the values themselves: ../parser/interval-text.ts. Source: IntervalUtils.castStringToDTInterval and castStringToYMInterval of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { parseDayTime, parseYearToMonth } from '../parser/interval-text.ts';
import type { DayTimeField, YearMonthField } from '../types/data-type.ts';

const LITERAL = /^interval\s+([+-]?)\s*'([^']*)'\s+(\w+)(?:\s+to\s+(\w+))?$/i;
const UNIT: { readonly [field: string]: bigint } = { day: 86_400_000_000n, hour: 3_600_000_000n, minute: 60_000_000n, second: 1_000_000n };

/** The text inside of a literal's quotes, signs joined; undefined: its fields are others. */
function bare(text: string, start: string, end: string): string | undefined {
  const trimmed = text.trim();
  const match = LITERAL.exec(trimmed);
  if (match === null) return trimmed;
  const [, sign, value = '', from = '', to = from] = match;
  if (from.toLowerCase() !== start || to.toLowerCase() !== end) return undefined;
  return sign === '-' ? (value.startsWith('-') ? value.slice(1) : `-${value.replace(/^\+/, '')}`) : value;
}

export function dayTimeOfText(text: string, start: DayTimeField, end: DayTimeField, mode: string): bigint | null {
  const value = bare(text, start, end);
  if (value !== undefined) {
    if (start !== end) {
      const parsed = parseDayTime(value, start, end);
      if (parsed !== undefined && 'micros' in parsed) return parsed.micros;
    } else {
      const match = (start === 'second' ? /^([+-]?)(\d+)(?:\.(\d{1,9}))?$/ : /^([+-]?)(\d+)$/).exec(value);
      if (match !== null) {
        const size = BigInt(match[2]!) * UNIT[start]! + BigInt((match[3] ?? '').padEnd(6, '0').slice(0, 6));
        if (size < 2n ** 63n) return match[1] === '-' ? -size : size;
      }
    }
  }
  return unmatched(text, 'day-time', start, end, mode);
}

export function yearMonthOfText(text: string, start: YearMonthField, end: YearMonthField, mode: string): number | null {
  const value = bare(text, start, end);
  if (value !== undefined) {
    if (start !== end) {
      const parsed = parseYearToMonth(value);
      if (parsed?.isInRange) return parsed.months;
    } else {
      const match = /^([+-]?)(\d+)$/.exec(value);
      const months = match === null ? Number.NaN : Number(match[2]) * (start === 'year' ? 12 : 1) * (match[1] === '-' ? -1 : 1);
      if (months >= -(2 ** 31) && months < 2 ** 31) return months;
    }
  }
  return unmatched(text, 'year-month', start, end, mode);
}

const FORMATS: { readonly [fields: string]: string } = {
  'year-month': '`[+|-]y-m`',
  year: '`[+|-]y`',
  month: '`[+|-]m`',
  'day-second': '`[+|-]d h:m:s.n`',
  'day-minute': '`[+|-]d h:m`',
  'day-hour': '`[+|-]d h`',
  'hour-second': '`[+|-]h:m:s.n`',
  'hour-minute': '`[+|-]h:m`',
  'minute-second': '`[+|-]m:s.n`',
  day: '`[+|-]d`',
  hour: '`[+|-]h`',
  minute: '`[+|-]m`',
  second: '`[+|-]s.n`',
};

function unmatched(input: string, intervalStr: string, start: string, end: string, mode: string): null {
  if (mode !== 'ansi') return null;
  const format = FORMATS[start === end ? start : `${start}-${end}`]!;
  const typeName = start === end ? `interval ${start}` : `interval ${start} to ${end}`;
  const literalForm = `\`INTERVAL [+|-]'${format.slice(1, -1)}' ${(start === end ? start : `${start} TO ${end}`).toUpperCase()}\``;
  const condition =
    intervalStr === 'day-time'
      ? 'INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE'
      : 'INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING';
  throw new AnalysisException(condition, { input, intervalStr, supportedFormat: `${format}, ${literalForm}`, typeName });
}
