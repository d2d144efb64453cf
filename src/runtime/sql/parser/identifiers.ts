// Names: with and without back quotes, in parts, in lists. An unquoted name may hold ASCII letters, digits and underscores only.
import { quoteIdentifier } from '../types/type-names.ts';
import { Cursor } from './cursor.ts';
import type { Token } from './token.ts';
import { isString, stringLiteral } from './strings.ts';

const ASCII_NAME = /^[a-zA-Z0-9_]*$/;

/** One name. Keywords are names too. `IDENTIFIER('a')` is the name a. */
export function identifier(p: Cursor): string {
  const parts = identifierParts(p);
  if (parts.length > 1)
    p.report('IDENTIFIER_TOO_MANY_NAME_PARTS', { identifier: parts.map(quoteIdentifier).join('.'), limit: '1' }, p.at - 1);
  return parts[0] as string;
}

/** One name where IDENTIFIER('…') is none: hints, parameters, fields of EXTRACT. */
export function simpleIdentifier(p: Cursor): string {
  const token = p.token;
  if (!token.isWord) p.fail();
  p.at++;
  return nameOf(p, token);
}

/** A name as written: IDENTIFIER('a.b') gives two parts, all else one. */
export function identifierParts(p: Cursor): string[] {
  if (p.type() === 'IDENTIFIER' && isLiteralClause(p)) {
    p.at += 2;
    const text = stringLiteral(p);
    p.expect(')');
    return new Cursor(text, p.rules, p.options).whole(multipartIdentifier);
  }
  const token = p.token;
  if (!token.isWord) p.fail();
  p.at++;
  return [nameOf(p, token)];
}

/** IDENTIFIER('…' …) comes next and may be a name here. */
export function isLiteralClause(p: Cursor): boolean {
  if (p.options.legacyIdentifierClause || p.type(1) !== '(' || !isString(p.type(2))) return false;
  let ahead = 3;
  while (isString(p.type(ahead))) ahead++;
  return p.type(ahead) === ')';
}

export function nameOf(p: Cursor, token: Token): string {
  const text = p.textOf(token);
  if (token.type === 'backquoted') return text.slice(1, -1).replaceAll('``', '`');
  if (token.type === 'quotedName') return text.slice(1, -1).replaceAll('""', '"');
  if (token.type === 'ident' && !ASCII_NAME.test(text)) invalidIdentifier(p, text, p.tokens.indexOf(token));
  return text;
}

const invalidIdentifier = (p: Cursor, ident: string, from: number): void => p.report('INVALID_IDENTIFIER', { ident }, from);

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
  invalidIdentifier(p, p.source(from).replace(/\s+/g, ''), Math.min(from + 1, p.at));
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
