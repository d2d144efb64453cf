// What a function of the program threw, in Spark's words: the function with its types, the user's own error, its line in the user's file, and the
// values that the function had. Source: QueryExecutionErrors.failedExecuteUserDefinedFunctionError of Spark 4.2.
import { conditionSentence } from '../errors/conditions.ts';
import type { UserCall } from '../plan/user-function.ts';
import { simpleString } from '../types/type-names.ts';
import { placeOfError } from './user-place.ts';

/** Of an error of ours inside: the sentence has one of its own. */
const ITS_STATE = /\.? SQLSTATE: \w{5}$/;

/** Its `cause` is what the function threw itself. */
export class UserFunctionFailure extends Error {}

/** @param given what it was called with, for people: `the arguments were (1, null)` */
export function failed({ name, types, returnType }: UserCall, error: unknown, given: string): UserFunctionFailure {
  const reason =
    error instanceof Error
      ? `${error.name}: ${error.message.replace(ITS_STATE, '')}`
      : `${textOf(error)} (thrown without a stack: it is no Error)`;
  const place = error instanceof Error ? placeOfError(error) : undefined;
  const sentence = conditionSentence('FAILED_EXECUTE_UDF', {
    functionName: `\`${name}\``,
    signature: types.map(simpleString).join(', '),
    result: simpleString(returnType),
    reason: `${reason}${place === undefined ? '' : ` at ${place}`}; ${given}`,
  });
  return new UserFunctionFailure(sentence, { cause: error });
}

export const argumentsText = (values: readonly unknown[]): string => `the arguments were (${values.map(shown).join(', ')})`;

const MOST_SHOWN = 100;
/** A value for people: texts in quotes, long ones cut. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : textOf(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function textOf(value: unknown): string {
  try {
    if (Array.isArray(value)) return `[${value.slice(0, MOST_SHOWN).map(shown).join(', ')}]`;
    if (value instanceof Map) return `{${[...value].map(([k, v]) => `${shown(k)}: ${shown(v)}`).join(', ')}}`;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (typeof value !== 'object' || value === null || value.toString !== Object.prototype.toString) return String(value);
    return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v));
  } catch {
    return Object.prototype.toString.call(value);
  }
}
