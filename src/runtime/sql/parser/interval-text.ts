// Interval texts → numbers: '1 year 2 months', and the fields of '1-2' YEAR TO MONTH and '1 02:03:04.5' DAY TO SECOND.
// No tokens here: intervals.ts reads those. Source: IntervalUtils of Spark 4.2.
import type { DayTimeField } from '../types/data-type.ts';

export type CalendarParts = { readonly months: number; readonly days: number; readonly micros: bigint };
export type UnitName = keyof typeof MICROS | 'year' | 'month' | 'week' | 'day' | 'nanosecond';

export const MICROS = { hour: 3_600_000_000n, minute: 60_000_000n, second: 1_000_000n, millisecond: 1_000n, microsecond: 1n } as const;
const UNIT = /^(year|month|week|day|hour|minute|second|millisecond|microsecond|nanosecond)s?$/i;
const PAIR = /\s*([+-]?)\s*(\d+(?:\.\d*)?|\.\d+)\s+([a-zA-Z]+)/y;

export function unitName(word: string): UnitName | undefined {
  return UNIT.exec(word)?.[1]?.toLowerCase() as UnitName | undefined;
}

/** '1 year -2 days', with or without the word interval before. @returns undefined when it is no interval */
export function parseUnitPairs(text: string): { readonly parts: CalendarParts; readonly units: UnitName[] } | undefined {
  const trimmed = text.trim().replace(/^interval\s+/i, '');
  const units: UnitName[] = [];
  let parts: CalendarParts = { months: 0, days: 0, micros: 0n };
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < trimmed.length) {
    const match = PAIR.exec(trimmed);
    const unit = match === null ? undefined : unitName(match[3] as string);
    if (match === null || unit === undefined) return undefined;
    const added = addUnit(parts, `${match[1] === '-' ? '-' : ''}${match[2]}`, unit);
    if (added === undefined) return undefined;
    parts = added;
    units.push(unit);
    if (trimmed.slice(PAIR.lastIndex).trim() === '') break;
  }
  return units.length === 0 ? undefined : { parts, units };
}

/** @param value digits with an optional sign; a fraction is allowed for seconds only. @returns undefined when it is no such number or out of range */
export function addUnit(to: CalendarParts, value: string, unit: UnitName): CalendarParts | undefined {
  const match = /^([+-]?)\s*(\d*)(?:\.(\d*))?$/.exec(value.trim());
  if (match === null || ((match[2] === '' || match[2] === undefined) && (match[3] ?? '') === '')) return undefined;
  const fraction = match[3];
  if (fraction !== undefined && fraction !== '' && unit !== 'second') return undefined;
  const sign = match[1] === '-' ? -1n : 1n;
  const whole = sign * BigInt(match[2] || '0');
  if (unit === 'year' || unit === 'month' || unit === 'week' || unit === 'day') {
    const factor = unit === 'year' ? 12n : unit === 'week' ? 7n : 1n;
    const field = unit === 'year' || unit === 'month' ? 'months' : 'days';
    const sum = BigInt(to[field]) + whole * factor;
    return sum < -(2n ** 31n) || sum >= 2n ** 31n ? undefined : { ...to, [field]: Number(sum) };
  }
  if ((fraction?.length ?? 0) > 9) return undefined;
  const partial = sign * BigInt((fraction ?? '').padEnd(6, '0').slice(0, 6) || '0');
  const micros = unit === 'nanosecond' ? whole / 1000n : whole * MICROS[unit] + partial;
  const sum = to.micros + micros;
  return sum < -(2n ** 63n) || sum >= 2n ** 63n ? undefined : { ...to, micros: sum };
}

/** '[+|-]y-m'. @returns months; undefined when it has another form */
export function parseYearToMonth(text: string): { readonly months: number; readonly isInRange: boolean } | undefined {
  const match = /^([+-]?)(\d+)-(\d+)$/.exec(text.trim());
  if (match === null) return undefined;
  const sign = match[1] === '-' ? -1 : 1;
  const months = sign * (Number(match[2]) * 12 + Number(match[3]));
  return { months, isInRange: Number(match[3]) <= 11 && months >= -(2 ** 31) && months < 2 ** 31 };
}

const DAY_TIME_TEXT: { readonly [range: string]: RegExp } = {
  'day-hour': /^([+-])?(\d+) (\d{1,2})$/,
  'day-minute': /^([+-])?(\d+) (\d{1,2}):(\d{1,2})$/,
  'day-second': /^([+-])?(\d+) (\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)$/,
  'hour-minute': /^([+-])?(\d+):(\d{1,2})$/,
  'hour-second': /^([+-])?(\d+):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)$/,
  'minute-second': /^([+-])?(\d+):(\d{1,2}(?:\.\d{1,9})?)$/,
};
const ALL: readonly DayTimeField[] = ['day', 'hour', 'minute', 'second'];
/** Largest first fields for which the whole still fits into 64 bits of microseconds. */
const LARGEST: { readonly [field: string]: number } = { day: 106_751_991, hour: 2_562_047_788, minute: 153_722_867_280 };
const HIGHEST: { readonly [field: string]: number } = { hour: 23, minute: 59, second: 59 };

export type DayTimeResult = { readonly micros: bigint } | { readonly outside: string };

/** '1 02:03:04.5' for fields from..to. @returns undefined when the form is another; `outside` says which field is out of its range */
export function parseDayTime(text: string, from: DayTimeField, to: DayTimeField): DayTimeResult | undefined {
  const match = DAY_TIME_TEXT[`${from}-${to}`]?.exec(text.trim());
  if (match === null || match === undefined) return undefined;
  const sign = match[1] === '-' ? -1n : 1n;
  let micros = 0n;
  const fields = ALL.slice(ALL.indexOf(from), ALL.indexOf(to) + 1);
  for (const [i, field] of fields.entries()) {
    const value = match[i + 2] as string;
    const limit = i === 0 ? (LARGEST[field] as number) : (HIGHEST[field] as number);
    const whole = Number(value.split('.')[0]);
    if (whole > limit) return { outside: `requirement failed: ${field} ${whole} outside range [0, ${limit}]` };
    if (field === 'second') micros += BigInt(whole) * 1_000_000n + BigInt((value.split('.')[1] ?? '').padEnd(6, '0').slice(0, 6));
    else micros += BigInt(whole) * (field === 'day' ? 86_400_000_000n : MICROS[field]);
  }
  return { micros: sign * micros };
}
