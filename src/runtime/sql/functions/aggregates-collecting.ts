// Aggregates that keep values: first and last, by the least or greatest of another, lists, sets, texts, the most frequent.
// Source: First, Last, MinMaxByAgg, collect.scala, Mode of Spark 4.2. On "any" row of equals: whichever the kernel meets first.
import { AnalysisException } from '../errors/spark-error.ts';
import { type AggregateCall, type Expr, literal } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { isCollated } from '../types/collations.ts';
import * as T from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { checkOneOrder, distinctUnsupported, wrongOrders } from './aggregates-percentiles.ts';
import { checkOrderable, inQuotes, literalOf, mismatch, unexpectedInput } from './arguments.ts';
import { hasMap, keyText } from './comparison-keys.ts';
import { castTo, isAtomic, isString } from './coercion.ts';
import { howMany, topKernel, topPartials } from './aggregates-top.ts';
import { letAll } from './kernel-text.ts';
import type { AggregateSpec, FunctionSpec, KernelContext, Partials } from './spec.ts';

const firstType = (args: readonly Expr[]): T.DataType => args[0]!.dataType;

/** IGNORE NULLS after the call, or `true` as its second argument. */
function ignoresNulls(call: AggregateCall): boolean {
  return call.ignoreNulls ?? literalOf(call.args[1])?.value === true;
}

function checkFlag(name: string, args: readonly Expr[]): readonly Expr[] {
  const flag = args[1];
  if (flag === undefined || (literalOf(flag)?.dataType.tag === 'boolean' && literalOf(flag)!.value !== null)) return args;
  throw new AnalysisException('_LEGACY_ERROR_TEMP_1210', {}, flag.origin, `The second argument in ${name} should be a boolean literal.`);
}

const edge = (name: string, kernel: 'first' | 'last'): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 2],
  coerce: (args) => checkFlag(name, args),
  result: firstType,
  nullable: true,
  resultName: ([a]) => `${name}(${a})`,
  kernel: ([a], call, emit) => {
    const ignoreNulls = ignoresNulls(call);
    if (emit.isWindow() && call.filter !== undefined) {
      // A window function of the kernel has no FILTER: rows outside of it are NULL, the others a struct, whatever they hold.
      const conditions = [emit.emit(call.filter), ...(ignoreNulls ? [`${a} IS NOT NULL`] : [])];
      return `${emit.windowOf({ ignoreNulls: true }, `${kernel}_value`, [`CASE WHEN ${conditions.join(' AND ')} THEN struct_pack(v := ${a}) END`])}.v`;
    }
    if (emit.isWindow()) return emit.windowOf({ ignoreNulls }, `${kernel}_value`, [a!]);
    return emit.aggregateOf(call, kernel, [a!], ignoreNulls ? { where: `${a} IS NOT NULL` } : {});
  },
});

/** The pair with the least or greatest key as a struct: structs are compared field by field, and one of another task can be compared with it. */
const extremeBy = (name: 'min_by' | 'max_by'): AggregateSpec => {
  const kernel = name === 'min_by' ? 'arg_min_null' : 'arg_max_null';
  return {
    name,
    kind: 'aggregate',
    arity: [2, 3],
    coerce: (args) => {
      checkOrderable(name, args, args[1]!.dataType);
      return args.length === 3 ? [args[0]!, args[1]!, howMany(name, args)] : args;
    },
    result: (args) => (args.length === 3 ? T.arrayType(firstType(args)) : firstType(args)),
    nullable: (args) => args.length < 3,
    kernel: ([x, y, k], call, emit) => (k === undefined ? emit.aggregateOf(call, kernel, [x!, y!]) : topKernel(name, [x!, y!], call, emit)),
    partials: (whole) => (whole.args.length === 3 ? topPartials(name, whole) : extremePartials(name, kernel, whole)),
  };
};

