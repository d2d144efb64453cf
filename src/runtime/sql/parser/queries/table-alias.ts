// `AS t(a, b)` after a relation: a name, and names for its columns. Join and set keywords cannot be a table's alias.
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { goesOn } from '../expressions/named.ts';
import { errorCapturingIdentifier, identifierList } from '../identifiers.ts';

/** `[AS] t [(a, b)]` */
export function tableAlias(p: Cursor, input: Relation, from: number): Relation {
  // AS (a) names the relation as, as Spark reads it.
  const hasAs = p.type() === 'AS' && p.type(1) !== '(' && p.accept('AS');
  if (!hasAs && (!p.isStrictWord || goesOn(p))) return input;
  if (hasAs && !p.isStrictWord) p.fail();
  const alias = errorCapturingIdentifier(p);
  const columnAliases = p.type() === '(' ? identifierList(p) : undefined;
  return { kind: 'subqueryAlias', input, alias, qualifier: [], ...(columnAliases && { columnAliases }), origin: p.origin(from) };
}
