// TIME plus and minus day-time intervals, TIME minus TIME. Source: TimeAddInterval, SubtractTimes of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { castTo, isString } from './coercion.ts';
import type { KernelContext } from './spec.ts';

const INTERVAL = T.dayTimeIntervalType();
const isTime = (e: Expr): boolean => e.dataType.tag === 'time';
const isInterval = (e: Expr): boolean => e.dataType.tag === 'dayTimeInterval';
const isNull = (e: Expr): boolean => e.dataType.tag === 'null';
const isText = (e: Expr): boolean => isString(e.dataType) || isNull(e);

/** @returns the operands, the time first; undefined: they are not of this file */
export function coerceTimes(op: string, [a, b]: readonly [Expr, Expr]): readonly [Expr, Expr] | undefined {
  if (op === '+') {
    if (isTime(a) && (isInterval(b) || isNull(b))) return [a, castTo(b, isNull(b) ? INTERVAL : b.dataType)];
    return isTime(b) && (isInterval(a) || isNull(a)) ? coerceTimes(op, [b, a]) : undefined;
  }
  if (op !== '-') return undefined;
  if (isTime(a) && (isInterval(b) || isTime(b))) return [a, b];
  if (isTime(a) && isText(b)) return [a, castTo(b, T.timeType(6))];
  return isTime(b) && isText(a) ? [castTo(a, T.timeType(6)), b] : undefined;
}

export function timeResult([a, b]: readonly Expr[]): T.DataType {
  const [time, other] = [a!.dataType, b!.dataType];
  if (other.tag === 'time') return T.dayTimeIntervalType('hour', 'second');
  return other.tag === 'dayTimeInterval' && other.endField === 'second' ? T.timeType(6) : time;
}

export function timeKernel(op: string, [a, b]: readonly string[], other: T.DataType, emit: KernelContext): string {
  if (other.tag === 'time') return `(epoch_us(${a}) - epoch_us(${b}))`;
  const micros = `(epoch_us(${a}) ${op} ${b})`;
  const overflow = emit.raise('DATETIME_OVERFLOW', {
    operation: `${op === '+' ? 'add an interval to' : 'subtract an interval from'} a time`,
  });
  return `CASE WHEN ${micros} NOT BETWEEN 0 AND 86399999999 THEN ${overflow} ELSE ('00:00:00'::TIME + to_microseconds(${micros})) END`;
}
