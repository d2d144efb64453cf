// Which values come often: count_min_sketch and approx_top_k with its sketches. Source: CountMinSketchAgg, ApproxTopKAggregates.scala,
// ApproxTopKExpressions.scala of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { toDdl } from '../types/type-ddl.ts';
import { typeToJson } from '../types/type-json.ts';
import { literalOf, mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { castTo, isAtomic, isIntegral, isString } from './coercion.ts';
import { int, isConstant, withDefaults } from './sketch-parameters.ts';
import type { AggregateSpec, FunctionSpec, KernelContext } from './spec.ts';

const DEFAULT_K = 5;
const DEFAULT_MAX_ITEMS = 10_000;
const MOST_MAX_ITEMS = 1_000_000;
/** Of approx_top_k_combine: that of its sketches. */
const SAME_AS_SKETCHES = -1;

const hint = (name: string, args: readonly Expr[], msg: string): AnalysisException =>
  mismatch('TYPE_CHECK_FAILURE_WITH_HINT', name, args, { msg, hint: '' });

/** @throws AnalysisException APPROX_TOP_K_NULL_ARG, APPROX_TOP_K_NON_POSITIVE_ARG, … */
function positive(e: Expr, argName: string): number {
  const value = literalOf(e)?.value;
  if (value === null || value === undefined) throw new AnalysisException('APPROX_TOP_K_NULL_ARG', { argName }, e.origin);
  if (Number.isNaN(Number(value)))
    throw new AnalysisException(
      'CAST_INVALID_INPUT',
      { expression: `'${value}'`, sourceType: typeSql(T.STRING), targetType: typeSql(T.INTEGER), ansiConfig: '"spark.sql.ansi.enabled"' },
      e.origin,
    );
  if (Number(value) <= 0) throw new AnalysisException('APPROX_TOP_K_NON_POSITIVE_ARG', { argName, argValue: String(value) }, e.origin);
  return Number(value);
}

function maxItemsOf(e: Expr): number {
  const value = positive(e, '`maxItemsTracked`');
  if (value > MOST_MAX_ITEMS)
    throw new AnalysisException('APPROX_TOP_K_MAX_ITEMS_TRACKED_EXCEEDS_LIMIT', {
      maxItemsTracked: String(value),
      limit: String(MOST_MAX_ITEMS),
    });
  return value;
}

function checkSizes(k: number, maxItems: number): void {
  if (maxItems < k)
    throw new AnalysisException('APPROX_TOP_K_MAX_ITEMS_TRACKED_LESS_THAN_K', { maxItemsTracked: String(maxItems), k: String(k) });
}

const whole = (e: Expr): Expr => (e.dataType.tag === 'integer' ? e : castTo(e, T.INTEGER));

function checkItem(name: string, args: readonly Expr[]): void {
  const { tag } = args[0]!.dataType;
  if (!isAtomic(args[0]!.dataType) && tag !== 'null') throw hint(name, args, `${tag} columns are not supported`);
}

/** @throws AnalysisException DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT */
function checkConstant(name: string, args: readonly Expr[], at: number, what: string): void {
  if (!isConstant(args[at]!)) throw hint(name, args, `${what} must be a constant literal`);
}

const topType = (item: T.DataType): T.DataType =>
  T.arrayType(T.structType([T.structField('item', item, true), T.structField('count', T.LONG, false)]), false);

const stateType = (item: T.DataType): T.StructType =>
  T.structType([
    T.structField('sketch', T.BINARY, false),
    T.structField('maxItemsTracked', T.INTEGER, false),
    T.structField('itemDataType', item, true),
    T.structField('itemDataTypeDDL', T.STRING, false),
  ]);

const itemOf = (state: T.DataType): T.DataType => (state as T.StructType).fields[2]!.dataType;

function checkState(name: string, args: readonly Expr[]): void {
  const { dataType } = args[0]!;
  if (dataType.tag !== 'struct') throw unexpectedInput(name, args, 0, '"STRUCT"');
  if (dataType.fields.length !== 4 || dataType.fields[0]!.dataType.tag !== 'binary' || dataType.fields[1]!.dataType.tag !== 'integer')
    throw hint(name, args, 'State must be a struct that approx_top_k_accumulate or approx_top_k_combine has made');
}

const state = (sketch: string, maxItems: string, item: T.DataType, emit: KernelContext): string => {
  const ddl = quoteText(toDdl(T.structType([T.structField('item', item, false)])));
  return `struct_pack(sketch := ${sketch}, "maxItemsTracked" := ${maxItems}::INTEGER, "itemDataType" := NULL::${emit.typeName(item)}, "itemDataTypeDDL" := ${ddl})`;
};

const coerced =
  (name: string, check: (all: readonly Expr[]) => void, defaults: ReturnType<typeof withDefaults>): NonNullable<FunctionSpec['coerce']> =>
  (args, settings) => {
    const [first, ...rest] = defaults.coerce!(args, settings);
    const all = [first!, ...rest.map(whole)];
    check(all);
    return all;
  };

const TOP_K = withDefaults('approx_top_k', 1, [int(DEFAULT_K), int(DEFAULT_MAX_ITEMS)]);
const ACCUMULATE = withDefaults('approx_top_k_accumulate', 1, [int(DEFAULT_MAX_ITEMS)]);
const COMBINE = withDefaults('approx_top_k_combine', 1, [int(SAME_AS_SKETCHES)]);
const ESTIMATE = withDefaults('approx_top_k_estimate', 1, [int(DEFAULT_K)]);

const APPROX_TOP_K: readonly FunctionSpec[] = [
  {
    ...TOP_K,
    name: 'approx_top_k',
    kind: 'aggregate',
    coerce: coerced(
      'approx_top_k',
      (args) => {
        checkItem('approx_top_k', args);
        checkConstant('approx_top_k', args, 1, 'K');
        checkConstant('approx_top_k', args, 2, 'Number of items tracked');
        checkSizes(positive(args[1]!, '`k`'), maxItemsOf(args[2]!));
      },
      TOP_K,
    ),
    result: ([item]) => topType(item!.dataType),
    nullable: false,
    kernel: ([item], call, emit) => {
      const [{ dataType }, k, maxItems] = call.args as [Expr, Expr, Expr];
      const sizes = [positive(k, '`k`'), maxItemsOf(maxItems)].map(String);
      return `${emit.jsFunction('top_k', typeToJson(dataType), emit.typeName(dataType), ...sizes)}(${emit.aggregateOf(call, 'list', [item!])})`;
    },
  },
  {
    ...ACCUMULATE,
    name: 'approx_top_k_accumulate',
    kind: 'aggregate',
    coerce: coerced(
      'approx_top_k_accumulate',
      (args) => {
        checkItem('approx_top_k_accumulate', args);
        checkConstant('approx_top_k_accumulate', args, 1, 'Number of items tracked');
        maxItemsOf(args[1]!);
      },
      ACCUMULATE,
    ),
    result: ([item]) => stateType(item!.dataType),
    nullable: false,
    kernel: ([item], call, emit) => {
      const [{ dataType }, e] = call.args as [Expr, Expr];
      const maxItems = String(maxItemsOf(e));
      const build = emit.jsFunction('top_k_accumulate', typeToJson(dataType), emit.typeName(dataType), maxItems);
      return state(`${build}(${emit.aggregateOf(call, 'list', [item!])})`, maxItems, dataType, emit);
    },
  },
  {
    ...COMBINE,
    name: 'approx_top_k_combine',
    kind: 'aggregate',
    coerce: coerced(
      'approx_top_k_combine',
      (args) => {
        checkState('approx_top_k_combine', args);
        checkConstant('approx_top_k_combine', args, 1, 'Number of items tracked');
        if (literalOf(args[1])?.value !== SAME_AS_SKETCHES) maxItemsOf(args[1]!);
      },
      COMBINE,
    ),
    result: ([s]) => stateType(itemOf(s!.dataType)),
    nullable: false,
    kernel: ([s], call, emit) => {
      const given = Number(literalOf(call.args[1])?.value);
      const sizes = ['min', 'max'].map((f) => emit.aggregateOf(call, f, [`struct_extract(${s}, 'maxItemsTracked')`]));
      const [least, most] = sizes as [string, string];
      const parameters = { size1: `(${most})::VARCHAR`, size2: `(${least})::VARCHAR` };
      const same = `CASE WHEN ${least} = ${most} THEN ${least} WHEN ${least} IS NULL THEN ${DEFAULT_MAX_ITEMS} ELSE ${emit.raiseWith('APPROX_TOP_K_SKETCH_SIZE_NOT_MATCH', {}, parameters)} END`;
      const maxItems = given === SAME_AS_SKETCHES ? same : String(given);
      const sketches = emit.aggregateOf(call, 'list', [`struct_extract(${s}, 'sketch')`]);
      return state(
        `${emit.jsFunction('top_k_combine')}(${sketches}, (${maxItems})::INTEGER)`,
        `(${maxItems})`,
        itemOf(call.args[0]!.dataType),
        emit,
      );
    },
  },
  {
    ...ESTIMATE,
    name: 'approx_top_k_estimate',
    kind: 'scalar',
    coerce: coerced(
      'approx_top_k_estimate',
      (args) => {
        checkState('approx_top_k_estimate', args);
        checkConstant('approx_top_k_estimate', args, 1, 'K');
        positive(args[1]!, '`k`');
      },
      ESTIMATE,
    ),
    result: ([s]) => topType(itemOf(s!.dataType)),
    kernel: ([s, k], call, emit) => {
      const item = itemOf(call.args[0]!.dataType);
      const estimate = emit.jsFunction('top_k_estimate', typeToJson(item), emit.typeName(item));
      return `${estimate}(struct_extract(${s}, 'sketch'), struct_extract(${s}, 'maxItemsTracked'), ${k})`;
    },
  },
];

/** @throws AnalysisException DATATYPE_MISMATCH.… */
function checkCountMin(args: readonly Expr[]): readonly Expr[] {
  const name = 'count_min_sketch';
  const [item, ...constants] = args as [Expr, Expr, Expr, Expr];
  const isItem = isIntegral(item.dataType) || isString(item.dataType) || item.dataType.tag === 'binary' || item.dataType.tag === 'null';
  if (!isItem) throw unexpectedInput(name, args, 0, '("INTEGRAL" or "STRING" or "BINARY")');
  const types = [T.DOUBLE, T.DOUBLE, T.INTEGER];
  constants.forEach((e, i) => {
    const { tag } = e.dataType;
    if (tag !== types[i]!.tag && tag !== 'null' && !(i === 2 && tag === 'long'))
      throw unexpectedInput(name, args, i + 1, i === 2 ? '"INT"' : '"DOUBLE"');
  });
  const names = ['eps', 'confidence', 'seed'];
  const inputTypes = ['double', 'double', 'int'];
  const values = constants.map((e, i) => {
    if (!isConstant(e))
      throw mismatch('NON_FOLDABLE_INPUT', name, args, { inputName: names[i]!, inputType: inputTypes[i]!, inputExpr: prettySql(e) });
    const value = literalOf(e)?.value;
    if (value === null || value === undefined) throw mismatch('UNEXPECTED_NULL', name, args, { exprName: names[i]! });
    return Number(value);
  });
  const range = (i: number, valueRange: string): AnalysisException =>
    mismatch('VALUE_OUT_OF_RANGE', name, args, { exprName: names[i]!, valueRange, currentValue: prettySql(constants[i]!) });
  if (!(values[0]! > 0)) throw range(0, `(0.0, ${1.7976931348623157e308}]`);
  if (!(values[1]! > 0 && values[1]! < 1)) throw range(1, '(0.0, 1.0)');
  return item.dataType.tag === 'null' ? [literal(null, T.INTEGER), ...constants] : args;
}

const COUNT_MIN: AggregateSpec = {
  name: 'count_min_sketch',
  kind: 'aggregate',
  parameterNames: ['column', 'epsilon', 'confidence', 'seed'],
  arity: [4, 4],
  coerce: checkCountMin,
  result: T.BINARY,
  nullable: false,
  kernel: ([item], call, emit) => {
    const [{ dataType }, ...constants] = call.args as [Expr, Expr, Expr, Expr];
    const parameters = constants.map((e) => String(literalOf(e)!.value));
    return `${emit.jsFunction('count_min_sketch', emit.typeName(dataType), ...parameters)}(${emit.aggregateOf(call, 'list', [item!])})`;
  },
};

export const FREQUENT: readonly FunctionSpec[] = [COUNT_MIN, ...APPROX_TOP_K];
