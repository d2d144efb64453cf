// What functions between text and values share (JSON, CSV, XML): schemas and options, which are constants, and the JavaScript function that they are
// parameters of. Source: ExprUtils.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { csvSchemaText, jsonSchemaText } from '../kernel/js-json.ts';
import { xmlSchemaText } from '../kernel/js-xml.ts';
import type { Expr } from '../logical/expressions.ts';
import { parseDataType, parseTableSchema } from '../parser/parse.ts';
import * as T from '../types/data-type.ts';
import { schemaFromJson, typeFromJson, typeToJson } from '../types/type-json.ts';
import { literalOf, typeSql } from './arguments.ts';
import { isString } from './coercion.ts';
import type { KernelContext } from './spec.ts';

/** map('key', 'value', …) of constants; keys in lower case. */
export function optionsOf(e: Expr | undefined): Record<string, string> {
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
export function schemaOf(e: Expr): T.DataType {
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
  if (e.spec.name === 'schema_of_xml') return xmlSchemaText(text, optionsOf(e.args[1]));
  return e.spec.name === 'schema_of_csv' ? csvSchemaText(text, optionsOf(e.args[1])) : undefined;
}

/** All parts of it may be NULL: what comes from a text may lack anything. */
export function nullableType(t: T.DataType): T.DataType {
  if (t.tag === 'array') return T.arrayType(nullableType(t.elementType), true);
  if (t.tag === 'map') return T.mapType(t.keyType, nullableType(t.valueType), true);
  return t.tag === 'struct' ? T.structType(t.fields.map((f) => ({ ...f, dataType: nullableType(f.dataType), nullable: true }))) : t;
}

export const convert = (name: string, type: T.DataType, options: Expr | undefined, emit: KernelContext): string =>
  emit.jsFunction(name, typeToJson(type), emit.typeName(type), emit.settings.timeZone, JSON.stringify(optionsOf(options)));

/** @throws AnalysisException INVALID_SCHEMA.NON_STRUCT_TYPE */
export function checkStructSchema(args: readonly Expr[]): readonly Expr[] {
  const [, schema] = args;
  const type = schema && schemaOf(schema);
  if (type === undefined || type.tag === 'struct') return args;
  throw new AnalysisException('INVALID_SCHEMA.NON_STRUCT_TYPE', {
    inputSchema: `"${literalOf(schema)?.value}"`,
    dataType: typeSql(type),
  });
}
