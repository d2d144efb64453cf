// How functions compute on text with a collation: what compares does so by keys that are equal, and in order, as the text is; searches are
// JavaScript (../kernel/js-collations.ts). The analyser puts these kernels in the place of a function's own (../analysis/rewrite-collations.ts).
// Source: CollationKey, CollationSupport of Spark 4.2.
import { quoteName } from '../../../common/kernel-quotes.ts';
import type { AggregateCall, Call, Expr } from '../logical/expressions.ts';
import { collationIn, type Collation, findCollation, isCollated, withCollation } from '../types/collations.ts';
import * as T from '../types/data-type.ts';
import { freshName, letAll, letIn, nullSafe } from './kernel-text.ts';
import { type AggregateSpec, type FunctionSpec, type Kernel, type KernelContext, kernelText, type ScalarSpec } from './spec.ts';

/** Whether equal values may look different: by collation, or by the order of a map's entries. */
export const needsKey = (type: T.DataType): boolean => isCollated(type) || hasMap(type);

export function hasMap(t: T.DataType): boolean {
  if (t.tag === 'map') return true;
  if (t.tag === 'array') return hasMap(t.elementType);
  return t.tag === 'struct' && t.fields.some((f) => hasMap(f.dataType));
}

/** A text's key: bytes in the collation's order; a map's has its entries in the order of the keys. @param x DuckDB text of a value of this type */
export function keyText(x: string, type: T.DataType, emit: KernelContext): string {
  if (!needsKey(type)) return x;
  switch (type.tag) {
    case 'array': {
      const v = freshName(x, 'key');
      return `list_transform(${x}, lambda ${v}: ${keyText(v, type.elementType, emit)})`;
    }
    case 'map': {
      const v = freshName(x, 'key');
      const pair = `struct_pack(k := ${keyText(`${v}.key`, type.keyType, emit)}, v := ${keyText(`${v}.value`, type.valueType, emit)})`;
      return `map_from_entries(list_sort(list_transform(map_entries(${x}), lambda ${v}: ${pair})))`;
    }
    case 'struct':
      return letIn(x, (v) => {
        const field = (f: T.StructField) => `struct_extract(${v}, ${emit.quote(f.name)})`;
        const fields = type.fields.map((f) => `${quoteName(f.name)} := ${keyText(field(f), f.dataType, emit)}`);
        return `CASE WHEN ${v} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`;
      });
    default:
      return textKey(x, findCollation(collationIn(type)!), emit);
  }
}

function textKey(x: string, collation: Collation | undefined, emit: KernelContext): string {
  if (collation === undefined) return emit.raise('INDETERMINATE_COLLATION');
  const { trim, locale, isCaseSensitive, isAccentSensitive } = collation;
  const trimmed = trim === '' ? x : `${trim.toLowerCase()}(${x}, ' ')`;
  if (locale === undefined) {
    if (isCaseSensitive) return trimmed;
    const lower = emit.jsFunction('lower_code_points');
    return letIn(trimmed, (v) => `CASE WHEN strlen(${v}) = length(${v}) THEN lower(${v}) ELSE ${lower}(${v}) END`);
  }
  // Levels of ICU: 1 letters, 2 accents, 3 cases; a level of cases beside the letters where accents do not count.
  const strength = isCaseSensitive && isAccentSensitive ? 'ks-level3' : isAccentSensitive ? 'ks-level2' : 'ks-level1';
  return `icu_sort_key(${trimmed}, '${locale}-u-${isCaseSensitive && !isAccentSensitive ? 'kc-true-' : ''}${strength}')`;
}

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
/** Sorted by keys; equal ones keep their order. */
function sortedByKey(list: string, type: T.DataType, emit: KernelContext, direction: string): string {
  const [k, i, s] = [freshName(list, 'k'), freshName(list, 'i'), freshName(list, 's')];
  const pairs = (keys: string) => `list_transform(${keys}, lambda ${k}, ${i}: struct_pack(k := ${k}, v := ${list}[${i}]))`;
  return letAll([keyText(list, type, emit)], (keys) => `list_transform(list_sort(${pairs(keys)}, ${direction}), lambda ${s}: ${s}.v)`);
}
const extreme =
  (kernel: 'list_min' | 'list_max'): Kernel<Call> =>
  (args, call, emit) => {
    // Of equals the first: its place decides.
    const sign = kernel === 'list_min' ? '' : '-';
    const pairs = args.map((a, i) => `struct_pack(k := ${keyText(a, typeOf(call, i), emit)}, i := ${sign}${i}, v := ${a})`);
    const p = freshName(...args, 'p');
    return `${kernel}(list_filter([${pairs.join(', ')}], lambda ${p}: ${p}.v IS NOT NULL)).v`;
  };
const extremeOf =
  (kernel: 'list_min' | 'list_max'): Kernel<Call> =>
  ([a], call, emit) => {
    const p = freshName(a!, 'p');
    const pairs = (list: string) => `list_zip(${keyText(list, typeOf(call), emit)}, ${list})`;
    return letAll([a!], (list) => `${kernel}(list_filter(${pairs(list)}, lambda ${p}: ${p}[2] IS NOT NULL))[2]`);
  };

/** They mean the same over keys. */
export const COMPARED: ReadonlySet<string> = new Set(
  '== != < <= > >= <=> in between equal_null array_contains array_position arrays_overlap'.split(' '),
);
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
      const [up, down] = ["'ASC', 'NULLS FIRST'", "'DESC', 'NULLS LAST'"].map((d) => sortedByKey(list, typeOf(call), emit, d));
      return `CASE WHEN ${asc} THEN ${up} ELSE ${down} END`;
    }),
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

/** The function as it computes on collated text; itself when collations are nothing to it. */
export function collatedSpec(spec: ScalarSpec, args: readonly Expr[]): ScalarSpec {
  if (isOwn.has(spec)) return spec;
  if (Object.hasOwn(OWN, spec.name)) return computing(spec, OWN[spec.name]!);
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
    emit.aggregateOf(call, kernel, [a!, keyText(a!, call.args[0]!.dataType, emit)]);

/** The same for aggregates. Rows are brought together first: partial results would be keys without their text. */
export function collatedAggregate(spec: AggregateSpec): AggregateSpec {
  const { partials: _, ...whole } = spec;
  if (spec.name === 'min' || spec.name === 'max')
    return { ...whole, kernel: extremeAggregate(spec.name === 'min' ? 'arg_min' : 'arg_max') };
  return spec;
}

/** What stands for a value where rows are compared: in groups, orders, joins, distinct rows. */
export const COLLATION_KEYS: readonly FunctionSpec[] = [
  {
    name: 'collationkey',
    kind: 'scalar',
    arity: [1, 1],
    result: ([a]) => withCollation(a!.dataType, T.UTF8_BINARY),
    kernel: ([a], call, emit) => keyText(a!, typeOf(call), emit),
  },
];
