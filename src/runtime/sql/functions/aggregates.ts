// Counting, sums, averages, least and greatest, logic and bits. Each in one step and in two. Other aggregates: aggregates-*.ts beside this file.
// Source: org.apache.spark.sql.catalyst.expressions.aggregate of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { AggregateCall, Expr } from '../logical/expressions.ts';
import { literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { checkOrderable } from './arguments.ts';
import { castTo, IN, isAnsiInterval, isIntegral, isNumeric, isString } from './coercion.ts';
import { decimalMean, isSummedNarrow, SUM_DIGITS } from './decimals.ts';
import type { AggregateSpec, FunctionSpec, InputType, KernelContext } from './spec.ts';

const NUMERIC_OR_INTERVAL: InputType = {
  name: '"NUMERIC" or "ANSI INTERVAL"',
  accepts: (t) => isNumeric(t) || isAnsiInterval(t),
  // Of an instant: its seconds.
  castFrom: (t) => (t.tag === 'null' || t.tag === 'timestamp' || isString(t) ? T.DOUBLE : undefined),
};

const intervalType = (t: T.DataType): T.DataType => (t.tag === 'yearMonthInterval' ? T.yearMonthIntervalType() : T.dayTimeIntervalType());

/** Cut to 38 digits without giving up scale, unlike arithmetic. Source: DecimalType.bounded. */
const capped = (precision: number, scale: number): T.DecimalType => T.decimalType(Math.min(precision, 38), Math.min(scale, 38));

/** Source: Sum.resultType. */
function sumType(t: T.DataType): T.DataType {
  if (t.tag === 'decimal') return capped(t.precision + SUM_DIGITS, t.scale);
  if (isAnsiInterval(t)) return t;
  return isIntegral(t) ? T.LONG : T.DOUBLE;
}

/** Source: Average.resultType. */
function averageType(t: T.DataType): T.DataType {
  if (t.tag === 'decimal') return capped(t.precision + 4, t.scale + 4);
  return isAnsiInterval(t) ? intervalType(t) : T.DOUBLE;
}

/** Of several columns those rows count in which none is NULL. */
function countedText(args: readonly string[], exprs: readonly Expr[]): string {
  if (args.length === 0) return 'NULL'; // of no column none is without NULL, as in Spark
  if (args.length === 1 && exprs[0]?.kind === 'literal' && exprs[0].value !== null) return '*';
  if (args.length === 1) return args[0]!;
  return `CASE WHEN ${args.map((a) => `${a} IS NOT NULL`).join(' AND ')} THEN (${args.join(', ')}) END`;
}
const countText = (args: readonly string[], call: AggregateCall, emit: KernelContext): string =>
  emit.aggregateOf(call, 'count', [
    call.isDistinct ? (args.length === 1 ? args[0]! : countedText(args, call.args)) : countedText(args, call.args),
  ]);

/** The sum of decimals in their own type; where that holds the sum of more rows than there can be, nobody looks whether it fits. */
function decimalSum(sum: string, call: AggregateCall, emit: KernelContext, onOverflow: 'raise' | 'null'): string {
  const [of, type] = [call.args[0]!.dataType as T.DecimalType, call.dataType as T.DecimalType];
  if (of.precision + SUM_DIGITS < T.MAX_DECIMAL_PRECISION) return `CAST(${sum} AS ${emit.typeName(type)})`;
  return !emit.isWindow() && isSummedNarrow(call.args[0]!, emit) ? sum : fitted(sum, type, emit, onOverflow);
}

/** DuckDB sums whole numbers in 128 bits; what does not fit the result's type is an error, or NULL. */
function fitted(sum: string, type: T.DataType, emit: KernelContext, onOverflow: 'raise' | 'null'): string {
  if (type.tag === 'double') return sum;
  // DuckDB's widest decimal can hold one digit more than it says.
  const isWidest = type.tag === 'decimal' && type.precision === T.MAX_DECIMAL_PRECISION;
  const most = isWidest
    ? `'${'9'.repeat(38 - type.scale) || '0'}${type.scale > 0 ? `.${'9'.repeat(type.scale)}` : ''}'::DECIMAL(38,${type.scale})`
    : '';
  const fits = isWidest ? `CASE WHEN ${sum} BETWEEN -(${most}) AND ${most} THEN ${sum} END` : `TRY_CAST(${sum} AS ${emit.typeName(type)})`;
  if (onOverflow === 'null' || !emit.settings.ansi) return fits;
  const parameters =
    type.tag === 'decimal'
      ? { message: 'Overflow in sum of decimals', alternative: " Use 'try_sum' to tolerate overflow and return NULL instead." }
      : { message: 'long overflow', alternative: " Use 'try_add' to tolerate overflow and return NULL instead." };
  const raise = isAnsiInterval(type)
    ? emit.raise('INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION', { functionName: '`try_add`' })
    : emit.raise('ARITHMETIC_OVERFLOW', { ...parameters, config: '"spark.sql.ansi.enabled"' });
  return `coalesce(${fits}, CASE WHEN ${sum} IS NOT NULL THEN ${raise} END)`;
}

/** What is summed: floats as doubles; decimals of 38 digits may pass their width on the way. */
const addend = (text: string, type: T.DataType): string => (type.tag === 'float' ? `${text}::DOUBLE` : text);

function sum(name: string, onOverflow: 'raise' | 'null'): AggregateSpec {
  return {
    name,
    kind: 'aggregate',
    arity: [1, 1],
    inputs: [NUMERIC_OR_INTERVAL],
    result: ([a]) => sumType(a!.dataType),
    nullable: true,
    kernel: ([a], call, emit) => {
      const text = emit.aggregateOf(call, 'sum', [addend(a!, call.args[0]!.dataType)]);
      return call.dataType.tag === 'decimal' ? decimalSum(text, call, emit, onOverflow) : fitted(text, call.dataType, emit, onOverflow);
    },
    partials: ({ args, dataType }) => {
      const wide = isIntegral(args[0]!.dataType) || isAnsiInterval(dataType) ? T.decimalType(38, 0) : dataType;
      const partial = ([a]: readonly string[], call: AggregateCall, emit: KernelContext): string =>
        emit.aggregateOf(call, 'sum', [addend(a!, args[0]!.dataType)]);
      return { parts: [{ dataType: wide, partial, merge: 'sum' }], final: ([s], _, emit) => fitted(s!, dataType, emit, onOverflow) };
    },
  };
}

function averageText(s: string, n: string, call: AggregateCall, emit: KernelContext, onOverflow: 'raise' | 'null'): string {
  const { dataType } = call;
  if (dataType.tag === 'decimal') {
    const input = call.args[0]!.dataType as T.DecimalType;
    const mean = decimalMean(s, n, input, dataType);
    if (mean !== undefined) return mean;
    const divide = emit.jsFunction(
      'decimal_average',
      `DECIMAL(38,${input.scale})`,
      String(dataType.precision),
      String(dataType.scale),
      emit.settings.ansi ? onOverflow : 'null',
    );
    return `${divide}(${s}::DECIMAL(38,${input.scale}), ${n}::BIGINT)`;
  }
  if (!isAnsiInterval(dataType)) return `(${s} / nullif(${n}, 0))`;
  // The sum has the interval's own width.
  const [whole, count] = [`(${fitted(s, dataType, emit, onOverflow)})::HUGEINT`, `nullif(${n}, 0)::HUGEINT`];
  return `CAST(CASE WHEN ${whole} < 0 THEN -((-${whole} * 2 + ${count}) // (${count} * 2)) ELSE (${whole} * 2 + ${count}) // (${count} * 2) END AS ${emit.typeName(dataType)})`;
}

function average(name: string, onOverflow: 'raise' | 'null', shown = name): AggregateSpec {
  const input = (a: string, type: T.DataType) => (type.tag === 'decimal' || isAnsiInterval(type) ? a : `${a}::DOUBLE`);
  return {
    name,
    kind: 'aggregate',
    arity: [1, 1],
    inputs: [NUMERIC_OR_INTERVAL],
    result: ([a]) => averageType(a!.dataType),
    nullable: true,
    ...(shown !== name && { resultName: ([a]: readonly string[]) => `${shown}(${a})` }),
    kernel: ([a], call, emit) => {
      const x = input(a!, call.args[0]!.dataType);
      if (call.dataType.tag === 'double') return emit.aggregateOf(call, 'avg', [x]);
      return averageText(emit.aggregateOf(call, 'sum', [x]), emit.aggregateOf(call, 'count', [x]), call, emit, onOverflow);
    },
    partials: (whole) => {
      const type = whole.args[0]!.dataType;
      const sums = type.tag === 'decimal' ? T.decimalType(38, type.scale) : isAnsiInterval(type) ? T.decimalType(38, 0) : T.DOUBLE;
      return {
        parts: [
          { dataType: sums, partial: ([a], call, emit) => emit.aggregateOf(call, 'sum', [input(a!, type)]), merge: 'sum' },
          { dataType: T.LONG, partial: 'count($1)', merge: 'sum' },
        ],
        final: ([s, n], _, emit) => averageText(s!, n!, whole, emit, onOverflow),
      };
    },
  };
}

const self = (kernel: string, merge: string): Pick<AggregateSpec, 'kernel' | 'partials'> => ({
  kernel,
  partials: ({ dataType }) => ({ parts: [{ dataType, partial: kernel, merge }], final: '$1' }),
});

const extreme = (name: 'min' | 'max'): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 1],
  coerce: (args) => {
    checkOrderable(name, args);
    return args;
  },
  result: ([a]) => a!.dataType,
  nullable: true,
  ...self(`${name}($1)`, name),
});

