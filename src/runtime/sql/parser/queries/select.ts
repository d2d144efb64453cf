// SELECT … FROM … WHERE … GROUP BY … HAVING … QUALIFY, in the order in which Spark nests them. TRANSFORM is transform.ts's.
// Source: AstBuilder.withSelectQuerySpecification of Spark 4.2.
import type { Expression } from '../../plan/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { isClauseHere, namedExpressions } from '../expressions/named.ts';
import { windowDefinitions } from '../expressions/window.ts';
import { simpleIdentifier } from '../identifiers.ts';
import { fromClause } from './from.ts';
import { aggregation } from './group-by.ts';
import { lateralViews } from './lateral-view.ts';
import { isTransform, transformClause } from './transform.ts';

/** SELECT, MAP or REDUCE comes next. */
export function querySpecification(p: Cursor): Relation {
  if (isTransform(p)) return transformClause(p, undefined, listRest);
  const from = p.at;
  const select = selectClause(p);
  const input = isClauseHere(p, 'FROM') ? fromClause(p) : undefined;
  return selectRest(p, from, select, input);
}

type SelectClause = { readonly hints: readonly HintStatement[]; readonly isDistinct: boolean; readonly expressions: readonly Expression[] };
type HintStatement = { readonly name: string; readonly parameters: readonly Expression[] };

export function selectClause(p: Cursor): SelectClause {
  p.expect('SELECT');
  const hints: HintStatement[] = [];
  while (p.accept('/*+')) hints.push(...hintStatements(p));
  // ALL and DISTINCT can be columns: SELECT all, 1.
  const isQuantified = p.isOneOf('DISTINCT', 'ALL') && ![',', 'eof', ')', ';', '.', 'FROM', 'AS'].includes(p.type(1));
  const isDistinct = isQuantified && p.next().type === 'DISTINCT';
  return { hints, isDistinct, expressions: namedExpressions(p) };
}

function hintStatements(p: Cursor): HintStatement[] {
  const made: HintStatement[] = [];
  do {
    const name = simpleIdentifier(p);
    made.push({ name, parameters: p.type() === '(' ? p.parenthesized(p.rules.primaryExpression) : [] });
    p.accept(',');
  } while (p.type() !== '*/');
  p.at++;
  return made;
}

/** Everything after the list and FROM. */
export function selectRest(
  p: Cursor,
  from: number,
  { hints, isDistinct, expressions }: SelectClause,
  input: Relation | undefined,
): Relation {
  let made = lateralViews(p, input);
  if (isClauseHere(p, 'WHERE')) {
    p.at++;
    made = { kind: 'filter', input: made ?? ONE_ROW, condition: p.rules.expression(p), origin: p.origin(from) };
  }
  const groups = p.is('GROUP', 'BY') ? aggregation(p) : undefined;
  const having = isClauseHere(p, 'HAVING') && p.accept('HAVING') ? p.rules.expression(p) : undefined;
  const windows = isClauseHere(p, 'WINDOW') && p.accept('WINDOW') ? windowDefinitions(p) : undefined;
  const qualify = isClauseHere(p, 'QUALIFY') && p.accept('QUALIFY') ? p.rules.expression(p) : undefined;
  const origin = p.origin(from);
  const on = made && { input: made };
  // HAVING without GROUP BY makes one group of everything.
  let result: Relation =
    groups || having
      ? { kind: 'aggregate', ...on, ...(groups ?? GLOBAL), aggregateExpressions: expressions, origin }
      : { kind: 'project', ...on, expressions, origin };
  if (having) result = { kind: 'having', input: result, condition: having, origin };
  if (isDistinct) result = { kind: 'distinct', input: result, origin };
  if (windows) result = { kind: 'withWindowDefinitions', input: result, windows, origin };
  if (qualify) result = { kind: 'qualify', input: result, condition: qualify, origin };
  for (const { name, parameters } of hints.toReversed()) result = { kind: 'hint', input: result, name, parameters, origin };
  return result;
}

/** The same for a list that is no SELECT's: of TRANSFORM. */
export const listRest = (p: Cursor, from: number, expressions: readonly Expression[], input: Relation | undefined): Relation =>
  selectRest(p, from, { hints: [], isDistinct: false, expressions }, input);

const GLOBAL = { groupType: 'groupBy', groupingExpressions: [] } as const;
/** SELECT 1 WHERE … filters the one row without columns. */
export const ONE_ROW: Relation = { kind: 'project', expressions: [] };
