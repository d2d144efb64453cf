// window(time, width[, slide[, start]]) and session_window(time, gap) in a SELECT: the window becomes a column of the input, called `window` or
// `session_window`; a sliding one repeats rows, a session's is computed from the rows with the same other keys. Calls are its name afterwards.
// Source: TimeWindowing, SessionWindowing and UpdatingSessionsExec of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { literalOf } from '../../functions/arguments.ts';
import { castTo } from '../../functions/coercion.ts';
import { makeCall } from '../../functions/make-call.ts';
import { type WindowTimes, windowOfTimes } from '../../functions/time-windows.ts';
import {
  type AggregateCall,
  aliasOf,
  type Alias,
  attributeOf,
  type Expr,
  literal,
  newAttribute,
  type NamedExpr,
  type SortOrder,
  type WindowExpr,
} from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import type { Expression, UnresolvedFunction } from '../../plan/expressions.ts';
import { parseUnitPairs } from '../../parser/interval-text.ts';
import { CALENDAR_INTERVAL, INTEGER, TIMESTAMP } from '../../types/data-type.ts';
import type { Analysis, Environment, Resolved } from '../analysis.ts';

export type TimeWindowed = {
  readonly input: Resolved;
  /** The same expressions, in which the window is a column. */
  readonly replaced: (list: readonly Expression[]) => readonly Expression[];
};
const NAMES = ['window', 'session_window'];

/** @param keys of GROUP BY; @param list all other expressions. @returns undefined: there is no time window */
export function withTimeWindow(
  input: Resolved,
  keys: readonly Expression[],
  list: readonly Expression[],
  env: Environment,
  analysis: Analysis,
): TimeWindowed | undefined {
  const calls = [...keys, ...list].flatMap(timeWindowsIn);
  const [first] = calls;
  if (first === undefined) return undefined;
  const shape = shapeOf(first);
  if (calls.some((c) => shapeOf(c) !== shape))
    throw new AnalysisException('NOT_BUILT', { feature: 'Several time windows in one SELECT' }, first.origin);
  const name = first.functionName.toLowerCase();
  const resolve = (e: Expression): Expr => analysis.expression(e, input.scope, env);
  const time = timeOf(resolve(first.arguments[0]!), analysis);
  const others = keys.filter((k) => timeWindowsIn(k).length === 0 && k.kind !== 'literal').map(resolve);
  const made =
    name === 'window'
      ? slidingWindow(input.plan, time, first, env, analysis)
      : sessionWindow(input.plan, time, resolve(first.arguments[1]!), others, analysis);
  const column = { kind: 'unresolvedAttribute', nameParts: [name] } as const;
  const replace = (e: Expression): Expression => mapCalls(e, () => column);
  const scope = { ...input.scope, attributes: [...input.scope.attributes, made.column] };
  return { input: { plan: made.plan, scope }, replaced: (given) => given.map(replace) };
}

type WithColumn = { readonly plan: LogicalPlan; readonly column: ReturnType<typeof attributeOf> };

/** A window that another query made stands for its last instant. */
function timeOf(time: Expr, analysis: Analysis): Expr {
  if (time.dataType.tag === 'struct') return makeCall('window_time', [time], analysis.settings, time.origin);
  return time.dataType.tag === 'timestamp' || time.dataType.tag === 'timestamp_ntz' ? time : castTo(time, TIMESTAMP);
}

function slidingWindow(plan: LogicalPlan, time: Expr, call: UnresolvedFunction, env: Environment, analysis: Analysis): WithColumn {
  const micros = (at: number): bigint | undefined => {
    const argument = call.arguments[at];
    return argument === undefined ? undefined : durationOf(analysis.expression(argument, { attributes: [] }, env), call);
  };
  const width = micros(1) ?? 0n;
  const times: WindowTimes = { width, slide: micros(2) ?? width, start: micros(3) ?? 0n };
  const windows = windowOfTimes(time, times);
  const known = filtered(plan, makeCall('isnotnull', [time], analysis.settings));
  if (times.width === times.slide) return withColumns(known, aliasOf(windows, 'window'));
  const generator = makeCall('explode', [windows], analysis.settings);
  if (generator.kind !== 'generator' || windows.dataType.tag !== 'array') throw new Error('explode is a generator of arrays');
  const column = newAttribute('window', windows.dataType.elementType, false);
  return { plan: { kind: 'generate', child: known, generator, isOuter: false, generatorOutput: [column] }, column };
}

