// Dates and times in JavaScript: patterns, constructors with Java's errors, months between, zones. Instants are µs since 1970 (BIGINT).
// Source: DateTimeUtils.scala, datetimeExpressions.scala, IntervalUtils.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { daysSinceEpoch } from '../parser/datetime-literals.ts';
import { floorDiv } from '../types/value-text.ts';
import { civil, formatTimestamp } from './date-format.ts';
import { parseLocal, parseTimestampBy } from './date-parse.ts';
import { MONTHS } from './date-pattern.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';
import { unscaledOf } from './js-numbers.ts';
import { instantOf, localOf, zoneRules } from './time-zones.ts';

const DAY = 86_400_000_000n;
const ANSI = '"spark.sql.ansi.enabled"';

/** @param mode 'null': NULL where it would be an error */
function tolerant<A extends unknown[], R>(mode: string, f: (...args: A) => R): (...args: A) => R | null {
  if (mode !== 'null') return f;
  return (...args) => {
    try {
      return f(...args);
    } catch (error) {
      if (error instanceof AnalysisException && !/PATTERN|INCONSISTENT|DATETIME_OVERFLOW/.test(error.condition)) return null;
      throw error;
    }
  };
}

const outOfBounds = (rangeMessage: string): AnalysisException =>
  new AnalysisException('DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION', { rangeMessage, ansiConfig: ANSI });
function within(name: string, value: number, least: number, most: number, shown = String(most)): void {
  if (value < least || value > most) throw outOfBounds(`Invalid value for ${name} (valid values ${least} - ${shown}): ${value}`);
}

function makeDays(year: number, month: number, day: number): number {
  within('MonthOfYear', month, 1, 12);
  within('DayOfMonth', day, 1, 31, '28/31');
  const days = daysSinceEpoch(year, month, day);
  if (days !== undefined) return days;
  throw outOfBounds(
    month === 2 && day === 29
      ? `Invalid date 'February 29' as '${year}' is not a leap year`
      : `Invalid date '${MONTHS[month - 1]!.toUpperCase()} ${day}'`,
  );
}

