// VARIANT: parse_json, paths, casts out of it, schemas, variant_explode. The work is done in kernel/js-variants.ts.
// Source: variantExpressions.scala, VariantExplode of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import { parseDataType } from '../parser/parse.ts';
import * as T from '../types/data-type.ts';
import { typeToJson } from '../types/type-json.ts';
import { literalOf, mismatch, typeSql } from './arguments.ts';
import { IN, isAnsiInterval, isString } from './coercion.ts';
import type { AggregateSpec, FunctionSpec, GeneratorSpec, InputType, KernelContext } from './spec.ts';

const VARIANT_INPUT: InputType = {
  name: '"VARIANT"',
  accepts: (t) => t.tag === 'variant',
  castFrom: (t) => (t.tag === 'null' ? T.VARIANT : undefined),
};

/** Types that a variant can hold. @param withObjects structs and maps with text keys, too */
export function fitsInVariant(t: T.DataType, withObjects: boolean): boolean {
  switch (t.tag) {
    case 'variant':
    case 'null':
      return true;
    case 'array':
      return fitsInVariant(t.elementType, withObjects);
    case 'map':
      return withObjects && isString(t.keyType) && fitsInVariant(t.valueType, withObjects);
    case 'struct':
      return withObjects && t.fields.every((f) => fitsInVariant(f.dataType, withObjects));
    default:
      return !isAnsiInterval(t) && !['calendarInterval', 'geography', 'geometry', 'time'].includes(t.tag);
  }
}

/** Types that a variant can be cast to. */
export function comesFromVariant(t: T.DataType): boolean {
  if (t.tag === 'map') return isString(t.keyType) && comesFromVariant(t.valueType);
  if (t.tag === 'array') return comesFromVariant(t.elementType);
  return t.tag === 'struct' ? t.fields.every((f) => comesFromVariant(f.dataType)) : fitsInVariant(t, false);
}

const ofOne = (name: string, input: InputType, result: T.DataType, more: Partial<FunctionSpec> = {}): FunctionSpec =>
  ({
    name,
    kind: 'scalar',
    arity: [1, 1],
    inputs: [input],
    result,
    kernel: ([a]: readonly string[], _: unknown, emit: KernelContext) => `${emit.jsFunction(name)}(${a})`,
    ...more,
  }) as FunctionSpec;

/** The third argument is a type as text; without it the result is a variant. */
function typeArgument(name: string, args: readonly Expr[]): T.DataType {
  const [, , type] = args;
  if (type === undefined) return T.VARIANT;
  const text = literalOf(type)?.value;
  if (typeof text !== 'string')
    throw mismatch('NON_FOLDABLE_INPUT', name, args, { inputName: '`type`', inputType: '"STRING"', inputExpr: typeSql(type.dataType) });
  const parsed = parseDataType(text);
  if (!comesFromVariant(parsed))
    throw mismatch('CAST_WITHOUT_SUGGESTION', name, args, { srcType: '"VARIANT"', targetType: typeSql(parsed) });
  return parsed;
}

const getter = (name: string): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 3],
  inputs: [VARIANT_INPUT, IN.string, IN.any],
  result: (args) => typeArgument(name, args),
  nullable: true,
  resultName: ([v, path]) => `${name}(${v}, ${path})`,
  kernel: ([v, path], call, emit) =>
    `${emit.jsFunction(name, typeToJson(call.dataType), emit.typeName(call.dataType), emit.settings.timeZone)}(${v}, ${path})`,
});

const SCHEMA_OF_ALL: AggregateSpec = {
  name: 'schema_of_variant_agg',
  kind: 'aggregate',
  arity: [1, 1],
  inputs: [VARIANT_INPUT],
  result: T.STRING,
  nullable: false,
  kernel: (args, call, emit) => `${emit.jsFunction('schema_of_variants')}(${emit.aggregateOf(call, 'list', args)})`,
};

const explode = (name: string): GeneratorSpec => ({
  name,
  kind: 'generator',
  arity: [1, 1],
  parameterNames: ['input'],
  inputs: [VARIANT_INPUT],
  result: T.NULL,
  elements: () => [T.structField('pos', T.INTEGER, false), T.structField('key', T.STRING, true), T.structField('value', T.VARIANT, false)],
  kernel: ([v], _, __, emit) => `SELECT e.pos, e."key", e."value" FROM (SELECT unnest(${emit.jsFunction('variant_entries')}(${v})) AS e)`,
});

export const VARIANTS: readonly FunctionSpec[] = [
  ofOne('parse_json', IN.string, T.VARIANT),
  ofOne('try_parse_json', IN.string, T.VARIANT, { nullable: true }),
  // What is a variant here was read as one.
  { ...ofOne('is_valid_variant', VARIANT_INPUT, T.BOOLEAN), kernel: 'CASE WHEN $1 IS NOT NULL THEN true END' } as FunctionSpec,
  ofOne('is_variant_null', VARIANT_INPUT, T.BOOLEAN, { nullable: false }),
  ofOne('schema_of_variant', VARIANT_INPUT, T.STRING),
  getter('variant_get'),
  getter('try_variant_get'),
  SCHEMA_OF_ALL,
  {
    name: 'to_variant_object',
    kind: 'scalar',
    arity: [1, 1],
    coerce: (args) => {
      const { dataType } = args[0]!;
      if (!['array', 'map', 'struct'].includes(dataType.tag) || !fitsInVariant(dataType, true))
        throw mismatch('CAST_WITHOUT_SUGGESTION', 'to_variant_object', args, { srcType: typeSql(dataType), targetType: '"VARIANT"' });
      return args;
    },
    result: T.VARIANT,
    kernel: ([v], call, emit) => {
      const from = call.args[0]!.dataType;
      return `${emit.jsFunction('to_variant', typeToJson(from), emit.typeName(from))}(${v})`;
    },
  },
  explode('variant_explode'),
  explode('variant_explode_outer'),
];
