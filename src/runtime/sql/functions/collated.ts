// How functions compute on text with a collation: what compares does so by keys that are equal, and in order, as the text is; searches are
// JavaScript (../kernel/js-collations.ts). The analyser puts these kernels in the place of a function's own (../analysis/rewrite-collations.ts).
// Source: CollationKey, CollationSupport of Spark 4.2.
import type { AggregateCall, Call, Expr } from '../logical/expressions.ts';
import { collationIn, findCollation } from '../types/collations.ts';
import type * as T from '../types/data-type.ts';
import { keyText, needsOrderKey, orderKeyText } from './comparison-keys.ts';
import { freshName, letAll, nullSafe } from './kernel-text.ts';
import { type AggregateSpec, type Kernel, type KernelContext, kernelText, type ScalarSpec } from './spec.ts';

const typeOf = (call: Call, at = 0): T.DataType => call.args[at]!.dataType;
/** Text functions whose first text says the collation. */
const search =
  (name: string, order: (args: readonly string[]) => readonly string[] = (args) => args, at = 0): Kernel<Call> =>
  (args, call, emit) =>
    `${emit.jsFunction(`collated_${name}`, collationIn(typeOf(call, at))!)}(${order(args).join(', ')})`;

/** Elements kept by what their keys say: `condition` of a key and its place. */
function keptBy(list: string, type: T.DataType, emit: KernelContext, condition: (key: string, at: string, keys: string) => string): string {
  const [x, i] = [freshName(list, 'x'), freshName(list, 'i')];
  return letAll([keyText(list, type, emit)], (keys) => `list_filter(${list}, lambda ${x}, ${i}: ${condition(`${keys}[${i}]`, i, keys)})`);
}
const unique = (list: string, type: T.DataType, emit: KernelContext): string =>
  keptBy(list, type, emit, (key, at, keys) => `list_position(${keys}, ${key}) = ${at}`);
const others =
  (not: string): Kernel<Call> =>
  (args, call, emit) =>
    letAll(args, (a, b) => {
      const has = (keys: string) => (key: string) => `${not}list_position(${keys}, ${key}) IS NOT NULL`;
      const kept = letAll([keyText(b!, typeOf(call, 1), emit)], (keys) => keptBy(a!, typeOf(call), emit, has(keys)));
      return nullSafe(
        [a!, b!],
        letAll([kept], (k) => unique(k, typeOf(call), emit)),
      );
    });
/** Sorted by keys, the elements that are NULL first or last; equal ones keep their order. */
function sortedByKey(list: string, type: T.DataType, emit: KernelContext, direction: 'ASC' | 'DESC', nulls: 'FIRST' | 'LAST'): string {
  const [x, i, s] = [freshName(list, 'x'), freshName(list, 'i'), freshName(list, 's')];
  const key = orderKeyText(x, (type as T.ArrayType).elementType, emit);
  const pair = `CASE WHEN ${x} IS NOT NULL THEN struct_pack(k := ${key}, i := ${direction === 'ASC' ? i : `-${i}`}, v := ${x}) END`;
  const sorted = `list_sort(list_transform(${list}, lambda ${x}, ${i}: ${pair}), '${direction}', 'NULLS ${nulls}')`;
  return `list_transform(${sorted}, lambda ${s}: ${s}.v)`;
}
const extreme =
  (kernel: 'list_min' | 'list_max'): Kernel<Call> =>
  (args, call, emit) => {
    // Of equals the first: its place decides.
    const sign = kernel === 'list_min' ? '' : '-';
    const pairs = args.map((a, i) => `struct_pack(k := ${orderKeyText(a, typeOf(call, i), emit)}, i := ${sign}${i}, v := ${a})`);
    const p = freshName(...args, 'p');
    return `${kernel}(list_filter([${pairs.join(', ')}], lambda ${p}: ${p}.v IS NOT NULL)).v`;
  };
const extremeOf =
  (kernel: 'list_min' | 'list_max'): Kernel<Call> =>
  ([a], call, emit) => {
    const p = freshName(a!, 'p');
    const pairs = (list: string) => `list_zip(${orderKeyText(list, typeOf(call), emit)}, ${list})`;
    return letAll([a!], (list) => `${kernel}(list_filter(${pairs(list)}, lambda ${p}: ${p}[2] IS NOT NULL))[2]`);
  };

