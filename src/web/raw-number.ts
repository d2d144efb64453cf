// Numbers in answers whose text is not JavaScript's: Java doubles and floats with a point, longs beyond 2^53. JSON.stringify prints them as they are.
import { javaText } from '../status/rest/java-json.ts';

export type RawNumber = { readonly rawJSON: string };
const raw = (text: string): RawNumber => (JSON as unknown as { rawJSON(text: string): RawNumber }).rawJSON(text);

/** A Java double: `10.0`. */
export const double = (value: number): RawNumber => raw(javaText(Number.isFinite(value) ? value : 0));
/** A Java float: the digits that a float has. */
export const float = (value: number): RawNumber => raw(javaText(floatDigits(Number.isFinite(value) ? value : 0)));
/** 2^63 - 1, "no limit". */
export const LONG_MAX: RawNumber = raw('9223372036854775807');

/** The shortest decimal that reads as the same float. */
function floatDigits(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}

export const isRawNumber = (value: unknown): value is RawNumber =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null && 'rawJSON' in value;
