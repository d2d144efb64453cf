// Arrays, maps and structs from their parts, and parts of them by position and key. Source: complexTypeCreator.scala, complexTypeExtractors.scala,
// ElementAt of Spark 4.2.
import { quoteName } from '../../../common/kernel-quotes.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { inQuotes, literalOf, mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { castTo, IN, isIntegral, isString, tightestCommonType, toWidest, widestOf } from './coercion.ts';
import { letAll, raiseWith } from './kernel-text.ts';
import { mapText } from './map-keys.ts';
import type { FunctionSpec, KernelContext, ScalarSpec } from './spec.ts';

function pairs(name: string, args: readonly Expr[]): void {
  if (args.length % 2 === 1)
    throw new AnalysisException('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', {
      functionName: `\`${name}\``,
      expectedNum: '2n (n > 0)',
      actualNum: String(args.length),
    });
}

const even = (args: readonly Expr[]): readonly Expr[] => args.filter((_, i) => i % 2 === 0);
const odd = (args: readonly Expr[]): readonly Expr[] => args.filter((_, i) => i % 2 === 1);

function coerceMap(args: readonly Expr[]): readonly Expr[] {
  pairs('map', args);
  const [keys, values] = [even(args), odd(args)];
  const widest = (exprs: readonly Expr[], which: 'KEY' | 'VALUE') => {
    const type = widestOf(exprs.map((e) => e.dataType));
    if (type !== undefined) return exprs.map((e) => castTo(e, type));
    throw mismatch(`CREATE_MAP_${which}_DIFF_TYPES`, 'map', args, {
      functionName: '`map`',
      dataType: `[${exprs.map((e) => typeSql(e.dataType)).join(', ')}]`,
    });
  };
  if (args.length === 0) return args;
  const [k, v] = [widest(keys, 'KEY'), widest(values, 'VALUE')];
  return args.map((_, i) => (i % 2 === 0 ? k : v)[i >> 1]!);
}

const structKernel: ScalarSpec['kernel'] = (args, call) => {
  const type = call.dataType as T.StructType;
  return `struct_pack(${args.map((a, i) => `${quoteName(type.fields[i]!.name)} := ${a}`).join(', ')})`;
};

/** A field is called as its column, else by its position. */
const fieldName = (e: Expr, i: number): string =>
  e.kind === 'attribute' || e.kind === 'alias' || e.kind === 'getField' || e.kind === 'lambdaVariable' ? e.name : `col${i + 1}`;

const shownField = (shown: string, e: Expr): string => (e.kind === 'alias' ? `${prettySql(e.child)} AS ${e.name}` : shown);

/** Whether what stands at a constant place of an array that is written out may be NULL. Source: GetArrayItemUtil.computeNullabilityFromArray. */
function nullableAt([array, index]: readonly Expr[], first: 0 | 1): boolean {
  const at = literalOf(index)?.value;
  if (typeof at !== 'number' || array!.kind !== 'call' || array!.spec.name !== 'array') return true;
  const elements = array!.args;
  return (elements.at(at < 0 ? (first === 1 ? at : elements.length) : at - first) ?? { nullable: true }).nullable;
}

/** `i` counts from 0. */
function arrayItem(args: readonly string[], condition: string | undefined, emit: KernelContext): string {
  return letAll(args, (a, i) => {
    const outside = condition === undefined ? 'NULL' : raiseWith(condition, { indexValue: i, arraySize: `len(${a})` }, emit);
    return `CASE WHEN ${i} < 0 OR ${i} >= len(${a}) THEN ${outside} ELSE ${a}[${i} + 1] END`;
  });
}

const elementType = (t: T.DataType): T.DataType => (t.tag === 'array' ? t.elementType : t.tag === 'map' ? t.valueType : T.NULL);

function coerceElementAt(name: string, args: readonly Expr[]): readonly Expr[] {
  const [collection, key] = args as [Expr, Expr];
  const type = collection.dataType;
  if (type.tag === 'map') {
    const common = tightestCommonType(type.keyType, key.dataType);
    if (common === undefined || !T.sameType(common, type.keyType))
      throw mismatch('MAP_FUNCTION_DIFF_TYPES', name, args, {
        functionName: `\`${name}\``,
        dataType: '"MAP"',
        leftType: typeSql(type),
        rightType: typeSql(key.dataType),
      });
    return [collection, castTo(key, type.keyType)];
  }
  if (type.tag === 'array') {
    if (!isIntegral(key.dataType) || key.dataType.tag === 'long') throw unexpectedInput(name, args, 1, '"INT"');
    return [collection, castTo(key, T.INTEGER)];
  }
  throw unexpectedInput(name, args, 0, '("ARRAY" or "MAP")');
}

