// A whole query: WITH, its terms, then ORDER BY to OFFSET (query-organization.ts). Terms and set operations are query-term.ts, SELECT is select.ts.
// Source: the query and ctes rules of Spark 4.2.
import type { Relation } from '../../plan/relations.ts';
import type { CteDefinition } from '../../plan/sql-relations.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import type { Cursor } from '../cursor.ts';
import { errorCapturingIdentifier, identifierList } from '../identifiers.ts';
import { queryOrganization } from './query-organization.ts';
import { queryTerm } from './query-term.ts';

export function query(p: Cursor): Relation {
  const from = p.at;
  const withClause = p.type() === 'WITH' ? ctes(p) : undefined;
  const child = queryOrganization(p, queryTerm(p));
  return withClause === undefined ? child : { kind: 'withCte', ...withClause, child, origin: p.origin(from) };
}

/** WITH [RECURSIVE] a AS (…), b(x) AS (…) */
export function ctes(p: Cursor): { readonly isRecursive: boolean; readonly definitions: CteDefinition[] } {
  const from = p.at;
  p.expect('WITH');
  const isRecursive = p.type() === 'RECURSIVE' && p.type(1) !== 'AS' && p.type(1) !== '(' && p.accept('RECURSIVE');
  const definitions = p.list(namedQuery);
  if (!isRecursive && definitions.some((definition) => definition.maxRecursionLevel !== undefined))
    p.report('_LEGACY_ERROR_TEMP_0035', { message: 'Cannot specify MAX RECURSION LEVEL when the CTE is not marked as RECURSIVE' }, from);
  const names = definitions.map(({ name }) => name.toLowerCase());
  const repeated = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (repeated.length > 0) p.report('DUPLICATED_CTE_NAMES', { duplicateNames: repeated.map(quoteIdentifier).join(', ') }, from);
  return { isRecursive, definitions };
}

function namedQuery(p: Cursor): CteDefinition {
  const name = errorCapturingIdentifier(p);
  // `x (SELECT …)` has no AS and no columns: look whether the parenthesis holds names.
  const columnAliases = p.type() === '(' ? p.attempt(columnsBeforeAs) : undefined;
  let maxRecursionLevel: number | undefined;
  if (p.accept('MAX', 'RECURSION', 'LEVEL')) {
    if (p.type() !== 'integer') p.fail();
    maxRecursionLevel = Number(p.textOf(p.next()));
  }
  p.accept('AS');
  p.expect('(');
  const made = query(p);
  p.expect(')');
  return { name, ...(columnAliases && { columnAliases }), ...(maxRecursionLevel !== undefined && { maxRecursionLevel }), query: made };
}

function columnsBeforeAs(p: Cursor): string[] {
  const names = identifierList(p);
  if (!p.isOneOf('AS', '(', 'MAX')) p.fail();
  return names;
}
