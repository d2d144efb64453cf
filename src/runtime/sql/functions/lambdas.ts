// Higher-order functions: the types of their variables, and lambdas put in DuckDB's place. Source: higherOrderFunctions.scala of Spark 4.2.
import type { Expr, Lambda } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { unexpectedInput } from './arguments.ts';
import { castTo, widerType } from './coercion.ts';
import { applied, freshName, letAll, nullSafe, overElements } from './kernel-text.ts';
import type { FunctionSpec, LambdaVariableType, SessionSettings } from './spec.ts';

const arrayOf = (e: Expr | undefined): T.ArrayType | undefined => (e?.dataType.tag === 'array' ? e.dataType : undefined);
const mapOf = (e: Expr | undefined): T.MapType | undefined => (e?.dataType.tag === 'map' ? e.dataType : undefined);
const of = (dataType: T.DataType, nullable: boolean): LambdaVariableType => ({ dataType, nullable });
const INDEX = of(T.INTEGER, false);
const element = (e: Expr | undefined): LambdaVariableType => of(arrayOf(e)?.elementType ?? T.NULL, arrayOf(e)?.containsNull ?? true);
const entry = (e: Expr | undefined): LambdaVariableType[] => {
  const map = mapOf(e);
  return [of(map?.keyType ?? T.NULL, false), of(map?.valueType ?? T.NULL, map?.valueContainsNull ?? true)];
};

/** What keys of both maps are cast to. */
function commonKey([a, b]: readonly Expr[], { ansi }: SessionSettings): T.DataType | undefined {
  const [left, right] = [mapOf(a)?.keyType, mapOf(b)?.keyType];
  return left === undefined || right === undefined ? undefined : widerType(left, right, ansi);
}

const body = (e: Expr | undefined): Expr => (e as Lambda).body;

/** @throws AnalysisException DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE */
function needs(name: string, args: readonly Expr[], ...tags: readonly ('array' | 'map')[]): readonly Expr[] {
  return args.map((a, i) => {
    const tag = tags[i];
    if (tag === undefined || a.dataType.tag === tag) return a;
    if (a.dataType.tag === 'null') return castTo(a, tag === 'array' ? T.arrayType(T.NULL) : T.mapType(T.NULL, T.NULL));
    throw unexpectedInput(name, args, i, `"${tag.toUpperCase()}"`);
  });
}

/** The lambda at `at` must be a condition. */
function predicate(name: string, args: readonly Expr[], at: number, ...tags: readonly ('array' | 'map')[]): readonly Expr[] {
  const made = needs(name, args, ...tags);
  const type = body(made[at]).dataType;
  if (type.tag === 'boolean') return made;
  if (type.tag !== 'null') throw unexpectedInput(name, args, at, '"BOOLEAN"');
  const lambda = made[at] as Lambda;
  return made.map((a, i) => (i === at ? { ...lambda, body: castTo(lambda.body, T.BOOLEAN), dataType: T.BOOLEAN } : a));
}

const testing = (name: 'exists' | 'forall', decided: boolean): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  coerce: (args) => predicate(name, args, 1, 'array'),
  lambdaTypes: ([a], index) => (index === 1 ? [element(a)] : undefined),
  result: T.BOOLEAN,
  nullable: ([a, f]) => a!.nullable || body(f).nullable,
  kernel: ([a], call, emit) =>
    letAll([overElements('list_transform', a!, call.args[1]!, emit)], (r) =>
      nullSafe(
        [r],
        `CASE WHEN list_contains(${r}, ${decided}) THEN ${decided} WHEN len(${r}) <> list_count(${r}) THEN NULL ELSE ${!decided} END`,
      ),
    ),
});

