// f(…) OVER (PARTITION BY … ORDER BY … frame): the window's spec by name or in place, the frame that Spark takes where none is written, and
// what a frame may be. Source: WindowsSubstitution, WindowFrameCoercion, SpecifiedWindowFrame.checkInputDataTypes of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { castTo, isAnsiInterval, isNumeric, isString } from '../functions/coercion.ts';
import {
  type AggregateCall,
  type Expr,
  type Frame,
  type FrameBound,
  literal,
  type SortOrder,
  type WindowCall,
  type WindowExpr,
} from '../logical/expressions.ts';
import { frameSql, orderSql, prettySql } from '../logical/pretty-sql.ts';
import type { Expression, FrameBoundary, Window, WindowFrame, WindowSpec } from '../plan/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import { type DataType, INTEGER, sameType } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import type { Analysis, Environment } from './analysis.ts';
import { inQuotes } from './names.ts';
import { resolveFunction, resolveOrder } from './resolve-function.ts';
import type { Scope } from './scope.ts';

export function resolveWindow(e: Window, scope: Scope, env: Environment, analysis: Analysis): Expr {
  const spec = specOf(e, env);
  const fn = functionOf(e.windowFunction, scope, env, analysis);
  const partition = spec.partitionSpec.map((p) => analysis.expression(p, scope, env));
  const order = spec.orderSpec.map((o) => resolveOrder(o, scope, env, analysis));
  const given = spec.frameSpec && frameOf(spec.frameSpec, order, scope, env, analysis);
  if (given !== undefined) checkFrame(given, partition, order, e.origin);
  const frame = frameFor(fn, order, given, e.origin);
  if (fn.kind === 'windowCall' && order.length === 0)
    throw new AnalysisException('WINDOW_FUNCTION_FRAME_NOT_ORDERED', { wf_expr: prettySql(fn), wf_name: fn.spec.name }, e.origin);
  if (fn.kind === 'aggregateCall' && fn.isDistinct)
    throw new AnalysisException(
      'DISTINCT_WINDOW_FUNCTION_UNSUPPORTED',
      { windowExpr: inQuotes(windowSql(fn, partition, order, frame)) },
      e.origin,
    );
  if (fn.kind === 'aggregateCall' && (order.length > 0 || frameSql(frame) !== frameSql(UNBOUNDED))) refuseRunning(fn, e.origin);
  return { kind: 'window', function: fn, partition, order, frame, dataType: fn.dataType, nullable: fn.nullable, origin: e.origin };
}

/** What sorts its input itself takes whole partitions. @throws AnalysisException INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC */
function refuseRunning({ spec: { name }, args, order }: AggregateCall, origin: Origin | undefined): void {
  const isList = /^(listagg|string_agg)$/.test(name);
  if (isList ? order === undefined : !/^(median|percentile_cont|percentile_disc)$/.test(name)) return;
  const orders = order?.map((o) => (isList ? orderSql(o) : prettySql(o.child))) ?? [];
  const all = isList ? [...args.map(prettySql), ...orders] : [...orders, ...args.map(prettySql)];
  throw new AnalysisException(
    'INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC',
    { aggFunc: inQuotes(`${isList ? 'listagg' : name}(${all.join(', ')})`) },
    origin,
  );
}

const windowSql = (fn: WindowExpr['function'], partition: readonly Expr[], order: readonly SortOrder[], frame: Frame): string =>
  prettySql({ kind: 'window', function: fn, partition, order, frame, dataType: fn.dataType, nullable: true });

/** @throws AnalysisException MISSING_WINDOW_SPECIFICATION */
function specOf(e: Window, env: Environment): WindowSpec {
  if (e.windowName === undefined) return e;
  const spec = env.windows?.get(e.windowName);
  if (spec === undefined)
    throw new AnalysisException(
      'MISSING_WINDOW_SPECIFICATION',
      { windowName: e.windowName, docroot: 'https://spark.apache.org/docs/latest' },
      e.origin,
    );
  return spec;
}

