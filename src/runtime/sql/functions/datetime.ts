// Parts of dates and times, and arithmetic with them. Text and patterns: datetime-text.ts; made from numbers: datetime-made.ts.
// Source: datetimeExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { inQuotes, isNullLiteral, literalOf, unexpectedInput } from './arguments.ts';
import { castTo, IN, isIntegral, isString } from './coercion.ts';
import { ANY_TIMESTAMP, TIME_OF_DAY } from './datetime-inputs.ts';
import type { FunctionSpec, InputType, ScalarSpec } from './spec.ts';
import { LEVELS, truncated } from './truncated-times.ts';

/** µs of the local time. */
export const localMicros = (text: string): string => `epoch_us(CAST(${text} AS TIMESTAMP))`;

const part = (name: string, input: InputType, kernel: string, result: T.DataType = T.INTEGER): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 1],
  inputs: [input],
  result,
  kernel,
});

/** Days: whole numbers up to INT. */
function withDays(name: string, args: readonly Expr[]): readonly Expr[] {
  const [, days] = args as [Expr, Expr];
  const type = days.dataType;
  if ((isIntegral(type) && type.tag !== 'long') || isString(type) || type.tag === 'null') return [args[0]!, castTo(days, T.INTEGER)];
  throw unexpectedInput(name, args, 1, '("INT" or "SMALLINT" or "TINYINT")');
}
const addDays = (name: string, sign: '+' | '-', shown = name): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  coerce: (args) => withDays(shown, args),
  inputs: [IN.date, IN.integer],
  result: T.DATE,
  ...(shown !== name && { resultName: ([d, n]: readonly string[]) => `${shown}(${d}, ${n})` }),
  kernel: `($1 ${sign} $2)`,
});
const dayDifference = (name: string): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  inputs: [IN.date, IN.date],
  result: T.INTEGER,
  kernel: '($1 - $2)::INTEGER',
});

const UNITS: { readonly [unit: string]: (n: string) => string } = {
  YEAR: (n) => `to_months((${n} * 12)::INTEGER)`,
  QUARTER: (n) => `to_months((${n} * 3)::INTEGER)`,
  MONTH: (n) => `to_months(${n})`,
  WEEK: (n) => `to_days((${n} * 7)::INTEGER)`,
  DAY: (n) => `to_days(${n})`,
  DAYOFYEAR: (n) => `to_days(${n})`,
  HOUR: (n) => `to_microseconds(${n}::BIGINT * 3600000000)`,
  MINUTE: (n) => `to_microseconds(${n}::BIGINT * 60000000)`,
  SECOND: (n) => `to_microseconds(${n}::BIGINT * 1000000)`,
  MILLISECOND: (n) => `to_microseconds(${n}::BIGINT * 1000)`,
  MICROSECOND: (n) => `to_microseconds(${n}::BIGINT)`,
};
const unitOf = (e: Expr): string => String(literalOf(e)!.value).toUpperCase();

const FIELDS: { readonly [field: string]: string } = Object.fromEntries(
  Object.entries({
    year: 'YEAR Y YEARS YR YRS',
    yearofweek: 'YEAROFWEEK',
    quarter: 'QUARTER QTR',
    month: 'MONTH MON MONS MONTHS',
    weekofyear: 'WEEK W WEEKS',
    day: 'DAY D DAYS',
    dayofweek: 'DAYOFWEEK DOW',
    dayofweek_iso: 'DAYOFWEEK_ISO DOW_ISO',
    dayofyear: 'DOY',
    hour: 'HOUR H HOURS HR HRS',
    minute: 'MINUTE M MIN MINS MINUTES',
    second: 'SECOND S SEC SECONDS SECS',
  }).flatMap(([name, fields]) => fields.split(' ').map((f) => [f, name])),
);

/** Parts of intervals: field → its type and text. */
function intervalPart(field: string, x: string, t: T.DataType): readonly [T.DataType, string] | undefined {
  if (t.tag === 'yearMonthInterval') {
    if (field === 'year') return [T.INTEGER, `(${x} // 12)::INTEGER`];
    return field === 'month' ? [T.BYTE, `(${x} % 12)::TINYINT`] : undefined;
  }
  const us =
    t.tag === 'calendarInterval'
      ? `(datepart('hour', ${x}) * 3600000000 + datepart('minute', ${x}) * 60000000 + datepart('microsecond', ${x}))`
      : x;
  switch (field) {
    case 'year':
      return t.tag === 'calendarInterval' ? [T.INTEGER, `datepart('year', ${x})::INTEGER`] : undefined;
    case 'month':
      return t.tag === 'calendarInterval' ? [T.BYTE, `datepart('month', ${x})::TINYINT`] : undefined;
    case 'day':
      return [T.INTEGER, t.tag === 'calendarInterval' ? `datepart('day', ${x})::INTEGER` : `(${x} // 86400000000)::INTEGER`];
    case 'hour':
      return [T.BYTE, t.tag === 'calendarInterval' ? `datepart('hour', ${x})::TINYINT` : `(${x} // 3600000000 % 24)::TINYINT`];
    case 'minute':
      return [T.BYTE, `(${us} // 60000000 % 60)::TINYINT`];
    case 'second':
      return [T.decimalType(8, 6), `((${us} % 60000000)::DECIMAL(18,0) * 0.000001)::DECIMAL(8,6)`];
    default:
      return undefined;
  }
}

