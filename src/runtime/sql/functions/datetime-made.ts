// Dates, timestamps and intervals from numbers, and what the clock says when the query starts. Source: MakeDate, MakeTimestamp, MakeInterval,
// CurrentDate and their kin of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { localOf } from '../kernel/time-zones.ts';
import * as T from '../types/data-type.ts';
import { floorDiv } from '../types/value-text.ts';
import { literalOf, mismatch } from './arguments.ts';
import { castTo, implicitCasts, IN, isNumeric, isString } from './coercion.ts';
import { type FunctionSpec, type InputType, timestampType } from './spec.ts';

const decimalInput = (precision: number): InputType => ({
  name: `"DECIMAL(${precision},6)"`,
  accepts: (t) => T.sameType(t, T.decimalType(precision, 6)),
  castFrom: (t) => (isNumeric(t) || isString(t) || t.tag === 'null' ? T.decimalType(precision, 6) : undefined),
});
const SECONDS = decimalInput(16);
const SIX: readonly InputType[] = [IN.integer, IN.integer, IN.integer, IN.integer, IN.integer, SECONDS];
const mode = (isTry: boolean, ansi: boolean): string => (isTry || !ansi ? 'null' : 'raise');
const orNull = (isTry: boolean) => (args: readonly Expr[], settings: { readonly ansi: boolean }) =>
  isTry || !settings.ansi || args.some((a) => a.nullable);

const strictly = (type: T.DataType, name: string): InputType => ({
  name,
  accepts: (t) => t.tag === type.tag,
  castFrom: (t) => (t.tag === 'null' ? type : undefined),
});
const DAY_AND_TIME: readonly InputType[] = [strictly(T.DATE, '"DATE"'), strictly(T.timeType(6), '"TIME"'), IN.string];

/** A day, a time and a zone as the six numbers and a zone. */
function inNumbers([day, time = "'00:00:00'::TIME", zone]: readonly string[]): readonly string[] {
  const parts = [`year(${day})`, `month(${day})`, `day(${day})`, `hour(${time})`, `minute(${time})`].map((part) => `(${part})::INTEGER`);
  const seconds = `((epoch_us(${time}) % 60000000)::DECIMAL(16,6) / 1000000)::DECIMAL(16,6)`;
  return [...parts, seconds, ...(zone === undefined ? [] : [zone])];
}

/** From six numbers and a zone, or from a day, a time and a zone. */
const makeTimestamp = (name: string, kind: 'setting' | 'local' | 'instant', isTry = name.startsWith('try_')): FunctionSpec => {
  const isNumbers = (args: readonly unknown[]) => args.length >= 6;
  const most = kind === 'local' ? 6 : 7;
  const least = kind === 'local' ? 2 : kind === 'instant' ? 2 : 1;
  return {
    name,
    kind: 'scalar',
    arity: [least, most],
    coerce: (args, settings) => {
      const isBetween = args.length > (kind === 'local' ? 2 : 3) && args.length < 6;
      if (isBetween) throw wrongNumber(name, kind === 'local' ? '[2, 6]' : `[${least === 1 ? '1, ' : ''}2, 3, 6, 7]`, args);
      const sql = `${name}(${args.map(prettySql).join(', ')})`;
      return implicitCasts(sql, args, isNumbers(args) ? [...SIX, IN.string] : DAY_AND_TIME, settings);
    },
    result: (args, settings) =>
      kind === 'local' ? T.TIMESTAMP_NTZ : kind === 'setting' && isNumbers(args) ? timestampType(settings) : T.TIMESTAMP,
    resultName: (args) => {
      const shown = isNumbers(args) || kind !== 'instant' ? name : 'make_timestamp';
      // Spark's expression for it has no zone.
      const told = name === 'try_make_timestamp' ? args.slice(0, 6) : args;
      const text = `${shown}(${told.join(', ')})`;
      // The one that gives NULL is written around the other.
      return kind === 'local' && isTry && !isNumbers(args) ? `${name}(make_timestamp_ntz(${args.join(', ')}))` : text;
    },
    nullable: (args, settings) => (isNumbers(args) ? orNull(isTry)(args, settings) : isTry || args.some((a) => a.nullable)),
    kernel: (args, call, emit) => {
      const how = mode(isTry, emit.settings.ansi);
      const numbers = isNumbers(args) ? args : inNumbers(args);
      if (call.dataType.tag === 'timestamp_ntz')
        return `make_timestamp(${emit.jsFunction('make_local', how)}(${numbers.slice(0, 6).join(', ')}))`;
      const zone = numbers[6] ?? emit.quote(emit.settings.timeZone);
      return `make_timestamptz(${emit.jsFunction('make_instant', how)}(${[...numbers.slice(0, 6), zone].join(', ')}))`;
    },
  };
};

const wrongNumber = (name: string, expectedNum: string, args: readonly Expr[]): AnalysisException =>
  new AnalysisException(
    'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
    { functionName: `\`${name}\``, expectedNum, actualNum: String(args.length), docroot: 'https://spark.apache.org/docs/latest' },
    args[0]?.origin,
  );