const elementAt = (name: string, isTry: boolean): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  coerce: (args) => coerceElementAt(name, args),
  result: ([a]) => elementType(a!.dataType),
  nullable: (args) => nullableAt(args, 1),
  kernel: (args, call, emit) => {
    if (call.args[0]!.dataType.tag === 'map') return `map_extract_value(${args.join(', ')})`;
    const outside = (a: string, i: string) =>
      isTry || !emit.settings.ansi
        ? 'NULL'
        : raiseWith('INVALID_ARRAY_INDEX_IN_ELEMENT_AT', { indexValue: i, arraySize: `len(${a})` }, emit);
    return letAll(
      args,
      (a, i) =>
        `CASE WHEN ${i} = 0 THEN ${emit.raise('INVALID_INDEX_OF_ZERO')} WHEN abs(${i}) > len(${a}) THEN ${outside(a, i)} ELSE ${a}[${i}] END`,
    );
  },
});

/** `(a, b)` is called by the names of its fields, `struct(a, b)` as it was written. */
export const rowName = (args: readonly string[], exprs: readonly Expr[]): string =>
  `named_struct(${exprs.map((e, i) => `${fieldName(e, i)}, ${e.kind === 'alias' ? prettySql(e.child) : args[i]}`).join(', ')})`;

export const CONSTRUCTORS: readonly FunctionSpec[] = [
  {
    name: 'array',
    kind: 'scalar',
    arity: [0, Number.POSITIVE_INFINITY],
    coerce: (args) => (args.length === 0 ? args : toWidest('array', args)),
    result: (args) =>
      T.arrayType(
        args[0]?.dataType ?? T.NULL,
        args.some((a) => a.nullable),
      ),
    nullable: false,
    kernel: (args, call, emit) => `[${args.join(', ')}]::${emit.typeName(call.dataType)}`,
  },
  {
    name: 'map',
    kind: 'scalar',
    arity: [0, Number.POSITIVE_INFINITY],
    coerce: coerceMap,
    result: (args) =>
      T.mapType(
        args[0]?.dataType ?? T.NULL,
        args[1]?.dataType ?? T.NULL,
        odd(args).some((a) => a.nullable),
      ),
    nullable: false,
    kernel: (args, call, emit) => {
      const of = (rest: number) => args.filter((_, i) => i % 2 === rest).join(', ');
      return `${mapText(`[${of(0)}]`, `[${of(1)}]`, emit.settings)}::${emit.typeName(call.dataType)}`;
    },
  },
  {
    name: 'struct',
    kind: 'scalar',
    arity: [1, Number.POSITIVE_INFINITY],
    result: (args) => T.structType(args.map((a, i) => T.structField(fieldName(a, i), a.dataType, a.nullable))),
    nullable: false,
    resultName: (args, exprs) => `struct(${args.map((a, i) => shownField(a, exprs[i]!)).join(', ')})`,
    kernel: structKernel,
  },
  {
    name: 'named_struct',
    kind: 'scalar',
    arity: [1, Number.POSITIVE_INFINITY],
    coerce: (args) => {
      pairs('named_struct', args);
      const wrong = even(args).filter((e) => !isString(e.dataType) || typeof literalOf(e)?.value !== 'string');
      if (wrong.length > 0)
        throw mismatch('CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING', 'named_struct', args, {
          inputExprs: `[${wrong.map((e) => inQuotes(prettySql(e))).join(', ')}]`,
        });
      return args;
    },
    result: (args) =>
      T.structType(odd(args).map((a, i) => T.structField(literalOf(even(args)[i])!.value as string, a.dataType, a.nullable))),
    nullable: false,
    kernel: (args, call, emit) =>
      (structKernel as (args: readonly string[], c: typeof call, e: KernelContext) => string)(
        args.filter((_, i) => i % 2 === 1),
        call,
        emit,
      ),
  },
  {
    // array[i]
    name: 'getarrayitem',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [IN.array, IN.integral],
    result: ([a]) => elementType(a!.dataType),
    nullable: (args) => nullableAt(args, 0),
    resultName: ([a, i]) => `${a}[${i}]`,
    kernel: (args, _, emit) => arrayItem(args, emit.settings.ansi ? 'INVALID_ARRAY_INDEX' : undefined, emit),
  },
  {
    // map[key]
    name: 'getmapvalue',
    kind: 'scalar',
    arity: [2, 2],
    coerce: ([m, k]) => [m!, castTo(k!, (m!.dataType as T.MapType).keyType)],
    result: ([m]) => elementType(m!.dataType),
    nullable: true,
    resultName: ([m, k]) => `${m}[${k}]`,
    kernel: 'map_extract_value($1, $2)',
  },
  {
    name: 'get',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [IN.array, IN.integer],
    result: ([a]) => elementType(a!.dataType),
    nullable: (args) => nullableAt(args, 0),
    kernel: (args, _, emit) => arrayItem(args, undefined, emit),
  },
  elementAt('element_at', false),
  elementAt('try_element_at', true),
];
