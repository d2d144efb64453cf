// All functions of the engine that are computed in JavaScript, by name. Topics are files of their own in this folder. The emitter notes the
// ones that a text needs (KernelContext.jsFunction), the engine registers them before the text runs, once per kernel.
import type { KernelScalarFunction } from '../../../common/sql-kernel.ts';
import type { JsFunction } from './js-function.ts';
import { JS_DATETIME } from './js-datetime.ts';
import { JS_FREQUENT } from './js-frequent.ts';
import { JS_HISTOGRAM } from './js-histogram.ts';
import { JS_GEOMETRIES } from './js-geometries.ts';
import { JS_JSON } from './js-json.ts';
import { JS_MAPS } from './js-maps.ts';
import { JS_NUMBERS } from './js-numbers.ts';
import { JS_SCALARS } from './js-scalars.ts';
import { JS_SKETCHES } from './js-sketches.ts';
import { JS_VARIANTS } from './js-variants.ts';
import { JS_XML } from './js-xml.ts';
import { JS_XPATH } from './js-xpath.ts';

const ALL: readonly (readonly JsFunction[])[] = [
  ...JS_SCALARS,
  JS_NUMBERS,
  JS_DATETIME,
  JS_FREQUENT,
  JS_HISTOGRAM,
  JS_GEOMETRIES,
  JS_JSON,
  JS_MAPS,
  JS_SKETCHES,
  JS_VARIANTS,
  JS_XML,
  JS_XPATH,
];

let byName: Map<string, JsFunction> | undefined;

/** @param sqlName what the query calls it */
export function scalarFunction(name: string, parameters: readonly string[], sqlName: string): KernelScalarFunction {
  byName ??= new Map(ALL.flat().map((f) => [f.name, f]));
  const found = byName.get(name);
  if (found === undefined) throw new Error(`No JavaScript function of the engine is called ${name}`);
  return { name: sqlName, isVolatile: found.isVolatile ?? false, ...found.make(...parameters) };
}

const numbers = new Map<string, number>();

/** The same name for the same function with the same parameters, in the whole process. */
export function sqlNameOf(name: string, parameters: readonly string[]): string {
  if (parameters.length === 0) return `js_${name}`;
  const key = JSON.stringify([name, ...parameters]);
  let n = numbers.get(key);
  if (n === undefined) numbers.set(key, (n = numbers.size + 1));
  return `js_${name}_${n}`;
}
