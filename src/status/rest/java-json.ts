// JSON as Jackson prints it for Spark: `"key" : value`, arrays in one line, `[ ]` and `{ }` when empty, doubles as Java writes them
// (`2.3110913E7`). Tools that compare text find the same text.

/** A number that is a double in Spark: always printed with a point. Arrays of them are Float64Arrays. */
export class JavaDouble {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** An array and an object whose parts are made while they are printed: json-stream.ts sends them piece by piece. */
export class JsonItems {
  readonly items: Iterable<unknown>;

  constructor(items: Iterable<unknown>) {
    this.items = items;
  }
}
export class JsonMembers {
  readonly members: Iterable<readonly [name: string, value: unknown]>;

  constructor(members: Iterable<readonly [name: string, value: unknown]>) {
    this.members = members;
  }
}

/** Fields that are undefined are left out. */
export function printJson(value: unknown): string {
  const parts: string[] = [];
  print(value, '\n', parts);
  return parts.join('');
}

/** As printJson, in parts of a task's or stage's length: what they are made of is asked for when the part is. */
export function* jsonParts(value: unknown, line = '\n', depth = 2): Generator<string> {
  const list = value instanceof JsonItems ? value.items : depth > 0 && Array.isArray(value) ? value : undefined;
  const members = value instanceof JsonMembers ? value.members : depth > 0 && isPlain(value) ? Object.entries(value) : undefined;
  if (list !== undefined) {
    let before = '[ ';
    for (const item of list) {
      yield before;
      before = ', ';
      yield* jsonParts(item, line, depth - 1);
    }
    yield before === ', ' ? ' ]' : '[ ]';
  } else if (members !== undefined) {
    const inner = `${line}  `;
    let before = '{';
    for (const [name, member] of members) {
      if (member === undefined) continue;
      yield `${before}${inner}${JSON.stringify(name)} : `;
      before = ',';
      yield* jsonParts(member, inner, depth - 1);
    }
    yield before === ',' ? `${line}}` : '{ }';
  } else {
    const parts: string[] = [];
    print(value, line, parts);
    yield parts.join('');
  }
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** @param line break and indentation of where the value stands */
function print(value: unknown, line: string, out: string[]): void {
  if (value === null || value === undefined) out.push('null');
  else if (typeof value === 'string') out.push(JSON.stringify(value));
  else if (typeof value === 'number') out.push(Number.isFinite(value) ? wholeText(value) : `"${javaText(value)}"`);
  else if (typeof value === 'boolean') out.push(String(value));
  else if (value instanceof JavaDouble) out.push(doubleJson(value.value));
  else if (value instanceof Float64Array) out.push(value.length === 0 ? '[ ]' : `[ ${Array.from(value, doubleJson).join(', ')} ]`);
  else if (Array.isArray(value)) printArray(value, line, out);
  else if (value instanceof JsonItems) printArray([...value.items], line, out);
  else if (value instanceof JsonMembers) printObject(Object.fromEntries(value.members), line, out);
  else printObject(value as Record<string, unknown>, line, out);
}

function printArray(values: readonly unknown[], line: string, out: string[]): void {
  if (values.length === 0) {
    out.push('[ ]');
    return;
  }
  out.push('[ ');
  values.forEach((value, i) => {
    if (i > 0) out.push(', ');
    print(value, line, out);
  });
  out.push(' ]');
}

function printObject(object: Record<string, unknown>, line: string, out: string[]): void {
  const inner = `${line}  `;
  let first = true;
  for (const key in object) {
    const value = object[key];
    if (value === undefined) continue;
    out.push(first ? '{' : ',', inner, JSON.stringify(key), ' : ');
    first = false;
    print(value, inner, out);
  }
  out.push(first ? '{ }' : `${line}}`);
}

/** Longs have no exponent: 1e21 can't be one, so what is larger is cut to its digits. */
const wholeText = (n: number): string => (Math.abs(n) < 1e21 ? String(n) : BigInt(n).toString());
const doubleJson = (d: number): string => (Number.isFinite(d) ? javaText(d) : `"${javaText(d)}"`);

/** As Double.toString: a point always, an exponent below 10^-3 and from 10^7 on. */
export function javaText(d: number): string {
  if (Number.isNaN(d)) return 'NaN';
  if (!Number.isFinite(d)) return d > 0 ? 'Infinity' : '-Infinity';
  if (d === 0) return Object.is(d, -0) ? '-0.0' : '0.0';
  const size = Math.abs(d);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(d) ? `${d}.0` : String(d);
  const [digits, exponent] = d.toExponential().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** `2026-11-22T13:00:38.740GMT` */
export const jsonDate = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}GMT`;
export const maybeDate = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : jsonDate(ms));