function functionOf(e: Expression, scope: Scope, env: Environment, analysis: Analysis): WindowExpr['function'] {
  const plain = e.kind === 'callFunction' ? ({ ...e, kind: 'unresolvedFunction' } as const) : e;
  const made =
    plain.kind === 'unresolvedFunction' ? resolveFunction(plain, scope, env, analysis, true) : analysis.expression(e, scope, env);
  if (made.kind === 'windowCall' || made.kind === 'aggregateCall') return made;
  throw new AnalysisException('UNSUPPORTED_EXPR_FOR_WINDOW', { sqlExpr: inQuotes(prettySql(made)) }, e.origin);
}

const UNBOUNDED: Frame = { type: 'rows', lower: { tag: 'unboundedPreceding' }, upper: { tag: 'unboundedFollowing' } };
const RUNNING_ROWS: Frame = { type: 'rows', lower: { tag: 'unboundedPreceding' }, upper: { tag: 'currentRow' } };

/** Ranking functions and lag and lead have frames of their own. */
function frameFor(fn: WindowExpr['function'], order: readonly SortOrder[], given: Frame | undefined, origin: Origin | undefined): Frame {
  const own = fn.kind === 'windowCall' ? ownFrame(fn) : undefined;
  if (own === undefined) return given ?? (order.length > 0 ? { ...RUNNING_ROWS, type: 'range' } : UNBOUNDED);
  if (given !== undefined && frameSql(given) !== frameSql(own))
    throw new AnalysisException(
      'WINDOW_FUNCTION_AND_FRAME_MISMATCH',
      { funcName: inQuotes(prettySql(fn)), windowExpr: inQuotes(windowSql(fn, [], order, given)) },
      origin,
    );
  return own;
}

function ownFrame(fn: WindowCall): Frame | undefined {
  switch (fn.spec.name) {
    case 'lag':
    case 'lead': {
      const offset = fn.args[1] ?? literal(1, INTEGER);
      const moved = fn.spec.name === 'lag' && offset.kind === 'literal' ? { ...offset, value: -(offset.value as number) } : offset;
      const bound: FrameBound = { tag: 'following', value: moved };
      return { type: 'rows', lower: bound, upper: bound };
    }
    case 'nth_value':
      return undefined;
    case 'cume_dist':
      return { ...RUNNING_ROWS, type: 'range' };
    default:
      return RUNNING_ROWS;
  }
}

function frameOf(
  { frameType, lower, upper }: WindowFrame,
  order: readonly SortOrder[],
  scope: Scope,
  env: Environment,
  analysis: Analysis,
): Frame {
  const type = frameType === 'row' ? 'rows' : 'range';
  const bound = (b: FrameBoundary, side: 'lower' | 'upper'): FrameBound => {
    if (b.tag === 'currentRow') return b;
    if (b.tag === 'unbounded') return { tag: side === 'lower' ? 'unboundedPreceding' : 'unboundedFollowing' };
    return boundOf(b.value, (e) => analysis.expression(e, scope, env));
  };
  const made: Frame = { type, lower: bound(lower, 'lower'), upper: bound(upper, 'upper') };
  const by = order.length === 1 ? order[0]!.child.dataType : undefined;
  if (type === 'rows' || by === undefined) return made;
  const isPlain = (t: DataType): boolean => isNumeric(t) || isString(t) || t.tag === 'boolean';
  const isCast = (t: DataType): boolean => (isAnsiInterval(by) ? t.tag === by.tag : isPlain(by) && isPlain(t));
  const cast = (b: FrameBound): FrameBound => ('value' in b && isCast(b.value.dataType) ? { ...b, value: castTo(b.value, by) } : b);
  return { ...made, lower: cast(made.lower), upper: cast(made.upper) };
}

/** The parser says `n PRECEDING` as −n; the API gives numbers with their sign. */
function boundOf(e: Expression, resolve: (e: Expression) => Expr): FrameBound {
  if (e.kind === 'unresolvedFunction' && e.functionName === 'negative') return positive('preceding', resolve(e.arguments[0]!));
  return positive('following', resolve(e));
}

