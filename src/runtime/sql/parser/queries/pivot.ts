// PIVOT (aggregates FOR columns IN (values)) and UNPIVOT (values FOR names IN (columns)).
import type { Expression } from '../../plan/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { SqlUnpivot } from '../../plan/sql-relations.ts';
import type { Cursor } from '../cursor.ts';
import { goesOn, namedExpression, namedExpressions } from '../expressions/named.ts';
import { errorCapturingIdentifier, identifier, identifierList, multipartIdentifier } from '../identifiers.ts';

/** PIVOT comes next. */
export function pivotClause(p: Cursor, input: Relation): Relation {
  const from = p.at;
  p.expect('PIVOT', '(');
  const aggregates = namedExpressions(p);
  p.expect('FOR');
  const columns = p.type() === '(' ? identifierList(p) : [errorCapturingIdentifier(p)];
  p.expect('IN');
  const values: Expression[] = p.parenthesized(namedExpression);
  p.expect(')');
  return withAlias(p, { kind: 'sqlPivot', input, aggregates, columns, values, origin: p.origin(from) }, from);
}

/** UNPIVOT comes next. */
export function unpivotClause(p: Cursor, input: Relation): Relation {
  const from = p.at;
  p.expect('UNPIVOT');
  const nulls = p.acceptOneOf('INCLUDE', 'EXCLUDE');
  if (nulls !== undefined) p.expect('NULLS');
  p.expect('(');
  const isMany = p.type() === '(';
  const valueColumns = isMany ? p.parenthesized(identifier) : [identifier(p)];
  p.expect('FOR');
  const nameColumn = identifier(p);
  p.expect('IN');
  const columns = p.parenthesized((c) => unpivotColumn(c, isMany));
  p.expect(')');
  const made: SqlUnpivot = {
    kind: 'sqlUnpivot',
    input,
    includesNulls: nulls === 'INCLUDE',
    valueColumns,
    nameColumn,
    columns,
    origin: p.origin(from),
  };
  return withAlias(p, made, from);
}

function unpivotColumn(p: Cursor, isMany: boolean): SqlUnpivot['columns'][number] {
  const names = isMany ? p.parenthesized(multipartIdentifier) : [multipartIdentifier(p)];
  if (p.type() === ',' || p.type() === ')') return { names };
  p.accept('AS');
  return { names, alias: errorCapturingIdentifier(p) };
}

function withAlias(p: Cursor, input: Relation, from: number): Relation {
  const hasAs = p.accept('AS');
  if (!hasAs && (!p.isStrictWord || goesOn(p))) return input;
  return { kind: 'subqueryAlias', input, alias: errorCapturingIdentifier(p), qualifier: [], origin: p.origin(from) };
}
