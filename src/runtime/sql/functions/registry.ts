// All functions by name. Topics are files; a name twice is a defect that a test finds.
import { AGGREGATES } from './aggregates.ts';
import { COLLECTING_AGGREGATES } from './aggregates-collecting.ts';
import { PERCENTILES } from './aggregates-percentiles.ts';
import { STATISTICAL_AGGREGATES } from './aggregates-statistics.ts';
import { REGRESSION_AGGREGATES } from './aggregates-regression.ts';
import { WINDOW_FUNCTIONS } from './windows.ts';
import { SCALARS } from './scalars.ts';
import type { FunctionSpec } from './spec.ts';

const ALL: readonly (readonly FunctionSpec[])[] = [
  ...SCALARS,
  AGGREGATES,
  COLLECTING_AGGREGATES,
  STATISTICAL_AGGREGATES,
  REGRESSION_AGGREGATES,
  PERCENTILES,
  WINDOW_FUNCTIONS,
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