function positive(tag: 'preceding' | 'following', value: Expr): FrameBound {
  if (value.kind !== 'literal' || (typeof value.value !== 'number' && typeof value.value !== 'bigint')) return { tag, value };
  if (Number(value.value) === 0) return { tag: 'currentRow' };
  if (value.value > 0) return { tag, value };
  return { tag: tag === 'preceding' ? 'following' : 'preceding', value: { ...value, value: -value.value } };
}

/** @throws AnalysisException DATATYPE_MISMATCH.… */
function checkFrame(frame: Frame, partition: readonly Expr[], order: readonly SortOrder[], origin: Origin | undefined): void {
  const specSql = () => {
    const parts = [
      partition.length > 0 ? `PARTITION BY ${partition.map(prettySql).join(', ')}` : '',
      order.length > 0 ? `ORDER BY ${order.map(orderSql).join(', ')}` : '',
      frameSql(frame),
    ];
    return inQuotes(`(${parts.filter((p) => p !== '').join(' ')})`);
  };
  const fail = (why: string, parameters: Record<string, string>): never => {
    throw new AnalysisException(`DATATYPE_MISMATCH.${why}`, parameters, origin);
  };
  const bounded = [frame.lower, frame.upper].filter((b) => 'value' in b);
  const isBound = frame.type === 'rows' ? isRowCount : isRangeBound;
  for (const [b, location] of [
    [frame.lower, 'lower'],
    [frame.upper, 'upper'],
  ] as const)
    if ('value' in b && !isBound(b.value.dataType))
      fail('SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE', {
        sqlExpr: inQuotes(frameSql(frame)),
        location,
        exprType: inQuotes(sqlType(b.value.dataType)),
        expectedType: frame.type === 'rows' ? '"INT"' : '("NUMERIC" or "INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH" or "INTERVAL")',
      });
  if (frame.type === 'range' && bounded.length > 0) {
    if (order.length === 0) fail('RANGE_FRAME_WITHOUT_ORDER', { sqlExpr: specSql() });
    if (order.length > 1)
      fail('RANGE_FRAME_MULTI_ORDER', { sqlExpr: specSql(), orderSpec: order.map((o) => inQuotes(orderSql(o))).join(',') });
    const by = order[0]!.child.dataType;
    const distance = bounded[0]!.value.dataType;
    if (!isDistance(distance, by))
      fail('RANGE_FRAME_INVALID_TYPE', {
        sqlExpr: specSql(),
        orderSpecType: inQuotes(sqlType(by)),
        valueBoundaryType: inQuotes(sqlType(distance)),
      });
  }
  if (rank(frame.lower) > rank(frame.upper))
    fail('SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON', { sqlExpr: inQuotes(frameSql(frame)), comparison: 'less than or equal' });
}

const isRowCount = ({ tag }: DataType): boolean => tag === 'integer' || tag === 'short' || tag === 'byte';
const isRangeBound = (t: DataType): boolean => isNumeric(t) || isAnsiInterval(t) || t.tag === 'calendarInterval';

/** Source: WindowSpecDefinition.isValidFrameType. */
function isDistance(t: DataType, by: DataType): boolean {
  if (by.tag === 'date')
    return t.tag === 'integer' || t.tag === 'yearMonthInterval' || (t.tag === 'dayTimeInterval' && t.endField === 'day');
  if (by.tag === 'timestamp' || by.tag === 'timestamp_ntz') return isAnsiInterval(t) || t.tag === 'calendarInterval';
  return sameType(t, by);
}

/** Bounds in order, as far as literals tell. */
function rank(b: FrameBound): number {
  if (b.tag === 'unboundedPreceding') return Number.NEGATIVE_INFINITY;
  if (b.tag === 'unboundedFollowing') return Number.POSITIVE_INFINITY;
  if (!('value' in b)) return 0;
  const n = b.value.kind === 'literal' ? Number(b.value.value) : 1;
  return b.tag === 'preceding' ? -n : n;
}
