// Values of a program as constants of a plan: what `lit` takes, and what stands beside a Column in `plus(1)`, `isin('a')`.
// Source: Literal.apply and functions.lit of Spark 4.2; JavaScript's numbers have rules of their own, written here.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Expression } from '../plan/expressions.ts';
import type { LiteralValue } from '../plan/literal.ts';
import { dayTimeIntervalType, MAX_DECIMAL_PRECISION, NULL, yearMonthIntervalType } from '../types/data-type.ts';
import { Decimal } from './decimal.ts';
import { CalendarInterval, DayTimeInterval, LocalDate, LocalTime, LocalTimestamp, Timestamp, YearMonthInterval } from './times.ts';

const INT_MAX = 2 ** 31;
const LONG_MAX = 2n ** 63n;

export const literalOf = (value: LiteralValue): Expression => ({ kind: 'literal', value });
export const textLiteral = (value: string): Expression => literalOf({ type: 'string', value });
export const integerLiteral = (value: number): Expression => literalOf({ type: 'integer', value });
export const call = (functionName: string, ...args: readonly Expression[]): Expression => ({
  kind: 'unresolvedFunction',
  functionName,
  arguments: args,
});

/**
 * whole numbers: INT, or BIGINT where they need it; other numbers: DOUBLE; bigint: BIGINT, or DECIMAL(38,0) where it needs it; Date: TIMESTAMP;
 * Uint8Array: BINARY; Decimal: DECIMAL; arrays, Maps and plain objects: ARRAY, MAP and STRUCT; null and undefined: NULL.
 * @throws Error UNSUPPORTED_FEATURE.LITERAL_TYPE
 */
export function valueExpression(value: unknown): Expression {
  const plain = plainLiteral(value);
  if (plain !== undefined) return literalOf(plain);
  if (Array.isArray(value)) return call('array', ...value.map(valueExpression));
  if (value instanceof Map) return call('map', ...[...value].flatMap(([k, v]) => [valueExpression(k), valueExpression(v)]));
  const proto: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (proto === Object.prototype || proto === null)
    return call('named_struct', ...Object.entries(value as object).flatMap(([k, v]) => [textLiteral(k), valueExpression(v)]));
  const name =
    typeof value === 'function'
      ? 'function'
      : ((proto as { constructor?: { name?: string } } | undefined)?.constructor?.name ?? typeof value);
  throw new SparkIllegalArgumentException(
    'UNSUPPORTED_FEATURE.LITERAL_TYPE',
    '0A000',
    `The feature is not supported: Literal for '${String(value)}' of ${name}.`,
  );
}

function plainLiteral(value: unknown): LiteralValue | undefined {
  if (value === null || value === undefined) return { type: 'null', dataType: NULL };
  switch (typeof value) {
    case 'boolean':
      return { type: 'boolean', value };
    case 'string':
      return { type: 'string', value };
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { type: 'double', value };
      return value >= -INT_MAX && value < INT_MAX ? { type: 'integer', value } : { type: 'long', value: BigInt(value) };
    case 'bigint':
      return value >= -LONG_MAX && value < LONG_MAX ? { type: 'long', value } : decimalLiteral(new Decimal(value));
    default:
      return objectLiteral(value as object);
  }
}

function objectLiteral(value: object): LiteralValue | undefined {
  if (value instanceof LocalDate) return { type: 'date', value: value.epochDays };
  if (value instanceof LocalTimestamp) return { type: 'timestampNtz', value: value.epochMicros };
  if (value instanceof Date) return { type: 'timestamp', value: microsOf(value), isLocal: false };
  if (value instanceof Uint8Array) return { type: 'binary', value };
  if (value instanceof Decimal) return decimalLiteral(value);
  if (value instanceof DayTimeInterval) return { type: 'dayTimeInterval', value: value.microseconds, dataType: dayTimeIntervalType() };
  if (value instanceof YearMonthInterval) return { type: 'yearMonthInterval', value: value.months, dataType: yearMonthIntervalType() };
  if (value instanceof LocalTime) return { type: 'time', value: value.nanosOfDay, precision: 6 };
  if (value instanceof CalendarInterval)
    return { type: 'calendarInterval', months: value.months, days: value.days, microseconds: value.microseconds };
  return undefined;
}

/** Microseconds since 1970. @throws Error for an invalid Date */
export function microsOf(date: Date): bigint {
  if (date instanceof Timestamp) return date.epochMicros;
  if (Number.isNaN(date.getTime()))
    throw new SparkIllegalArgumentException('INVALID_DATE_VALUE', '22007', 'An invalid Date is no value of SQL.');
  return BigInt(date.getTime()) * 1000n;
}

function decimalLiteral(value: Decimal): LiteralValue {
  if (value.precision > MAX_DECIMAL_PRECISION)
    throw new SparkIllegalArgumentException(
      'DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION',
      '22003',
      `Decimal precision ${value.precision} exceeds max precision ${MAX_DECIMAL_PRECISION}.`,
    );
  return { type: 'decimal', value: value.toString(), precision: value.precision, scale: value.scale };
}
