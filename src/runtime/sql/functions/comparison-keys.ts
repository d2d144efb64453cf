// What stands for a value where values are compared: keys that are equal, and in order, as Spark says the values are. Text with a collation has a key
// of its own, a map its entries in order; and where an order is asked, NULL inside of a value is the least there (to the kernel it is the greatest).
// The analyser puts them in (../analysis/rewrite-collations.ts). Source: CollationKey, InterpretedOrdering and NormalizeFloatingNumbers' kin of Spark 4.2.
import { quoteName } from '../../../common/kernel-quotes.ts';
import { collationIn, type Collation, findCollation, isCollated, withCollation } from '../types/collations.ts';
import * as T from '../types/data-type.ts';
import { freshName, letIn } from './kernel-text.ts';
import type { FunctionSpec, KernelContext } from './spec.ts';

/** Whether equal values may look different: by collation, or by the order of a map's entries. */
export const needsKey = (type: T.DataType): boolean => isCollated(type) || hasMap(type);

/** Whether the order of such values is not the kernel's. */
export const needsOrderKey = (type: T.DataType): boolean => isCollated(type) || hidesNulls(type);

export function hasMap(t: T.DataType): boolean {
  if (t.tag === 'map') return true;
  if (t.tag === 'array') return hasMap(t.elementType);
  return t.tag === 'struct' && t.fields.some((f) => hasMap(f.dataType));
}

/** Whether NULL may be inside of a value. */
function hidesNulls(t: T.DataType): boolean {
  if (t.tag === 'array') return t.containsNull || hidesNulls(t.elementType);
  return t.tag === 'struct' && t.fields.some((f) => f.nullable || hidesNulls(f.dataType));
}

/** A text's key: bytes in the collation's order; a map's has its entries in the order of the keys. @param x DuckDB text of a value of this type */
export const keyText = (x: string, type: T.DataType, emit: KernelContext): string => keyOf(x, type, emit, false);

/** A key for orders: before each value inside stands whether it is there. Its shape does not ask what may be NULL: two sides may differ in that. */
export const orderKeyText = (x: string, type: T.DataType, emit: KernelContext): string => keyOf(x, type, emit, true);

function keyOf(x: string, type: T.DataType, emit: KernelContext, isOrdered: boolean): string {
  const isWhole = isOrdered && (type.tag === 'array' || type.tag === 'struct');
  if (!isWhole && !needsKey(type)) return x;
  const inside = (v: string, t: T.DataType): string => {
    const key = keyOf(v, t, emit, isOrdered);
    return isOrdered ? `struct_pack(has := ${v} IS NOT NULL, k := ${key})` : key;
  };
  switch (type.tag) {
    case 'array': {
      const v = freshName(x, 'key');
      return `list_transform(${x}, lambda ${v}: ${inside(v, type.elementType)})`;
    }
    case 'map': {
      const v = freshName(x, 'key');
      const pair = `struct_pack(k := ${keyOf(`${v}.key`, type.keyType, emit, isOrdered)}, v := ${keyOf(`${v}.value`, type.valueType, emit, isOrdered)})`;
      return `map_from_entries(list_sort(list_transform(map_entries(${x}), lambda ${v}: ${pair})))`;
    }
    case 'struct':
      return letIn(x, (v) => {
        const field = (f: T.StructField) => `struct_extract(${v}, ${emit.quote(f.name)})`;
        const fields = type.fields.map((f) => `${quoteName(f.name)} := ${inside(field(f), f.dataType)}`);
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

/** The type of an order's key. */
function orderKeyType(t: T.DataType): T.DataType {
  const inside = (type: T.DataType) => T.structType([T.structField('has', T.BOOLEAN, false), T.structField('k', orderKeyType(type))]);
  if (t.tag === 'array') return T.arrayType(inside(t.elementType), false);
  if (t.tag !== 'struct') return withCollation(t, T.UTF8_BINARY);
  return T.structType(t.fields.map((f) => T.structField(f.name, inside(f.dataType), false)));
}

/** What stands for a value where rows are compared: in groups, joins, distinct rows; and in orders. */
export const COMPARISON_KEYS: readonly FunctionSpec[] = [
  {
    name: 'collationkey',
    kind: 'scalar',
    arity: [1, 1],
    result: ([a]) => withCollation(a!.dataType, T.UTF8_BINARY),
    kernel: ([a], call, emit) => keyText(a!, call.args[0]!.dataType, emit),
  },
  {
    name: 'orderkey',
    kind: 'scalar',
    arity: [1, 1],
    result: ([a]) => orderKeyType(a!.dataType),
    kernel: ([a], call, emit) => orderKeyText(a!, call.args[0]!.dataType, emit),
  },
];
