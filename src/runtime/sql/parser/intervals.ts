// INTERVAL literals: INTERVAL 1 DAY 2 HOURS, INTERVAL '1-2' YEAR TO MONTH, INTERVAL '3 days'. Text forms of the values are interval-text.ts's matter.
// Source: AstBuilder.visitInterval, constructMultiUnitsIntervalLiteral and visitUnitToUnitInterval of Spark 4.2.
import type { LiteralValue } from '../plan/literal.ts';
import { DAY_TIME_FIELDS, type DayTimeField, dayTimeIntervalType, type YearMonthField, yearMonthIntervalType } from '../types/data-type.ts';
import type { Cursor } from './cursor.ts';
import { addUnit, type CalendarParts, parseDayTime, parseUnitPairs, parseYearToMonth, type UnitName, unitName } from './interval-text.ts';
import { isString, stringLiteral } from './strings.ts';

const UNIT_TO_UNIT = new Set(['SECOND', 'MINUTE', 'HOUR', 'DAY', 'MONTH', 'YEAR']);

/** Whether INTERVAL (the next token) begins a literal with units, not a name and not INTERVAL '…' alone. */
export function isIntervalWithUnits(p: Cursor): boolean {
  return p.type() === 'INTERVAL' && valueEnd(p, 1) !== undefined;
}

/** Offset after a value and its unit, from `ahead`; undefined when there are none. */
function valueEnd(p: Cursor, ahead: number): number | undefined {
  let at = ahead;
  if (p.type(at) === '+' || p.type(at) === '-') at++;
  if (p.type(at) === 'integer' || p.type(at) === 'decimal') at++;
  else if (isString(p.type(at))) while (isString(p.type(at))) at++;
  else return undefined;
  return unitName(p.type(at)) === undefined ? undefined : at + 1;
}

export function intervalLiteral(p: Cursor): LiteralValue {
  const from = p.at;
  p.expect('INTERVAL');
  const bodyFrom = p.at;
  if (p.type(valueEnd(p, 0) as number as number) === 'TO') {
    const made = unitToUnit(p);
    if (valueEnd(p, 0) !== undefined) throw p.error('_LEGACY_ERROR_TEMP_0024', {}, bodyFrom);
    return made;
  }
  const units: UnitName[] = [];
  let parts: CalendarParts = { months: 0, days: 0, micros: 0n };
  while (valueEnd(p, 0) !== undefined) {
    if (p.type(valueEnd(p, 0) as number) === 'TO') throw p.error('_LEGACY_ERROR_TEMP_0024', {}, bodyFrom);
    const valueFrom = p.at;
    const { text, isText } = signedValue(p);
    const unit = unitName(p.next().type) as UnitName;
    if (isText && !/^\s*[+-]?\s*(\d+(\.\d*)?|\.\d+)\s*$/.test(text))
      throw p.error('_LEGACY_ERROR_TEMP_0026', { value: text.replace(/^[+-](?=.*[+-])/, '') }, valueFrom);
    const added = addUnit(parts, text, unit);
    if (added === undefined) throw badUnit(p, text, unit, bodyFrom);
    parts = added;
    units.push(unit);
  }
  return ofUnits(p, parts, units, from);
}

function badUnit(p: Cursor, text: string, unit: UnitName, from: number) {
  const input = p.source(from);
  if (text.includes('.') && unit !== 'second') return p.error('INVALID_INTERVAL_FORMAT.INVALID_FRACTION', { input, unit }, from);
  return p.error('INVALID_INTERVAL_FORMAT.ARITHMETIC_EXCEPTION', { input }, from);
}

/** A sign before a string and one in it cancel each other. */
function signedValue(p: Cursor): { readonly text: string; readonly isText: boolean } {
  const minus = p.acceptOneOf('+', '-') === '-';
  const isText = isString(p.type());
  const value = isText ? stringLiteral(p).trim() : p.textOf(p.next());
  if (!minus) return { text: value, isText };
  return { text: value.startsWith('-') ? value.slice(1) : `-${value.replace(/^\+/, '')}`, isText };
}

const YEAR_MONTH = new Set<UnitName>(['year', 'month']);
const DAY_TIME_RANK: { readonly [unit: string]: number } = { week: 0, day: 0, hour: 1, minute: 2 };