function extractionOf(args: readonly Expr[]): { name: string; source: Expr } {
  const [field, source] = args as [Expr, Expr];
  const name = FIELDS[String(literalOf(field)?.value ?? '').toUpperCase()];
  const isInterval = /Interval$/.test(source.dataType.tag);
  if (name === undefined || (isInterval && intervalPart(name, '', source.dataType) === undefined))
    throw new AnalysisException(
      'INVALID_EXTRACT_FIELD',
      { field: `\`${literalOf(field)?.value}\``, expr: inQuotes(prettySql(source)) },
      field.origin,
    );
  if (isInterval) return { name, source };
  const isTime = ['hour', 'minute', 'second'].includes(name);
  if (source.dataType.tag === 'time' && isTime) return { name, source };
  const isTimestamp = source.dataType.tag === 'timestamp' || source.dataType.tag === 'timestamp_ntz';
  return { name, source: isTime ? (isTimestamp ? source : castTo(source, T.TIMESTAMP)) : castTo(source, T.DATE) };
}

const extract = (name: string, shown: (field: string, source: string) => string): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  coerce: (args) => (isNullLiteral(args[0]!) ? args : [args[0]!, extractionOf(args).source]),
  result: (args) => {
    if (isNullLiteral(args[0]!)) return T.DOUBLE;
    const { name: field, source } = extractionOf(args);
    if (/Interval$/.test(source.dataType.tag)) return intervalPart(field, '', source.dataType)![0];
    return field === 'second' ? T.decimalType(8, 6) : T.INTEGER;
  },
  nullable: ([field, source]) => source!.nullable || isNullLiteral(field!),
  resultName: ([f, s]) => shown(f!, s!),
  kernel: ([, x], call) => {
    if (isNullLiteral(call.args[0]!)) return 'NULL::DOUBLE';
    const { name: field, source } = extractionOf(call.args);
    if (/Interval$/.test(source.dataType.tag)) return intervalPart(field, x!, source.dataType)![1];
    if (field === 'second')
      return `((${source.dataType.tag === 'time' ? `epoch_us(${x})` : localMicros(x!)} % 60000000 + 60000000) % 60000000 * 0.000001::DECIMAL(18,6))::DECIMAL(8,6)`;
    return PARTS[field]!.replaceAll('$1', () => x!);
  },
});

const PARTS: { readonly [name: string]: string } = {
  year: 'year($1)::INTEGER',
  yearofweek: 'isoyear($1)::INTEGER',
  quarter: 'quarter($1)::INTEGER',
  month: 'month($1)::INTEGER',
  weekofyear: 'week($1)::INTEGER',
  day: 'day($1)::INTEGER',
  dayofweek: '(dayofweek($1) + 1)::INTEGER',
  dayofweek_iso: 'isodow($1)::INTEGER',
  dayofyear: 'dayofyear($1)::INTEGER',
  hour: 'hour($1)::INTEGER',
  minute: 'minute($1)::INTEGER',
};

