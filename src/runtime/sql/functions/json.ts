// JSON and CSV in single values. Schemas and options are constants; the work is done in kernel/js-json.ts.
// Source: jsonExpressions.scala, csvExpressions.scala, ExprUtils.scala of Spark 4.2.
import { csvSchemaText, jsonSchemaText } from '../kernel/js-json.ts';
import { literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { literalOf, mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { IN, isString } from './coercion.ts';
import type { FunctionSpec, GeneratorSpec, InputType, ScalarSpec } from './spec.ts';
import { checkStructSchema, convert, nullableType, optionsOf, schemaOf } from './text-schemas.ts';

const fromText = (name: 'from_json' | 'from_csv', more: Partial<ScalarSpec>): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 3],
  inputs: [IN.string, IN.any, IN.any],
  result: ([, schema]) => nullableType(schemaOf(schema!)),
  kernel: ([text], call, emit) => `${convert(name, call.dataType, call.args[2], emit)}(${text})`,
  ...more,
});

const schemaFunction = (name: 'schema_of_json' | 'schema_of_csv'): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 2],
  coerce: (args) => {
    if (args[0]!.dataType.tag === 'null')
      throw mismatch('UNEXPECTED_NULL', name, args, { exprName: name === 'schema_of_json' ? 'json' : 'csv' });
    if (!isString(args[0]!.dataType)) throw unexpectedInput(name, args, 0, '"STRING"');
    if (typeof literalOf(args[0])?.value !== 'string')
      throw mismatch('NON_FOLDABLE_INPUT', name, args, {
        inputName: `\`${name === 'schema_of_json' ? 'json' : 'csv'}\``,
        inputType: '"STRING"',
        inputExpr: typeSql(args[0]!.dataType),
      });
    return args;
  },
  result: T.STRING,
  nullable: false,
  resultName: ([a]) => `${name}(${a})`,
  rewrite: (args) => {
    const text = literalOf(args[0])!.value as string;
    const options = optionsOf(args[1]);
    return literal(name === 'schema_of_json' ? jsonSchemaText(text, options) : csvSchemaText(text, options), T.STRING);
  },
});

const ONLY_TEXT: InputType = { ...IN.string, castFrom: (t) => (t.tag === 'null' ? T.STRING : undefined) };

const ofText = (name: string, arity: number, result: T.DataType, input = ONLY_TEXT): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [arity, arity],
  inputs: [input],
  result,
  nullable: true,
  kernel: (args, _, emit) => `${emit.jsFunction(name)}(${args.join(', ')})`,
});

const JSON_TUPLE: GeneratorSpec = {
  name: 'json_tuple',
  kind: 'generator',
  arity: [2, Number.POSITIVE_INFINITY],
  coerce: (args) => {
    if (args.every((a) => isString(a.dataType))) return args;
    throw mismatch('NON_STRING_TYPE', 'json_tuple', args, { funcName: '`json_tuple`' });
  },
  result: T.NULL,
  elements: (args) => args.slice(1).map((_, i) => T.structField(`c${i}`, T.STRING, true)),
  kernel: ([json, ...names], _, __, emit) => `SELECT ${names.map((n) => `${emit.jsFunction('json_field')}(${json}, ${n})`).join(', ')}`,
};

export const JSON_FUNCTIONS: readonly FunctionSpec[] = [
  ofText('get_json_object', 2, T.STRING, IN.string),
  ofText('json_array_length', 1, T.INTEGER),
  ofText('json_object_keys', 1, T.arrayType(T.STRING)),
  fromText('from_json', {
    nullable: true,
    resultName: ([a], [, schema]) => (schema !== undefined && schemaOf(schema).tag === 'map' ? 'entries' : `from_json(${a})`),
  }),
  fromText('from_csv', {
    coerce: checkStructSchema,
    nullable: ([a]) => a!.nullable,
    resultName: ([a]) => `from_csv(${a})`,
  }),
  {
    name: 'to_json',
    kind: 'scalar',
    arity: [1, 2],
    coerce: (args) => {
      const { tag } = args[0]!.dataType;
      if (!['struct', 'array', 'map', 'variant'].includes(tag))
        throw mismatch('INVALID_JSON_SCHEMA', 'to_json', args.slice(0, 1), { schema: typeSql(args[0]!.dataType) });
      return args;
    },
    result: T.STRING,
    nullable: true,
    resultName: ([a]) => `to_json(${a})`,
    kernel: ([v], call, emit) => `${convert('to_json', call.args[0]!.dataType, call.args[1], emit)}(${v})`,
  },
  {
    name: 'to_csv',
    kind: 'scalar',
    arity: [1, 2],
    coerce: (args) => {
      if (args[0]!.dataType.tag !== 'struct') throw unexpectedInput('to_csv', args, 0, '"STRUCT"');
      return args;
    },
    result: T.STRING,
    nullable: true,
    resultName: ([a]) => `to_csv(${a})`,
    kernel: ([v], call, emit) => `${convert('to_csv', call.args[0]!.dataType, call.args[1], emit)}(${v})`,
  },
  schemaFunction('schema_of_json'),
  schemaFunction('schema_of_csv'),
  JSON_TUPLE,
];