const logic = (name: string, kernel: 'bool_and' | 'bool_or'): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 1],
  inputs: [IN.boolean],
  result: T.BOOLEAN,
  nullable: true,
  ...self(`${kernel}($1)`, kernel),
});

const bits = (name: 'bit_and' | 'bit_or' | 'bit_xor'): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 1],
  inputs: [IN.integral],
  result: ([a]) => a!.dataType,
  nullable: true,
  ...self(`${name}($1)`, name),
});

export const AGGREGATES: readonly FunctionSpec[] = [
  {
    name: 'count',
    kind: 'aggregate',
    arity: [0, Number.POSITIVE_INFINITY],
    coerce: (args, { get }) => {
      if (args.length > 0 || get('spark.sql.legacy.allowParameterlessCount') === 'true') return args;
      throw new AnalysisException('WRONG_NUM_ARGS.WITH_SUGGESTION', {
        functionName: '`count`',
        expectedNum: ' >= 1',
        actualNum: '0',
        legacyNum: '0',
        legacyConfKey: '"spark.sql.legacy.allowParameterlessCount"',
        legacyConfValue: '"true"',
      });
    },
    result: T.LONG,
    nullable: false,
    kernel: countText,
    partials: () => ({ parts: [{ dataType: T.LONG, partial: countText, merge: 'sum' }], final: 'coalesce($1, 0)' }),
  },
  sum('sum', 'raise'),
  sum('try_sum', 'null'),
  average('avg', 'raise'),
  average('mean', 'raise'),
  average('try_avg', 'null'),
  extreme('min'),
  extreme('max'),
  {
    name: 'count_if',
    kind: 'aggregate',
    arity: [1, 1],
    inputs: [IN.boolean],
    result: T.LONG,
    nullable: false,
    kernel: ([a], call, emit) => emit.aggregateOf(call, 'count', [`nullif(${a}, false)`]),
    partials: () => ({
      parts: [{ dataType: T.LONG, partial: ([a], call, emit) => emit.aggregateOf(call, 'count', [`nullif(${a}, false)`]), merge: 'sum' }],
      final: 'coalesce($1, 0)',
    }),
  },
  logic('bool_and', 'bool_and'),
  logic('every', 'bool_and'),
  logic('bool_or', 'bool_or'),
  logic('some', 'bool_or'),
  logic('any', 'bool_or'),
  bits('bit_and'),
  bits('bit_or'),
  bits('bit_xor'),
  {
    name: 'approx_count_distinct',
    kind: 'aggregate',
    arity: [1, 2],
    coerce: (args) => [args[0]!, args[1] === undefined ? literal(0.05, T.DOUBLE) : castTo(args[1], T.DOUBLE)],
    result: T.LONG,
    nullable: false,
    resultName: (args, exprs) => `approx_count_distinct(${exprs.length > 0 ? args[0] : ''})`,
    // In a correlated subquery the kernel knows of count() alone that it is 0 over no rows.
    kernel: ([a], call, emit) => `coalesce(${emit.aggregateOf(call, 'approx_count_distinct', [a!])}, 0)`,
  },
];
