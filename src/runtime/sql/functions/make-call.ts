// A call of a function of the registry with arguments that are resolved: arity, coercion, result type, nullability.
// What the parser's node says besides (DISTINCT, FILTER, window, lambda) is the analyser's: ../analysis/.
import { AnalysisException } from '../errors/spark-error.ts';
import type { AggregateCall, Call, Expr, Generator, WindowCall } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import type { Origin } from '../plan/origin.ts';
import { DEFAULT_PATH, quotedPath } from '../plan/path-entry.ts';
import { NULL } from '../types/data-type.ts';
import { UNARY_MINUS } from './arithmetic.ts';
import { alignCollations, carriedCollation } from './collation-coercion.ts';
import { implicitCasts } from './coercion.ts';
import { findFunction } from './registry.ts';
import { alignLengths } from './text-lengths.ts';
import { quoteIdentifier } from '../types/type-names.ts';
import type { FunctionSpec, SessionSettings } from './spec.ts';

/** @throws AnalysisException UNRESOLVED_ROUTINE, WRONG_NUM_ARGS.…, DATATYPE_MISMATCH.… */
export function makeCall(
  name: string,
  args: readonly Expr[],
  settings: SessionSettings,
  origin?: Origin,
): Call | AggregateCall | WindowCall | Generator {
  const spec = name === '-' && args.length === 1 ? UNARY_MINUS : findFunction(name);
  if (spec === undefined)
    throw new AnalysisException(
      'UNRESOLVED_ROUTINE',
      { routineName: name.split('.').map(quoteIdentifier).join('.'), searchPath: quotedPath(settings.names?.path ?? DEFAULT_PATH) },
      origin,
    );
  return callOf(spec, args, settings, origin);
}

export function callOf(
  spec: FunctionSpec,
  given: readonly Expr[],
  settings: SessionSettings,
  origin?: Origin,
): Call | AggregateCall | WindowCall | Generator {
  const [least, most] = spec.arity;
  if (given.length < least || given.length > most)
    throw new AnalysisException(
      'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
      {
        functionName: `\`${spec.name}\``,
        expectedNum: arityText(least, most),
        actualNum: String(given.length),
      },
      origin,
    );
  const sql = () => spec.resultName?.(given.map(prettySql), given) ?? `${spec.name}(${given.map(prettySql).join(', ')})`;
  const aligned = alignCollations(spec.name, alignLengths(spec.name, given), sql);
  const coerced = spec.coerce?.(aligned, settings) ?? aligned;
  const fitted = spec.inputs === undefined ? coerced : implicitCasts(sql(), coerced, spec.inputs, settings);
  // Coercion writes ANSI casts; outside of ANSI mode what it added gives NULL or wraps around. When one fails, it is the call that has failed.
  const mode = settings.ansi ? {} : { mode: 'legacy' as const };
  const args = fitted.map((a, i) => (a.kind === 'cast' && a !== aligned[i] ? { ...a, ...mode, origin } : a));
  const result = spec.kind === 'generator' ? NULL : typeof spec.result === 'function' ? spec.result(args, settings) : spec.result;
  const dataType = carriedCollation(spec.name, aligned, result);
  const nullable = typeof spec.nullable === 'function' ? spec.nullable(args, settings) : (spec.nullable ?? args.some((a) => a.nullable));
  const common = { args, dataType, nullable, origin };
  switch (spec.kind) {
    case 'scalar':
      return { kind: 'call', spec, ...common };
    case 'aggregate':
      return { kind: 'aggregateCall', spec, isDistinct: false, ...common };
    case 'window':
      return { kind: 'windowCall', spec, ...common };
    case 'generator':
      return { kind: 'generator', spec, ...common };
  }
}

function arityText(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return `> ${least - 1}`;
  if (least === most) return String(least);
  return `[${Array.from({ length: most - least + 1 }, (_, i) => least + i).join(', ')}]`;
}