/** They mean the same over keys. */
export const COMPARED: ReadonlySet<string> = new Set('== != <=> in equal_null array_contains array_position arrays_overlap'.split(' '));
/** They mean the same over keys of orders. */
export const ORDERED: ReadonlySet<string> = new Set('< <= > >= between'.split(' '));
const OWN: Readonly<Record<string, Kernel<Call>>> = {
  nullif: ([a, b], call, emit) =>
    `CASE WHEN ${keyText(a!, typeOf(call), emit)} = ${keyText(b!, typeOf(call, 1), emit)} THEN NULL ELSE ${a} END`,
  greatest: extreme('list_max'),
  least: extreme('list_min'),
  array_max: extremeOf('list_max'),
  array_min: extremeOf('list_min'),
  array_distinct: ([a], call, emit) => letAll([a!], (list) => unique(list, typeOf(call), emit)),
  array_union: ([a, b], call, emit) =>
    letAll([a!, b!], (x, y) =>
      nullSafe(
        [x, y],
        letAll([`list_concat(${x}, ${y})`], (list) => unique(list, typeOf(call), emit)),
      ),
    ),
  array_intersect: others(''),
  array_except: others('NOT '),
  array_remove: ([a, x], call, emit) =>
    letAll([a!, keyText(x!, typeOf(call, 1), emit)], (list, value) =>
      nullSafe(
        [list, value],
        keptBy(list, typeOf(call), emit, (key) => `${key} IS DISTINCT FROM ${value}`),
      ),
    ),
  sort_array: ([a, asc], call, emit) =>
    letAll([a!], (list) => {
      const up = sortedByKey(list, typeOf(call), emit, 'ASC', 'FIRST');
      return `CASE WHEN ${asc} THEN ${up} WHEN NOT ${asc} THEN ${sortedByKey(list, typeOf(call), emit, 'DESC', 'LAST')} END`;
    }),
  array_sort: ([a], call, emit) => letAll([a!], (list) => sortedByKey(list, typeOf(call), emit, 'ASC', 'LAST')),
  contains: search('contains'),
  startswith: search('startswith'),
  endswith: search('endswith'),
  instr: search('locate', ([s, part]) => [part!, s!, '1']),
  locate: search('locate'),
  position: search('locate'),
  replace: search('replace'),
  split_part: search('split_part'),
  substring_index: search('substring_index'),
  find_in_set: search('find_in_set'),
  translate: search('translate'),
  trim: search('trim', ([a, b]) => (b === undefined ? ["' '", a!] : [a!, b])),
  ltrim: search('ltrim', ([a, b]) => (b === undefined ? ["' '", a!] : [a!, b])),
  rtrim: search('rtrim', ([a, b]) => (b === undefined ? ["' '", a!] : [a!, b])),
  btrim: search('trim', ([s, characters]) => [characters ?? "' '", s!]),
};
/** Patterns are read without regard to cases. */
const PATTERNS = new Set(
  'rlike regexp regexp_like regexp_replace regexp_extract regexp_extract_all regexp_count regexp_instr regexp_substr split'.split(' '),
);

const isOwn = new WeakSet<ScalarSpec>();
const computing = (spec: ScalarSpec, kernel: Kernel<Call>): ScalarSpec => {
  const made = { ...spec, kernel };
  isOwn.add(made);
  return made;
};

const LIKES = new Set('like ilike like_any like_all not_like_any not_like_all'.split(' '));

const ORDERING = new Set('greatest least array_max array_min sort_array array_sort'.split(' '));

/** Whether the function puts values in an order that is not the kernel's. */
export function ordersByKey({ name }: ScalarSpec, args: readonly Expr[]): boolean {
  if (!ORDERING.has(name) || args[1]?.kind === 'lambda') return false;
  const type = args[0]!.dataType;
  return needsOrderKey(type.tag === 'array' && !/^(greatest|least)$/.test(name) ? type.elementType : type);
}

/** The function as it computes on collated text; itself when collations are nothing to it. */
export function collatedSpec(spec: ScalarSpec, args: readonly Expr[]): ScalarSpec {
  if (isOwn.has(spec)) return spec;
  const isSortedByLambda = spec.name === 'array_sort' && args.length > 1;
  if (Object.hasOwn(OWN, spec.name) && !isSortedByLambda) return computing(spec, OWN[spec.name]!);
  const isLower = findCollation(collationIn(args[0]!.dataType) ?? '')?.isCaseSensitive === false;
  // Patterns of LIKE have the collation of what they are held against.
  if (LIKES.has(spec.name) && isLower)
    return computing(spec, (texts, call, emit) => {
      const keys = texts.map((t) => keyText(t, typeOf(call), emit));
      return kernelText(spec.kernel!, keys, call, emit);
    });
  if (!PATTERNS.has(spec.name) || !isLower) return spec;
  return computing(spec, ([s, pattern, ...rest], call, emit) => {
    // To the function its pattern is no constant any more.
    const open = call.args.map((a, i): Expr => (i === 1 ? ({ ...a, kind: 'lambdaVariable', exprId: 0, name: '' } as Expr) : a));
    return kernelText(spec.kernel!, [s!, `('(?i)' || ${pattern})`, ...rest], { ...call, args: open }, emit);
  });
}

const extremeAggregate =
  (kernel: 'arg_min' | 'arg_max'): Kernel<AggregateCall> =>
  ([a], call, emit) =>
    emit.aggregateOf(call, kernel, [a!, orderKeyText(a!, call.args[0]!.dataType, emit)]);

/** The same for min and max. */
export function extremeByKey(spec: AggregateSpec): AggregateSpec {
  const kernel = extremeAggregate(spec.name === 'min' ? 'arg_min' : 'arg_max');
  return { ...spec, kernel, partials: ({ dataType }) => ({ parts: [{ dataType, partial: kernel, merge: kernel }], final: '$1' }) };
}
