// + - * / with dates, timestamps and intervals among the operands: which type comes out and how the kernel computes it. Numbers: arithmetic.ts.
// Day-time intervals are µs, year-month intervals months. Source: BinaryArithmeticWithDatetimeResolver, datetimeExpressions.scala and
// intervalExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Call, Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { castTo, intervalOf, isAnsiInterval, isDatetime, isIntegral, isNumeric, isString } from './coercion.ts';
import { letAll } from './kernel-text.ts';
import { coerceTimes, timeKernel, timeResult } from './time-arithmetic.ts';
import type { KernelContext } from './spec.ts';

const isInterval = (t: T.DataType): boolean => isAnsiInterval(t) || t.tag === 'calendarInterval';
const DAY = '86400000000';

/** Whether the operator is one of this file's. */
export const isTemporal = (args: readonly Expr[]): boolean =>
  args.some((a) => isDatetime(a.dataType) || isInterval(a.dataType) || a.dataType.tag === 'time');
export const hasInterval = (args: readonly Expr[]): boolean => args.some((a) => isInterval(a.dataType));

/** @returns the operands in kernel order: the time first, the interval before a number. @throws AnalysisException DATATYPE_MISMATCH.… */
export function coerceTemporal(op: string, args: readonly Expr[], ansi = true): readonly Expr[] {
  const [a, b] = args as [Expr, Expr];
  const [ta, tb] = [a.dataType, b.dataType];
  const times = coerceTimes(op, [a, b]);
  if (times !== undefined) return times;
  if (op === '+' || op === '-') {
    if (op === '+' && isDatetime(ta) && tb.tag === 'null') return [withTime(a), castTo(b, T.CALENDAR_INTERVAL)];
    if (op === '+' && isDatetime(tb) && ta.tag === 'null') return [withTime(b), castTo(a, T.CALENDAR_INTERVAL)];
    if (isDatetime(ta) && isInterval(tb)) return timeAndInterval(a, b);
    if (op === '+' && isInterval(ta) && isDatetime(tb)) return timeAndInterval(b, a);
    if (isTextAndInterval([a, b])) return [a, b];
    if (op === '+' && isTextAndInterval([b, a])) return [b, a];
    if (ta.tag === 'date' && isString(tb) && (op === '+' || !ansi)) throw notDays(op, a, b, ansi ? ta : T.DOUBLE);
    if (op === '+' && tb.tag === 'date' && isString(ta)) throw ansi ? notDays(op, a, b, tb) : notDays(op, b, a, T.DOUBLE);
    if (ta.tag === 'date' && isDays(tb) && !(op === '-' && tb.tag === 'null')) return [a, castTo(b, T.INTEGER)];
    if (op === '+' && tb.tag === 'date' && isDays(ta)) return [b, castTo(a, T.INTEGER)];
    if (ta.tag === 'date' && isNumeric(tb)) throw notDays(op, a, b);
    if (op === '+' && tb.tag === 'date' && isNumeric(ta)) throw notDays(op, b, a);
    if (op === '-' && isDatetime(ta) && isDatetime(tb)) {
      if (ta.tag === tb.tag) return [a, b];
      const wide = ta.tag === 'timestamp' || tb.tag === 'timestamp' ? T.TIMESTAMP : T.TIMESTAMP_NTZ;
      return [castTo(a, wide), castTo(b, wide)];
    }
    if (op === '-' && !ansi && isDatetime(ta) && isString(tb)) throw notATime(`(${prettySql(a)} - ${prettySql(b)})`, b, 'second');
    if (op === '-' && !ansi && isDatetime(tb) && tb.tag !== 'date' && isString(ta))
      throw notATime(`(${prettySql(a)} - ${prettySql(b)})`, a);
    if (op === '-' && isDatetime(ta) && (isString(tb) || tb.tag === 'null')) return [a, castTo(b, ta)];
    if (op === '-' && isDatetime(tb) && (isString(ta) || ta.tag === 'null')) return [castTo(a, tb), b];
    if (op === '-' && isDatetime(ta) && !isInterval(tb)) throw notATime(`(${prettySql(a)} - ${prettySql(b)})`, b, 'second');
    if (op === '-' && isDatetime(tb)) throw notATime(`(${prettySql(a)} - ${prettySql(b)})`, a);
    const wide = commonInterval(ta, tb);
    if (wide !== undefined) return [castTo(a, wide), castTo(b, wide)];
    if (op === '+' && isInterval(ta) && isInterval(tb)) throw notATime(`${prettySql(a)} + ${prettySql(b)}`, a);
    // Months beside anything else are two types that do not fit; days and hours are looked at as added to a time.
    if (hasDays(tb) && ta.tag !== 'dayTimeInterval' && !isString(ta))
      throw notATime(`${prettySql(a)} + ${op === '+' ? prettySql(b) : `(- ${prettySql(b)})`}`, a);
    if (op === '+' && hasDays(ta) && !isInterval(tb) && !isString(tb)) throw notATime(`${prettySql(b)} + ${prettySql(a)}`, b);
  }
  if (op === '*' && isInterval(tb) && !isInterval(ta)) return coerceTemporal(op, [b, a]);
  if ((op === '*' || op === '/') && isInterval(ta)) {
    if (isNumeric(tb)) return [a, b];
    if (isString(tb) || tb.tag === 'null') return [a, castTo(b, T.DOUBLE)];
  }
  if (op === 'div' && isAnsiInterval(ta) && ta.tag === tb.tag) return [a, b];
  throw new AnalysisException(
    'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES',
    { sqlExpr: `"(${prettySql(a)} ${op} ${prettySql(b)})"`, left: `"${sqlType(ta)}"`, right: `"${sqlType(tb)}"` },
    a.origin,
  );
}

