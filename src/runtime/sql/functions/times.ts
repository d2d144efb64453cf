// Functions on TIME (a clock's time without a date): parts counted, units cut off, made from numbers. In the kernel a TIME is DuckDB's, in
// microseconds. hour(), minute() and second() are datetime.ts's. Source: timeExpressions.scala of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { IN, isNumeric } from './coercion.ts';
import type { FunctionSpec, InputType, KernelContext } from './spec.ts';

const TIME = T.timeType(6);
const DAY_MICROS = 86_400_000_000;
const UNIT_MICROS = { HOUR: 3_600_000_000, MINUTE: 60_000_000, SECOND: 1_000_000, MILLISECOND: 1_000, MICROSECOND: 1 };

/** A TIME of any precision. */
const ANY_TIME: InputType = {
  name: '"TIME"',
  accepts: (t) => t.tag === 'time',
  castFrom: (t) => (t.tag === 'null' ? TIME : undefined),
};
const NUMBER: InputType = { name: '"NUMERIC"', accepts: isNumeric, castFrom: (t) => (t.tag === 'null' ? T.LONG : undefined) };

/** Wide enough for numbers that are out of range, so that the error says them. */
const SECONDS: InputType = {
  name: '"DECIMAL(16,6)"',
  accepts: (t) => t.tag === 'decimal' && t.scale >= 6,
  castFrom: (t) => (isNumeric(t) || t.tag === 'null' ? T.decimalType(38, 6) : undefined),
};

const microsOf = (time: string): string => `epoch_us(${time})`;
const timeOf = (micros: string): string => `('00:00:00'::TIME + to_microseconds(${micros}))`;

/** The unit's microseconds, by its name in any case. @throws while rows are computed, INVALID_PARAMETER_VALUE.TIME_UNIT */
function unitText(name: string, unit: string, emit: KernelContext): string {
  const whens = Object.entries(UNIT_MICROS).map(([word, micros]) => `WHEN '${word}' THEN ${micros}::BIGINT`);
  const failure = emit.raiseWith(
    'INVALID_PARAMETER_VALUE.TIME_UNIT',
    { functionName: `\`${name}\``, parameter: '`unit`' },
    { invalidValue: `'''' || ${unit} || ''''` },
  );
  return `CASE upper(${unit}) ${whens.join(' ')} ELSE ${failure} END`;
}

/** @param micros as HUGEINT or BIGINT text */
function checkedTime(micros: string, emit: KernelContext): string {
  const failure = emit.raiseWith(
    'DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION',
    {},
    {
      rangeMessage: `'Invalid TIME value: must be between 00:00:00 and 23:59:59.999999999, but got ' || (${micros}::HUGEINT * 1000)::VARCHAR || ' nanoseconds'`,
    },
  );
  return `CASE WHEN ${micros} < 0 OR ${micros} >= ${DAY_MICROS} THEN ${failure} ELSE ${timeOf(micros)} END`;
}

const fromNumber = (name: string, factor: number, input: InputType): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 1],
  inputs: [input],
  result: TIME,
  nullable: true,
  kernel: ([n], call, emit) => {
    const type = call.args[0]!.dataType;
    const wide = type.tag === 'decimal' ? `${n}::DECIMAL(38, 6)` : type.tag === 'float' || type.tag === 'double' ? `${n}` : `${n}::HUGEINT`;
    return checkedTime(`(${wide} * ${factor})::BIGINT`, emit);
  },
});

const toNumber = (name: string, divisor: number): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 1],
  inputs: [ANY_TIME],
  result: T.LONG,
  kernel: ([t]) => `(${microsOf(t!)} // ${divisor})`,
});

const timeTypeOf = (e: Expr): T.DataType => (e.dataType.tag === 'time' ? e.dataType : TIME);

export const TIMES: readonly FunctionSpec[] = [
  {
    name: 'time_trunc',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [IN.string, ANY_TIME],
    result: ([, time]) => timeTypeOf(time!),
    nullable: true,
    kernel: ([unit, time], _, emit) =>
      `CASE WHEN ${unit} IS NULL OR ${time} IS NULL THEN NULL ELSE ${timeOf(`(${microsOf(time!)} // ${unitText('time_trunc', unit!, emit)} * ${unitText('time_trunc', unit!, emit)})`)} END`,
  },
  {
    name: 'time_diff',
    kind: 'scalar',
    arity: [3, 3],
    inputs: [IN.string, ANY_TIME, ANY_TIME],
    result: T.LONG,
    nullable: true,
    kernel: ([unit, from, to], _, emit) =>
      `CASE WHEN ${unit} IS NULL OR ${from} IS NULL OR ${to} IS NULL THEN NULL ELSE (${microsOf(to!)} - ${microsOf(from!)}) // ${unitText('time_diff', unit!, emit)} END`,
  },
  {
    name: 'make_time',
    kind: 'scalar',
    arity: [3, 3],
    inputs: [IN.integer, IN.integer, SECONDS],
    result: TIME,
    nullable: true,
    kernel: ([h, m, s], _, emit) => {
      const field = (name: string, most: number, value: string) =>
        `WHEN trunc(${value}) NOT BETWEEN 0 AND ${most} THEN ${emit.raiseWith('DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION', {}, { rangeMessage: `'Invalid value for ${name} (valid values 0 - ${most}): ' || trunc(${value})::BIGINT::VARCHAR` })}`;
      const micros = `(${h}::BIGINT * 3600000000 + ${m}::BIGINT * 60000000 + (${s} * 1000000)::BIGINT)`;
      return `CASE WHEN ${h} IS NULL OR ${m} IS NULL OR ${s} IS NULL THEN NULL ${field('HourOfDay', 23, h!)} ${field('MinuteOfHour', 59, m!)} ${field('SecondOfMinute', 59, s!)} ELSE ${timeOf(micros)} END`;
    },
  },
  fromNumber('time_from_seconds', 1_000_000, NUMBER),
  fromNumber('time_from_millis', 1_000, IN.long),
  fromNumber('time_from_micros', 1, IN.long),
  {
    name: 'time_to_seconds',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [ANY_TIME],
    result: T.decimalType(14, 6),
    kernel: ([t]) => `CAST(${microsOf(t!)}::DECIMAL(20, 6) / 1000000 AS DECIMAL(14, 6))`,
  },
  toNumber('time_to_millis', 1_000),
  toNumber('time_to_micros', 1),
];
