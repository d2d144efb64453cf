// Values of XML text by XPath. Source: xml/xpath.scala of Spark 4.2.
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { literalOf, mismatch } from './arguments.ts';
import { IN } from './coercion.ts';
import { js, scalar } from './make-specs.ts';
import type { FunctionSpec } from './spec.ts';

const TYPES: readonly (readonly [name: string, type: T.DataType, kernel?: string])[] = [
  ['xpath_boolean', T.BOOLEAN],
  ['xpath_short', T.SHORT],
  ['xpath_int', T.INTEGER],
  ['xpath_long', T.LONG],
  ['xpath_float', T.FLOAT],
  ['xpath_double', T.DOUBLE],
  ['xpath_number', T.DOUBLE, 'xpath_double'],
  ['xpath_string', T.STRING],
  ['xpath', T.arrayType(T.STRING)],
];

export const XPATH: readonly FunctionSpec[] = TYPES.flatMap(([name, type, kernel = name]) =>
  scalar(name, [IN.string, IN.string], type, js(kernel), {
    coerce: (args) => {
      const [, path] = args;
      if (path !== undefined && literalOf(path) === undefined)
        throw mismatch('NON_FOLDABLE_INPUT', name, args, { inputName: '`path`', inputType: '"STRING"', inputExpr: `"${prettySql(path)}"` });
      return args;
    },
    nullable: true,
  }),
);
