// Operators and functions on numbers. Source: arithmetic.scala and mathExpressions.scala of Spark 4.2; widths of decimals: DecimalPrecision.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Call, Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { boundedDecimal, castTo, decimalOf, IN, isFractional, isNumeric, widerType } from './coercion.ts';
import type { FunctionSpec, KernelContext, ScalarSpec } from './spec.ts';

type DecimalRule = (a: T.DecimalType, b: T.DecimalType) => T.DecimalType;
const scaleRange = (a: T.DecimalType, b: T.DecimalType) =>
  [Math.max(a.scale, b.scale), Math.max(a.precision - a.scale, b.precision - b.scale)] as const;
const RULES: Record<string, DecimalRule> = {
  '+': (a, b) => {
    const [scale, range] = scaleRange(a, b);
    return boundedDecimal(range + scale + 1, scale);
  },
  '*': (a, b) => boundedDecimal(a.precision + b.precision + 1, a.scale + b.scale),
  '/': (a, b) => {
    const scale = Math.max(6, a.scale + b.precision + 1);
    return boundedDecimal(a.precision - a.scale + b.scale + scale, scale);
  },
  '%': (a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return boundedDecimal(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
  },
};
RULES['-'] = RULES['+']!;

const infix = (op: string) => (args: readonly string[]) => (args.length === 1 ? `(${op} ${args[0]})` : `(${args[0]} ${op} ${args[1]})`);

/** Both sides to one type; decimals keep their own widths. */
function coerceBinary(op: string, toDouble: boolean): NonNullable<ScalarSpec['coerce']> {
  return (args) => {
    const [a, b] = args as [Expr, Expr];
    let type = widerType(a.dataType, b.dataType);
    if (type?.tag === 'null') type = T.DOUBLE;
    if (type === undefined || !isNumeric(type))
      throw new AnalysisException(
        'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES',
        {
          sqlExpr: `"(${prettySql(a)} ${op} ${prettySql(b)})"`,
          left: `"${sqlType(a.dataType)}"`,
          right: `"${sqlType(b.dataType)}"`,
        },
        a.origin,
      );
    if (type.tag === 'decimal') return [castTo(a, decimalOf(a.dataType)), castTo(b, decimalOf(b.dataType))];
    return toDouble ? [castTo(a, T.DOUBLE), castTo(b, T.DOUBLE)] : [castTo(a, type), castTo(b, type)];
  };
}

const binaryResult =
  (op: string) =>
  (args: readonly Expr[]): T.DataType => {
    const [a, b] = [args[0]!.dataType, args[1]!.dataType];
    return a.tag === 'decimal' && b.tag === 'decimal' ? RULES[op]!(a, b) : a;
  };

const zeroGuard = (divisor: string, text: string, emit: KernelContext): string =>
  `CASE WHEN ${divisor} = 0 THEN ${emit.raise('DIVIDE_BY_ZERO', { config: '"spark.sql.ansi.enabled"' })} ELSE ${text} END`;

function binary(op: '+' | '-' | '*'): FunctionSpec {
  return {
    name: op,
    kind: 'scalar',
    arity: [2, 2],
    coerce: coerceBinary(op, false),
    result: binaryResult(op),
    resultName: infix(op),
    kernel: ([a, b], call, emit) =>
      call.dataType.tag === 'decimal' ? `CAST(${a} ${op} ${b} AS ${emit.typeName(call.dataType)})` : `(${a} ${op} ${b})`,
  };
}

export const ARITHMETIC: readonly FunctionSpec[] = [
  binary('+'),
  binary('-'),
  binary('*'),
  {
    name: '/',
    kind: 'scalar',
    arity: [2, 2],
    coerce: coerceBinary('/', true),
    result: binaryResult('/'),
    resultName: infix('/'),
    kernel: ([a, b], call: Call, emit) =>
      zeroGuard(
        b!,
        call.dataType.tag === 'decimal' ? `CAST(${a}::DOUBLE / ${b}::DOUBLE AS ${emit.typeName(call.dataType)})` : `${a} / ${b}`,
        emit,
      ),
  },
  {
    name: '%',
    aliases: ['mod'],
    kind: 'scalar',
    arity: [2, 2],
    coerce: coerceBinary('%', false),
    result: binaryResult('%'),
    resultName: infix('%'),
    kernel: ([a, b], _, emit) => zeroGuard(b!, `${a} % ${b}`, emit),
  },
  {
    name: 'negative',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.numeric],
    result: ([a]) => a!.dataType,
    resultName: ([a]) => `(- ${a})`,
    kernel: '(- $1)',
  },
  {
    name: 'abs',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.numeric],
    result: ([a]) => a!.dataType,
    kernel: 'abs($1)',
  },
];
export { isFractional };
