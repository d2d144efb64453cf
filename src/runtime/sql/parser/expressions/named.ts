// `expression [AS] name` and `expression AS (a, b)`: where an alias may stand without AS, although every keyword can be one.
import type { Expression } from '../../plan/expressions.ts';
import type { Cursor } from '../cursor.ts';
import { errorCapturingIdentifier, identifierList } from '../identifiers.ts';

export function namedExpression(p: Cursor): Expression {
  const from = p.at;
  const expr = p.rules.expression(p);
  if (p.accept('AS')) return alias(p, from, expr);
  if (p.type() === '(' && p.tokens[p.at + 1]?.isWord === true) return alias(p, from, expr);
  return p.token.isWord && !goesOn(p) ? alias(p, from, expr) : expr;
}

export const namedExpressions = (p: Cursor): Expression[] => p.list(namedExpression);

function alias(p: Cursor, from: number, expr: Expression): Expression {
  const name = p.type() === '(' ? identifierList(p) : [errorCapturingIdentifier(p)];
  return { kind: 'alias', expr, name, origin: p.origin(from) };
}

/** Keywords that begin the next clause when what they need comes after them; else they are names like any other. */
const FOLLOWERS: { readonly [keyword: string]: (next: string, p: Cursor) => boolean } = {
  FROM: startsOperand,
  WHERE: startsOperand,
  HAVING: startsOperand,
  QUALIFY: startsOperand,
  LIMIT: startsOperand,
  OFFSET: startsOperand,
  GROUP: (next) => next === 'BY',
  ORDER: (next) => next === 'BY',
  SORT: (next) => next === 'BY',
  CLUSTER: (next) => next === 'BY',
  DISTRIBUTE: (next) => next === 'BY',
  LATERAL: (next) => next === 'VIEW' || next === '(' || next === 'ident',
  WINDOW: (next, p) => p.type(2) === 'AS' || (next === 'IDENTIFIER' && p.type(2) === '('),
  PIVOT: (next) => next === '(',
  UNPIVOT: (next) => next === '(' || next === 'INCLUDE' || next === 'EXCLUDE',
  TABLESAMPLE: (next) => next === '(' || next === 'BERNOULLI' || next === 'SYSTEM',
  UNION: startsSetOperand,
  EXCEPT: startsSetOperand,
  INTERSECT: startsSetOperand,
  MINUS: startsSetOperand,
  WITH: (next) => next === 'ROLLUP' || next === 'CUBE' || next === '(' || next === 'SCHEMA' || next === 'SINGLE',
  GROUPING: (next) => next === 'SETS',
  FOR: startsOperand,
  IN: (next) => next === '(',
  SELECT: startsOperand,
  INSERT: (next) => next === 'INTO' || next === 'OVERWRITE',
  WHEN: startsOperand,
  THEN: startsOperand,
  ELSE: startsOperand,
  DO: startsOperand,
  ON: startsOperand,
  USING: startsOperand,
  SET: startsOperand,
  ASC: () => true,
  DESC: () => true,
  NULLS: (next) => next === 'FIRST' || next === 'LAST',
  IGNORE: (next) => next === 'NULLS',
  RESPECT: (next) => next === 'NULLS',
  VERSION: (next) => next === 'AS',
  TIMESTAMP: (next) => next === 'AS',
  SYSTEM_VERSION: (next) => next === 'AS',
  SYSTEM_TIME: (next) => next === 'AS',
  CHANGES: (next) => next === 'FROM',
  REPLACE: (next) => next === 'WHERE' || next === 'USING' || next === 'ON',
  VALUES: startsOperand,
  TABLE: startsOperand,
  MAP: startsOperand,
  REDUCE: startsOperand,
  PARTITION: (next) => next === '(' || next === 'BY',
  BY: (next) => next === 'NAME',
  OPTIONS: (next) => next === '(',
  WATERMARK: startsOperand,
  ROWS: (next) => next === 'BETWEEN' || next === 'UNBOUNDED' || next === 'CURRENT' || next === ')',
  RANGE: (next) => next === 'BETWEEN' || next === 'UNBOUNDED' || next === 'CURRENT',
  PRECEDING: (next) => next === 'AND' || next === ')',
  FOLLOWING: (next) => next === 'AND' || next === ')',
  AND: startsOperand,
  OR: startsOperand,
  BETWEEN: startsOperand,
  IS: startsOperand,
  JOIN: startsOperand,
};
const ENDS = new Set(['eof', ',', ')', ';', '|>', ']']);

function startsOperand(next: string): boolean {
  return !ENDS.has(next);
}

function startsSetOperand(next: string): boolean {
  return ['SELECT', 'ALL', 'DISTINCT', '(', 'VALUES', 'TABLE', 'FROM', 'MAP', 'REDUCE'].includes(next);
}

/** Whether the next word begins a clause here, so that it is no alias of what stands before it. */
export function goesOn(p: Cursor): boolean {
  const type = p.type();
  return Object.hasOwn(FOLLOWERS, type) && (FOLLOWERS[type]?.(p.type(1), p) ?? false);
}

/** Whether the keyword comes next and begins its clause. */
export const isClauseHere = (p: Cursor, keyword: string): boolean => p.type() === keyword && goesOn(p);
