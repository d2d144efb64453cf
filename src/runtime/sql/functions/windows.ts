// Functions that only a window has. Aggregates over windows are aggregates (aggregates*.ts); first_value and last_value too.
// Source: windowExpressions.scala of Spark 4.2.
import { type Expr, literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { isNullLiteral, literalOf, mismatch } from './arguments.ts';
import { castTo, IN, isIntegral, widerType } from './coercion.ts';
import type { FunctionSpec, WindowFunctionSpec } from './spec.ts';

/** Source: RankLike.sql: ranks print in capitals. */
const ranking = (name: string, result: T.DataType, isRank = false): WindowFunctionSpec => ({
  name,
  kind: 'window',
  // rank(b) ranks by the window's order all the same.
  arity: isRank ? [0, Number.POSITIVE_INFINITY] : [0, 0],
  result,
  nullable: false,
  ...(isRank && { resultName: () => `${name.toUpperCase()}()` }),
  kernel: (_, call, emit) => `CAST(${emit.windowOf(call, name, [])} AS ${emit.typeName(result)})`,
});

/** lag and lead: input, offset, default. A negative offset looks to the other side. */
const neighbour = (name: 'lag' | 'lead'): WindowFunctionSpec => ({
  name,
  kind: 'window',
  arity: [1, 3],
  coerce: (args) => {
    const [a, offset = literal(1, T.INTEGER), fallback = literal(null, T.NULL)] = args as [Expr, Expr?, Expr?];
    const type = isNullLiteral(fallback) ? a.dataType : widerType(a.dataType, fallback.dataType);
    if (type === undefined)
      throw mismatch('DATA_DIFF_TYPES', name, args, {
        functionName: `\`${name}\``,
        dataType: `["${a.dataType.tag}", "${fallback.dataType.tag}"]`,
      });
    return [castTo(a, type), castTo(offset, T.INTEGER), castTo(fallback, type)];
  },
  result: ([a]) => a!.dataType,
  nullable: (args) => args[0]!.nullable || args[2] === undefined || args[2].nullable,
  resultName: ([a, offset, fallback]) => `${name}(${a}, ${offset ?? 1}, ${fallback ?? 'NULL'})`,
  kernel: ([a, offset, fallback], call, emit) => {
    const n = literalOf(call.args[1])?.value;
    const other = name === 'lag' ? 'lead' : 'lag';
    const isBackwards = typeof n === 'number' && n < 0;
    return emit.windowOf(call, isBackwards ? other : name, [a!, isBackwards ? String(-n) : offset!, fallback!]);
  },
});

const positive = (name: string, args: readonly Expr[], at: number, exprName: string, most: string, suffix = ''): void => {
  const value = literalOf(args[at])?.value;
  if (value === undefined)
    throw mismatch('NON_FOLDABLE_INPUT', name, args, { inputName: `\`${exprName}\``, inputType: '"INT"', inputExpr: `"${name}"` });
  if (value === null || Number(value) <= 0)
    throw mismatch('VALUE_OUT_OF_RANGE', name, args, { exprName, valueRange: `(0, ${most}]`, currentValue: `${value}${suffix}` });
};

export const WINDOW_FUNCTIONS: readonly FunctionSpec[] = [
  ranking('row_number', T.INTEGER),
  ranking('rank', T.INTEGER, true),
  ranking('dense_rank', T.INTEGER, true),
  ranking('percent_rank', T.DOUBLE, true),
  ranking('cume_dist', T.DOUBLE),
  {
    name: 'ntile',
    kind: 'window',
    arity: [0, 1],
    inputs: [IN.integer],
    coerce: (args) => {
      const all = args.length === 0 ? [literal(1, T.INTEGER)] : args;
      if (isIntegral(all[0]!.dataType)) positive('ntile', all, 0, 'buckets', '2147483647');
      return all;
    },
    result: T.INTEGER,
    nullable: false,
    kernel: (args, call, emit) => `CAST(${emit.windowOf(call, 'ntile', args)} AS INTEGER)`,
  },
  neighbour('lag'),
  neighbour('lead'),
  {
    name: 'nth_value',
    kind: 'window',
    arity: [2, 2],
    coerce: (args) => {
      if (isIntegral(args[1]!.dataType)) positive('nth_value', args, 1, 'offset', '9223372036854775807', 'L');
      return [args[0]!, castTo(args[1]!, T.LONG)];
    },
    result: ([a]) => a!.dataType,
    nullable: true,
    kernel: (args, call, emit) => emit.windowOf(call, 'nth_value', args),
  },
];
