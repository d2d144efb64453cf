// A call of the unresolved plan → a call of the registry: its name, `*` as argument, lambdas, DISTINCT, FILTER, WITHIN GROUP, IGNORE NULLS.
// Arguments' types are ../functions/make-call.ts's. Source: FunctionResolver of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { castTo } from '../functions/coercion.ts';
import { makeCall } from '../functions/make-call.ts';
import { findFunction } from '../functions/registry.ts';
import { type AggregateCall, type Expr, literal, type SortOrder } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { contains } from '../logical/tree.ts';
import type { SortOrder as UnresolvedOrder, UnresolvedFunction } from '../plan/expressions.ts';
import * as T from '../types/data-type.ts';
import { castOf } from './cast-rules.ts';
import type { Analysis, Environment } from './analysis.ts';
import { DEFAULT_PATH, isBuiltin, isInSession, isSession } from '../plan/path-entry.ts';
import { constantText } from './constant-text.ts';
import { groupingCall } from './grouping-call.ts';
import { hasLambda, resolveWithLambdas } from './lambda.ts';
import { byPosition } from './named-arguments.ts';
import { inQuotes, quoted } from './names.ts';
import { quotedRegexColumns } from './regex-columns.ts';
import { resolveName, type Scope } from './scope.ts';
import { callSqlFunction, type SqlFunction } from './sql-function.ts';
import { expandStar } from './star.ts';
import { callUserAggregate, scalarUserFunction } from './user-functions.ts';

/** Functions that are casts: int('1') and its kin. Source: FunctionRegistry.castAlias of Spark 4.2. */
const CASTS: Readonly<Record<string, T.DataType>> = {
  boolean: T.BOOLEAN,
  tinyint: T.BYTE,
  smallint: T.SHORT,
  int: T.INTEGER,
  bigint: T.LONG,
  float: T.FLOAT,
  double: T.DOUBLE,
  decimal: T.decimalType(10, 0),
  date: T.DATE,
  time: T.timeType(6),
  timestamp: T.TIMESTAMP,
  binary: T.BINARY,
  string: T.STRING,
};

/** Its result is called what its argument is called. */
function castCall(name: string, to: T.DataType, e: UnresolvedFunction, scope: Scope, env: Environment, analysis: Analysis): Expr {
  if (e.arguments.length !== 1)
    throw new AnalysisException(
      'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
      {
        functionName: quoted([name]),
        expectedNum: '1',
        actualNum: String(e.arguments.length),
        docroot: 'https://spark.apache.org/docs/latest',
      },
      e.origin,
    );
  return castOf(analysis.expression(e.arguments[0]!, scope, env), to, analysis.settings.ansi ? 'ansi' : 'legacy', e.origin);
}

/** @param isOver its OVER clause is the caller's: window functions are allowed */
export function resolveFunction(e: UnresolvedFunction, scope: Scope, env: Environment, analysis: Analysis, isOver = false): Expr {
  const { aliases: _, outer: __, ...columns } = scope;
  const column = e.keyword === undefined ? undefined : resolveName([e.keyword], columns, e.origin);
  if (column !== undefined) return column;
  const name = functionName(e, env, analysis);
  if (name === 'grouping' || name === 'grouping_id')
    return groupingCall(
      name,
      e.arguments.map((a) => analysis.expression(a, scope, env)),
      e.origin,
    );
  const user = seesSession(name, analysis) ? analysis.findUserFunction?.(name.split('.').at(-1)!) : undefined;
  if (user?.how === 'aggregator')
    return aggregateCall(callUserAggregate(user, e, scope, env, analysis), e, scope.inAggregates ?? scope, env, analysis);
  if (user !== undefined) {
    refuse(e, user.name, NOT_FOR_SCALARS);
    return scalarUserFunction(user, e, scope, env, analysis);
  }
  const written = writtenFunction(name, analysis);
  if (written !== undefined) return callSqlFunction(written, e.arguments, scope, env, analysis, e.origin);
  const castTarget = Object.hasOwn(CASTS, name) ? CASTS[name] : undefined;
  if (castTarget !== undefined) return castCall(name, castTarget, e, scope, env, analysis);
  const spec = findFunction(name);
  const inside = spec?.kind === 'aggregate' ? (scope.inAggregates ?? scope) : scope;
  const args = resolveArguments(name, e, inside, env, analysis);
  const made = makeCall(name, args, analysis.settings, e.origin);
  if (made.kind === 'windowCall' && !isOver)
    throw new AnalysisException('WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE', { funcName: inQuotes(prettySql(made)) }, e.origin);
  if (made.kind === 'windowCall') {
    refuse(e, made.spec.name, { isDistinct: 'DISTINCT', filter: 'FILTER clause' });
    return e.ignoreNulls === undefined ? made : { ...made, ignoreNulls: e.ignoreNulls };
  }
  if (made.kind !== 'aggregateCall') {
    refuse(e, made.spec.name, NOT_FOR_SCALARS);
    if (made.kind === 'call' && made.spec.atStart !== undefined)
      return { ...made.spec.atStart(analysis.settings, analysis.nowMicros, made.args), origin: e.origin };
    return made;
  }
  return aggregateCall(made, e, inside, env, analysis);
}

