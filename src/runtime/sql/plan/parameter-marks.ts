// Where `:name` and `?` stand in an unresolved plan. What becomes of them: ../analysis/parameters.ts, ../api/bind-parameters.ts.
import type { Parameter } from './expressions.ts';

/** Anything but plain objects, arrays and Maps: values, and origins, whose class is the SQL bundle's. */
export function isLeaf(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return true;
  return !Array.isArray(node) && !(node instanceof Map) && Object.getPrototypeOf(node) !== Object.prototype;
}

export const isParameter = (node: object): node is Parameter => (node as { kind?: string }).kind === 'parameter';

/** Below a node of any kind, in no order. One whose node stands in the plan twice is there twice. */
export function parametersIn(node: unknown): readonly Parameter[] {
  const found: Parameter[] = [];
  const look = (x: unknown): void => {
    if (isLeaf(x)) return;
    if (isParameter(x as object)) found.push(x as Parameter);
    else for (const child of x instanceof Map ? x.values() : Object.values(x as object)) look(child);
  };
  look(node);
  return found;
}

/** Offsets of question marks, ascending, each once: the order in which values are bound. */
export function questionMarksOf(parameters: readonly Parameter[]): readonly number[] {
  const offsets = parameters.flatMap((p) => (p.position === undefined ? [] : [p.position]));
  return [...new Set(offsets)].sort((a, b) => a - b);
}
