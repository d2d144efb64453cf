// KLL sketches: quantiles and ranks, approximately, in bytes that can be kept and merged. Source: kllAggregates.scala, kllExpressions.scala of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import { DEFAULT_K, type KllType, LEAST_K, MOST_K } from '../kernel/sketches/kll.ts';
import * as T from '../types/data-type.ts';
import { inQuotes, mismatch, typeSql } from './arguments.ts';
import { isNumeric, isString } from './coercion.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { constantArgument, FLOAT_ITEM, FLOATING_ITEM, INT, INTEGRAL_ITEM, isConstant, outOfRange, SKETCH } from './sketch-parameters.ts';
import type { AggregateSpec, FunctionSpec, InputType, ScalarSpec } from './spec.ts';

const ITEM: { readonly [K in KllType]: InputType } = { bigint: INTEGRAL_ITEM, float: FLOAT_ITEM, double: FLOATING_ITEM };
const VALUE: { readonly [K in KllType]: T.DataType } = { bigint: T.LONG, float: T.FLOAT, double: T.DOUBLE };

/** @returns undefined: there is no such argument. @throws AnalysisException DATATYPE_MISMATCH.… */
function kOf(name: string, args: readonly Expr[]): number | undefined {
  if (args[1] === undefined) return undefined;
  const k = constantArgument(name, args, 1, 'k') as number;
  if (k < LEAST_K || k > MOST_K) throw outOfRange(name, args, 'KLL_SKETCH_K_OUT_OF_RANGE', { functionName: `\`${name}\``, k: String(k) });
  return k;
}

const aggregate = (name: string, input: InputType, kernel: AggregateSpec['kernel']): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 2],
  inputs: [input, INT],
  result: (args) => {
    kOf(name, args);
    return T.BINARY;
  },
  nullable: false,
  kernel,
});

function build(type: KllType): AggregateSpec {
  const name = `kll_sketch_agg_${type}`;
  return aggregate(name, ITEM[type], ([item], call, emit) => {
    const f = emit.jsFunction('kll_build', emit.typeName(call.args[0]!.dataType), type, String(kOf(name, call.args) ?? DEFAULT_K));
    return `${f}(${emit.aggregateOf(call, 'list', [item!])})`;
  });
}

function merge(type: KllType): AggregateSpec {
  const name = `kll_merge_agg_${type}`;
  return aggregate(name, SKETCH, ([sketch], call, emit) => {
    const f = emit.jsFunction('kll_merge', name, type, String(kOf(name, call.args) ?? ''));
    return `${f}(${emit.aggregateOf(call, 'list', [sketch!])})`;
  });
}

const ofOne = (name: string, kernel: string, result: T.DataType, type: KllType): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 1],
  inputs: [SKETCH],
  result,
  kernel: ([sketch], _, emit) => `${emit.jsFunction(kernel, name, type)}(${sketch})`,
});

/** One of these, or an array of them; a constant. */
function oneOrMany(item: T.DataType): InputType {
  const name = typeSql(item);
  const fits = (t: T.DataType): boolean => isNumeric(t) || isString(t) || t.tag === 'null';
  return {
    name: `(${name} or ${typeSql(T.arrayType(item))})`,
    accepts: (t) => t.tag === item.tag || (t.tag === 'array' && t.elementType.tag === item.tag),
    castFrom: (t) => (t.tag === 'array' && fits(t.elementType) ? T.arrayType(item, t.containsNull) : fits(t) ? item : undefined),
  };
}

function lookUp(name: string, kernel: string, type: KllType, from: T.DataType, to: T.DataType, inputName: string): ScalarSpec {
  return {
    name,
    kind: 'scalar',
    arity: [2, 2],
    inputs: [SKETCH, oneOrMany(from)],
    result: (args) => {
      const e = args[1]!;
      if (!isConstant(e))
        throw mismatch('NON_FOLDABLE_INPUT', name, args, {
          inputName: `\`${inputName}\``,
          inputType: typeSql(e.dataType),
          inputExpr: inQuotes(prettySql(e)),
        });
      return e.dataType.tag === 'array' ? T.arrayType(to) : to;
    },
    nullable: true,
    kernel: ([sketch, item], call, emit) => {
      const isList = call.args[1]!.dataType.tag === 'array';
      return `${emit.jsFunction(kernel, name, type, emit.typeName(VALUE[type]), String(isList))}(${sketch}, ${item})`;
    },
  };
}

const TYPES: readonly KllType[] = ['bigint', 'float', 'double'];

export const KLL_SKETCHES: readonly FunctionSpec[] = TYPES.flatMap((type): FunctionSpec[] => {
  const two = `kll_sketch_merge_${type}`;
  return [
    build(type),
    merge(type),
    {
      name: two,
      kind: 'scalar',
      arity: [2, 2],
      inputs: [SKETCH],
      result: T.BINARY,
      kernel: ([a, b], _, emit) => `${emit.jsFunction('kll_two', two, type)}(${a}, ${b})`,
    },
    ofOne(`kll_sketch_get_n_${type}`, 'kll_n', T.LONG, type),
    ofOne(`kll_sketch_to_string_${type}`, 'kll_text', T.STRING, type),
    lookUp(`kll_sketch_get_quantile_${type}`, 'kll_quantile', type, T.DOUBLE, VALUE[type], 'rank'),
    lookUp(`kll_sketch_get_rank_${type}`, 'kll_rank', type, VALUE[type], T.DOUBLE, 'quantile'),
  ];
});