/** The type follows from the units: years and months, or days and below; both at once are refused, since no such type is comparable. */
function ofUnits(p: Cursor, parts: CalendarParts, units: readonly UnitName[], from: number): LiteralValue {
  const yearMonths = units.filter((unit) => YEAR_MONTH.has(unit)) as YearMonthField[];
  if (yearMonths.length > 0 && yearMonths.length < units.length) p.report('_LEGACY_ERROR_TEMP_0029', { literal: p.source(from) }, from);
  if (yearMonths.length > 0) {
    const dataType = yearMonthIntervalType(yearMonths.includes('year') ? 'year' : 'month', yearMonths.includes('month') ? 'month' : 'year');
    return { type: 'yearMonthInterval', value: parts.months, dataType };
  }
  const ranks = units.map((unit) => DAY_TIME_RANK[unit] ?? 3);
  const dataType = dayTimeIntervalType(
    DAY_TIME_FIELDS[Math.min(...ranks)] as DayTimeField,
    DAY_TIME_FIELDS[Math.max(...ranks)] as DayTimeField,
  );
  return { type: 'dayTimeInterval', value: BigInt(parts.days) * 86_400_000_000n + parts.micros, dataType };
}

function unitToUnit(p: Cursor): LiteralValue {
  const from = p.at;
  const minus = p.acceptOneOf('+', '-') === '-';
  if (!isString(p.type())) throw p.error('_LEGACY_ERROR_TEMP_0027', {}, from);
  const written = stringLiteral(p);
  const startToken = p.next().type;
  p.expect('TO');
  const endToken = p.next().type;
  if (!UNIT_TO_UNIT.has(startToken) || !UNIT_TO_UNIT.has(endToken)) p.fail('', p.at - 1);
  const start = startToken.toLowerCase();
  const end = endToken.toLowerCase();
  const input = minus ? (written.startsWith('-') ? written.slice(1) : `-${written.replace(/^\+/, '')}`) : written;
  if (start === 'year' && end === 'month') return yearToMonth(p, input, from);
  const startRank = DAY_TIME_FIELDS.indexOf(start as DayTimeField);
  const endRank = DAY_TIME_FIELDS.indexOf(end as DayTimeField);
  if (startRank < 0 || endRank <= startRank)
    throw p.error('INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION', { input, from: start, to: end }, from);
  return dayToTime(p, input, start as DayTimeField, end as DayTimeField, from);
}

function yearToMonth(p: Cursor, input: string, from: number): LiteralValue {
  const parsed = parseYearToMonth(input);
  if (parsed === undefined) {
    const supportedFormat = "`[+|-]y-m`, `INTERVAL [+|-]'[+|-]y-m' YEAR TO MONTH`";
    const parameters = { input, intervalStr: 'year-month', supportedFormat, typeName: 'interval year to month' };
    throw p.error('INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING', parameters, from);
  }
  if (!parsed.isInRange) throw p.error('INVALID_INTERVAL_FORMAT.INTERVAL_PARSING', { input, interval: 'year-month' }, from);
  return { type: 'yearMonthInterval', value: parsed.months, dataType: yearMonthIntervalType() };
}

const SHAPES: { readonly [field: string]: string } = { day: 'd', hour: 'h', minute: 'm', second: 's.n' };
const INNER_SHAPES: { readonly [field: string]: string } = { hour: 'h', minute: 'm', second: 's.n' };

function dayToTime(p: Cursor, input: string, start: DayTimeField, end: DayTimeField, from: number): LiteralValue {
  const parsed = parseDayTime(input, start, end);
  if (parsed === undefined) {
    const shape = shapeOf(start, end);
    const range = `${start} to ${end}`;
    const supportedFormat = `\`[+|-]${shape}\`, \`INTERVAL [+|-]'[+|-]${shape}' ${range.toUpperCase()}\``;
    const parameters = { input, intervalStr: 'day-time', supportedFormat, typeName: `interval ${range}` };
    throw p.error('INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE', parameters, from);
  }
  if ('outside' in parsed) throw p.error('_LEGACY_ERROR_TEMP_0063', { msg: parsed.outside }, from);
  return { type: 'dayTimeInterval', value: parsed.micros, dataType: dayTimeIntervalType(start, end) };
}

function shapeOf(start: DayTimeField, end: DayTimeField): string {
  const fields = DAY_TIME_FIELDS.slice(DAY_TIME_FIELDS.indexOf(start), DAY_TIME_FIELDS.indexOf(end) + 1);
  return fields.map((field, i) => (i === 0 ? SHAPES[field] : `${fields[i - 1] === 'day' ? ' ' : ':'}${INNER_SHAPES[field]}`)).join('');
}

/** INTERVAL '1 day 2 hours'. @returns undefined when the text is no interval; the caller has the error for typed literals */
export function intervalFromText(p: Cursor, text: string, from: number): LiteralValue | undefined {
  const parsed = parseUnitPairs(text);
  return parsed === undefined ? undefined : ofUnits(p, parsed.parts, parsed.units, from);
}
