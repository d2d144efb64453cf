// Dates, timestamps and intervals from numbers, and what the clock says when the query starts. Source: MakeDate, MakeTimestamp, MakeInterval,
// CurrentDate and their kin of Spark 4.2.
import { type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { localOf } from '../kernel/time-zones.ts';
import * as T from '../types/data-type.ts';
import { floorDiv } from '../types/value-text.ts';
import { literalOf, mismatch } from './arguments.ts';
import { castTo, IN, isNumeric, isString } from './coercion.ts';
import type { FunctionSpec, InputType } from './spec.ts';

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

const makeTimestamp = (name: string, isLocal: boolean, isTry = name.startsWith('try_')): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [6, isLocal ? 6 : 7],
  inputs: [...SIX, IN.string],
  result: isLocal ? T.TIMESTAMP_NTZ : T.TIMESTAMP,
  nullable: orNull(isTry),
  kernel: (args, _, emit) => {
    const how = mode(isTry, emit.settings.ansi);
    if (isLocal) return `make_timestamp(${emit.jsFunction('make_local', how)}(${args.join(', ')}))`;
    const zone = args[6] ?? emit.quote(emit.settings.timeZone);
    return `make_timestamptz(${emit.jsFunction('make_instant', how)}(${[...args.slice(0, 6), zone].join(', ')}))`;
  },
});

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
  makeTimestamp('make_timestamp', false),
  makeTimestamp('make_timestamp_ltz', false),
  makeTimestamp('make_timestamp_ntz', true),
  makeTimestamp('try_make_timestamp', false),
  makeTimestamp('try_make_timestamp_ltz', false),
  makeTimestamp('try_make_timestamp_ntz', true),
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
