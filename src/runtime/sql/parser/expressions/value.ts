// Arithmetic, bits, shifts, comparison: precedence climbing over binary operators. Above is boolean.ts, below primary.ts.
// Source: the valueExpression rule of Spark 4.2.
import type { Expression } from '../../plan/expressions.ts';
import type { Cursor } from '../cursor.ts';
import { NUMBERS } from '../token.ts';
import { call } from './make.ts';
import { primaryExpression } from './primary.ts';
import { startsPipe } from '../queries/starts-query.ts';

/** Operator → how tightly it binds. All are left-associative. */
const BINDING: { readonly [operator: string]: number } = {
  '*': 7,
  '/': 7,
  '%': 7,
  DIV: 7,
  '+': 6,
  '-': 6,
  '||': 6,
  '<<': 5,
  '>>': 5,
  '>>>': 5,
  '&': 4,
  '^': 3,
  '|': 2,
  '=': 1,
  '<>': 1,
  '!=': 1,
  '<': 1,
  '<=': 1,
  '>': 1,
  '>=': 1,
  '<=>': 1,
};
/** Where the function's name is not the operator. */
const NAMES: { readonly [operator: string]: string } = { '=': '==', DIV: 'div', '||': 'concat' };

export const valueExpression = (p: Cursor): Expression => climb(p, 1);

function climb(p: Cursor, weakest: number): Expression {
  const from = p.at;
  let left = unary(p);
  for (;;) {
    const operator = p.type();
    const binding = BINDING[operator];
    if (binding === undefined || binding < weakest || (operator === '|' && startsPipe(p, 1))) return left;
    p.at++;
    const right = climb(p, binding + 1);
    left = binary(p, from, operator, left, right);
  }
}

function binary(p: Cursor, from: number, operator: string, left: Expression, right: Expression): Expression {
  if (operator === '<>' || operator === '!=') return call(p, from, 'not', call(p, from, '==', left, right));
  return call(p, from, NAMES[operator] ?? operator, left, right);
}

const UNARY: { readonly [operator: string]: string } = { '-': '-', '+': 'positive', '~': '~' };

function unary(p: Cursor): Expression {
  const operator = p.type();
  const name = UNARY[operator];
  // A minus right before a number is the number's: -128Y is a byte.
  if (name === undefined || (operator === '-' && NUMBERS.has(p.type(1)))) return primaryExpression(p);
  const from = p.at;
  p.at++;
  return call(p, from, name, climb(p, 8));
}
