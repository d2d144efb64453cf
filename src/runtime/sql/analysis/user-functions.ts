// Calls of functions of the program: a udf is an expression of its own, a udaf an aggregate function like ours.
import { callOf } from '../functions/make-call.ts';
import { userAggregateSpec } from '../functions/user-aggregates.ts';
import type { AggregateCall, Expr, UdfCall } from '../logical/expressions.ts';
import type { CommonInlineUserDefinedFunction } from '../plan/expressions.ts';
import type { UserAggregate, UserFunction } from '../plan/user-function.ts';
import type { Analysis, Environment } from './analysis.ts';
import type { Scope } from './scope.ts';

export function callUserFunction(e: CommonInlineUserDefinedFunction, scope: Scope, env: Environment, analysis: Analysis): Expr {
  const f = e.function as UserFunction | UserAggregate;
  return f.how === 'aggregator' ? callUserAggregate(f, e, scope, env, analysis) : scalarUserFunction(f, e, scope, env, analysis);
}

type Call = Pick<CommonInlineUserDefinedFunction, 'arguments' | 'isDistinct' | 'origin'>;

export function scalarUserFunction(f: UserFunction, e: Call, scope: Scope, env: Environment, analysis: Analysis): UdfCall {
  return {
    kind: 'udf',
    name: f.name,
    function: f,
    args: e.arguments.map((a) => analysis.expression(a, scope, env)),
    deterministic: f.deterministic,
    dataType: f.returnType,
    nullable: true,
    origin: e.origin,
  };
}

/** @throws AnalysisException WRONG_NUM_ARGS.…, DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE */
export function callUserAggregate(
  f: UserAggregate,
  { arguments: given, isDistinct, origin }: Call,
  scope: Scope,
  env: Environment,
  analysis: Analysis,
): AggregateCall {
  const args = given.map((a) => analysis.expression(a, scope.inAggregates ?? scope, env));
  const call = callOf(userAggregateSpec(f), args, analysis.settings, origin) as AggregateCall;
  return isDistinct ? { ...call, isDistinct } : call;
}