const extremePartials = (name: string, kernel: string, { args }: AggregateCall): Partials => ({
  parts: [
    {
      dataType: T.structType([T.structField('k', args[1]!.dataType), T.structField('v', args[0]!.dataType)]),
      partial: ([x, y], call, emit) => {
        const key = emit.aggregateOf(call, name === 'min_by' ? 'min' : 'max', [y!]);
        return `CASE WHEN ${key} IS NOT NULL THEN struct_pack(k := ${key}, v := ${emit.aggregateOf(call, kernel, [x!, y!])}) END`;
      },
      merge: `${kernel}($1, struct_extract($1, 'k'))`,
    },
  ],
  final: "struct_extract($1, 'v')",
});

const listType = (args: readonly Expr[]): T.DataType => T.arrayType(args[0]!.dataType, false);

const collect = (name: string, isSet: boolean): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 1],
  coerce: (args) => {
    if (isSet && hasMap(args[0]!.dataType))
      throw mismatch('UNSUPPORTED_INPUT_TYPE', name, args, { functionName: `\`${name}\``, dataType: '"MAP" or "COLLATED STRING"' });
    return args;
  },
  result: listType,
  nullable: false,
  ...(name === 'array_agg' && { resultName: ([a]: readonly string[]) => `collect_list(${a})` }),
  kernel: ([a], call, emit) => {
    const isDistinct = isSet || call.isDistinct;
    const lists = emit.aggregateOf(call, 'list', [a!], { where: `${a} IS NOT NULL`, isDistinct });
    return `coalesce(${lists}, []::${emit.typeName(call.dataType)})`;
  },
});

const orderText = (call: AggregateCall, emit: KernelContext): string | undefined => call.order?.map((o) => emit.sortKey(o)).join(', ');

const listagg = (name: string): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 2],
  coerce: (args) => {
    const [a, d = literal(null, T.STRING)] = args as [Expr, Expr?];
    if (literalOf(d) === undefined)
      throw mismatch('NON_FOLDABLE_INPUT', name, args, {
        inputName: '`delimiter`',
        inputType: '"STRING"',
        inputExpr: inQuotes(prettySql(d)),
      });
    const type = a.dataType.tag === 'binary' ? T.BINARY : T.STRING;
    if (!isAtomic(a.dataType) && a.dataType.tag !== 'null') throw unexpectedInput(name, [a, d], 0, '("STRING" or "BINARY")');
    if (d.dataType.tag !== 'null' && literalOf(d)!.value !== null && (d.dataType.tag === 'binary') !== (type.tag === 'binary'))
      throw mismatch('DATA_DIFF_TYPES', name, [a, d], {
        functionName: `\`${name}\``,
        dataType: type.tag === 'binary' ? '("BINARY" or "STRING")' : '("STRING" or "BINARY")',
      });
    return [isString(a.dataType) ? a : castTo(a, type), castTo(d, type)];
  },
  result: firstType,
  nullable: true,
  resultName: ([a, d]) => `${name}(${a}, ${d})`,
  checkOrder: (call) => {
    if (call.isDistinct && call.order) checkDistinctOrder(name, call);
  },
  kernel: ([a, d], call, emit) => {
    const isBinary = call.dataType.tag === 'binary';
    const text = isBinary ? `hex(${a})` : a!;
    const between = isBinary ? `coalesce(hex(${d}), '')` : `coalesce(${d}, '')`;
    const joined = call.isDistinct && (call.order || isCollated(call.dataType)) ? distinctList(text, a!, between, call, emit) : undefined;
    const order = orderText(call, emit);
    const made = joined ?? emit.aggregateOf(call, 'string_agg', [text, between], order === undefined ? {} : { order });
    return isBinary ? `unhex(${made})` : made;
  },
});

/** What a cast to text keeps apart as it was. */
const isSafeCast = (from: T.DataType, to: T.DataType): boolean =>
  isString(from) || isString(to) ? !isCollated(from) && !isCollated(to) && !/^(float|double|timestamp)$/.test(from.tag) : true;

