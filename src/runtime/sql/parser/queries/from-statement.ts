// FROM t SELECT …: the relation first; with several SELECTs their results are joined by UNION ALL, as Spark does.
// The form that inserts (FROM t INSERT INTO …) is a statement, in ../statements/insert.ts.
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { isClauseHere } from '../expressions/named.ts';
import { fromClause } from './from.ts';
import { queryOrganization } from './query-organization.ts';
import { listRest, selectClause, selectRest } from './select.ts';
import { isTransform, transformClause } from './transform.ts';

/** FROM comes next. */
export function fromStatement(p: Cursor): Relation {
  const from = p.at;
  const input = fromClause(p);
  const bodies: Relation[] = [];
  while (startsBody(p)) bodies.push(fromStatementBody(p, input));
  const [first, ...rest] = bodies;
  // FROM t alone, as pipes begin with it, is the table.
  if (first === undefined) return input;
  return rest.reduce<Relation>(
    (leftInput, rightInput) => ({ kind: 'setOperation', leftInput, rightInput, setOpType: 'union', isAll: true, origin: p.origin(from) }),
    first,
  );
}

const startsBody = (p: Cursor): boolean => p.type() === 'SELECT' || isClauseHere(p, 'MAP') || isClauseHere(p, 'REDUCE');

export function fromStatementBody(p: Cursor, input: Relation): Relation {
  const from = p.at;
  if (isTransform(p)) return queryOrganization(p, transformClause(p, input, listRest));
  return queryOrganization(p, selectRest(p, from, selectClause(p), input));
}