const hasDays = (t: T.DataType): boolean => t.tag === 'dayTimeInterval' || t.tag === 'calendarInterval';
const isDays = ({ tag }: T.DataType): boolean => tag === 'byte' || tag === 'short' || tag === 'integer' || tag === 'null';

/** A text beside days or hours is read as a timestamp, and the sum is a text again. */
export const isTextAndInterval = ([a, b]: readonly Expr[]): boolean => isString(a!.dataType) && b !== undefined && hasDays(b.dataType);

/** NULL beside a time is an interval; a date's sum with it a timestamp. */
const withTime = (e: Expr): Expr => (e.dataType.tag === 'date' ? castTo(e, T.TIMESTAMP) : e);

function timeAndInterval(time: Expr, interval: Expr): readonly Expr[] {
  const { dataType } = interval;
  // Hours make a timestamp of a date.
  const needsTime = time.dataType.tag === 'date' && dataType.tag === 'dayTimeInterval' && dataType.endField !== 'day';
  return [needsTime ? castTo(time, T.TIMESTAMP) : time, interval];
}

/** The interval type that has the fields of both. */
function commonInterval(a: T.DataType, b: T.DataType): T.DataType | undefined {
  if (a.tag === 'null' && isInterval(b)) return b;
  if (b.tag === 'null' && isInterval(a)) return a;
  return a.tag === 'calendarInterval' && b.tag === 'calendarInterval' ? a : intervalOf(a, b);
}

/** @param shown the type that the days have been brought to */
function notDays(op: string, date: Expr, days: Expr, shown = days.dataType): AnalysisException {
  return new AnalysisException(
    'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE',
    {
      sqlExpr: `"${op === '+' ? 'date_add' : 'date_sub'}(${prettySql(date)}, ${prettySql(days)})"`,
      paramIndex: 'second',
      requiredType: '("INT" or "SMALLINT" or "TINYINT")',
      inputSql: `"${prettySql(days)}"`,
      inputType: `"${sqlType(shown)}"`,
    },
    date.origin,
  );
}

/** What is no time stands beside an interval, or is subtracted. */
function notATime(sql: string, a: Expr, paramIndex = 'first'): AnalysisException {
  return new AnalysisException(
    'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE',
    {
      sqlExpr: `"${sql}"`,
      paramIndex,
      requiredType: '"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)"',
      inputSql: `"${prettySql(a)}"`,
      inputType: `"${sqlType(a.dataType)}"`,
    },
    a.origin,
  );
}

export function temporalType(op: string, [a, b]: readonly Expr[]): T.DataType {
  const [ta, tb] = [a!.dataType, b!.dataType];
  if (op === 'div') return T.LONG;
  if (isTextAndInterval([a!, b!])) return T.STRING;
  if (ta.tag === 'time') return timeResult([a!, b!]);
  if (op === '*' || op === '/') {
    return ta.tag === 'dayTimeInterval' ? T.dayTimeIntervalType() : ta.tag === 'yearMonthInterval' ? T.yearMonthIntervalType() : ta;
  }
  if (isDatetime(ta) && isDatetime(tb)) return ta.tag === 'date' ? T.dayTimeIntervalType('day', 'day') : T.dayTimeIntervalType();
  return ta;
}

/** Spark names the operators by what they become. */
export function temporalName(op: string, [a, b]: readonly string[], [x, y]: readonly Expr[]): string {
  const [ta, tb] = [x!.dataType, y!.dataType];
  if (ta.tag === 'date' && tb.tag === 'integer') return `${op === '+' ? 'date_add' : 'date_sub'}(${a}, ${b})`;
  if (ta.tag === 'date' && tb.tag === 'dayTimeInterval') {
    const days = `extractansiintervaldays(${b})`;
    return `date_add(${a}, ${op === '+' ? days : `(- ${days})`})`;
  }
  if (ta.tag === 'time') return `${a} ${op} ${b}`;
  if (ta.tag === 'calendarInterval' && isNumeric(tb)) return `${op === '*' ? 'multiply' : 'divide'}_interval(${a}, ${b})`;
  return (isDatetime(ta) || isString(ta)) && isInterval(tb) ? `${a} ${op} ${b}` : `(${a} ${op} ${b})`;
}

