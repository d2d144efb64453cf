// Constants of the unresolved plan → typed ones; those that depend on the clock or the session's zone are worked out here.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { isClockRelative } from '../parser/datetime-literals.ts';
import type { LiteralValue } from '../plan/literal.ts';
import type { Origin } from '../plan/origin.ts';
import * as T from '../types/data-type.ts';
import { floorDiv, localTimestampText } from '../types/value-text.ts';
import { instantOfText } from '../kernel/js-casts.ts';
import { instantOf, localOf } from '../kernel/time-zones.ts';
import type { AnalyzerContext } from './analysis.ts';

export function resolveLiteral(value: LiteralValue, origin: Origin | undefined, context: AnalyzerContext): Expr {
  const make = (v: Parameters<typeof literal>[0], type: T.DataType) => literal(v, type, origin);
  const timestamp = (micros: bigint): Expr => ({
    ...literal(micros, T.TIMESTAMP, origin),
    shown: `TIMESTAMP '${localTimestampText(localOf(micros, context.settings.timeZone))}'`,
  });
  switch (value.type) {
    case 'null':
      return make(null, value.dataType);
    case 'boolean':
      return make(value.value, T.BOOLEAN);
    case 'byte':
      return make(value.value, T.BYTE);
    case 'short':
      return make(value.value, T.SHORT);
    case 'integer':
      return make(value.value, T.INTEGER);
    case 'long':
      return make(value.value, T.LONG);
    case 'float':
      return make(value.value, T.FLOAT);
    case 'double':
      return make(value.value, T.DOUBLE);
    case 'decimal':
      return make(value.value, T.decimalType(value.precision, value.scale));
    case 'string':
      return make(value.value, T.stringType(context.defaultCollation));
    case 'binary':
      return make(value.value, T.BINARY);
    case 'date':
      return make(value.value, T.DATE);
    case 'timestampNtz':
      return make(value.value, T.TIMESTAMP_NTZ);
    case 'yearMonthInterval':
    case 'dayTimeInterval':
      return make(value.value, value.dataType);
    case 'calendarInterval':
      return make({ months: value.months, days: value.days, microseconds: value.microseconds }, T.CALENDAR_INTERVAL);
    case 'time':
      return make(value.value, T.timeType(value.precision));
    case 'timestamp':
      return timestamp(value.isLocal ? instant(value.value, value.zone, context, origin) : value.value);
    case 'clockRelative':
      return value.dataType.tag === 'timestamp'
        ? timestamp(clockRelative(value.text, value.dataType, context, origin) as bigint)
        : make(clockRelative(value.text, value.dataType, context, origin), value.dataType);
  }
}

function instant(local: bigint, zone: string | undefined, context: AnalyzerContext, origin: Origin | undefined): bigint {
  const found = instantOf(local, zone ?? context.settings.timeZone);
  if (found !== undefined) return found;
  throw new AnalysisException(
    'INVALID_TYPED_LITERAL',
    { valueType: '"TIMESTAMP"', value: `'${localTimestampText(local)} ${zone}'` },
    origin,
  );
}

/** `CAST('today' AS DATE)`: words in the cast of a constant mean what they mean in DATE 'today'. Source: SpecialDatetimeValues of Spark 4.2. */
export function specialTime(text: Expr, { dataType, origin, ...cast }: Expr, context: AnalyzerContext): Expr | undefined {
  const isTime = dataType.tag === 'date' || dataType.tag === 'timestamp' || dataType.tag === 'timestamp_ntz';
  if (!isTime || text.kind !== 'literal' || typeof text.value !== 'string' || !WORD.test(text.value.trim())) return undefined;
  if (text.dataType.tag !== 'string' || !isClockRelative(text.value, false)) return undefined;
  return {
    ...literal(clockRelative(text.value, dataType, context, origin), dataType, origin),
    shown: prettySql({ ...cast, dataType, origin } as Expr),
  };
}

const DAY = 86_400_000_000n;
const WORD = /^(epoch|now|today|tomorrow|yesterday)(?:\s+(\S+))?$/i;

/** `now`, `today`, `12:30`: by the clock when the query started. Source: SparkDateTimeUtils.convertSpecialDate and convertSpecialTimestamp. */
function clockRelative(text: string, type: T.DataType, context: AnalyzerContext, origin: Origin | undefined): number | bigint {
  const word = WORD.exec(text.trim());
  const zone = word?.[2] ?? context.settings.timeZone;
  const isLocal = type.tag !== 'timestamp';
  if (word === null) return instantOfText(text, zone, () => context.nowMicros) ?? instant(0n, text, context, origin);
  const here = localOf(context.nowMicros, zone);
  const today = floorDiv(here, DAY);
  const days: { readonly [word: string]: bigint } = { today, tomorrow: today + 1n, yesterday: today - 1n, epoch: 0n, now: today };
  const name = word[1]!.toLowerCase();
  const day = days[name]!;
  if (type.tag === 'date') return Number(day);
  if (name === 'now') return isLocal ? here : context.nowMicros;
  if (name === 'epoch') return 0n;
  return isLocal ? day * DAY : instant(day * DAY, zone, context, origin);
}
