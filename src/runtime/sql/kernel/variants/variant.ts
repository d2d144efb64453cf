// A VARIANT's value and its form in the kernel: JSON text, in which what JSON has no words for stands as an object with one property whose name
// begins with U+0001. Whole numbers in JSON are BIGINT, with a point DECIMAL. What programs see: variant-text.ts.
// Source: org.apache.spark.types.variant.Variant of Spark 4.2, whose binary form this is not.
import { isObject, type Json, JsonNumber, parseJson, quoted } from '../json-text.ts';

type ScalarValues = {
  readonly long: bigint;
  /** Without zeros at its end and without exponent. */
  readonly decimal: string;
  readonly float: number;
  readonly double: number;
  /** Days since 1970. */
  readonly date: number;
  /** Microseconds since 1970. */
  readonly timestamp: bigint;
  readonly timestamp_ntz: bigint;
  readonly binary: Uint8Array;
};
export type VariantScalar = {
  readonly [T in keyof ScalarValues]: { readonly tag: T; readonly value: ScalarValues[T] };
}[keyof ScalarValues];
/** Keys ascend and stand once. */
export type VariantObject = { readonly tag: 'object'; readonly entries: readonly (readonly [string, Variant])[] };
export type Variant = null | boolean | string | VariantScalar | VariantObject | readonly Variant[];

export const isList = (v: Variant): v is readonly Variant[] => Array.isArray(v);
export const isVariantObject = (v: Variant): v is VariantObject => typeof v === 'object' && v !== null && 'tag' in v && v.tag === 'object';

/** @param onRepeated of a key that stands twice */
export function variantObject(entries: readonly (readonly [string, Variant])[], onRepeated: (key: string) => never): VariantObject {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const repeated = sorted.find(([key], i) => sorted[i + 1]?.[0] === key);
  return repeated === undefined ? { tag: 'object', entries: sorted } : onRepeated(repeated[0]);
}

const MARK = '\u0001';
const marked = (tag: string, value: string): string => `{"${MARK}${tag}":${quoted(value)}}`.replaceAll(MARK, '\\u0001');

/** The text that the kernel keeps. */
export function encoded(v: Variant): string {
  if (v === null || typeof v === 'boolean') return String(v);
  if (typeof v === 'string') return quoted(v);
  if (isList(v)) return `[${v.map(encoded).join(',')}]`;
  switch (v.tag) {
    case 'object':
      return `{${v.entries.map(([key, value]) => `${quoted(key)}:${encoded(value)}`).join(',')}}`;
    case 'long':
      return String(v.value);
    case 'decimal':
      return v.value.includes('.') ? v.value : marked(v.tag, v.value);
    case 'binary':
      return marked(v.tag, Buffer.from(v.value).toString('base64'));
    default:
      return marked(v.tag, Object.is(v.value, -0) ? '-0' : String(v.value));
  }
}

/** @param text as encoded wrote it */
export function decoded(text: string): Variant {
  return ofJson(parseJson(text)!);
}

function ofJson(json: Json): Variant {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (json instanceof JsonNumber) return json.isWhole ? { tag: 'long', value: BigInt(json.text) } : { tag: 'decimal', value: json.text };
  if (!isObject(json)) return json.map(ofJson);
  const [first] = json.entries;
  if (first?.[0].startsWith(MARK)) return scalarOf(first[0].slice(1) as keyof ScalarValues, first[1] as string);
  return { tag: 'object', entries: json.entries.map(([key, value]) => [key, ofJson(value)] as const) };
}

function scalarOf(tag: keyof ScalarValues, text: string): VariantScalar {
  switch (tag) {
    case 'decimal':
      return { tag, value: text };
    case 'binary':
      return { tag, value: new Uint8Array(Buffer.from(text, 'base64')) };
    case 'long':
    case 'timestamp':
    case 'timestamp_ntz':
      return { tag, value: BigInt(text) };
    default:
      return { tag, value: Number(text) };
  }
}
