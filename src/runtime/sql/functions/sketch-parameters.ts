// What functions on sketches share: which types they take, arguments that may be left out (and show in names all the same), constants.
// Source: thetasketchesAggregates.scala, TupleSketchUtils, SketchSize and KllSketchAgg of Spark 4.2.
import { conditionSentence } from '../errors/conditions.ts';
import type { AnalysisException } from '../errors/spark-error.ts';
import type { ItemKind } from '../kernel/sketches/item-bytes.ts';
import { type Expr, type Literal, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { childrenOfExpr } from '../logical/tree.ts';
import * as T from '../types/data-type.ts';
import { simpleString } from '../types/type-names.ts';
import { literalOf, mismatch } from './arguments.ts';
import { isString } from './coercion.ts';
import type { FunctionSpec, InputType } from './spec.ts';

const input = (name: string, accepts: (t: T.DataType) => boolean, castFrom: InputType['castFrom'] = () => undefined): InputType => ({
  name,
  accepts,
  castFrom,
});
const ofTags = (name: string, ...tags: string[]): InputType =>
  input(
    name,
    (t) => tags.includes(t.tag),
    (t) => (t.tag === 'null' ? T.NULL : undefined),
  );

export const SKETCH = input(
  '"BINARY"',
  (t) => t.tag === 'binary',
  (t) => (t.tag === 'null' ? T.BINARY : undefined),
);
export const INT = input(
  '"INT"',
  (t) => t.tag === 'integer',
  (t) => (['byte', 'short', 'null'].includes(t.tag) ? T.INTEGER : undefined),
);
export const FLAG = input(
  '"BOOLEAN"',
  (t) => t.tag === 'boolean',
  (t) => (t.tag === 'null' ? T.BOOLEAN : undefined),
);
export const INTEGRAL_ITEM = ofTags('("TINYINT" or "INT" or "BIGINT" or "SMALLINT")', 'byte', 'short', 'integer', 'long');
export const FLOAT_ITEM = ofTags('"FLOAT"', 'float');
export const FLOATING_ITEM = ofTags('("FLOAT" or "DOUBLE")', 'float', 'double');

/** Keys of theta and tuple sketches. */
export const KEY = input(
  '("ARRAY<INT>" or "ARRAY<BIGINT>" or "BINARY" or "DOUBLE" or "FLOAT" or "INT" or "BIGINT" or "STRING")',
  (t) => keyKind(t) !== undefined,
  (t) => {
    if (t.tag === 'decimal') return T.DOUBLE;
    if (t.tag === 'array' && t.elementType.tag === 'null') return T.arrayType(T.INTEGER);
    return ['byte', 'short', 'null'].includes(t.tag) ? T.INTEGER : undefined;
  },
);
/** Items of HLL sketches. */
export const HLL_ITEM = input(
  '("INT" or "BIGINT" or "STRING" or "BINARY")',
  (t) => ['integer', 'long', 'binary'].includes(t.tag) || isString(t),
  (t) => (['byte', 'short', 'null'].includes(t.tag) ? T.INTEGER : undefined),
);

/** How a key's value is hashed. */
export function keyKind(t: T.DataType): ItemKind | undefined {
  if (t.tag === 'integer' || t.tag === 'long') return 'whole';
  if (t.tag === 'float' || t.tag === 'double') return 'floating';
  if (isString(t)) return 'text';
  if (t.tag === 'binary') return 'binary';
  if (t.tag !== 'array') return undefined;
  return t.elementType.tag === 'integer' ? 'ints' : t.elementType.tag === 'long' ? 'longs' : undefined;
}

export const int = (value: number): Literal => literal(value, T.INTEGER);
export const text = (value: string): Literal => literal(value, T.STRING);

/** Arguments that may be left out, with their values: they are there afterwards, and in the name of the result. */
export function withDefaults(
  name: string,
  least: number,
  defaults: readonly Literal[],
): Pick<FunctionSpec, 'arity' | 'coerce' | 'parameterDefaults' | 'resultName'> {
  const missing = (given: number): readonly Literal[] => defaults.slice(Math.max(0, given - least));
  return {
    arity: [least, least + defaults.length],
    parameterDefaults: defaults,
    coerce: (args) => [...args, ...missing(args.length)],
    resultName: (args) => `${name}(${[...args, ...missing(args.length).map(prettySql)].join(', ')})`,
  };
}

export const isConstant = (e: Expr): boolean =>
  e.kind !== 'attribute' && e.kind !== 'outer' && !('plan' in e) && !isRandom(e) && childrenOfExpr(e).every(isConstant);
const isRandom = (e: Expr): boolean => e.kind === 'call' && e.spec.deterministic === false;

/** @param where its name in messages. @throws AnalysisException DATATYPE_MISMATCH.NON_FOLDABLE_INPUT, DATATYPE_MISMATCH.UNEXPECTED_NULL */
export function constantArgument(name: string, args: readonly Expr[], at: number, where: string): string | number {
  const e = args[at]!;
  if (!isConstant(e))
    throw mismatch('NON_FOLDABLE_INPUT', name, args, { inputName: where, inputType: simpleString(e.dataType), inputExpr: prettySql(e) });
  const { value } = literalOf(e) ?? { value: null };
  if (value === null) throw mismatch('UNEXPECTED_NULL', name, args, { exprName: where });
  return value as string | number;
}

/** An argument that is out of its range: the whole sentence of another condition is its reason. */
export const outOfRange = (
  name: string,
  args: readonly Expr[],
  condition: string,
  parameters: Readonly<Record<string, string>>,
): AnalysisException => mismatch('TYPE_CHECK_FAILURE_WITH_HINT', name, args, { msg: conditionSentence(condition, parameters), hint: '' });
