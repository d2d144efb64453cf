// Functions on arrays. Orders are kept and NULLs are elements, as in Spark. Source: collectionOperations.scala of Spark 4.2.
// Not here: lambdas (lambdas.ts), sequences and sorting (arrays-ordered.ts).
import { quoteName } from '../../../common/kernel-quotes.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expr } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { callSql, typeSql, unexpectedInput } from './arguments.ts';
import { castTo, IN, isComplex, tightestCommonType } from './coercion.ts';
import { freshName, letAll, nullSafe, raiseWith } from './kernel-text.ts';
import type { FunctionSpec, InputType, KernelContext, ScalarSpec, SessionSettings } from './spec.ts';

const arrayOf = (e: Expr): T.ArrayType => (e.dataType.tag === 'array' ? e.dataType : T.arrayType(T.NULL));
const sameArray = ([a]: readonly Expr[]): T.DataType => arrayOf(a!);
const ARRAY_OR_MAP: InputType = {
  name: '("ARRAY" or "MAP")',
  accepts: (t) => t.tag === 'array' || t.tag === 'map',
  castFrom: (t) => (t.tag === 'null' ? T.arrayType(T.NULL) : undefined),
};

/** array, value of its element's type. @throws AnalysisException DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES */
function withElement(name: string, args: readonly Expr[], at = 1): readonly Expr[] {
  const [array, value] = [args[0]!, args[at]!];
  if (array.dataType.tag !== 'array' && array.dataType.tag !== 'null') throw unexpectedInput(name, args, 0, '"ARRAY"');
  const type = arrayOf(array);
  const common = tightestCommonType(type.elementType, value.dataType);
  if (common === undefined)
    throw new AnalysisException(
      'DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES',
      {
        sqlExpr: callSql(name, args),
        functionName: `\`${name}\``,
        dataType: '"ARRAY"',
        leftType: typeSql(array.dataType),
        rightType: typeSql(value.dataType),
      },
      array.origin,
    );
  return args.map((a, i) => (i === 0 ? castTo(a, T.arrayType(common, type.containsNull)) : i === at ? castTo(a, common) : a));
}

/** Two arrays of one element type. @throws AnalysisException DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES */
function twoArrays(name: string, args: readonly Expr[]): readonly Expr[] {
  const [a, b] = args as [Expr, Expr];
  const common =
    a.dataType.tag === 'array' && b.dataType.tag === 'array'
      ? tightestCommonType(a.dataType.elementType, b.dataType.elementType)
      : undefined;
  if (common !== undefined || a.dataType.tag === 'null' || b.dataType.tag === 'null')
    return [a, b].map((e) => castTo(e, T.arrayType(common ?? T.NULL, arrayOf(e).containsNull)));
  throw new AnalysisException(
    'DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES',
    {
      sqlExpr: callSql(name, args),
      functionName: `\`${name}\``,
      arrayType: '"ARRAY"',
      leftType: typeSql(a.dataType),
      rightType: typeSql(b.dataType),
    },
    a.origin,
  );
}

const has = (list: string, x: string): string => `list_position(${list}, ${x}) IS NOT NULL`;
const hasNull = (list: string): string => `len(${list}) <> list_count(${list})`;
export function distinct(list: string): string {
  const [x, i] = [freshName(list, 'x'), freshName(list, 'i')];
  return `list_filter(${list}, lambda ${x}, ${i}: list_position(${list}, ${x}) = ${i})`;
}
const filtered = (list: string, condition: (x: string) => string): string => {
  const x = freshName(list, 'kept');
  return `list_filter(${list}, lambda ${x}: ${condition(x)})`;
};
const letDistinct = (list: string): string => letAll([list], (l) => distinct(l));

type Text = (args: string[], emit: KernelContext, exprs: readonly Expr[]) => string;
/** A function of an array (first argument), NULL when an argument is. */
const fn = (name: string, arity: readonly [number, number], more: Partial<ScalarSpec>, text: Text): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity,
  result: sameArray,
  kernel: (args, call, emit) => letAll(args, (...names) => text(names, emit, call.args)),
  ...more,
});
const binary = (name: string, containsNull: (a: boolean, b: boolean) => boolean, text: (a: string, b: string) => string): FunctionSpec =>
  fn(
    name,
    [2, 2],
    {
      coerce: (args) => twoArrays(name, args),
      result: ([a, b]) => T.arrayType(arrayOf(a!).elementType, containsNull(arrayOf(a!).containsNull, arrayOf(b!).containsNull)),
    },
    ([a, b]) => nullSafe([a!, b!], text(a!, b!)),
  );

const joined: ScalarSpec['coerce'] = (args) => {
  const type = args[0]!.dataType;
  if (type.tag === 'array' && (isComplex(type.elementType) || type.elementType.tag === 'variant'))
    throw unexpectedInput('array_join', args, 0, '"ARRAY<STRING>"');
  return [
    castTo(args[0]!, T.arrayType(T.STRING, type.tag === 'array' ? type.containsNull : true)),
    ...args.slice(1).map((a) => castTo(a, T.STRING)),
  ];
};

