// range(10), explode(…), my_udtf(TABLE t PARTITION BY a ORDER BY b, x => 1) in FROM, and TABLE arguments.
// Source: the tableFunctionCall and functionTableSubqueryArgument rules of Spark 4.2.
import type { Expression, SortOrder, TableArgOptions } from '../../plan/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { functionCall } from '../expressions/function-call.ts';
import { sortItem } from '../expressions/make.ts';
import { multipartIdentifier } from '../identifiers.ts';
import { relationName } from '../relation-name.ts';

/** A name and an opening parenthesis must come next; fails otherwise, as callers try it. */
export function tableFunction(p: Cursor): Relation {
  const from = p.at;
  let nameExpression: Expression | undefined;
  let nameParts: string[] = [];
  if (p.is('IDENTIFIER', '(')) {
    p.at += 2;
    nameExpression = p.rules.expression(p);
    p.expect(')');
    if (p.type() !== '(') p.fail();
  } else {
    if (!p.token.isWord) p.fail();
    nameParts = multipartIdentifier(p);
  }
  if (p.type() !== '(') p.fail();
  const made = functionCall(p, nameParts, from, nameExpression);
  if (made.kind !== 'unresolvedFunction') p.fail();
  return {
    kind: 'unresolvedTableValuedFunction',
    functionName: made.functionName,
    arguments: made.arguments,
    ...(nameParts.length > 1 && { nameParts }),
    ...(nameExpression && { nameExpression }),
    origin: p.origin(from),
  };
}

/** TABLE comes next. */
export function tableArgument(p: Cursor): Expression {
  const from = p.at;
  p.expect('TABLE');
  let plan: Relation;
  if (p.accept('(')) {
    plan =
      p.attempt((c) => {
        const name = relationName(c);
        c.expect(')');
        return name;
      }) ?? queryInParentheses(p);
  } else plan = relationName(p);
  const tableArgOptions = partitioning(p);
  return {
    kind: 'subqueryExpression',
    subqueryType: 'tableArg',
    plan,
    ...(tableArgOptions && { tableArgOptions }),
    origin: p.origin(from),
  };
}

function queryInParentheses(p: Cursor): Relation {
  const made = p.rules.query(p);
  p.expect(')');
  return made;
}

function partitioning(p: Cursor): TableArgOptions | undefined {
  const withSinglePartition = p.accept('WITH', 'SINGLE', 'PARTITION');
  const partitionSpec: Expression[] =
    p.accept('PARTITION', 'BY') || p.accept('DISTRIBUTE', 'BY') ? listMaybeInParentheses(p, p.rules.expression) : [];
  if (!withSinglePartition && partitionSpec.length === 0) return undefined;
  const orderSpec: SortOrder[] = p.accept('ORDER', 'BY') || p.accept('SORT', 'BY') ? listMaybeInParentheses(p, sortItem) : [];
  return { partitionSpec, orderSpec, ...(withSinglePartition && { withSinglePartition }) };
}

/** `(a, b)` or `a`: without parentheses the comma goes on with the function's arguments. */
function listMaybeInParentheses<T>(p: Cursor, rule: (p: Cursor) => T): T[] {
  if (p.type() === '(') {
    const list = p.attempt((c) => c.parenthesized(rule));
    if (list !== undefined) return list;
  }
  return [rule(p)];
}