/** The function in SQL that a name means: one of ours wins where the path has it first. */
export function writtenFunction(name: string, analysis: Analysis): SqlFunction | undefined {
  const parts = name.split('.');
  if (parts.length > 1) return analysis.findSqlFunction?.(parts);
  const isOurs = Object.hasOwn(CASTS, name) || findFunction(name) !== undefined;
  for (const entry of analysis.path ?? DEFAULT_PATH) {
    if (isBuiltin(entry) && isOurs) return undefined;
    const found = isBuiltin(entry) ? undefined : analysis.findSqlFunction?.([...entry, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a name may be a function of the program: `f` where the path has the session, `session.f`. */
export function seesSession(name: string, analysis: Analysis): boolean {
  const prefix = name.split('.').slice(0, -1);
  return prefix.length === 0 ? (analysis.path ?? DEFAULT_PATH).some(isSession) : isInSession(prefix);
}

function aggregateCall(made: AggregateCall, e: UnresolvedFunction, scope: Scope, env: Environment, analysis: Analysis): AggregateCall {
  const filter = e.filter && castTo(analysis.expression(e.filter, scope, env), T.BOOLEAN);
  if (filter !== undefined && contains(filter, (x) => x.kind === 'aggregateCall'))
    throw new AnalysisException(
      'INVALID_AGGREGATE_FILTER.CONTAINS_AGGREGATE',
      { filterExpr: inQuotes(prettySql(filter)), aggExpr: inQuotes(prettySql(filter)) },
      e.origin,
    );
  const order = e.withinGroup?.map((o) => resolveOrder(o, scope, env, analysis));
  const call: AggregateCall = {
    ...made,
    isDistinct: e.isDistinct ?? false,
    ...(filter && { filter }),
    ...(order && { order }),
    ...(e.ignoreNulls !== undefined && { ignoreNulls: e.ignoreNulls }),
  };
  made.spec.checkOrder?.(call);
  if (order === undefined) return call;
  if (made.spec.checkOrder === undefined && made.spec.withinGroup === undefined)
    refuse(e, made.spec.name, { withinGroup: 'WITHIN GROUP (ORDER BY ...)' });
  return made.spec.withinGroup?.(call) ?? call;
}

export const resolveOrder = (o: UnresolvedOrder, scope: Scope, env: Environment, analysis: Analysis): SortOrder => ({
  kind: 'sortOrder',
  child: analysis.expression(o.child, scope, env),
  ascending: o.direction === 'ascending',
  nullsFirst: o.nullOrdering === 'nullsFirst',
});

const NOT_FOR_SCALARS = {
  isDistinct: 'DISTINCT',
  filter: 'FILTER clause',
  ignoreNulls: 'IGNORE NULLS',
  withinGroup: 'WITHIN GROUP (ORDER BY ...)',
};

function refuse(e: UnresolvedFunction, name: string, syntax: Partial<Record<keyof UnresolvedFunction, string>>): void {
  for (const [key, what] of Object.entries(syntax)) {
    const value = e[key as keyof UnresolvedFunction];
    if (value !== undefined && value !== false)
      throw new AnalysisException(
        'INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX',
        { prettyName: quoted([name]), syntax: inQuotes(what) },
        e.origin,
      );
  }
}

/** `upper`, `system.builtin.upper`, IDENTIFIER('upper'). */
function functionName(e: UnresolvedFunction, env: Environment, analysis: Analysis): string {
  const parts = e.nameExpression === undefined ? (e.nameParts ?? [e.functionName]) : constantText(e.nameExpression, env, analysis);
  const isBuiltin = parts.length > 1 && parts.at(-2)!.toLowerCase() === 'builtin';
  return isBuiltin || parts.length === 1 ? parts.at(-1)!.toLowerCase() : parts.join('.');
}

function resolveArguments(name: string, e: UnresolvedFunction, scope: Scope, env: Environment, analysis: Analysis): readonly Expr[] {
  const [only] = e.arguments;
  // count(*) counts rows; count(t.*) and count(DISTINCT *) count columns.
  if (name === 'count' && e.arguments.length === 1 && only?.kind === 'unresolvedStar' && only.unparsedTarget === undefined && !e.isDistinct)
    return [literal(1, T.INTEGER, only.origin)];
  const spec = findFunction(name);
  if (hasLambda(e.arguments) || (spec?.kind === 'scalar' && spec.lambdaTypes !== undefined))
    return resolveWithLambdas(name, e.arguments, scope, env, analysis);
  const values = e.arguments.flatMap((a): readonly Expr[] =>
    a.kind === 'unresolvedStar'
      ? expandStar(a, scope)
      : (quotedRegexColumns(a, scope, analysis) ?? [analysis.expression(a.kind === 'namedArgumentExpression' ? a.value : a, scope, env)]),
  );
  return byPosition(name, spec, e.arguments, values, e.origin);
}