/** Distinct values in an order that is not theirs have no order. @throws AnalysisException INVALID_WITHIN_GROUP_EXPRESSION.… */
function checkDistinctOrder(name: string, call: AggregateCall): void {
  const [value] = call.args as [Expr];
  const order = call.order!.map((o) => o.child);
  const [by] = order as [Expr];
  if (order.length === 1 && exprKey(value) === exprKey(by)) return;
  if (order.length === 1 && value.kind === 'cast' && exprKey(value.child) === exprKey(by)) {
    if (isSafeCast(by.dataType, value.dataType)) return;
    throw new AnalysisException('INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT_UNSAFE_CAST', {
      funcName: `\`${name}\``,
      inputType: inQuotes(sqlType(by.dataType)),
      castType: inQuotes(sqlType(value.dataType)),
    });
  }
  throw new AnalysisException('INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT', {
    funcName: `\`${name}\``,
    funcArg: inQuotes(prettySql(value)),
    orderingExpr: order.map((o) => inQuotes(prettySql(o))).join(', '),
  });
}

/** The values are sorted as they were before they became text. */
function distinctList(text: string, a: string, between: string, call: AggregateCall, emit: KernelContext): string {
  const [order] = call.order ?? [];
  const key = order === undefined ? keyText(a, call.dataType, emit) : emit.emit(order.child);
  const list = emit.aggregateOf(call, 'list', [`struct_pack(k := ${key}, v := ${text})`], { where: `${a} IS NOT NULL`, isDistinct: true });
  const unique = letAll(
    [`list_sort(${list}, '${order?.ascending === false ? 'DESC' : 'ASC'}')`],
    (l) => `list_filter(${l}, lambda p, i: i = 1 OR struct_extract(p, 'k') <> struct_extract(${l}[i - 1], 'k'))`,
  );
  return `array_to_string(list_transform(${unique}, lambda p: struct_extract(p, 'v')), ${between})`;
}

const isTrue = (e: Expr | undefined): boolean => literalOf(e)?.value === true;

/** Of values that are equally frequent any; with an order the first in it. */
const MODE: AggregateSpec = {
  name: 'mode',
  kind: 'aggregate',
  arity: [0, 2],
  result: (args) => args[0]?.dataType ?? T.NULL,
  nullable: true,
  resultName: ([a], [, least]) => (isTrue(least) ? `mode() WITHIN GROUP (ORDER BY ${a} DESC)` : `mode(${a ?? ''})`),
  checkOrder: (call) => {
    if (call.isDistinct) throw distinctUnsupported('mode');
    if (call.args.length === 0) checkOneOrder('mode', call.order);
    else if (call.order !== undefined) throw wrongOrders('mode', 0, call.order);
  },
  withinGroup: (call) => ({ ...call, dataType: call.order![0]!.child.dataType }),
  kernel: ([a], call, emit) => {
    const order = call.order?.[0];
    const value = order === undefined ? a! : emit.emit(order.child);
    if (isTrue(call.args[1]) || order !== undefined)
      return emit.aggregateOf(call, 'mode', [value], { order: `${value} ${order?.ascending === false ? 'DESC' : 'ASC'}` });
    return emit.aggregateOf(call, 'mode', [value]);
  },
};

const LISTAGG = listagg('listagg');

export const COLLECTING_AGGREGATES: readonly FunctionSpec[] = [
  edge('first', 'first'),
  edge('first_value', 'first'),
  edge('last', 'last'),
  edge('last_value', 'last'),
  edge('any_value', 'first'),
  extremeBy('min_by'),
  extremeBy('max_by'),
  collect('collect_list', false),
  collect('array_agg', false),
  collect('collect_set', true),
  LISTAGG,
  // In an order it is called as the other. Source: ListAgg.sql.
  { ...listagg('string_agg'), withinGroup: (call) => ({ ...call, spec: LISTAGG }) },
  MODE,
];
