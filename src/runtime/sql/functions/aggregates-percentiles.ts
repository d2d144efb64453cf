// Percentiles. percentile_approx answers exactly: the least value whose rank reaches the percentage, which is what Spark gives while its sketch is
// not compressed. Source: percentiles.scala, ApproximatePercentile.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type AggregateCall, type Expr, literal, type SortOrder } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { contains } from '../logical/tree.ts';
import * as T from '../types/data-type.ts';
import { inQuotes, literalOf, mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { castTo, isAnsiInterval, isDatetime, isNumeric, isString } from './coercion.ts';
import type { AggregateSpec, FunctionSpec, KernelContext } from './spec.ts';

/** @throws AnalysisException DATATYPE_MISMATCH.NON_FOLDABLE_INPUT */
function checkFoldable(name: string, args: readonly Expr[], e: Expr): void {
  if (contains(e, (x) => x.kind === 'attribute' || x.kind === 'outer'))
    throw mismatch('NON_FOLDABLE_INPUT', name, args, {
      inputName: '`percentage`',
      inputType: typeSql(e.dataType),
      inputExpr: inQuotes(prettySql(e)),
    });
}

/** Percentages as a double or an array of doubles, constant, from 0 to 1. */
function percentage(name: string, args: readonly Expr[], at: number): Expr {
  const e = args[at]!;
  const isArray = e.dataType.tag === 'array';
  const type = isArray ? T.arrayType(T.DOUBLE, false) : T.DOUBLE;
  const cast = castTo(e, type);
  for (const value of constants(e))
    if (value === null || value < 0 || value > 1)
      throw mismatch('VALUE_OUT_OF_RANGE', name, args, {
        exprName: 'percentage',
        valueRange: '[0.0, 1.0]',
        currentValue: value === null ? 'NULL' : `${value}D`,
      });
  return cast;
}

function constants(e: Expr): readonly (number | null)[] {
  const one = literalOf(e);
  if (one !== undefined && !Array.isArray(one.value)) return [one.value === null ? null : Number(one.value)];
  const inner = e.kind === 'cast' ? e.child : e;
  return inner.kind === 'call' && inner.spec.name === 'array' ? inner.args.flatMap(constants) : [];
}

/** How many percentages there are, constants or expressions of constants. */
function leaves(e: Expr): number {
  const inner = e.kind === 'cast' ? e.child : e;
  return inner.kind === 'call' && inner.spec.name === 'array' ? inner.args.length : 1;
}

const isList = (args: readonly Expr[], at: number): boolean => args[at]?.dataType.tag === 'array';
const perPercentage = (args: readonly Expr[], at: number, type: T.DataType, containsNull = false): T.DataType =>
  isList(args, at) ? T.arrayType(type, containsNull) : type;

/** Intervals stay intervals, the rest is a double. */
const interpolated = (t: T.DataType): T.DataType =>
  t.tag === 'yearMonthInterval' ? T.yearMonthIntervalType() : t.tag === 'dayTimeInterval' ? T.dayTimeIntervalType() : T.DOUBLE;

function exactInput(name: string, args: readonly Expr[]): Expr {
  const [a] = args as [Expr];
  if (isAnsiInterval(a.dataType)) return a;
  if (isNumeric(a.dataType) || isString(a.dataType) || a.dataType.tag === 'null') return castTo(a, T.DOUBLE);
  throw unexpectedInput(name, args, 0, '("NUMERIC" or "ANSI INTERVAL")');
}

/** Intervals between two are cut to whole months or µs. */
function interval(text: string, type: T.DataType, emit: KernelContext): string {
  const [element, kernel] = [type.tag === 'array' ? type.elementType : type, emit.typeName(type)];
  if (!isAnsiInterval(element)) return text;
  return type.tag === 'array' ? `list_transform(${text}, lambda v: trunc(v))::${kernel}` : `CAST(trunc(${text}) AS ${kernel})`;
}

/** Between the two values around the rank (n - 1)·p. With frequencies the values are written out that many times, in order. */
function continuous(value: string, at: string, call: AggregateCall, emit: KernelContext): string {
  return interval(emit.aggregateOf(call, 'quantile_cont', [value, at]), call.dataType, emit);
}

/** Several percentages at once need a constant list in DuckDB: they are constants in Spark too. */
function constantList(e: Expr, emit: KernelContext, isReverse = false): string {
  const list = constants(e).map((p) => (isReverse ? 1 - (p ?? 0) : (p ?? 0)));
  const isWhole = list.length === leaves(e);
  if (e.dataType.tag !== 'array') return isWhole ? `${list[0]}::DOUBLE` : isReverse ? `(1 - ${emit.emit(e)})` : emit.emit(e);
  if (isWhole) return `[${list.join(', ')}]::DOUBLE[]`;
  return isReverse ? `list_transform(${emit.emit(e)}, lambda p: 1 - p)` : emit.emit(e);
}

const PERCENTILE: AggregateSpec = {
  name: 'percentile',
  kind: 'aggregate',
  arity: [2, 3],
  coerce: (args) => {
    const all = args.length === 3 ? args : [...args, literal(1, T.LONG)];
    checkFoldable('percentile', all, all[1]!);
    return [exactInput('percentile', all), percentage('percentile', all, 1), castTo(all[2]!, T.LONG)];
  },
  result: (args) => perPercentage(args, 1, interpolated(args[0]!.dataType)),
  nullable: true,
  resultName: ([a, p, f]) => `percentile(${a}, ${p}, ${f ?? 1})`,
  kernel: ([a, , f], call, emit) => {
    const at = constantList(call.args[1]!, emit);
    if (literalOf(call.args[2])?.value !== undefined && Number(literalOf(call.args[2])!.value) === 1)
      return continuous(`${a}::DOUBLE`, at, call, emit);
    const values = emit.aggregateOf(call, 'list', [`list_resize([]::DOUBLE[], ${f}, ${a}::DOUBLE)`], {
      where: `${a} IS NOT NULL AND ${f} > 0`,
    });
    const name = isList(call.args, 1) ? `list_transform(${at}, lambda p: list_aggregate(flatten(${values}), 'quantile_cont', p))` : '';
    return name || `list_aggregate(flatten(${values}), 'quantile_cont', ${at})`;
  },
};

const invalid = (name: string, why: string, more: Readonly<Record<string, string>> = {}): AnalysisException =>
  new AnalysisException(`INVALID_WITHIN_GROUP_EXPRESSION.${why}`, { funcName: `\`${name}\``, ...more });
export const wrongOrders = (name: string, expected: number, order: readonly SortOrder[]): AnalysisException =>
  invalid(name, 'WRONG_NUM_ORDERINGS', { expectedNum: String(expected), actualNum: String(order.length) });
/** @throws AnalysisException INVALID_WITHIN_GROUP_EXPRESSION.… */
export function checkOneOrder(name: string, order: readonly SortOrder[] | undefined): void {
  if (order === undefined) throw invalid(name, 'WITHIN_GROUP_MISSING');
  if (order.length !== 1) throw wrongOrders(name, 1, order);
}
export const distinctUnsupported = (name: string): AnalysisException => invalid(name, 'DISTINCT_UNSUPPORTED');

/** percentile_cont and percentile_disc: WITHIN GROUP (ORDER BY x) is the value. */
const withinGroup = (name: string, kernel: 'quantile_cont' | 'quantile_disc'): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 1],
  coerce: (args) => [percentage(name, args, 0)],
  result: (args) => perPercentage(args, 0, T.DOUBLE),
  nullable: true,
  checkOrder: ({ order, isDistinct }) => {
    if (isDistinct) throw distinctUnsupported(name);
    checkOneOrder(name, order);
  },
  withinGroup: (call) => {
    const order = call.order![0]!;
    const child = exactInput(name, [order.child]);
    checkFoldable(name, [child, call.args[0]!], call.args[0]!);
    return { ...call, order: [{ ...order, child }], dataType: perPercentage(call.args, 0, interpolated(child.dataType)) };
  },
  kernel: (_, call, emit) => {
    const order = call.order![0]!;
    const value = `${emit.emit(order.child)}::DOUBLE`;
    const isReverse = !order.ascending;
    if (kernel === 'quantile_cont')
      return interval(emit.aggregateOf(call, kernel, [value, constantList(call.args[0]!, emit, isReverse)]), call.dataType, emit);
    const negated = isReverse ? `(-${value})` : value;
    const text = emit.aggregateOf(call, kernel, [negated, constantList(call.args[0]!, emit)]);
    if (!isReverse) return interval(text, call.dataType, emit);
    return interval(isList(call.args, 0) ? `list_transform(${text}, lambda v: -v)` : `(-${text})`, call.dataType, emit);
  },
});