/** Elements beside the accumulator in one list of structs, so that both may have any type. */
function reduced(list: string, zero: string, call: { readonly args: readonly Expr[] }, emit: Parameters<typeof applied>[2]): string {
  const [acc, x] = [emit.typeName(call.args[1]!.dataType), emit.typeName(arrayOf(call.args[0])!.elementType)];
  const [p, q, e] = ['p', 'q', 'e'].map((role) => freshName(list, zero, role)) as [string, string, string];
  const pair = (a: string, b: string) => `struct_pack(a := ${a}, x := ${b})`;
  const rows = `list_concat([${pair(`(${zero})::${acc}`, `NULL::${x}`)}], list_transform(${list}, lambda ${e}: ${pair(`NULL::${acc}`, e)}))`;
  const merged = applied(call.args[2]!, [`${p}.a`, `${q}.x`], emit);
  return `list_reduce(${rows}, lambda ${p}, ${q}: ${pair(`(${merged})::${acc}`, `NULL::${x}`)}).a`;
}

const aggregate = (name: string): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [3, 4],
  coerce: (args) => {
    const made = needs(name, args, 'array');
    const [zero, merge] = [made[1]!, made[2] as Lambda];
    const fits = T.sameType(merge.body.dataType, zero.dataType)
      ? merge
      : { ...merge, body: castTo(merge.body, zero.dataType), dataType: zero.dataType };
    return made.map((a, i) => (i === 2 ? fits : a));
  },
  lambdaTypes: ([a, zero], index) => {
    if (index === 2) return [of(zero!.dataType, true), element(a)];
    return index === 3 ? [of(zero!.dataType, true)] : undefined;
  },
  result: (args) => (args[3] === undefined ? args[1]!.dataType : body(args[3]).dataType),
  nullable: true,
  // Without a finish the identity is printed.
  resultName: (args, exprs) =>
    `${name}(${[...args, ...(exprs.length === 3 ? ['lambdafunction(namedlambdavariable(), namedlambdavariable())'] : [])].join(', ')})`,
  kernel: ([a, zero], call, emit) =>
    letAll([a!], (list) => {
      const result = reduced(list, zero!, call, emit);
      return nullSafe([list], call.args[3] === undefined ? result : applied(call.args[3], [result], emit));
    }),
});

/** Keys and values of a map as lists, `f` the text for one entry. */
function overEntries(map: string, f: (key: string, value: string) => string): string {
  const e = freshName(map, 'entry');
  return `list_transform(map_entries(${map}), lambda ${e}: ${f(`${e}.key`, `${e}.value`)})`;
}

