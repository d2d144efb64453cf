// Parameter markers: `:name` and `?` → the constants that the program gave. Source: BindParameters of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expression, Parameter } from '../plan/expressions.ts';
import { Origin } from '../plan/origin.ts';
import type { Analysis } from './analysis.ts';

/** @throws AnalysisException UNBOUND_SQL_PARAMETER */
export function parameterValue(e: Parameter, analysis: Analysis): Expression {
  const { named, positional } = analysis.parameters ?? {};
  const value = e.name !== undefined ? named?.get(e.name) : positional?.[analysis.questionMarks().indexOf(e.position!)];
  if (value === undefined) throw new AnalysisException('UNBOUND_SQL_PARAMETER', { name: e.name ?? `_${e.position}` }, e.origin);
  return value;
}

/** Offsets of the question marks below a node of the unresolved plan, ascending. */
export function questionMarksIn(node: unknown): readonly number[] {
  const found = new Set<number>();
  const look = (x: unknown): void => {
    if (typeof x !== 'object' || x === null || x instanceof Origin || x instanceof Uint8Array) return;
    if (x instanceof Map) return [...x.values()].forEach(look);
    const { kind, position } = x as { kind?: unknown; position?: unknown };
    if (kind === 'parameter' && typeof position === 'number') found.add(position);
    else Object.values(x).forEach(look);
  };
  look(node);
  return [...found].sort((a, b) => a - b);
}