const approximate = (name: string): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [2, 3],
  coerce: (args) => {
    const [a] = args as [Expr];
    const type = a.dataType;
    if (!isNumeric(type) && !isDatetime(type) && !isAnsiInterval(type) && !isString(type) && type.tag !== 'null')
      throw unexpectedInput(name, args, 0, '("NUMERIC" or "DATE" or "TIMESTAMP" or "TIMESTAMP_NTZ" or "ANSI INTERVAL")');
    checkFoldable(name, args, args[1]!);
    const accuracy = args[2] === undefined ? literal(10_000, T.LONG) : castTo(args[2], T.LONG);
    return [isString(type) || type.tag === 'null' ? castTo(a, T.DOUBLE) : a, percentage(name, args, 1), accuracy];
  },
  result: (args) => perPercentage(args, 1, args[0]!.dataType),
  nullable: true,
  resultName: ([a, p, n]) => `${name}(${a}, ${p}, ${n ?? 10_000})`,
  kernel: ([a], call, emit) => emit.aggregateOf(call, 'quantile_disc', [a!, constantList(call.args[1]!, emit)]),
});

export const PERCENTILES: readonly FunctionSpec[] = [
  PERCENTILE,
  {
    name: 'median',
    kind: 'aggregate',
    arity: [1, 1],
    coerce: (args) => [exactInput('median', args)],
    result: ([a]) => interpolated(a!.dataType),
    nullable: true,
    kernel: ([a], call, emit) => continuous(`${a}::DOUBLE`, '0.5::DOUBLE', call, emit),
  },
  withinGroup('percentile_cont', 'quantile_cont'),
  withinGroup('percentile_disc', 'quantile_disc'),
  approximate('percentile_approx'),
  approximate('approx_percentile'),
];
