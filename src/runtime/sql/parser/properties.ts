// ('key' = 'value', a.b = 1): options and properties of tables, databases, readers. Keys that repeat are refused.
import { quoteIdentifier } from '../types/type-names.ts';
import type { Cursor } from './cursor.ts';
import { multipartIdentifier } from './identifiers.ts';
import { isString, stringLiteral } from './strings.ts';

export type Properties = { readonly [key: string]: string };

export function propertyList(p: Cursor): Properties {
  return properties(p, propertyValue);
}

/** Options of CREATE TABLE may be expressions; literals give their value, others stay as written for the analyser. */
export function expressionPropertyList(p: Cursor): Properties {
  return properties(p, (c) => {
    const at = c.at;
    const value = c.attempt(propertyValue);
    if (value !== undefined && (c.type() === ',' || c.type() === ')')) return value;
    c.at = at;
    c.rules.expression(c);
    return c.source(at);
  });
}

function properties(p: Cursor, value: (p: Cursor) => string): Properties {
  const from = p.at;
  const made: { [key: string]: string } = {};
  p.parenthesized((c) => {
    const key = propertyKey(c);
    if (Object.hasOwn(made, key)) throw c.error('DUPLICATE_KEY', { keyColumn: quoteIdentifier(key) }, from);
    const hasValue = c.accept('=') || (c.type() !== ',' && c.type() !== ')');
    made[key] = hasValue ? value(c) : '';
  });
  return made;
}

/** A key is one string, so that `'a' 'b'` is a key and its value. */
export function propertyKey(p: Cursor): string {
  if (isString(p.type())) return isString(p.type(1)) ? oneString(p) : stringLiteral(p);
  return multipartIdentifier(p).join('.');
}

function oneString(p: Cursor): string {
  const text = p.textOf(p.next());
  return text.slice(1, -1);
}

function propertyValue(p: Cursor): string {
  if (isString(p.type())) return stringLiteral(p);
  if (p.isOneOf('integer', 'decimal')) return p.textOf(p.next());
  if (p.isOneOf('TRUE', 'FALSE')) return p.textOf(p.next()).toLowerCase();
  return p.fail();
}