/** A text such as `10 minutes`, or an interval. @throws AnalysisException CANNOT_PARSE_INTERVAL */
function durationOf(e: Expr, call: UnresolvedFunction): bigint {
  const value = literalOf(e)?.value;
  if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value);
  const text = String(value ?? prettySql(e));
  const parts = parseUnitPairs(text)?.parts;
  if (parts === undefined || parts.months !== 0)
    throw new AnalysisException('CANNOT_PARSE_INTERVAL', { intervalString: `'${text}'` }, call.origin);
  return BigInt(parts.days) * 86_400_000_000n + parts.micros;
}

function sessionWindow(plan: LogicalPlan, time: Expr, gap: Expr, keys: readonly Expr[], { settings }: Analysis): WithColumn {
  const call = (name: string, ...args: Expr[]): Expr => makeCall(name, args, settings);
  const interval = gap.dataType.tag === 'string' ? castTo(gap, CALENDAR_INTERVAL) : gap;
  const timed = withColumns(plan, aliasOf(time, 'start'), aliasOf(call('+', time, interval), 'end'));
  const [start, end] = timed.columns as [Expr, Expr];
  // A gap that is not positive makes no session, nor does a time that is NULL.
  const known = filtered(timed.plan, call('>', end, start));
  const order: readonly SortOrder[] = [{ kind: 'sortOrder', child: start, ascending: true, nullsFirst: true }];
  const over = (name: string, arg: Expr, more: Partial<WindowExpr> = {}): Expr => {
    const fn = makeCall(name, [arg], settings) as AggregateCall;
    const frame = { type: 'rows', lower: { tag: 'unboundedPreceding' }, upper: { tag: 'unboundedFollowing' } } as const;
    return { kind: 'window', function: fn, partition: keys, order: [], frame, dataType: fn.dataType, nullable: true, ...more };
  };
  const rowsTo = (upper: WindowExpr['frame']['upper']): Partial<WindowExpr> => ({
    order,
    frame: { type: 'rows', lower: { tag: 'unboundedPreceding' }, upper },
  });
  const before = windowed(known, aliasOf(over('max', end, rowsTo({ tag: 'preceding', value: literal(1, INTEGER) })), 'before'));
  const goesOn = call('coalesce', call('<=', start, before.column), literal(false, { tag: 'boolean' }));
  const begins = withColumns(before.plan, aliasOf(call('if', goesOn, literal(0, INTEGER), literal(1, INTEGER)), 'begins'));
  const session = windowed(begins.plan, aliasOf(over('sum', begins.column, rowsTo({ tag: 'currentRow' })), 'session'));
  const whole = { partition: [...keys, session.column] };
  const first = windowed(session.plan, aliasOf(over('min', start, whole), 'first'));
  const last = windowed(first.plan, aliasOf(over('max', end, whole), 'last'));
  const made = withColumns(
    last.plan,
    aliasOf(call('named_struct', literalText('start'), first.column, literalText('end'), last.column), 'session_window'),
  );
  const kept = [...outputOf(plan), made.column];
  return { plan: { kind: 'project', child: made.plan, projectList: kept }, column: made.column };
}

const literalText = (text: string): Expr => literal(text, { tag: 'string', collation: 'UTF8_BINARY' });
const filtered = (child: LogicalPlan, condition: Expr): LogicalPlan => ({ kind: 'filter', child, condition });

function withColumns(child: LogicalPlan, ...columns: readonly Alias[]) {
  const made = columns.map(attributeOf);
  const projectList: readonly NamedExpr[] = [...outputOf(child), ...columns];
  return { plan: { kind: 'project', child, projectList } as LogicalPlan, column: made[0]!, columns: made };
}

function windowed(child: LogicalPlan, column: Alias): WithColumn {
  return { plan: { kind: 'window', child, windows: [column] }, column: attributeOf(column) };
}

const isTimeWindow = (e: unknown): e is UnresolvedFunction => {
  const { kind, functionName } = e as Partial<UnresolvedFunction>;
  return kind === 'unresolvedFunction' && typeof functionName === 'string' && NAMES.includes(functionName.toLowerCase());
};

/** Outside of subqueries. */
function timeWindowsIn(e: Expression): readonly UnresolvedFunction[] {
  const found: UnresolvedFunction[] = [];
  mapCalls(e, (call) => {
    found.push(call);
    return call;
  });
  return found;
}

function mapCalls<T>(node: T, made: (call: UnresolvedFunction) => Expression): T {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((n) => mapCalls(n, made)) as T;
  if (Object.getPrototypeOf(node) !== Object.prototype || (node as { kind?: string }).kind === 'subqueryExpression') return node;
  if (isTimeWindow(node)) return made(node) as T;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapCalls(value, made)])) as T;
}

/** What it says, wherever it stands. */
const shapeOf = (call: UnresolvedFunction): string =>
  JSON.stringify([call.functionName.toLowerCase(), call.arguments], (key, value: unknown) =>
    key === 'origin' ? undefined : typeof value === 'bigint' ? String(value) : value,
  );
