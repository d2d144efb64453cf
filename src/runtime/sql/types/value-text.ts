// Values as the text that Spark's CAST(… AS STRING) gives: floating numbers in Java's form, days, intervals. Pure, so that `show` can use it too.
// Not here: timestamps, which need a zone (../kernel/time-zones.ts). Source: Cast.castToString and IntervalUtils of Spark 4.2.
import type { DayTimeField, DayTimeIntervalType, YearMonthIntervalType } from './data-type.ts';

/** `1.0`, `1.0E10`, `1.23E-4`, `NaN`: Java's Double.toString (JDK 19's: the shortest digits that read back). */
export function doubleText(n: number): string {
  const shortest = String(Math.abs(n));
  // Java shows at least two digits, so of one digit that would do it takes the nearest number of two: 4.9E-324, not 5.0E-324.
  return javaText(n, /^\de-3[12]\d$/.test(shortest) ? Math.abs(n).toPrecision(2) : shortest);
}

/** The shortest digits that read back as the same 32-bit float. */
export function floatText(n: number): string {
  const magnitude = Math.abs(n);
  for (let digits = 1; digits < 9; digits++) {
    const text = magnitude.toPrecision(digits);
    if (Math.fround(Number(text)) === magnitude) return javaText(n, String(Number(text)));
  }
  return javaText(n, String(Number(magnitude.toPrecision(9))));
}

/** @param shortest the digits of |n|, in JavaScript's form */
function javaText(n: number, shortest: string): string {
  if (Number.isNaN(n)) return 'NaN';
  const sign = n < 0 || Object.is(n, -0) ? '-' : '';
  if (!Number.isFinite(n)) return `${sign}Infinity`;
  const magnitude = Math.abs(n);
  if (magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e7)) return `${sign}${shortest}${shortest.includes('.') ? '' : '.0'}`;
  const [mantissa = '', exponentText] = shortest.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const exponent = whole === '0' ? -(fraction.length - fraction.replace(/^0+/, '').length) - 1 : whole.length - 1;
  const rest = digits.slice(1).replace(/0+$/, '');
  return `${sign}${digits[0]}.${rest === '' ? '0' : rest}E${exponent + Number(exponentText ?? 0)}`;
}

const pad = (n: number | bigint, width = 2): string => String(n).padStart(width, '0');

/** @param days since 1970-01-01. Years past 9999 have a plus, as in Java. */
export function dateText(days: number): string {
  const cycles = Math.floor(days / 146_097);
  const date = new Date((days - cycles * 146_097) * 86_400_000);
  const year = date.getUTCFullYear() + cycles * 400;
  const sign = year < 0 ? '-' : year > 9999 ? '+' : '';
  return `${sign}${pad(Math.abs(year), 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
}

/** @param micros local time, since 1970-01-01 00:00. `2020-05-06 07:08:09.12` */
export function localTimestampText(micros: bigint): string {
  const days = floorDiv(micros, 86_400_000_000n);
  const rest = micros - days * 86_400_000_000n;
  const seconds = Number(rest / 1_000_000n);
  const time = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${dateText(Number(days))} ${time}${fractionText(rest % 1_000_000n)}`;
}

export const floorDiv = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;
const fractionText = (micros: bigint): string => (micros === 0n ? '' : `.${pad(micros, 6).replace(/0+$/, '')}`);

const UNIT_MICROS: { readonly [f in DayTimeField]: bigint } = {
  day: 86_400_000_000n,
  hour: 3_600_000_000n,
  minute: 60_000_000n,
  second: 1_000_000n,
};
const FIELDS: readonly DayTimeField[] = ['day', 'hour', 'minute', 'second'];

/** `INTERVAL '1 02:03:04.5' DAY TO SECOND` */
export function dayTimeText(micros: bigint, { startField, endField }: Pick<DayTimeIntervalType, 'startField' | 'endField'>): string {
  const sign = micros < 0n ? '-' : '';
  let rest = micros < 0n ? -micros : micros;
  let text = '';
  for (const field of FIELDS.slice(FIELDS.indexOf(startField), FIELDS.indexOf(endField) + 1)) {
    const unit = UNIT_MICROS[field];
    const value = rest / unit;
    rest %= unit;
    const separator = text === '' ? '' : text.includes(' ') || startField !== 'day' ? ':' : ' ';
    text += `${separator}${field === 'day' ? value : pad(value)}${field === 'second' ? fractionText(rest) : ''}`;
  }
  return `INTERVAL '${sign}${text}' ${fieldsText(startField, endField)}`;
}

/** `INTERVAL '1-2' YEAR TO MONTH` */
export function yearMonthText(months: number, { startField, endField }: Pick<YearMonthIntervalType, 'startField' | 'endField'>): string {
  const sign = months < 0 ? '-' : '';
  const size = Math.abs(months);
  const years = Math.floor(size / 12);
  const text = startField === 'month' ? `${size}` : endField === 'year' ? `${years}` : `${years}-${size % 12}`;
  return `INTERVAL '${sign}${text}' ${fieldsText(startField, endField)}`;
}
const fieldsText = (start: string, end: string): string =>
  start === end ? start.toUpperCase() : `${start.toUpperCase()} TO ${end.toUpperCase()}`;

/** `1 years 2 months 3 days 4 hours 5.5 seconds` */
export function calendarText({ months, days, microseconds }: { months: number; days: number; microseconds: bigint }): string {
  const parts: string[] = [];
  const add = (n: number | bigint, unit: string): void => void (Number(n) !== 0 && parts.push(`${n} ${unit}`));
  add(Math.trunc(months / 12), 'years');
  add(months % 12, 'months');
  add(days, 'days');
  add(microseconds / UNIT_MICROS.hour, 'hours');
  add((microseconds % UNIT_MICROS.hour) / UNIT_MICROS.minute, 'minutes');
  const rest = microseconds % UNIT_MICROS.minute;
  if (rest !== 0n) {
    const size = rest < 0n ? -rest : rest;
    parts.push(`${rest < 0n ? '-' : ''}${size / 1_000_000n}${fractionText(size % 1_000_000n)} seconds`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}
