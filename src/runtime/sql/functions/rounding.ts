// round, bround, ceil, floor and their types. Doubles are rounded by their decimal digits (1.005 to two places is 1.01), as BigDecimal does.
// Source: RoundBase, RoundCeil, RoundFloor of Spark 4.2's mathExpressions.scala.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Call, Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { boundedDecimal, decimalOf, IN, isIntegral } from './coercion.ts';
import { literal } from '../logical/expressions.ts';
import type { FunctionSpec, KernelContext, ScalarSpec } from './spec.ts';
import { wrapped } from './wrap-around.ts';

/** Places after the point, negative before it. @throws AnalysisException when it is not known before rows are */
function places(args: readonly Expr[], name: string): number {
  const scale = args[1];
  if (scale === undefined) return 0;
  const value = constant(scale);
  if (value === undefined)
    throw new AnalysisException(
      'DATATYPE_MISMATCH.NON_FOLDABLE_INPUT',
      {
        sqlExpr: `"${name}(${args.map(prettySql).join(', ')})"`,
        inputName: '`scale`',
        inputType: '"INT"',
        inputExpr: `"${prettySql(scale)}"`,
      },
      scale.origin,
    );
  return value;
}

function constant(e: Expr): number | undefined {
  if (e.kind === 'literal' && (typeof e.value === 'number' || typeof e.value === 'bigint')) return Number(e.value);
  if (e.kind === 'cast') return constant(e.child);
  if (e.kind === 'call' && e.spec.name === 'negative') {
    const value = constant(e.args[0]!);
    return value === undefined ? undefined : -value;
  }
  return undefined;
}

/** Source: RoundBase.dataType. */
function roundedType(type: T.DataType, scale: number, toWhole: boolean): T.DataType {
  if (type.tag === 'decimal') {
    if (toWhole) return boundedDecimal(type.precision - type.scale + 1, 0);
    const integral = Math.max(type.precision - type.scale + 1, -scale + 1);
    if (scale < 0) return T.decimalType(Math.min(integral, 38), 0);
    const kept = Math.min(type.scale, scale);
    return T.decimalType(Math.min(integral + kept, 38), kept);
  }
  return toWhole ? T.LONG : type;
}

/** half_up: half away from zero; half_even; up and down are ceil and floor. */
type Mode = 'half_up' | 'half_even' | 'ceil' | 'floor';

function kernel(mode: Mode): (args: readonly string[], call: Call, emit: KernelContext) => string {
  return ([x], call, emit) => {
    const [value] = call.args as [Expr];
    const scale = places(call.args, mode);
    const from = value.dataType;
    const type = emit.typeName(call.dataType);
    if (from.tag === 'double' || from.tag === 'float') {
      if (mode === 'ceil' || mode === 'floor') return `${emit.jsFunction('double_to_long')}(${mode}(${x}))`;
      return `CAST(${emit.jsFunction('round_double', mode, String(scale))}(CAST(${x} AS DOUBLE)) AS ${type})`;
    }
    if (scale >= 0 && from.tag !== 'decimal') return x!;
    if (from.tag === 'decimal' && mode === 'half_up' && scale >= 0) return `CAST(${x} AS ${type})`;
    if (from.tag === 'decimal' && scale === 0 && (mode === 'ceil' || mode === 'floor')) return `CAST(${mode}(${x}) AS ${type})`;
    const given = from.tag === 'decimal' ? emit.typeName(from) : 'DECIMAL(20,0)';
    const result = call.dataType.tag === 'decimal' ? type : 'DECIMAL(38,0)';
    const limit = from.tag === 'decimal' || !emit.settings.ansi ? '' : from.tag;
    const rounded = `${emit.jsFunction('round_decimal', mode, String(scale), given, result, limit)}(CAST(${x} AS ${given}))`;
    return limit === '' && from.tag !== 'decimal' ? wrapped(rounded, call.dataType) : `CAST(${rounded} AS ${type})`;
  };
}

const rounding = (name: string, mode: Mode): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 2],
  inputs: [IN.numeric, IN.integer],
  coerce: (args) => (args.length === 1 ? [args[0]!, literal(0, T.INTEGER)] : args),
  result: (args) => roundedType(args[0]!.dataType, places(args, name), false),
  nullable: true,
  resultName: (args) => `${name}(${args.join(', ')})`,
  kernel: kernel(mode),
});

/** ceil and floor: with a second argument a decimal with that many places. */
const toWhole = (name: string, shown: string, mode: 'ceil' | 'floor'): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 2],
  coerce: (args, settings) => {
    const [value, scale] = args as [Expr, Expr?];
    if (scale === undefined) {
      const type = value.dataType;
      if (type.tag === 'decimal' || type.tag === 'long' || type.tag === 'double') return args;
      const to = IN.double.castFrom(type, settings);
      return [
        isIntegral(type)
          ? { kind: 'cast', child: value, dataType: T.LONG, nullable: value.nullable, mode: 'ansi', origin: value.origin }
          : castOr(value, to),
      ];
    }
    return [castOr(value, value.dataType.tag === 'decimal' ? undefined : decimalFor(value.dataType)), scale];
  },
  result: (args) =>
    args.length === 1 ? roundedType(args[0]!.dataType, 0, true) : roundedType(args[0]!.dataType, places(args, name), false),
  nullable: true,
  resultName: (args) => `${args.length === 1 ? shown : name}(${args.join(', ')})`,
  kernel: kernel(mode),
});

const decimalFor = (t: T.DataType): T.DecimalType =>
  t.tag === 'double'
    ? T.decimalType(30, 15)
    : t.tag === 'float'
      ? T.decimalType(14, 7)
      : isIntegral(t)
        ? decimalOf(t)
        : T.decimalType(20, 0);
const castOr = (e: Expr, to: T.DataType | undefined): Expr =>
  to === undefined
    ? e
    : { kind: 'cast', child: e, dataType: to, nullable: e.nullable || to.tag !== 'long', mode: 'ansi', origin: e.origin };

export const ROUNDING: readonly FunctionSpec[] = [
  rounding('round', 'half_up'),
  rounding('bround', 'half_even'),
  toWhole('ceil', 'CEIL', 'ceil'),
  toWhole('ceiling', 'ceiling', 'ceil'),
  toWhole('floor', 'FLOOR', 'floor'),
];
