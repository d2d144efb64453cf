// UNION, INTERSECT, EXCEPT, MINUS by precedence, pipes `|>` after them, and the smallest queries: SELECT, FROM … SELECT, TABLE, VALUES, (…).
// Source: the queryTerm and queryPrimary rules of Spark 4.2.
import type { Relation, SetOpType } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { relationName } from '../relation-name.ts';
import { fromStatement } from './from-statement.ts';
import { inlineTable } from './inline-table.ts';
import { isPipe, pipeOperators } from './pipe.ts';
import { querySpecification } from './select.ts';

const SET_OPERATORS: { readonly [keyword: string]: SetOpType } = {
  UNION: 'union',
  EXCEPT: 'except',
  MINUS: 'except',
  INTERSECT: 'intersect',
};

/** INTERSECT binds tighter than the others, unless the legacy setting puts all on one level. */
export function queryTerm(p: Cursor): Relation {
  const made = setOperations(
    p,
    p.options.setOpsPrecedenceEnforced ? ['INTERSECT', 'UNION', 'EXCEPT', 'MINUS'] : ['UNION', 'EXCEPT', 'MINUS'],
  );
  return isPipe(p) ? pipeOperators(p, made, queryPrimary) : made;
}

function setOperations(p: Cursor, operators: readonly string[]): Relation {
  const from = p.at;
  const operand = operators.includes('INTERSECT') ? queryPrimary : intersections;
  let left = operand(p);
  while (operators.includes(p.type())) left = setOperation(p, from, left, operand);
  return left;
}

function intersections(p: Cursor): Relation {
  const from = p.at;
  let left = queryPrimary(p);
  while (p.type() === 'INTERSECT') left = setOperation(p, from, left, queryPrimary);
  return left;
}

/** The operator comes next. */
function setOperation(p: Cursor, from: number, leftInput: Relation, operand: (p: Cursor) => Relation): Relation {
  const setOpType = SET_OPERATORS[p.next().type] as SetOpType;
  const isAll = p.acceptOneOf('ALL', 'DISTINCT') === 'ALL';
  const rightInput = operand(p);
  return { kind: 'setOperation', leftInput, rightInput, setOpType, isAll, origin: p.origin(from) };
}

export function queryPrimary(p: Cursor): Relation {
  switch (p.type()) {
    case 'SELECT':
    case 'MAP':
    case 'REDUCE':
      return querySpecification(p);
    case 'FROM':
      return fromStatement(p);
    case 'VALUES':
      return inlineTable(p);
    case 'TABLE':
      p.at++;
      return relationName(p);
    case '(': {
      p.at++;
      const made = p.rules.query(p);
      p.expect(')');
      return made;
    }
    default:
      return p.fail();
  }
}
