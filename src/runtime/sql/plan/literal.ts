// Constants with their Spark types. Field names are those of Spark Connect's Expression.Literal; values that may pass 2^53 are bigint.
// Not here: how text becomes one (../parser/literals.ts, datetime-literals.ts, intervals.ts).
import type { DataType } from '../types/data-type.ts';

export type LiteralValue =
  | { readonly type: 'null'; readonly dataType: DataType }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'byte'; readonly value: number }
  | { readonly type: 'short'; readonly value: number }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'long'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'double'; readonly value: number }
  /** `value` is the decimal text without exponent. */
  | { readonly type: 'decimal'; readonly value: string; readonly precision: number; readonly scale: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'binary'; readonly value: Uint8Array }
  /** Days since 1970-01-01. */
  | { readonly type: 'date'; readonly value: number }
  /** Microseconds since the epoch; where isLocal, of the local time in `zone`, or in the session's zone when there is none. */
  | { readonly type: 'timestamp'; readonly value: bigint; readonly isLocal: boolean; readonly zone?: string }
  | { readonly type: 'timestampNtz'; readonly value: bigint }
  /** DATE 'today', TIMESTAMP 'now', TIMESTAMP '11:00': what the clock says when the query starts, so the analyser makes it a constant. */
  | { readonly type: 'clockRelative'; readonly text: string; readonly dataType: DataType }
  /** Nanoseconds since midnight. */
  | { readonly type: 'time'; readonly value: bigint; readonly precision: number }
  | { readonly type: 'calendarInterval'; readonly months: number; readonly days: number; readonly microseconds: bigint }
  /** Months; the data type has the fields. */
  | { readonly type: 'yearMonthInterval'; readonly value: number; readonly dataType: DataType }
  /** Microseconds. */
  | { readonly type: 'dayTimeInterval'; readonly value: bigint; readonly dataType: DataType };