export const DATETIME: readonly FunctionSpec[] = [
  addDays('date_add', '+'),
  addDays('dateadd', '+', 'date_add'),
  addDays('date_sub', '-'),
  dayDifference('datediff'),
  dayDifference('date_diff'),
  ...['year', 'quarter', 'month', 'day', 'dayofweek', 'dayofyear', 'weekofyear'].map((name) => part(name, IN.date, PARTS[name]!)),
  part('dayofmonth', IN.date, PARTS.day!),
  part('weekday', IN.date, '(isodow($1) - 1)::INTEGER'),
  part('hour', TIME_OF_DAY, PARTS.hour!),
  part('minute', TIME_OF_DAY, PARTS.minute!),
  part('second', TIME_OF_DAY, 'second($1)::INTEGER'),
  part('monthname', IN.date, "strftime($1, '%b')", T.STRING),
  part('dayname', IN.date, "strftime($1, '%a')", T.STRING),
  part('last_day', IN.date, 'last_day($1)', T.DATE),
  part('unix_date', IN.date, "($1 - DATE '1970-01-01')::INTEGER"),
  part('date_from_unix_date', IN.integer, "(DATE '1970-01-01' + $1)", T.DATE),
  part('unix_seconds', IN.timestamp, '((epoch_us($1) - ((epoch_us($1) % 1000000 + 1000000) % 1000000)) // 1000000)', T.LONG),
  part('unix_millis', IN.timestamp, '((epoch_us($1) - ((epoch_us($1) % 1000 + 1000) % 1000)) // 1000)', T.LONG),
  part('unix_micros', IN.timestamp, 'epoch_us($1)', T.LONG),
  extract('extract', (f, s) => `extract(${f} FROM ${s})`),
  extract('date_part', (f, s) => `date_part(${f}, ${s})`),
  extract('datepart', (f, s) => `datepart(${f} FROM ${s})`),
  {
    name: 'add_months',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [IN.date, IN.integer],
    result: T.DATE,
    kernel: 'CAST($1 + to_months($2) AS DATE)',
  },
  {
    name: 'months_between',
    kind: 'scalar',
    arity: [2, 3],
    coerce: (args) => (args.length === 3 ? args : [...args, literal(true, T.BOOLEAN)]),
    inputs: [IN.timestamp, IN.timestamp, IN.boolean],
    result: T.DOUBLE,
    resultName: ([a, b, r]) => `months_between(${a}, ${b}, ${r ?? 'true'})`,
    kernel: ([a, b, r], _, emit) => `${emit.jsFunction('months_between')}(${localMicros(a!)}, ${localMicros(b!)}, ${r})`,
  },
  {
    name: 'next_day',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [IN.date, IN.string],
    result: T.DATE,
    nullable: true,
    kernel: (args, _, emit) => `${emit.jsFunction('next_day', emit.settings.ansi ? 'raise' : 'null')}(${args.join(', ')})`,
  },
  {
    name: 'trunc',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [IN.date, IN.string],
    result: T.DATE,
    nullable: true,
    kernel: ([d, f]) => truncated(f!, d!, LEVELS.slice(0, 4), 'DATE'),
  },
  {
    name: 'date_trunc',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [IN.string, IN.timestamp],
    result: T.TIMESTAMP,
    nullable: true,
    kernel: ([f, t]) => truncated(f!, t!, LEVELS, 'TIMESTAMPTZ'),
  },
  {
    name: 'timestampadd',
    kind: 'scalar',
    arity: [3, 3],
    inputs: [IN.any, IN.integer, ANY_TIMESTAMP],
    result: ([, , t]) => t!.dataType,
    nullable: ([, n, t]) => n!.nullable || t!.nullable,
    kernel: ([, n, t], call) => `(${t} + ${UNITS[unitOf(call.args[0]!)]!(n!)})`,
  },
  {
    name: 'timestampdiff',
    kind: 'scalar',
    arity: [3, 3],
    inputs: [IN.any, ANY_TIMESTAMP, ANY_TIMESTAMP],
    result: T.LONG,
    nullable: ([, a, b]) => a!.nullable || b!.nullable,
    kernel: ([, a, b], call, emit) => `${emit.jsFunction('units_between', unitOf(call.args[0]!))}(${localMicros(a!)}, ${localMicros(b!)})`,
  },
  ...(['from_utc', 'to_utc'] as const).map(
    (kernel): FunctionSpec => ({
      name: `${kernel}_timestamp`,
      kind: 'scalar',
      arity: [2, 2],
      inputs: [IN.timestamp, IN.string],
      result: T.TIMESTAMP,
      kernel: ([t, z], _, emit) => `make_timestamptz(${emit.jsFunction(kernel)}(epoch_us(${t}), ${z}))`,
    }),
  ),
  {
    name: 'convert_timezone',
    kind: 'scalar',
    arity: [2, 3],
    coerce: (args, settings) =>
      args.length === 3 ? args : [{ ...literal(settings.timeZone, T.STRING), shown: 'current_timezone()' }, ...args],
    inputs: [
      IN.string,
      IN.string,
      {
        name: '"TIMESTAMP_NTZ"',
        accepts: (t) => t.tag === 'timestamp_ntz',
        castFrom: (t) => (isString(t) || t.tag === 'date' || t.tag === 'timestamp' || t.tag === 'null' ? T.TIMESTAMP_NTZ : undefined),
      },
    ],
    result: T.TIMESTAMP_NTZ,
    resultName: (args) => `convert_timezone(${(args.length === 3 ? args : ['current_timezone()', ...args]).join(', ')})`,
    kernel: ([from, to, t], _, emit) => `make_timestamp(${emit.jsFunction('convert_timezone')}(${from}, ${to}, epoch_us(${t})))`,
  },
];
