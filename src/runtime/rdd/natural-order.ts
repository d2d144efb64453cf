// The order of values where the user gives none: what Scala's implicit Ordering is for numbers, strings (UTF-16 code units, as
// String.compareTo), booleans, dates and tuples. Values of different kinds are ordered by kind, so a sort never fails half way.

export type Compare = (a: never, b: never) => number;

/** null and undefined first, NaN after every number (java.lang.Double.compare); -0 equals 0. */
export function naturalOrder(a: unknown, b: unknown): number {
  const kind = typeof a;
  if (kind === typeof b) {
    if (kind === 'number') return compareNumbers(a as number, b as number);
    if (kind === 'string') return (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0;
    if (kind === 'object') return compareObjects(a as object | null, b as object | null);
    if (kind === 'bigint' || kind === 'boolean') return (a as bigint) < (b as bigint) ? -1 : (a as bigint) > (b as bigint) ? 1 : 0;
    return 0;
  }
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank;
  // A number and a bigint, which JavaScript compares by value; NaN after all, as among numbers.
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
}

function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
}

function compareObjects(a: object | null, b: object | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  const form = formOf(a);
  const other = formOf(b);
  if (form !== other) return form - other;
  if (form === ARRAY) return compareLists(a as readonly unknown[], b as readonly unknown[]);
  if (form === PRIMITIVE) return naturalOrder(a.valueOf(), b.valueOf());
  return compareLists(fieldsOf(a), fieldsOf(b));
}

const PRIMITIVE = 0;
const ARRAY = 1;
const FIELDS = 2;

/** Dates, boxed values and classes with a valueOf are ordered by it; then come tuples, then other objects by their properties. */
function formOf(x: object): number {
  if (Array.isArray(x) || ArrayBuffer.isView(x)) return ARRAY;
  return typeof x.valueOf() === 'object' ? FIELDS : PRIMITIVE;
}

const fieldsOf = (x: object) =>
  Object.keys(x)
    .sort()
    .map((name) => (x as Record<string, unknown>)[name]);

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const c = naturalOrder(a[i], b[i]);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

const RANKS: Readonly<Record<string, number>> = {
  undefined: 1,
  boolean: 2,
  number: 3,
  bigint: 3,
  string: 4,
  object: 5,
  function: 6,
  symbol: 6,
};
const rank = (x: unknown) => (x === null ? 0 : RANKS[typeof x]!);
