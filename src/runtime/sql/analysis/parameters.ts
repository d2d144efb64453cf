// Parameter markers: `:name` and `?` → the constants that the program gave. Source: BindParameters of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expression, Parameter } from '../plan/expressions.ts';
import type { Analysis } from './analysis.ts';

/** @throws AnalysisException UNBOUND_SQL_PARAMETER */
export function parameterValue(e: Parameter, analysis: Analysis): Expression {
  const { named, positional } = analysis.parameters ?? {};
  const value = e.name !== undefined ? named?.get(e.name) : positional?.[analysis.questionMarks().indexOf(e.position!)];
  if (value === undefined) throw new AnalysisException('UNBOUND_SQL_PARAMETER', { name: e.name ?? `_${e.position}` }, e.origin);
  return value;
}