const sized = (name: string): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 1],
  inputs: [ARRAY_OR_MAP],
  result: T.INTEGER,
  nullable: ([a], settings) => a!.nullable && !sizesNull(settings),
  kernel: ([a], call, emit) => sizeText(a!, call.args[0]!, sizesNull(emit.settings)),
});

export const ARRAYS: readonly FunctionSpec[] = [
  sized('size'),
  sized('cardinality'),
  fn('array_size', [1, 1], { inputs: [IN.array], result: T.INTEGER }, ([a]) => `len(${a})::INTEGER`),
  fn(
    'array_contains',
    [2, 2],
    {
      coerce: (args) => withElement('array_contains', args),
      result: T.BOOLEAN,
      nullable: (args) => args.some((a) => a.nullable) || arrayOf(args[0]!).containsNull,
    },
    ([a, v]) => nullSafe([a!, v!], `CASE WHEN list_contains(${a}, ${v}) THEN true WHEN ${hasNull(a!)} THEN NULL ELSE false END`),
  ),
  fn('array_distinct', [1, 1], { inputs: [IN.array] }, ([a]) => distinct(a!)),
  binary(
    'array_union',
    (a, b) => a || b,
    (a, b) => letDistinct(`list_concat(${a}, ${b})`),
  ),
  binary(
    'array_intersect',
    (a, b) => a && b,
    (a, b) => letDistinct(filtered(a, (x) => has(b, x))),
  ),
  binary(
    'array_except',
    (a) => a,
    (a, b) => letDistinct(filtered(a, (x) => `NOT (${has(b, x)})`)),
  ),
  fn('array_join', [2, 3], { coerce: joined, result: T.STRING }, ([a, d, n]) => {
    const x = freshName(a!, 'joined');
    const list = n === undefined ? a! : `list_transform(${a}, lambda ${x}: coalesce(${x}, ${n}))`;
    return nullSafe([a!, d!, ...(n === undefined ? [] : [n])], `array_to_string(${list}, ${d})`);
  }),
  fn('array_position', [2, 2], { coerce: (args) => withElement('array_position', args), result: T.LONG }, ([a, v]) =>
    nullSafe([a!, v!], `coalesce(list_position(${a}, ${v}), 0)::BIGINT`),
  ),
  fn('array_remove', [2, 2], { coerce: (args) => withElement('array_remove', args) }, ([a, v]) =>
    nullSafe(
      [a!, v!],
      filtered(a!, (x) => `${x} IS DISTINCT FROM ${v}`),
    ),
  ),
  fn('array_compact', [1, 1], { inputs: [IN.array], result: ([a]) => T.arrayType(arrayOf(a!).elementType, false) }, ([a]) =>
    filtered(a!, (x) => `${x} IS NOT NULL`),
  ),
  fn(
    'array_repeat',
    [2, 2],
    {
      inputs: [IN.any, IN.integer],
      result: ([v]) => T.arrayType(v!.dataType, v!.nullable),
      nullable: ([, n]) => n!.nullable,
    },
    ([v, n]) => nullSafe([n!], `list_transform(range(greatest(${n}, 0)), lambda ${freshName(n!, v!)}: ${v})`),
  ),
  ...(['min', 'max'] as const).map((which) =>
    fn(
      `array_${which}`,
      [1, 1],
      { inputs: [IN.array], result: ([a]) => arrayOf(a!).elementType, nullable: true },
      ([a]) => `list_${which}(${a})`,
    ),
  ),
  fn(
    'array_append',
    [2, 2],
    {
      coerce: (args) => withElement('array_append', args),
      result: ([a, v]) => T.arrayType(arrayOf(a!).elementType, arrayOf(a!).containsNull || v!.nullable),
      nullable: ([a]) => a!.nullable,
    },
    ([a, v]) => nullSafe([a!], `list_concat(${a}, [${v}])`),
  ),
  fn(
    'array_prepend',
    [2, 2],
    {
      coerce: (args) => withElement('array_prepend', args),
      result: ([a, v]) => T.arrayType(arrayOf(a!).elementType, arrayOf(a!).containsNull || v!.nullable),
      nullable: ([a]) => a!.nullable,
    },
    ([a, v]) => nullSafe([a!], `list_concat([${v}], ${a})`),
  ),
  fn(
    'array_insert',
    [3, 3],
    {
      coerce: (args) => {
        const [a, v] = withElement('array_insert', [args[0]!, args[2]!]) as [Expr, Expr];
        return [a, castTo(args[1]!, T.INTEGER), v];
      },
      result: ([a]) => T.arrayType(arrayOf(a!).elementType, true),
      nullable: ([a, at]) => a!.nullable || at!.nullable,
    },
    ([a, at, v], emit, [array]) => {
      const nulls = (n: string) => `list_resize([]::${emit.typeName(arrayOf(array!))}, ${n})`;
      const forward = `list_concat(${a}[1:${at} - 1], ${nulls(`greatest(${at} - 1 - len(${a}), 0)`)}, [${v}], ${a}[${at}:])`;
      const countsBefore = emit.settings.get('spark.sql.legacy.negativeIndexInArrayInsert') === 'true';
      const place = `(len(${a}) + ${at} + ${countsBefore ? 0 : 1})`;
      const backward = `CASE WHEN ${place} >= 0 THEN list_concat(${a}[1:${place}], [${v}], ${a}[${place} + 1:]) ELSE list_concat([${v}], ${nulls(`-${place}`)}, ${a}) END`;
      return nullSafe(
        [a!, at!],
        `CASE WHEN ${at} = 0 THEN ${emit.raise('INVALID_INDEX_OF_ZERO')} WHEN ${at} > 0 THEN ${forward} ELSE ${backward} END`,
      );
    },
  ),
  fn(
    'arrays_zip',
    [0, Number.POSITIVE_INFINITY],
    {
      inputs: [IN.array],
      result: (args) => T.arrayType(T.structType(args.map((a, i) => T.structField(zipName(a, i), arrayOf(a).elementType, true))), false),
    },
    (names, emit, exprs) => {
      const [k, type] = [
        freshName(...names, 'zip'),
        emit.typeName(T.arrayType(T.structType(exprs.map((a, i) => T.structField(zipName(a, i), arrayOf(a).elementType))))),
      ];
      const row = `struct_pack(${names.map((n, i) => `${quoteName(zipName(exprs[i]!, i))} := ${n}[${k}]`).join(', ')})`;
      const most = names.length === 1 ? `len(${names[0]})` : `greatest(${names.map((n) => `len(${n})`).join(', ')})`;
      return names.length === 0 ? '[]' : `${nullSafe(names, `list_transform(range(1, ${most} + 1), lambda ${k}: ${row})`)}::${type}`;
    },
  ),
  fn(
    'arrays_overlap',
    [2, 2],
    {
      coerce: (args) => twoArrays('arrays_overlap', args),
      result: T.BOOLEAN,
      nullable: (args) => args.some((a) => a.nullable || arrayOf(a).containsNull),
    },
    ([a, b]) => {
      const common = filtered(a!, (x) => `${x} IS NOT NULL AND list_contains(${b}, ${x})`);
      const unknown = `len(${a}) > 0 AND len(${b}) > 0 AND (${hasNull(a!)} OR ${hasNull(b!)})`;
      return nullSafe([a!, b!], `CASE WHEN len(${common}) > 0 THEN true WHEN ${unknown} THEN NULL ELSE false END`);
    },
  ),
  fn(
    'flatten',
    [1, 1],
    {
      coerce: (args) => {
        if (arrayOf(args[0]!).elementType.tag !== 'array') throw unexpectedInput('flatten', args, 0, '"ARRAY" of "ARRAY"');
        return args;
      },
      result: ([a]) => arrayOf(a!).elementType,
      nullable: ([a]) => a!.nullable || arrayOf(a!).containsNull,
    },
    ([a]) => `CASE WHEN ${a} IS NULL OR ${hasNull(a!)} THEN NULL ELSE flatten(${a}) END`,
  ),
  fn('slice', [3, 3], { inputs: [IN.array, IN.integer, IN.integer] }, ([a, start, n], emit) => {
    const from = `CASE WHEN ${start} > 0 THEN ${start} ELSE len(${a}) + ${start} + 1 END`;
    const part = letAll([from], (s) => `CASE WHEN ${s} < 1 OR ${n} = 0 THEN ${a}[1:0] ELSE ${a}[${s}:${s} + ${n} - 1] END`);
    const wrong = [
      `WHEN ${start} = 0 THEN ${emit.raise('INVALID_PARAMETER_VALUE.START', { parameter: '`start`', functionName: '`slice`' })}`,
      `WHEN ${n} < 0 THEN ${raiseWith('INVALID_PARAMETER_VALUE.LENGTH', { parameter: "'`length`'", functionName: "'`slice`'", length: n! }, emit)}`,
    ];
    return nullSafe([a!, start!, n!], `CASE ${wrong.join(' ')} ELSE ${part} END`);
  }),
  {
    ...(fn('shuffle', [1, 2], { inputs: [IN.array, IN.long] }, ([a]) => {
      const [x, s] = [freshName(a!, 'x'), freshName(a!, 's')];
      return `list_transform(list_sort(list_transform(${a}, lambda ${x}: struct_pack(r := random(), v := ${x}))), lambda ${s}: ${s}.v)`;
    }) as ScalarSpec),
    deterministic: false,
  },
];

const zipName = (e: Expr, i: number): string =>
  e.kind === 'attribute' || e.kind === 'alias' || e.kind === 'getField' ? e.name : String(i);

/** Outside of ANSI mode NULL has -1 elements. */
const sizesNull = ({ ansi, get }: SessionSettings): boolean => !ansi && get('spark.sql.legacy.sizeOfNull') !== 'false';

function sizeText(text: string, e: Expr, ofNull: boolean): string {
  const size = e.dataType.tag === 'map' ? `cardinality(${text})::INTEGER` : `len(${text})::INTEGER`;
  return ofNull ? `coalesce(${size}, -1)` : size;
}
