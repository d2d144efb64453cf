// Random numbers and texts. With a seed they are Spark's of its first partition. Source: randomExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { contains } from '../logical/tree.ts';
import * as T from '../types/data-type.ts';
import { literalOf, mismatch } from './arguments.ts';
import { decimalOf, IN, isIntegral, isNumeric, tightestCommonType } from './coercion.ts';
import { nextUse } from './make-specs.ts';
import type { FunctionSpec, InputType, KernelContext, ScalarSpec } from './spec.ts';

const SEED: InputType = {
  ...IN.long,
  name: '("INT" or "BIGINT")',
  accepts: isIntegral,
  castFrom: (t) => (t.tag === 'null' ? T.INTEGER : undefined),
};
const isFoldable = (e: Expr): boolean => !contains(e, (x) => ['attribute', 'outer', 'lambdaVariable', 'aggregateCall'].includes(x.kind));

/** The JavaScript function with its seed; without one it is another at each run. */
function generator(name: string, seed: Expr | undefined, emit: KernelContext): string {
  const value = literalOf(seed)?.value;
  if (seed !== undefined && value === undefined)
    throw new AnalysisException('NOT_BUILT', { feature: `${name} with a seed that is no constant` }, seed.origin);
  return emit.jsFunction(name, ...(value === undefined ? [''] : [String(value ?? 0), nextUse()]));
}

/** @throws AnalysisException DATATYPE_MISMATCH.NON_FOLDABLE_INPUT */
function checkFoldable(name: string, args: readonly Expr[], names: readonly string[], inputType: string): readonly Expr[] {
  args.forEach((a, i) => {
    if (!isFoldable(a))
      throw mismatch('NON_FOLDABLE_INPUT', name, args, { inputName: `\`${names[i]}\``, inputType, inputExpr: `"${prettySql(a)}"` });
  });
  return args;
}

/** Whole numbers by their wider type, floats before decimals. Source: Uniform.dataType. */
function rangeType([min, max]: readonly Expr[]): T.DataType {
  const [a, b] = [min!.dataType, max!.dataType];
  if (a.tag === 'null' || b.tag === 'null') return T.DOUBLE;
  if (isIntegral(a) && isIntegral(b)) return tightestCommonType(a, b)!;
  for (const type of [T.DOUBLE, T.FLOAT]) if (a.tag === type.tag || b.tag === type.tag) return type;
  if (a.tag !== 'decimal' || b.tag !== 'decimal') return decimalOf(a.tag === 'decimal' ? a : b);
  return a.precision - a.scale >= b.precision - b.scale && a.scale >= b.scale ? a : b;
}

const NUMBER: InputType = { name: '"NUMERIC"', accepts: (t) => isNumeric(t) || t.tag === 'null', castFrom: () => undefined };

export const RANDOMS: readonly FunctionSpec[] = [
  ...['rand', 'random', 'randn'].map(
    (name): ScalarSpec => ({
      name,
      kind: 'scalar',
      arity: [0, 1],
      inputs: [SEED],
      result: T.DOUBLE,
      nullable: false,
      deterministic: false,
      resultName: (args) => `${name === 'random' ? 'rand' : name}(${args.join(', ')})`,
      kernel: (_, call, emit) => `${generator(name === 'randn' ? 'randn' : 'rand', call.args[0], emit)}()`,
    }),
  ),
  {
    name: 'uniform',
    kind: 'scalar',
    arity: [2, 3],
    inputs: [NUMBER, NUMBER, { ...SEED, accepts: (t) => isIntegral(t) || t.tag === 'null' }],
    coerce: (args) => checkFoldable('uniform', args, ['min', 'max', 'seed'], 'integer or floating-point'),
    result: rangeType,
    nullable: ([min, max]) => min!.nullable || max!.nullable,
    deterministic: false,
    kernel: ([min, max], call, emit) => {
      if (call.args.slice(0, 2).some((a) => literalOf(a)?.value === null)) return `NULL::${emit.typeName(call.dataType)}`;
      const value = `(${min}::DOUBLE + (${max}::DOUBLE - ${min}::DOUBLE) * ${generator('rand', call.args[2], emit)}())`;
      return `CAST(${isIntegral(call.dataType) ? `trunc(${value})` : value} AS ${emit.typeName(call.dataType)})`;
    },
  },
  {
    name: 'randstr',
    kind: 'scalar',
    arity: [1, 2],
    inputs: [{ ...IN.integer, accepts: (t) => t.tag === 'integer', castFrom: (t) => (isNumeric(t) ? T.INTEGER : undefined) }, SEED],
    coerce: (args) => {
      checkFoldable('randstr', args, ['length', 'seed'], 'integer');
      const length = literalOf(args[0])?.value;
      if (typeof length === 'number' && length < 0)
        throw new AnalysisException(
          'INVALID_PARAMETER_VALUE.LENGTH',
          { parameter: '`length`', functionName: '`randstr`', length: String(length) },
          args[0]!.origin,
        );
      return args[0]!.dataType.tag === 'null' ? [literal(0, T.INTEGER), ...args.slice(1)] : args;
    },
    result: T.STRING,
    nullable: false,
    deterministic: false,
    kernel: ([length], call, emit) => `${generator('randstr', call.args[1], emit)}(${length})`,
  },
];
