// Functions on strings in JavaScript. Source: stringExpressions.scala of Spark 4.2.
import { byRow, type JsFunction, jsFunction } from './js-function.ts';

export const JS_STRINGS: readonly JsFunction[] = [
  jsFunction(
    'upper',
    ['VARCHAR'],
    'VARCHAR',
    byRow((s: string) => s.toUpperCase()),
  ),
];
