// x -> …: a lambda's variables get their types from the function that takes it (`FunctionSpec.lambdaTypes`). Source: ResolveLambdaVariables.
import { AnalysisException } from '../errors/spark-error.ts';
import { findFunction } from '../functions/registry.ts';
import { type Expr, type Lambda, type LambdaVariable, nextExprId } from '../logical/expressions.ts';
import type { Expression, LambdaFunction } from '../plan/expressions.ts';
import type { Analysis, Environment } from './analysis.ts';
import { quoted } from './names.ts';
import type { Scope } from './scope.ts';

export const hasLambda = (args: readonly Expression[]): boolean => args.some((a) => a.kind === 'lambdaFunction');

/** Arguments of a higher-order function, in order: a lambda's types come from what stands before it. */
export function resolveWithLambdas(
  name: string,
  args: readonly Expression[],
  scope: Scope,
  env: Environment,
  analysis: Analysis,
): readonly Expr[] {
  const spec = findFunction(name);
  const made: Expr[] = [];
  for (const [i, arg] of args.entries()) {
    if (arg.kind !== 'lambdaFunction') {
      const value = analysis.expression(arg, scope, env);
      const types = i === 0 ? undefined : spec?.lambdaTypes?.(made, i, analysis.settings);
      made.push(types === undefined ? value : withoutNames(value, WITH_INDEX.has(name) ? types.slice(0, 1) : types));
      continue;
    }
    const types = spec?.lambdaTypes?.(made, i, analysis.settings);
    if (types === undefined)
      throw new AnalysisException('INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION', { class: name }, arg.origin);
    if (types.length < arg.arguments.length)
      throw new AnalysisException(
        'INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH',
        { expectedNumArgs: String(arg.arguments.length), actualNumArgs: String(types.length) },
        arg.origin,
      );
    made.push(resolveLambda(arg, types, scope, env, analysis));
  }
  return made;
}

/** Functions whose lambda may leave out its second argument. */
const WITH_INDEX: ReadonlySet<string> = new Set(['transform', 'filter']);

/** transform(a, 0): a value where a lambda may stand is a lambda of it that looks at none of its arguments. */
const withoutNames = (
  body: Expr,
  types: readonly { readonly dataType: LambdaVariable['dataType']; readonly nullable: boolean }[],
): Lambda => ({
  kind: 'lambda',
  body,
  args: types.map((type, i): LambdaVariable => ({ kind: 'lambdaVariable', exprId: nextExprId(), name: `x${i}`, ...type })),
  dataType: body.dataType,
  nullable: body.nullable,
  origin: body.origin,
});

function resolveLambda(
  e: LambdaFunction,
  types: readonly { readonly dataType: LambdaVariable['dataType']; readonly nullable: boolean }[],
  scope: Scope,
  env: Environment,
  analysis: Analysis,
): Lambda {
  const names = e.arguments.map((a) => a.nameParts[0]!);
  if (new Set(names.map((n) => n.toLowerCase())).size < names.length)
    throw new AnalysisException(
      'INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES',
      { args: names.map((n) => quoted([n])).join(', '), caseSensitiveConfig: '"spark.sql.caseSensitive"' },
      e.origin,
    );
  const args = names.map((name, i): LambdaVariable => ({ kind: 'lambdaVariable', exprId: nextExprId(), name, ...types[i]! }));
  const body = analysis.expression(e.function, { ...scope, lambdas: [...args, ...(scope.lambdas ?? [])] }, env);
  return { kind: 'lambda', body, args, dataType: body.dataType, nullable: body.nullable, origin: e.origin };
}
