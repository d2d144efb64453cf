// JSON and CSV in single values. Schemas and options are constants; the work is done in kernel/js-json.ts.
// Source: jsonExpressions.scala, csvExpressions.scala, ExprUtils.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { csvSchemaText, jsonSchemaText } from '../kernel/js-json.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { parseDataType, parseTableSchema } from '../parser/parse.ts';
import * as T from '../types/data-type.ts';
import { schemaFromJson, typeFromJson, typeToJson } from '../types/type-json.ts';
import { literalOf, mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { IN, isString } from './coercion.ts';
import type { FunctionSpec, GeneratorSpec, InputType, KernelContext, ScalarSpec } from './spec.ts';

/** map('key', 'value', …) of constants; keys in lower case. */
function optionsOf(e: Expr | undefined): Record<string, string> {
  if (e === undefined) return {};
  const args = e.kind === 'call' && e.spec.name === 'map' ? e.args : undefined;
  if (e.dataType.tag === 'map' && !(isString(e.dataType.keyType) && isString(e.dataType.valueType)))
    throw new AnalysisException('INVALID_OPTIONS.NON_STRING_TYPE', { mapType: typeSql(e.dataType) }, e.origin);
  const values = args?.map((a) => literalOf(a)?.value);
  if (values === undefined || values.some((v) => typeof v !== 'string'))
    throw new AnalysisException('INVALID_OPTIONS.NON_MAP_FUNCTION', {}, e.origin);
  return Object.fromEntries(values.flatMap((v, i) => (i % 2 === 0 ? [[(v as string).toLowerCase(), values[i + 1] as string]] : [])));
}

/** A schema as text: DDL, or JSON; or what schema_of_json and schema_of_csv say of a constant. @throws ParseException */
function schemaOf(e: Expr): T.DataType {
  const inferred = e.kind === 'call' ? inferredText(e) : undefined;
  const text = inferred ?? literalOf(e)?.value;
  if (typeof text !== 'string')
    throw new AnalysisException('INVALID_SCHEMA.NON_STRING_LITERAL', { inputSchema: typeSql(e.dataType) }, e.origin);
  if (text.trimStart().startsWith('{')) {
    try {
      return schemaFromJson(text);
    } catch {
      return typeFromJson(text);
    }
  }
  try {
    return parseDataType(text);
  } catch {
    return parseTableSchema(text);
  }
}

function inferredText(e: Extract<Expr, { kind: 'call' }>): string | undefined {
  const text = literalOf(e.args[0])?.value;
  if (typeof text !== 'string') return undefined;
  if (e.spec.name === 'schema_of_json') return jsonSchemaText(text, optionsOf(e.args[1]));
  return e.spec.name === 'schema_of_csv' ? csvSchemaText(text, optionsOf(e.args[1])) : undefined;
}

/** All parts of it may be NULL: what comes from a text may lack anything. */
function nullableType(t: T.DataType): T.DataType {
  if (t.tag === 'array') return T.arrayType(nullableType(t.elementType), true);
  if (t.tag === 'map') return T.mapType(t.keyType, nullableType(t.valueType), true);
  return t.tag === 'struct' ? T.structType(t.fields.map((f) => ({ ...f, dataType: nullableType(f.dataType), nullable: true }))) : t;
}

const convert = (name: string, type: T.DataType, options: Expr | undefined, emit: KernelContext): string =>
  emit.jsFunction(name, typeToJson(type), emit.typeName(type), emit.settings.timeZone, JSON.stringify(optionsOf(options)));

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
  inputs: [IN.string],
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
    coerce: (args) => {
      const [, schema] = args;
      const type = schema && schemaOf(schema);
      if (type === undefined || type.tag === 'struct') return args;
      throw new AnalysisException('INVALID_SCHEMA.NON_STRUCT_TYPE', {
        inputSchema: `"${literalOf(schema)?.value}"`,
        dataType: typeSql(type),
      });
    },
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
