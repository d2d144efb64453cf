// Functions of vectors: arrays of floats. Source: vectorExpressions.scala of Spark 4.2.
import { type Expr, literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { unexpectedInput } from './arguments.ts';
import { js, scalar } from './make-specs.ts';
import type { AggregateSpec, FunctionSpec, ScalarSpec } from './spec.ts';

/** The first `vectors` arguments must be ARRAY<FLOAT> as they are. */
const checked =
  (name: string, vectors: number) =>
  (args: readonly Expr[]): readonly Expr[] => {
    args.forEach((a, i) => {
      const isVector = a.dataType.tag === 'array' && a.dataType.elementType.tag === 'float';
      if (i < vectors && !isVector) throw unexpectedInput(name, args, i, '"ARRAY<FLOAT>"');
      if (i >= vectors && a.dataType.tag !== 'float') throw unexpectedInput(name, args, i, '"FLOAT"');
    });
    return args;
  };

const ofTwo = (name: string): ScalarSpec[] =>
  scalar(name, [], T.FLOAT, js(name), { arity: [2, 2], coerce: checked(name, 2), nullable: true });
const withDegree = (name: string, result: T.DataType): ScalarSpec[] =>
  scalar(name, [], result, js(name), {
    arity: [1, 2],
    coerce: (args) => checked(name, 1)(args.length === 2 ? args : [...args, literal(2, T.FLOAT)]),
    nullable: true,
  });

const ofGroup = (name: string): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 1],
  coerce: checked(name, 1),
  result: T.arrayType(T.FLOAT, false),
  nullable: true,
  kernel: ([v], call, emit) => `${emit.jsFunction(name)}(${emit.aggregateOf(call, 'list', [v!])})`,
});

export const VECTORS: readonly FunctionSpec[] = [
  ...ofTwo('vector_cosine_similarity'),
  ...ofTwo('vector_inner_product'),
  ...ofTwo('vector_l2_distance'),
  ...withDegree('vector_norm', T.FLOAT),
  ...withDegree('vector_normalize', T.arrayType(T.FLOAT)),
  ofGroup('vector_sum'),
  ofGroup('vector_avg'),
];
