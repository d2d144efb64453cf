// Aggregates that keep values: first and last, by the least or greatest of another, lists, sets, texts, the most frequent.
// Source: First, Last, MinMaxByAgg, collect.scala, Mode of Spark 4.2. On "any" row of equals: whichever the kernel meets first.
import { AnalysisException } from '../errors/spark-error.ts';
import { type AggregateCall, type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { checkOrderable, inQuotes, literalOf, mismatch } from './arguments.ts';
import { castTo, isString } from './coercion.ts';
import type { AggregateSpec, FunctionSpec, KernelContext } from './spec.ts';

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
    arity: [2, 2],
    coerce: (args) => {
      checkOrderable(name, args, args[1]!.dataType);
      return args;
    },
    result: firstType,
    nullable: true,
    kernel: ([x, y], call, emit) => emit.aggregateOf(call, kernel, [x!, y!]),
    partials: ({ args }) => ({
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
    }),
  };
};

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

function hasMap(t: T.DataType): boolean {
  if (t.tag === 'map') return true;
  if (t.tag === 'array') return hasMap(t.elementType);
  return t.tag === 'struct' && t.fields.some((f) => hasMap(f.dataType));
}

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
    return [isString(a.dataType) ? a : castTo(a, type), castTo(d, type)];
  },
  result: firstType,
  nullable: true,
  resultName: ([a, d]) => `${name}(${a}, ${d})`,
  kernel: ([a, d], call, emit) => {
    const order = orderText(call, emit);
    return emit.aggregateOf(call, 'string_agg', [a!, `coalesce(${d}, '')`], order === undefined ? {} : { order });
  },
});

const isTrue = (e: Expr | undefined): boolean => literalOf(e)?.value === true;

/** Of values that are equally frequent any; with an order the first in it. */
const MODE: AggregateSpec = {
  name: 'mode',
  kind: 'aggregate',
  arity: [0, 2],
  result: (args) => args[0]?.dataType ?? T.NULL,
  nullable: true,
  resultName: ([a], [, least]) => (isTrue(least) ? `mode() WITHIN GROUP (ORDER BY ${a} DESC)` : `mode(${a ?? ''})`),
  withinGroup: (call) => ({ ...call, dataType: call.order![0]!.child.dataType }),
  kernel: ([a], call, emit) => {
    const order = call.order?.[0];
    const value = order === undefined ? a! : emit.emit(order.child);
    if (isTrue(call.args[1]) || order !== undefined)
      return emit.aggregateOf(call, 'mode', [value], { order: `${value} ${order?.ascending === false ? 'DESC' : 'ASC'}` });
    return emit.aggregateOf(call, 'mode', [value]);
  },
};

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
  listagg('listagg'),
  listagg('string_agg'),
  MODE,
];
