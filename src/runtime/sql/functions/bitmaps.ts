// Bitmaps of 32,768 bits as BINARY: which bit a number is, sets of bits, their union and intersection. Source: bitmapExpressions.scala of Spark 4.2.
import * as T from '../types/data-type.ts';
import { IN } from './coercion.ts';
import { js, scalar } from './make-specs.ts';
import type { AggregateSpec, FunctionSpec, InputType } from './spec.ts';

const { LONG } = T;
const BITMAP: InputType = { ...IN.binary, castFrom: () => undefined };

/** What no row has set is not set. */
const ofGroup = (name: string, input: InputType, isDistinct: boolean): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 1],
  inputs: [input],
  result: T.BINARY,
  nullable: false,
  kernel: ([x], call, emit) => {
    const type = `${emit.typeName(call.args[0]!.dataType)}[]`;
    const values = emit.aggregateOf(call, 'list', [x!], { where: `${x} IS NOT NULL`, isDistinct });
    return `${emit.jsFunction(name)}(coalesce(${values}, []::${type}))`;
  },
});

export const BITMAPS: readonly FunctionSpec[] = [
  ...scalar('bitmap_bit_position', [IN.long], LONG, 'CASE WHEN $1 > 0 THEN ($1 - 1) % 32768 ELSE (-$1) % 32768 END'),
  ...scalar('bitmap_bucket_number', [IN.long], LONG, 'CASE WHEN $1 > 0 THEN 1 + ($1 - 1) // 32768 ELSE $1 // 32768 END'),
  ...scalar('bitmap_count', [BITMAP], LONG, js('bitmap_count')),
  ofGroup('bitmap_construct_agg', IN.long, true),
  ofGroup('bitmap_or_agg', BITMAP, false),
  ofGroup('bitmap_and_agg', BITMAP, false),
];
