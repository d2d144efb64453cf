// Small makers of expressions, so that rules read as grammar.
import type { Expression, SortOrder, UnresolvedFunction } from '../../plan/expressions.ts';
import type { LiteralValue } from '../../plan/literal.ts';
import type { Cursor } from '../cursor.ts';

/** @param from index of the expression's first token; it ends with the last token taken */
export function call(p: Cursor, from: number, functionName: string, ...args: readonly Expression[]): UnresolvedFunction {
  return { kind: 'unresolvedFunction', functionName, arguments: args, origin: p.origin(from) };
}

export function literal(p: Cursor, from: number, value: LiteralValue): Expression {
  return { kind: 'literal', value, origin: p.origin(from) };
}

export const text = (p: Cursor, from: number, value: string): Expression => literal(p, from, { type: 'string', value });

/** `NOT e` where `negated`, else `e`. */
export function maybeNot(p: Cursor, from: number, negated: boolean, expression: Expression): Expression {
  return negated ? call(p, from, 'not', expression) : expression;
}

/** `expression [ASC | DESC] [NULLS FIRST | LAST]`; nulls come first when ascending and last when descending, as in Spark. */
export function sortItem(p: Cursor): SortOrder {
  const from = p.at;
  const child = p.rules.expression(p);
  const direction = p.acceptOneOf('ASC', 'DESC') === 'DESC' ? 'descending' : 'ascending';
  let nullOrdering: SortOrder['nullOrdering'] = direction === 'ascending' ? 'nullsFirst' : 'nullsLast';
  if (p.accept('NULLS')) nullOrdering = p.expectOneOf('FIRST', 'LAST') === 'FIRST' ? 'nullsFirst' : 'nullsLast';
  return { kind: 'sortOrder', child, direction, nullOrdering, origin: p.origin(from) };
}