/** @param seconds decimal text with up to six digits after the point; 60 is the next minute's 0 */
function makeLocal(year: number, month: number, day: number, hour: number, minute: number, seconds: string): bigint {
  const { digits, scale } = unscaledOf(seconds);
  const micros = digits * 10n ** BigInt(6 - scale);
  const whole = Number(floorDiv(micros, 1_000_000n));
  if (whole === 60 && micros > 60_000_000n)
    throw new AnalysisException('INVALID_FRACTION_OF_SECOND', { secAndMicros: seconds.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') });
  const days = makeDays(year, month, day);
  within('HourOfDay', hour, 0, 23);
  within('MinuteOfHour', minute, 0, 59);
  if (micros !== 60_000_000n) within('SecondOfMinute', whole, 0, 59);
  return (BigInt(days) * 86_400n + BigInt(hour * 3600 + minute * 60)) * 1_000_000n + micros;
}

function inZone(local: bigint, zone: string): bigint {
  const instant = instantOf(local, zone);
  if (instant === undefined) throw new AnalysisException('INVALID_TIMEZONE', { timeZone: zone });
  return instant;
}
function known(zone: string): string {
  if (zoneRules(zone) === undefined) throw new AnalysisException('INVALID_TIMEZONE', { timeZone: zone });
  return zone;
}

/** Whole months where the days agree or both are their months' last; else months and 31sts of one. Source: DateTimeUtils.monthsBetween. */
function monthsBetween(a: bigint, b: bigint, isRounded: boolean): number {
  const [da, db] = [floorDiv(a, DAY), floorDiv(b, DAY)];
  const [ca, cb] = [civil(Number(da)), civil(Number(db))];
  const months = (ca.year - cb.year) * 12 + ca.month - cb.month;
  const isLast = (c: typeof ca, days: bigint) => civil(Number(days) + 1).month !== c.month;
  if (ca.day === cb.day || (isLast(ca, da) && isLast(cb, db))) return months;
  const seconds = Number((a - da * DAY) / 1_000_000n - (b - db * DAY) / 1_000_000n) + (ca.day - cb.day) * 86_400;
  const exact = months + seconds / (31 * 86_400);
  return isRounded ? Math.round(exact * 1e8) / 1e8 : exact;
}

/** Whole units from a to b, local times. Source: java.time.temporal.ChronoUnit.between. */
function unitsBetween(unit: string, a: bigint, b: bigint): bigint {
  const size = UNIT_MICROS[unit];
  if (size !== undefined) return (b - a) / size;
  const [da, db] = [floorDiv(a, DAY), floorDiv(b, DAY)];
  const [ca, cb] = [civil(Number(da)), civil(Number(db))];
  let months = (cb.year - ca.year) * 12 + cb.month - ca.month;
  const [ra, rb] = [BigInt(ca.day) * DAY + a - da * DAY, BigInt(cb.day) * DAY + b - db * DAY];
  if (months > 0 && rb < ra) months--;
  if (months < 0 && rb > ra) months++;
  return BigInt(Math.trunc(months / (unit === 'YEAR' ? 12 : unit === 'QUARTER' ? 3 : 1)));
}
const UNIT_MICROS: { readonly [unit: string]: bigint } = {
  MICROSECOND: 1n,
  MILLISECOND: 1000n,
  SECOND: 1_000_000n,
  MINUTE: 60_000_000n,
  HOUR: 3_600_000_000n,
  DAY,
  DAYOFYEAR: DAY,
  WEEK: DAY * 7n,
};

const NAMES: { readonly [name: string]: number } = Object.fromEntries(
  ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'].flatMap((n, i) =>
    [n, n.slice(0, 3), n.slice(0, 2)].map((k) => [k, i]),
  ),
);

const overflow = (): AnalysisException => new AnalysisException('INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION', {});
const INT = 2n ** 31n;
const LONG = 2n ** 63n;
const inInt = (n: bigint): number => {
  if (n >= INT || n < -INT) throw overflow();
  return Number(n);
};
const inLong = (n: bigint): bigint => {
  if (n >= LONG || n < -LONG) throw overflow();
  return n;
};
const microsOf = (seconds: string): bigint => {
  const { digits, scale } = unscaledOf(seconds);
  return digits * 10n ** BigInt(6 - scale);
};
const time = (h: number, m: number, s: string): bigint => BigInt(h) * 3_600_000_000n + BigInt(m) * 60_000_000n + microsOf(s);
const SIX = ['INTEGER', 'INTEGER', 'INTEGER', 'INTEGER', 'INTEGER', 'DECIMAL(16,6)'];

export const JS_DATETIME: readonly JsFunction[] = [
  {
    name: 'format_timestamp',
    make: (zone) => ({
      parameterTypes: ['BIGINT', 'VARCHAR'],
      returnType: 'VARCHAR',
      compute: byRow((t: bigint, p: string) => formatTimestamp(t, p, zone!)),
    }),
  },
  {
    name: 'parse_timestamp',
    make: (zone, mode) => ({
      parameterTypes: ['VARCHAR', 'VARCHAR'],
      returnType: 'BIGINT',
      compute: byRow(tolerant(mode!, (s: string, p: string) => parseTimestampBy(s, p, zone!))),
    }),
  },
  {
    name: 'parse_local',
    make: (mode) => ({
      parameterTypes: ['VARCHAR', 'VARCHAR'],
      returnType: 'BIGINT',
      compute: byRow(tolerant(mode!, (s: string, p: string) => parseLocal(s, p).local)),
    }),
  },
  {
    name: 'make_date',
    make: (mode) => ({ parameterTypes: ['INTEGER', 'INTEGER', 'INTEGER'], returnType: 'DATE', compute: byRow(tolerant(mode!, makeDays)) }),
  },
  { name: 'make_local', make: (mode) => ({ parameterTypes: SIX, returnType: 'BIGINT', compute: byRow(tolerant(mode!, makeLocal)) }) },
  {
    name: 'make_instant',
    make: (mode) => ({
      parameterTypes: [...SIX, 'VARCHAR'],
      returnType: 'BIGINT',
      compute: byRow(
        tolerant(mode!, (y: number, mo: number, d: number, h: number, m: number, s: string, zone: string) =>
          inZone(makeLocal(y, mo, d, h, m, s), zone),
        ),
      ),
    }),
  },
  jsFunction('months_between', ['BIGINT', 'BIGINT', 'BOOLEAN'], 'DOUBLE', byRow(monthsBetween)),
  {
    name: 'units_between',
    make: (unit) => ({
      parameterTypes: ['BIGINT', 'BIGINT'],
      returnType: 'BIGINT',
      compute: byRow((a: bigint, b: bigint) => unitsBetween(unit!, a, b)),
    }),
  },
  {
    name: 'next_day',
    make: (mode) => ({
      parameterTypes: ['DATE', 'VARCHAR'],
      returnType: 'DATE',
      compute: byRow(
        tolerant(mode!, (days: number, name: string) => {
          const weekday = NAMES[name.trim().toUpperCase()];
          if (weekday === undefined) throw new AnalysisException('ILLEGAL_DAY_OF_WEEK', { string: name });
          return days + 1 + ((((weekday - 5 - days) % 7) + 7) % 7);
        }),
      ),
    }),
  },
  jsFunction(
    'from_utc',
    ['BIGINT', 'VARCHAR'],
    'BIGINT',
    byRow((t: bigint, zone: string) => localOf(t, known(zone))),
  ),
  jsFunction('to_utc', ['BIGINT', 'VARCHAR'], 'BIGINT', byRow(inZone)),
  jsFunction(
    'convert_timezone',
    ['VARCHAR', 'VARCHAR', 'BIGINT'],
    'BIGINT',
    byRow((from: string, to: string, local: bigint) => localOf(inZone(local, from), known(to))),
  ),
  {
    name: 'make_interval',
    make: (mode) => ({
      parameterTypes: ['INTEGER', 'INTEGER', 'INTEGER', 'INTEGER', 'INTEGER', 'INTEGER', 'DECIMAL(18,6)'],
      returnType: 'INTERVAL',
      compute: byRow(
        tolerant(mode!, (y: number, mo: number, w: number, d: number, h: number, m: number, s: string) => ({
          months: inInt(BigInt(y) * 12n + BigInt(mo)),
          days: inInt(BigInt(w) * 7n + BigInt(d)),
          microseconds: inLong(time(h, m, s)),
        })),
      ),
    }),
  },
  jsFunction(
    'make_dt_interval',
    ['INTEGER', 'INTEGER', 'INTEGER', 'DECIMAL(18,6)'],
    'BIGINT',
    byRow((d: number, h: number, m: number, s: string) => inLong(BigInt(d) * DAY + time(h, m, s))),
  ),
  jsFunction(
    'make_ym_interval',
    ['INTEGER', 'INTEGER'],
    'INTEGER',
    byRow((y: number, m: number) => inInt(BigInt(y) * 12n + BigInt(m))),
  ),
];
