// String literals where the grammar wants text, not an expression: paths, comments, patterns. Adjacent ones are joined.
import type { Cursor } from './cursor.ts';
import { unescapeString } from './string-literal.ts';

export const isString = (type: string): boolean => type === 'string' || type === 'dstring';

/** One or more string tokens as one value. A parameter marker in place of one is not built: refused as a syntax error. */
export function stringLiteral(p: Cursor): string {
  if (!isString(p.type())) p.fail();
  const next = () => unescapeString(p.textOf(p.next()), p.options.escapedStringLiterals);
  let value = next();
  while (isString(p.type())) value += next();
  return value;
}

export const optionalString = (p: Cursor): string | undefined => (isString(p.type()) ? stringLiteral(p) : undefined);
