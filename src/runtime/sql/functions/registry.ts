// All functions by name. Topics are files; a name twice is a defect that a test finds.
import { AGGREGATES } from './aggregates.ts';
import { COLLECTING_AGGREGATES } from './aggregates-collecting.ts';
import { HISTOGRAM } from './aggregates-histogram.ts';
import { PERCENTILES } from './aggregates-percentiles.ts';
import { STATISTICAL_AGGREGATES } from './aggregates-statistics.ts';
import { REGRESSION_AGGREGATES } from './aggregates-regression.ts';
import { ARRAYS } from './arrays.ts';
import { ORDERED_ARRAYS } from './arrays-ordered.ts';
import { COMPARISON_KEYS } from './comparison-keys.ts';
import { CONCAT } from './concat.ts';
import { CONSTRUCTORS } from './constructors.ts';
import { DATETIME } from './datetime.ts';
import { DATETIME_MADE } from './datetime-made.ts';
import { DATETIME_TEXT } from './datetime-text.ts';
import { FREQUENT } from './frequent.ts';
import { GEOMETRIES } from './geometries.ts';
import { GENERATORS } from './generators.ts';
import { JSON_FUNCTIONS } from './json.ts';
import { LAMBDAS } from './lambdas.ts';
import { MAPS } from './maps.ts';
import { WINDOW_FUNCTIONS } from './windows.ts';
import { SCALARS } from './scalars.ts';
import { KLL_SKETCHES } from './sketches-kll.ts';
import { SKETCHES } from './sketches.ts';
import { TUPLE_SKETCHES } from './sketches-tuple.ts';
import { TIME_BUCKET } from './time-bucket.ts';
import { TIME_WINDOWS } from './time-windows.ts';
import { TIMES } from './times.ts';
import { VARIANTS } from './variants.ts';
import { XML_FUNCTIONS } from './xml.ts';
import { XPATH } from './xpath.ts';
import type { FunctionSpec } from './spec.ts';

const ALL: readonly (readonly FunctionSpec[])[] = [
  ...SCALARS,
  AGGREGATES,
  COLLECTING_AGGREGATES,
  STATISTICAL_AGGREGATES,
  REGRESSION_AGGREGATES,
  HISTOGRAM,
  PERCENTILES,
  WINDOW_FUNCTIONS,
  COMPARISON_KEYS,
  CONSTRUCTORS,
  CONCAT,
  ARRAYS,
  ORDERED_ARRAYS,
  MAPS,
  LAMBDAS,
  GENERATORS,
  DATETIME,
  DATETIME_TEXT,
  DATETIME_MADE,
  JSON_FUNCTIONS,
  TIMES,
  TIME_BUCKET,
  TIME_WINDOWS,
  VARIANTS,
  GEOMETRIES,
  SKETCHES,
  FREQUENT,
  TUPLE_SKETCHES,
  KLL_SKETCHES,
  XML_FUNCTIONS,
  XPATH,
];

let byName: Map<string, FunctionSpec> | undefined;

/** @param name any case; aliases count */
export function findFunction(name: string): FunctionSpec | undefined {
  if (byName === undefined) {
    byName = new Map();
    for (const spec of ALL.flat()) for (const n of [spec.name, ...(spec.aliases ?? [])]) byName.set(n, spec);
  }
  return byName.get(name.toLowerCase());
}

export const functionNames = (): readonly string[] => {
  findFunction('');
  return [...byName!.keys()];
};
