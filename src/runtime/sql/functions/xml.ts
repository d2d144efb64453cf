// XML in single values. The work is done in kernel/js-xml.ts. Source: xmlExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { xmlSchemaText } from '../kernel/js-xml.ts';
import { literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { literalOf, mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { IN, isString } from './coercion.ts';
import type { FunctionSpec } from './spec.ts';
import { checkStructSchema, convert, nullableType, optionsOf, schemaOf } from './text-schemas.ts';

export const XML_FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: 'from_xml',
    kind: 'scalar',
    arity: [2, 3],
    inputs: [IN.string, IN.any, IN.any],
    coerce: (args) => {
      if (optionsOf(args[2]).mode?.toUpperCase() === 'DROPMALFORMED')
        throw new AnalysisException('PARSE_MODE_UNSUPPORTED', { funcName: '`from_xml`', mode: 'DROPMALFORMED' }, args[2]?.origin);
      return checkStructSchema(args);
    },
    result: ([, schema]) => nullableType(schemaOf(schema!)),
    nullable: true,
    resultName: ([a]) => `from_xml(${a})`,
    kernel: ([text], call, emit) => `${convert('from_xml', call.dataType, call.args[2], emit)}(${text})`,
  },
  {
    name: 'to_xml',
    kind: 'scalar',
    arity: [1, 2],
    coerce: (args) => {
      if (args[0]!.dataType.tag !== 'struct') throw unexpectedInput('to_xml', args.slice(0, 1), 0, '"STRUCT"');
      return args;
    },
    result: T.STRING,
    nullable: true,
    resultName: ([a]) => `to_xml(${a})`,
    kernel: ([v], call, emit) => `${convert('to_xml', call.args[0]!.dataType, call.args[1], emit)}(${v})`,
  },
  {
    name: 'schema_of_xml',
    kind: 'scalar',
    arity: [1, 2],
    coerce: (args) => {
      const [xml] = args;
      if (xml!.dataType.tag === 'null') throw mismatch('UNEXPECTED_NULL', 'schema_of_xml', args, { exprName: 'xml' });
      if (!isString(xml!.dataType)) throw unexpectedInput('schema_of_xml', args, 0, '"STRING"');
      if (typeof literalOf(xml)?.value !== 'string')
        throw mismatch('NON_FOLDABLE_INPUT', 'schema_of_xml', args, {
          inputName: '`xml`',
          inputType: '"STRING"',
          inputExpr: typeSql(xml!.dataType),
        });
      return args;
    },
    result: T.STRING,
    nullable: false,
    resultName: ([a]) => `schema_of_xml(${a})`,
    rewrite: (args) => literal(xmlSchemaText(literalOf(args[0])!.value as string, optionsOf(args[1])), T.STRING),
  },
];