/** Missing arguments are 0. */
const filledUp = (count: number, precision: number) => (args: readonly Expr[]) => [
  ...args,
  ...Array.from({ length: count - args.length }, (_, i) =>
    args.length + i === count - 1 ? { ...literal('0.000000', T.decimalType(precision, 6)) } : literal(0, T.INTEGER),
  ),
];
const interval = (name: string, kernel: string, count: number, result: T.DataType, isTry = false): FunctionSpec => {
  const hasSeconds = kernel !== 'make_ym_interval';
  const fill = (args: readonly Expr[]) =>
    hasSeconds ? filledUp(count, 18)(args) : [...args, ...Array.from({ length: count - args.length }, () => literal(0, T.INTEGER))];
  return {
    name,
    kind: 'scalar',
    arity: [0, count],
    coerce: (args) => {
      const all = fill(args);
      return hasSeconds ? all.map((a, i) => (i === count - 1 ? castTo(a, T.decimalType(18, 6)) : a)) : all;
    },
    inputs: hasSeconds ? [...Array.from({ length: count - 1 }, () => IN.integer), decimalInput(18)] : [IN.integer],
    result,
    nullable: kernel === 'make_interval' ? orNull(isTry) : (args) => args.some((a) => a.nullable),
    resultName: (args) =>
      `${name}(${Array.from({ length: count }, (_, i) => args[i] ?? (hasSeconds && i === count - 1 ? '0.000000' : '0')).join(', ')})`,
    kernel: (args, _, emit) => {
      const js = kernel === 'make_interval' ? emit.jsFunction(kernel, mode(isTry, emit.settings.ansi)) : emit.jsFunction(kernel);
      return `${js}(${args.join(', ')})`;
    },
  };
};

/** Constants of the query: what the clock said when it started. */
const clock = (name: string, type: T.DataType, value: (nowMicros: bigint, zone: string) => number | bigint | string): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [0, 0],
  result: type,
  nullable: false,
  atStart: (settings, nowMicros) => ({ ...literal(value(nowMicros, settings.timeZone), type), shown: `${name}()` }),
  kernel: (_, call) => {
    throw new Error(`${call.spec.name}() is a constant of the query`);
  },
});
const DAY_MICROS = 86_400_000_000n;
/** @throws AnalysisException DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE, NON_FOLDABLE_INPUT */
function precisionOf(e: Expr | undefined): number {
  if (e === undefined) return 6;
  const value = literalOf(e)?.value;
  if (typeof value !== 'number')
    throw mismatch('NON_FOLDABLE_INPUT', 'current_time', [e], {
      inputName: '`precision`',
      inputType: '"INT"',
      inputExpr: `"${prettySql(e)}"`,
    });
  if (value < 0 || value > 6)
    throw mismatch('VALUE_OUT_OF_RANGE', 'current_time', [e], { exprName: 'precision', valueRange: '[0, 6]', currentValue: String(value) });
  return value;
}
const today = (now: bigint, zone: string): number => Number(floorDiv(localOf(now, zone), 86_400_000_000n));

export const DATETIME_MADE: readonly FunctionSpec[] = [
  {
    name: 'make_date',
    kind: 'scalar',
    arity: [3, 3],
    inputs: [IN.integer],
    result: T.DATE,
    nullable: orNull(false),
    kernel: (args, _, emit) => `${emit.jsFunction('make_date', mode(false, emit.settings.ansi))}(${args.join(', ')})`,
  },
  makeTimestamp('make_timestamp', 'setting'),
  makeTimestamp('make_timestamp_ltz', 'instant'),
  makeTimestamp('make_timestamp_ntz', 'local'),
  makeTimestamp('try_make_timestamp', 'setting'),
  makeTimestamp('try_make_timestamp_ltz', 'instant'),
  makeTimestamp('try_make_timestamp_ntz', 'local'),
  interval('make_interval', 'make_interval', 7, T.CALENDAR_INTERVAL),
  interval('try_make_interval', 'make_interval', 7, T.CALENDAR_INTERVAL, true),
  interval('make_dt_interval', 'make_dt_interval', 4, T.dayTimeIntervalType()),
  interval('make_ym_interval', 'make_ym_interval', 2, T.yearMonthIntervalType()),
  clock('current_timestamp', T.TIMESTAMP, (now) => now),
  clock('now', T.TIMESTAMP, (now) => now),
  clock('localtimestamp', T.TIMESTAMP_NTZ, localOf),
  clock('current_date', T.DATE, today),
  {
    ...clock('curdate', T.DATE, today),
    atStart: (settings, now) => ({ ...literal(today(now, settings.timeZone), T.DATE), shown: 'current_date()' }),
  } as FunctionSpec,
  {
    ...clock('current_time', T.timeType(6), () => 0n),
    arity: [0, 1],
    inputs: [IN.integer],
    result: ([p]) => T.timeType(precisionOf(p)),
    atStart: (settings, now, [p]) => {
      const precision = precisionOf(p);
      const unit = 10n ** BigInt(6 - precision);
      const micros = ((localOf(now, settings.timeZone) % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
      return { ...literal((micros - (micros % unit)) * 1000n, T.timeType(precision)), shown: `current_time(${precision})` };
    },
  } as FunctionSpec,
  clock('current_timezone', T.STRING, (_, zone) => zone),
];
