// Expressions from OR down to one predicate: NOT, AND, OR, EXISTS, BETWEEN, IN, LIKE and its kin, IS. Below is value.ts.
// Precedence is by climbing: OR 1, AND 2, NOT above both. Source: the booleanExpression and predicate rules of Spark 4.2.
import type { Expression } from '../../plan/expressions.ts';
import type { Cursor } from '../cursor.ts';
import { startsQuery } from '../queries/starts-query.ts';
import { stringLiteral } from '../strings.ts';
import { call, maybeNot, text } from './make.ts';
import { valueExpression } from './value.ts';

export const expression = (p: Cursor): Expression => disjunction(p);

function disjunction(p: Cursor): Expression {
  const from = p.at;
  const terms = [conjunction(p)];
  while (p.accept('OR')) terms.push(conjunction(p));
  return balanced(p, from, 'or', terms);
}

function conjunction(p: Cursor): Expression {
  const from = p.at;
  const terms = [negation(p)];
  while (p.accept('AND')) terms.push(negation(p));
  return balanced(p, from, 'and', terms);
}

/** Thousands of terms are a tree of a dozen levels. Source: AstBuilder.visitLogicalBinary. */
function balanced(p: Cursor, from: number, name: string, terms: readonly Expression[]): Expression {
  if (terms.length === 1) return terms[0]!;
  const half = Math.ceil(terms.length / 2);
  return call(p, from, name, balanced(p, from, name, terms.slice(0, half)), balanced(p, from, name, terms.slice(half)));
}

function negation(p: Cursor): Expression {
  const from = p.at;
  const type = p.type();
  if (type === '!' || (type === 'NOT' && !endsOperand(p.type(1)))) {
    p.at++;
    return call(p, from, 'not', negation(p));
  }
  if (type === 'EXISTS' && p.type(1) === '(' && startsQuery(p, 2)) {
    const found = p.attempt(exists);
    if (found !== undefined) return found;
  }
  return predicated(p);
}

/** NOT alone is a column called not. */
const endsOperand = (type: string): boolean => type === 'eof' || type === ')' || type === ',' || type === '.';

function exists(p: Cursor): Expression {
  const from = p.at;
  p.at += 2;
  const plan = p.rules.query(p);
  p.expect(')');
  return { kind: 'subqueryExpression', subqueryType: 'exists', plan, origin: p.origin(from) };
}

const PREDICATES = new Set(['BETWEEN', 'IN', 'LIKE', 'ILIKE', 'RLIKE']);

function predicated(p: Cursor): Expression {
  const from = p.at;
  const value = valueExpression(p);
  const type = p.type();
  if (type === 'IS') return isPredicate(p, from, value);
  const isNegated = (type === 'NOT' || type === '!') && PREDICATES.has(p.type(1));
  if (!isNegated && !PREDICATES.has(type)) return value;
  if (isNegated) p.at++;
  const keyword = p.next().type;
  if (keyword === 'BETWEEN') {
    const low = valueExpression(p);
    p.expect('AND');
    const high = valueExpression(p);
    return maybeNot(p, from, isNegated, call(p, from, 'between', value, low, high));
  }
  if (keyword === 'IN') return maybeNot(p, from, isNegated, inPredicate(p, from, value));
  if (keyword === 'RLIKE') return maybeNot(p, from, isNegated, call(p, from, 'rlike', value, valueExpression(p)));
  return likePredicate(p, from, value, keyword.toLowerCase(), isNegated);
}

function isPredicate(p: Cursor, from: number, value: Expression): Expression {
  p.at++;
  const isNegated = p.acceptOneOf('NOT', '!') !== undefined;
  const keyword = p.expectOneOf('NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'DISTINCT');
  switch (keyword) {
    case 'NULL':
    case 'UNKNOWN':
      return call(p, from, isNegated ? 'isnotnull' : 'isnull', value);
    case 'DISTINCT': {
      p.expect('FROM');
      const other = valueExpression(p);
      return maybeNot(p, from, !isNegated, call(p, from, '<=>', value, other));
    }
    default: {
      const truth: Expression = { kind: 'literal', value: { type: 'boolean', value: keyword === 'TRUE' }, origin: p.origin(p.at - 1) };
      return maybeNot(p, from, isNegated, call(p, from, '<=>', value, truth));
    }
  }
}

function inPredicate(p: Cursor, from: number, value: Expression): Expression {
  const open = p.at;
  p.expect('(');
  if (p.accept(')')) throw p.error('INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE', {}, open);
  if (startsQuery(p, 0)) {
    const plan = p.attempt((c) => {
      const query = c.rules.query(c);
      c.expect(')');
      return query;
    });
    const values = value.kind === 'rowConstructor' ? value.elements : [value];
    if (plan !== undefined)
      return { kind: 'subqueryExpression', subqueryType: 'in', plan, inSubqueryValues: values, origin: p.origin(from) };
  }
  const options = p.list(expression);
  p.expect(')');
  return call(p, from, 'in', value, ...options);
}

/** LIKE ANY (…) and its kin keep their list as arguments of one function, as Spark's likeAny and likeAll expressions do. */
function likePredicate(p: Cursor, from: number, value: Expression, keyword: string, isNegated: boolean): Expression {
  if ((p.type() === 'ANY' || p.type() === 'SOME' || p.type() === 'ALL') && p.type(1) === '(') {
    const isAll = p.next().type === 'ALL';
    const open = p.at;
    p.at++;
    if (p.accept(')')) throw p.error('_LEGACY_ERROR_TEMP_0064', { msg: "Expected something between '(' and ')'." }, open - 1);
    const patterns = p.list(expression);
    p.expect(')');
    return call(p, from, `${isNegated ? 'not_' : ''}${keyword}_${isAll ? 'all' : 'any'}`, value, ...patterns);
  }
  const pattern = valueExpression(p);
  const args = [value, pattern];
  if (p.accept('ESCAPE')) {
    const at = p.at;
    args.push(text(p, at, stringLiteral(p)));
  }
  return maybeNot(p, from, isNegated, call(p, from, keyword, ...args));
}
