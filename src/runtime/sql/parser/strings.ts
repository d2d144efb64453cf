// String literals where the grammar wants text, not an expression: paths, comments, patterns. Adjacent ones are joined.
import type { Cursor } from './cursor.ts';
import { unescapeString } from './string-literal.ts';

export const isString = (type: string): boolean => type === 'string' || type === 'dstring';

/** One or more string tokens as one value. A parameter marker in place of one is not built: refused as a syntax error. */
export function stringLiteral(p: Cursor): string {
  if (!isString(p.type())) p.fail();
  let value = unescapeString(p.textOf(p.next()));
  while (isString(p.type())) value += unescapeString(p.textOf(p.next()));
  return value;
}

export const optionalString = (p: Cursor): string | undefined => (isString(p.type()) ? stringLiteral(p) : undefined);
