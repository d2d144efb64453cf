// All functions by name. Topics are files; a name twice is a defect that a test finds.
import { ARITHMETIC } from './arithmetic.ts';
import { AGGREGATES } from './aggregates.ts';
import { PREDICATES } from './predicates.ts';
import { STRINGS } from './strings.ts';
import type { FunctionSpec } from './spec.ts';

const ALL: readonly (readonly FunctionSpec[])[] = [ARITHMETIC, PREDICATES, STRINGS, AGGREGATES];

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