export const LAMBDAS: readonly FunctionSpec[] = [
  {
    name: 'transform',
    kind: 'scalar',
    arity: [2, 2],
    coerce: (args) => needs('transform', args, 'array'),
    lambdaTypes: ([a], index) => (index === 1 ? [element(a), INDEX] : undefined),
    result: ([, f]) => T.arrayType(body(f).dataType, body(f).nullable),
    nullable: ([a]) => a!.nullable,
    kernel: ([a], call, emit) => overElements('list_transform', a!, call.args[1]!, emit),
  },
  {
    name: 'filter',
    kind: 'scalar',
    arity: [2, 2],
    coerce: (args) => predicate('filter', args, 1, 'array'),
    lambdaTypes: ([a], index) => (index === 1 ? [element(a), INDEX] : undefined),
    result: ([a]) => a!.dataType,
    nullable: ([a]) => a!.nullable,
    kernel: ([a], call, emit) => overElements('list_filter', a!, call.args[1]!, emit),
  },
  testing('exists', true),
  testing('forall', false),
  aggregate('aggregate'),
  aggregate('reduce'),
  {
    name: 'zip_with',
    kind: 'scalar',
    arity: [3, 3],
    coerce: (args) => needs('zip_with', args, 'array', 'array'),
    lambdaTypes: ([a, b], index) =>
      index === 2
        ? [
            { ...element(a), nullable: true },
            { ...element(b), nullable: true },
          ]
        : undefined,
    result: ([, , f]) => T.arrayType(body(f).dataType, body(f).nullable),
    nullable: ([a, b]) => a!.nullable || b!.nullable,
    kernel: ([a, b], call, emit) =>
      letAll([a!, b!], (x, y) => {
        const k = freshName(x, y, 'k');
        return nullSafe(
          [x, y],
          `list_transform(range(1, greatest(len(${x}), len(${y})) + 1), lambda ${k}: ${applied(call.args[2]!, [`${x}[${k}]`, `${y}[${k}]`], emit)})`,
        );
      }),
  },
  {
    name: 'map_filter',
    kind: 'scalar',
    arity: [2, 2],
    coerce: (args) => predicate('map_filter', args, 1, 'map'),
    lambdaTypes: ([m], index) => (index === 1 ? entry(m) : undefined),
    result: ([m]) => m!.dataType,
    nullable: ([m]) => m!.nullable,
    kernel: ([m], call, emit) => {
      const e = freshName(m!, 'kept');
      return `map_from_entries(list_filter(map_entries(${m}), lambda ${e}: ${applied(call.args[1]!, [`${e}.key`, `${e}.value`], emit)}))`;
    },
  },
  {
    name: 'transform_keys',
    kind: 'scalar',
    arity: [2, 2],
    coerce: (args) => needs('transform_keys', args, 'map'),
    lambdaTypes: ([m], index) => (index === 1 ? entry(m) : undefined),
    result: ([m, f]) => T.mapType(body(f).dataType, mapOf(m)!.valueType, mapOf(m)!.valueContainsNull),
    nullable: ([m]) => m!.nullable,
    kernel: ([m], call, emit) =>
      letAll([m!], (x) => nullSafe([x], `MAP(${overEntries(x, (k, v) => applied(call.args[1]!, [k, v], emit))}, map_values(${x}))`)),
  },
  {
    name: 'transform_values',
    kind: 'scalar',
    arity: [2, 2],
    coerce: (args) => needs('transform_values', args, 'map'),
    lambdaTypes: ([m], index) => (index === 1 ? entry(m) : undefined),
    result: ([m, f]) => T.mapType(mapOf(m)!.keyType, body(f).dataType, body(f).nullable),
    nullable: ([m]) => m!.nullable,
    kernel: ([m], call, emit) =>
      letAll([m!], (x) => nullSafe([x], `MAP(map_keys(${x}), ${overEntries(x, (k, v) => applied(call.args[1]!, [k, v], emit))})`)),
  },
  {
    name: 'map_zip_with',
    kind: 'scalar',
    arity: [3, 3],
    coerce: (args, settings) => {
      const maps = needs('map_zip_with', args, 'map', 'map');
      const keyType = commonKey(maps, settings);
      if (keyType === undefined) return maps;
      return maps.map((m) => (mapOf(m) === undefined ? m : castTo(m, { ...mapOf(m)!, keyType })));
    },
    lambdaTypes: ([a, b], index, settings) => {
      if (index !== 2) return undefined;
      const [k, v] = entry(a) as [LambdaVariableType, LambdaVariableType];
      const key = commonKey([a!, b!], settings);
      return [key === undefined ? k : of(key, false), { ...v, nullable: true }, { ...entry(b)[1]!, nullable: true }];
    },
    result: ([a, , f]) => T.mapType(mapOf(a)!.keyType, body(f).dataType, body(f).nullable),
    nullable: ([a, b]) => a!.nullable || b!.nullable,
    kernel: ([a, b], call, emit) =>
      letAll([a!, b!], (x, y) => {
        const [k, other] = [freshName(x, y, 'k'), freshName(x, y, 'other')];
        const keys = `list_concat(map_keys(${x}), list_filter(map_keys(${y}), lambda ${other}: NOT list_contains(map_keys(${x}), ${other})))`;
        const values = (ks: string) =>
          `list_transform(${ks}, lambda ${k}: ${applied(call.args[2]!, [k, `map_extract_value(${x}, ${k})`, `map_extract_value(${y}, ${k})`], emit)})`;
        return nullSafe(
          [x, y],
          letAll([keys], (ks) => `MAP(${ks}, ${values(ks)})`),
        );
      }),
  },
];
