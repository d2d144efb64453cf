// DATE '…', TIMESTAMP '…', TIME '…': which texts are valid and what they mean. Pure calendar arithmetic in the proleptic Gregorian calendar.
// Special words (now, today …) and times without a day depend on the clock: they are told apart here and computed by the analyser.
// Source: SparkDateTimeUtils.stringToDate, parseTimestampString, stringToTime of Spark 4.2.
import { fixedOffset } from '../../../common/kernel-zone.ts';

const DATE_TEXT = /^([+-]?)(\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s;
const TIMESTAMP_TEXT =
  /^([+-]?)(\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?)?\s*(.*))?)?)?$/s;
const TIME_TEXT = /^T?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?(?:\s*([AaPp][Mm]))?$/;
const ZONE = /^(?:Z|(?:UTC|GMT|UT)?(?:[+-]\d{1,2}(?::?\d{1,2}){0,2})?|[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)+|[A-Za-z]{3,5})$/;

const SPECIAL = /^(?:epoch|now|today|tomorrow|yesterday)(?:\s+(\S+))?$/i;
const TIME_ONLY = /^T?\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d*)?)?\s*(\S*)$/;

const DAY_MICROS = 86_400_000_000n;

/** now, today, tomorrow, yesterday, epoch, each perhaps with a zone; `takesTime` also a time without a day. */
export function isClockRelative(text: string, takesTime: boolean): boolean {
  const match = SPECIAL.exec(text.trim()) ?? (takesTime ? TIME_ONLY.exec(text.trim()) : null);
  return match !== null && ZONE.test(match[1] ?? '');
}

/** @returns days since 1970-01-01, or undefined when the text is no date */
export function parseDate(text: string): number | undefined {
  const match = DATE_TEXT.exec(text.trim());
  return match === null ? undefined : daysOf(match);
}

function daysOf([, sign, year, month = '1', day = '1']: readonly (string | undefined)[]): number | undefined {
  return daysSinceEpoch(Number(`${sign}${year}`), Number(month), Number(day));
}

/** @returns undefined for a day that the calendar does not have */
export function daysSinceEpoch(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1) return undefined;
  const date = new Date(0);
  // Years past JavaScript's range would give an invalid date: move by whole cycles of 400 years, which all have 146,097 days.
  const cycles = Math.floor((year - 2000) / 400);
  date.setUTCFullYear(year - cycles * 400, month - 1, day);
  return date.getUTCMonth() === month - 1 ? date.getTime() / 86_400_000 + cycles * 146_097 : undefined;
}

/** @returns microseconds; `zone` is the text of the zone where there is one (then `micros` is still the local time in that zone) */
export function parseTimestamp(text: string): { readonly micros: bigint; readonly zone?: string } | undefined {
  const match = TIMESTAMP_TEXT.exec(text.trim());
  if (match === null) return undefined;
  const days = daysOf(match.slice(0, 5));
  if (days === undefined) return undefined;
  const [hour = '0', minute = '0', second = '0', fraction = '', zone = ''] = match.slice(5);
  const micros = timeMicros(Number(hour), Number(minute), Number(second), fraction);
  // A zone follows seconds only.
  if (micros === undefined || !ZONE.test(zone) || (zone !== '' && match[7] === undefined)) return undefined;
  const all = BigInt(days) * DAY_MICROS + micros;
  if (all < -(2n ** 63n) || all >= 2n ** 63n) return undefined;
  return zone === '' ? { micros: all } : { micros: all, zone };
}

function timeMicros(hour: number, minute: number, second: number, fraction: string): bigint | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return BigInt(hour * 3600 + minute * 60 + second) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

/** @returns minutes east of UTC of a fixed zone such as `+01:00`, `Z`, `UTC`; undefined for a named zone, which needs the zone's rules */
export function fixedOffsetMinutes(zone: string): number | undefined {
  const [hours = 0, minutes = 0, seconds = 1] = fixedOffset(zone) ?? [];
  // Seconds are allowed; of a whole minute's offset they are 0.
  return seconds === 0 ? hours * 60 + minutes : undefined;
}

/** @returns nanoseconds since midnight, or undefined when the text is no time of day */
export function parseTime(text: string): bigint | undefined {
  const match = TIME_TEXT.exec(text.trim());
  if (match === null) return undefined;
  const [, hourText, minute, second = '0', fraction = '', half] = match;
  let hour = Number(hourText);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  }
  const micros = timeMicros(hour, Number(minute), Number(second), fraction);
  return micros === undefined ? undefined : micros * 1000n;
}
