// Intervals as Spark prints them: `INTERVAL '1 02:03:04.5' DAY TO SECOND`, `INTERVAL '1-2' YEAR TO MONTH`, `1 months 2 days`.
// Source: IntervalUtils.toDayTimeIntervalString, toYearMonthIntervalString and CalendarInterval.toString of Spark 4.2.
import type { DayTimeField, YearMonthField } from '../types/data-type.ts';

const MICROS = { day: 86_400_000_000n, hour: 3_600_000_000n, minute: 60_000_000n, second: 1_000_000n } as const;
const FIELDS = ['day', 'hour', 'minute', 'second'] as const;
const two = (n: bigint): string => String(n).padStart(2, '0');

function secondsText(micros: bigint, isFirst: boolean): string {
  const whole = micros / MICROS.second;
  const fraction = String(micros % MICROS.second)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${isFirst && whole < 10n ? two(whole) : two(whole)}${fraction && `.${fraction}`}`;
}

/** @param start the first field shown; @param end the last */
export function dayTimeText(micros: bigint, start: DayTimeField, end: DayTimeField): string {
  const sign = micros < 0n ? '-' : '';
  let rest = micros < 0n ? -micros : micros;
  const [from, to] = [FIELDS.indexOf(start), FIELDS.indexOf(end)];
  let text = '';
  for (let i = from; i <= to; i++) {
    const field = FIELDS[i]!;
    const separator = i === from ? '' : i === 1 ? ' ' : ':';
    if (field === 'second') text += separator + secondsText(rest, i === from);
    else {
      const n = rest / MICROS[field];
      rest %= MICROS[field];
      text += separator + (field === 'day' ? String(n) : two(n));
    }
  }
  const unit = start === end ? start.toUpperCase() : `${start.toUpperCase()} TO ${end.toUpperCase()}`;
  return `INTERVAL '${sign}${text}' ${unit}`;
}

export function yearMonthText(months: number, start: YearMonthField, end: YearMonthField): string {
  const sign = months < 0 ? '-' : '';
  const n = Math.abs(months);
  if (start === 'month') return `INTERVAL '${sign}${n}' MONTH`;
  if (end === 'year') return `INTERVAL '${sign}${Math.floor(n / 12)}' YEAR`;
  return `INTERVAL '${sign}${Math.floor(n / 12)}-${n % 12}' YEAR TO MONTH`;
}

export function calendarIntervalText(interval: { readonly months: number; readonly days: number; readonly microseconds: bigint }): string {
  const parts: string[] = [];
  const add = (n: bigint | number, unit: string) => {
    if (n !== 0 && n !== 0n) parts.push(`${n} ${unit}`);
  };
  add(Math.trunc(interval.months / 12), 'years');
  add(interval.months % 12, 'months');
  add(interval.days, 'days');
  const { microseconds } = interval;
  add(microseconds / MICROS.hour, 'hours');
  add((microseconds % MICROS.hour) / MICROS.minute, 'minutes');
  const rest = microseconds % MICROS.minute;
  if (rest !== 0n) {
    const size = rest < 0n ? -rest : rest;
    const fraction = String(size % MICROS.second)
      .padStart(6, '0')
      .replace(/0+$/, '');
    parts.push(`${rest < 0n ? '-' : ''}${size / MICROS.second}${fraction && `.${fraction}`} seconds`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}