export function temporalKernel(op: string, [a, b]: readonly string[], call: Call, emit: KernelContext): string {
  const [ta, tb] = [call.args[0]!.dataType, call.args[1]!.dataType];
  if (op === 'div') return `(${a} // ${b})`;
  if (isTextAndInterval(call.args)) {
    const mode = emit.settings.ansi ? 'ansi' : 'legacy';
    const time = castTo(call.args[0]!, T.TIMESTAMP, mode);
    return emit.emit(castTo({ ...call, args: [time, call.args[1]!], dataType: T.TIMESTAMP }, T.STRING, mode));
  }
  if (ta.tag === 'time') return timeKernel(op, [a!, b!], tb, emit);
  if (op === '*' || op === '/') return scaled(op, a!, b!, ta, tb, emit);
  if (isInterval(ta)) return `(${a} ${op} ${b})`;
  if (isDatetime(tb)) {
    if (ta.tag === 'date') return `((${a} - ${b}) * ${DAY})`;
    // Differences of instants are those of their local times, as Spark's.
    return ta.tag === 'timestamp'
      ? `(epoch_us(CAST(${a} AS TIMESTAMP)) - epoch_us(CAST(${b} AS TIMESTAMP)))`
      : `(epoch_us(${a}) - epoch_us(${b}))`;
  }
  const asDate = (text: string): string => (ta.tag === 'date' ? `CAST(${text} AS DATE)` : `(${text})`);
  switch (tb.tag) {
    case 'yearMonthInterval':
      return asDate(`${a} ${op} to_months(${b})`);
    case 'dayTimeInterval':
      if (ta.tag === 'date') return `(${a} ${op} CAST(${b} // ${DAY} AS INTEGER))`;
      return `(${a} ${op} to_days(CAST(${b} // ${DAY} AS INTEGER)) ${op} to_microseconds(${b} % ${DAY}))`;
    case 'calendarInterval':
      return asDate(`${a} ${op} ${b}`);
    default:
      return `(${a} ${op} ${b})`;
  }
}

/** The value as a type, or the error where neither operand is NULL and it does not fit. */
const fitting = (value: string, [a, b]: readonly [string, string], type: string, overflow: string): string =>
  `coalesce(TRY_CAST(${value} AS ${type}), CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${overflow} END)`;

/** A part of a month is left out, a part of a day is time. Source: IntervalUtils.fromDoubles. */
function scaledCalendar(op: '*' | '/', i: string, n: string): string {
  const part = (name: string) => `datepart('${name}', ${i})`;
  const months = `(${part('year')} * 12 + ${part('month')})`;
  const micros = `((${part('hour')} * 60 + ${part('minute')}) * 60000000 + ${part('microsecond')})`;
  const days = `(${part('day')} ${op} ${n})`;
  const time = `round(${micros} ${op} ${n} + (${days} - trunc(${days})) * 86400000000)`;
  return `(to_months(trunc(${months} ${op} ${n})::INTEGER) + to_days(trunc(${days})::INTEGER) + to_microseconds(${time}::BIGINT))`;
}

function scaled(op: '*' | '/', a: string, b: string, ta: T.DataType, tb: T.DataType, emit: KernelContext): string {
  if (ta.tag === 'calendarInterval') {
    if (op === '*' && isIntegral(tb)) return `(${a} * ${b})`;
    const product = letAll([a, `(${b})::DOUBLE`], (i, n) => scaledCalendar(op, i, n));
    return op === '*'
      ? product
      : `CASE WHEN ${b} = 0 THEN ${emit.raise('INTERVAL_DIVIDED_BY_ZERO', { config: '"spark.sql.ansi.enabled"' })} ELSE ${product} END`;
  }
  const type = emit.typeName(ta);
  if (op === '*') {
    const product = isIntegral(tb) ? `${a}::HUGEINT * ${b}` : `round(${tb.tag === 'decimal' ? `CAST(${a} AS DECIMAL(19,0))` : a} * ${b})`;
    return fitting(product, [a, b], type, emit.raise('INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION'));
  }
  const overflow = emit.raise('INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION', { functionName: '`try_divide`' });
  // Whole numbers exactly, half away from zero.
  const exact = `sign(${a}) * sign(${b}) * ((abs(${a}::HUGEINT) * 2 + abs(${b}::HUGEINT)) // (abs(${b}::HUGEINT) * 2))`;
  const quotient = fitting(isIntegral(tb) ? exact : `round(${a}::DOUBLE / ${b})`, [a, b], type, overflow);
  return `CASE WHEN ${b} = 0 THEN ${emit.raise('INTERVAL_DIVIDED_BY_ZERO', { config: '"spark.sql.ansi.enabled"' })} ELSE ${quotient} END`;
}
