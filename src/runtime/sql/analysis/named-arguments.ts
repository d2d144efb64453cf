// Arguments by name, f(b => 1, a => 2), in the order of the function's parameters. Source: NamedParametersSupport of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { FunctionSpec } from '../functions/spec.ts';
import type { Expr } from '../logical/expressions.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import { quoted } from './names.ts';

/**
 * @param given as written; @param values the same resolved
 * @throws AnalysisException NAMED_PARAMETERS_NOT_SUPPORTED, UNEXPECTED_POSITIONAL_ARGUMENT, UNRECOGNIZED_PARAMETER_NAME,
 *   DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.…, REQUIRED_PARAMETER_NOT_FOUND
 */
export function byPosition(
  name: string,
  spec: FunctionSpec | undefined,
  given: readonly Expression[],
  values: readonly Expr[],
  origin: Origin | undefined,
): readonly Expr[] {
  const keys = given.map((a) => (a.kind === 'namedArgumentExpression' ? a.key : undefined));
  const firstNamed = keys.findIndex((key) => key !== undefined);
  if (firstNamed < 0) return values;
  const routineName = quoted([name]);
  const fail = (condition: string, parameters: Readonly<Record<string, string>>): never => {
    throw new AnalysisException(condition, { routineName, ...parameters }, origin);
  };
  const names = spec?.parameterNames;
  if (spec === undefined || names === undefined)
    throw new AnalysisException('NAMED_PARAMETERS_NOT_SUPPORTED', { functionName: routineName }, origin);
  const late = keys.findIndex((key, i) => key === undefined && i > firstNamed);
  if (late >= 0) fail('UNEXPECTED_POSITIONAL_ARGUMENT', { parameterName: quoted([keys[late - 1]!]) });
  const placed = new Map<number, Expr>();
  keys.forEach((key, i) => {
    const at = key === undefined ? i : names.findIndex((n) => n.toLowerCase() === key.toLowerCase());
    const parameterName = quoted([key ?? names[i] ?? String(i)]);
    if (at < 0) fail('UNRECOGNIZED_PARAMETER_NAME', { argumentName: parameterName, proposal: names.map((n) => quoted([n])).join(' ') });
    if (placed.has(at)) {
      const why = at < firstNamed ? 'BOTH_POSITIONAL_AND_NAMED' : 'DOUBLE_NAMED_ARGUMENT_REFERENCE';
      fail(`DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.${why}`, { parameterName });
    }
    placed.set(at, values[i]!);
  });
  const defaults = spec.parameterDefaults ?? [];
  const required = names.length - defaults.length;
  const value = (at: number): Expr =>
    placed.get(at) ??
    defaults[at - required] ??
    fail('REQUIRED_PARAMETER_NOT_FOUND', { parameterName: quoted([names[at]!]), index: String(at) });
  return Array.from({ length: Math.max(required, ...[...placed.keys()].map((at) => at + 1)) }, (_, at) => value(at));
}
