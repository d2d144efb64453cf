// Names: with and without back quotes, in parts, in lists. An unquoted name may hold ASCII letters, digits and underscores only.
import { quoteIdentifier } from '../types/type-names.ts';
import type { Cursor } from './cursor.ts';
import type { Token } from './token.ts';
import { unescapeString } from './string-literal.ts';

const ASCII_NAME = /^[a-zA-Z0-9_]*$/;

/** One name. Keywords are names too. `IDENTIFIER('a')` is the name a. */
export function identifier(p: Cursor): string {
  const parts = identifierParts(p);
  if (parts.length > 1)
    throw p.error('IDENTIFIER_TOO_MANY_NAME_PARTS', { identifier: parts.map(quoteIdentifier).join('.'), limit: '1' }, p.at - 1);
  return parts[0] as string;
}

/** A name as written: IDENTIFIER('a.b') gives two parts, all else one. */
function identifierParts(p: Cursor): string[] {
  if (p.is('IDENTIFIER', '(') && (p.type(2) === 'string' || p.type(2) === 'dstring') && p.type(3) === ')') {
    const text = unescapeString(p.textOf(p.tokens[p.at + 2] as Token));
    const parts = splitName(text);
    if (parts === undefined) throw p.error('PARSE_SYNTAX_ERROR', { error: `'${text}'`, hint: '' });
    p.at += 4;
    return parts;
  }
  const token = p.token;
  if (!token.isWord) p.fail();
  p.at++;
  return [nameOf(p, token)];
}

/** `a.b` and `` `x y`.c `` in a string literal, as IDENTIFIER('…') has it. @returns undefined where it is no name */
export function splitName(text: string): string[] | undefined {
  const part = /\s*(?:`((?:[^`]|``)*)`|([a-zA-Z0-9_]+))\s*(\.|$)/y;
  const parts: string[] = [];
  for (;;) {
    const match = part.exec(text);
    if (match === null) return undefined;
    parts.push(match[1]?.replaceAll('``', '`') ?? (match[2] as string));
    if (match[3] === '') return parts;
  }
}

export function nameOf(p: Cursor, token: Token): string {
  const text = p.textOf(token);
  if (token.type === 'backquoted') return text.slice(1, -1).replaceAll('``', '`');
  if (token.type === 'quotedName') return text.slice(1, -1).replaceAll('""', '"');
  if (token.type === 'ident' && !ASCII_NAME.test(text)) throw invalidIdentifier(p, text, p.tokens.indexOf(token));
  return text;
}

const invalidIdentifier = (p: Cursor, ident: string, from: number) => p.error('INVALID_IDENTIFIER', { ident }, from);

/** A name that no expression follows, so `test-table` can be told from a subtraction and refused with advice. */
export function errorCapturingIdentifier(p: Cursor): string {
  const from = p.at;
  const name = identifier(p);
  refuseHyphens(p, from);
  return name;
}

function refuseHyphens(p: Cursor, from: number): void {
  if (p.type() !== '-' || p.tokens[p.at + 1]?.isWord !== true) return;
  while (p.type() === '-' && p.tokens[p.at + 1]?.isWord === true) p.at += 2;
  throw invalidIdentifier(p, p.source(from).replace(/\s+/g, ''), Math.min(from + 1, p.at));
}

/** `cat.db.name` as parts. */
export function multipartIdentifier(p: Cursor): string[] {
  const from = p.at;
  const parts = identifierParts(p);
  refuseHyphens(p, from);
  while (p.type() === '.' && p.tokens[p.at + 1]?.isWord === true) {
    p.at++;
    const start = p.at;
    parts.push(...identifierParts(p));
    refuseHyphens(p, start);
  }
  if (p.type() === '.') {
    p.at++;
    p.fail();
  }
  return parts;
}

/** `(a, b, c)` */
export const identifierList = (p: Cursor): string[] => p.parenthesized(errorCapturingIdentifier);
