// Expressions of the unresolved plan → typed ones: names through the scope, functions through the registry, casts.
// Source: Spark 4's ExpressionResolver.
import { AnalysisException } from '../errors/spark-error.ts';
import { castTo } from '../functions/coercion.ts';
import { makeCall } from '../functions/make-call.ts';
import { aliasOf, type Expr } from '../logical/expressions.ts';
import type { Expression, UnresolvedFunction } from '../plan/expressions.ts';
import type { Analysis, Environment } from './analysis.ts';
import { castOf } from './cast-rules.ts';
import { resolveLiteral } from './literals.ts';
import { resolveName, type Scope, unresolvedColumn } from './scope.ts';

export function resolveExpression(e: Expression, scope: Scope, env: Environment, analysis: Analysis): Expr {
  const resolve = (x: Expression) => analysis.expression(x, scope, env);
  switch (e.kind) {
    case 'literal':
      return resolveLiteral(e.value, e.origin, analysis);
    case 'unresolvedAttribute': {
      const found = resolveName(e.nameParts, scope, e.origin);
      if (found === undefined) throw unresolvedColumn(e.nameParts, scope, e.origin);
      return found;
    }
    case 'alias': {
      const child = resolve(e.expr);
      return aliasOf(child, e.name[0]!);
    }
    case 'cast': {
      const child = resolve(e.expr);
      return castOf(child, e.type, e.evalMode ?? (analysis.settings.ansi ? 'ansi' : 'legacy'), e.origin);
    }
    case 'unresolvedFunction':
      return resolveFunction(e, resolve, analysis);
    default:
      throw new AnalysisException('NOT_BUILT', { feature: `The expression ${e.kind}` }, e.origin);
  }
}

function resolveFunction(e: UnresolvedFunction, resolve: (x: Expression) => Expr, analysis: Analysis): Expr {
  const star = e.arguments.length === 1 && e.arguments[0]!.kind === 'unresolvedStar' && e.functionName.toLowerCase() === 'count';
  const args = star ? [] : e.arguments.map((a) => resolve(a));
  const made = makeCall(e.functionName, args, analysis.settings, e.origin);
  if (made.kind !== 'aggregateCall') return made;
  const filter = e.filter && castTo(resolve(e.filter), { tag: 'boolean' });
  return { ...made, isDistinct: e.isDistinct ?? false, ...(filter && { filter }) };
}
