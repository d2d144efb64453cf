// Pipe operators: query |> WHERE … |> AGGREGATE … GROUP BY … |> ORDER BY …, each over the result of what stands before.
// Source: AstBuilder.visitOperatorPipeRightSide of Spark 4.2.
import type { Expression } from '../../plan/expressions.ts';
import { Origin } from '../../plan/origin.ts';
import type { Relation, SetOpType } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { isClauseHere, namedExpressions } from '../expressions/named.ts';
import { windowDefinitions } from '../expressions/window.ts';
import { errorCapturingIdentifier, multipartIdentifier } from '../identifiers.ts';
import { joinRelation } from './from.ts';
import { aggregation } from './group-by.ts';
import { pivotClause, unpivotClause } from './pivot.ts';
import { queryOrganization } from './query-organization.ts';
import { sample } from './sample.ts';
import { selectClause } from './select.ts';
import { startsPipe } from './starts-query.ts';

/** `|>`, or a single bar before an operator's keyword. */
export const isPipe = (p: Cursor): boolean => p.type() === '|>' || (p.type() === '|' && startsPipe(p, 1));

/** The first |> comes next. @param queryPrimary the right side of |> UNION */
export function pipeOperators(p: Cursor, query: Relation, queryPrimary: (p: Cursor) => Relation): Relation {
  const from = p.at;
  let made = query;
  while (isPipe(p)) {
    p.at++;
    made = operator(p, { kind: 'pipeInput', input: made, origin: p.origin(from) }, queryPrimary);
  }
  return made;
}

function operator(p: Cursor, input: Relation, queryPrimary: (p: Cursor) => Relation): Relation {
  const from = p.at;
  switch (p.type()) {
    case 'SELECT':
      return select(p, input);
    case 'EXTEND':
      p.at++;
      return { kind: 'pipeExtend', input, expressions: namedExpressions(p), origin: p.origin(from) };
    case 'SET':
      p.at++;
      return { kind: 'pipeSet', input, assignments: p.list((c) => assignment(c, from)), origin: p.origin(from) };
    case 'DROP': {
      p.at++;
      const columns = p.list((c): Expression => ({ kind: 'unresolvedAttribute', nameParts: multipartIdentifier(c) }));
      return { kind: 'drop', input, columns, columnNames: [], origin: p.origin(from) };
    }
    case 'AS':
      p.at++;
      return { kind: 'subqueryAlias', input, alias: errorCapturingIdentifier(p), qualifier: [], origin: p.origin(from) };
    case 'WHERE':
      return where(p, input);
    case 'PIVOT': {
      const made = pivotClause(p, input);
      if (p.type() === 'UNPIVOT') throw p.error('NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT', {}, from);
      return made;
    }
    case 'UNPIVOT': {
      const made = unpivotClause(p, input);
      if (p.is('PIVOT', '(')) throw p.error('NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT', {}, from);
      return made;
    }
    case 'TABLESAMPLE':
      return sample(p, input);
    case 'UNION':
    case 'EXCEPT':
    case 'MINUS':
    case 'INTERSECT':
      return setOperation(p, input, queryPrimary);
    case 'AGGREGATE':
      return aggregate(p, input);
    default:
      return joinRelation(p, input, from) ?? ordered(p, input);
  }
}

function select(p: Cursor, input: Relation): Relation {
  const from = p.at;
  const { isDistinct, expressions } = selectClause(p);
  const groups = p.is('GROUP', 'BY') ? aggregation(p, true) : undefined;
  const windows = isClauseHere(p, 'WINDOW') && p.accept('WINDOW') ? windowDefinitions(p) : undefined;
  let made: Relation = groups
    ? { kind: 'aggregate', input, ...groups, aggregateExpressions: expressions, origin: p.origin(from) }
    : { kind: 'pipeSelect', input, expressions, origin: p.origin(from) };
  if (isDistinct) made = { kind: 'distinct', input: made, origin: p.origin(from) };
  return windows ? { kind: 'withWindowDefinitions', input: made, windows, origin: p.origin(from) } : made;
}

function assignment(p: Cursor, from: number): { column: string; value: Expression } {
  const parts = multipartIdentifier(p);
  p.expect('=');
  const value = p.rules.expression(p);
  if (parts.length > 1) {
    const message = 'SQL pipe syntax |> SET operator with multi-part assignment key (only single-part keys are allowed)';
    throw p.error('_LEGACY_ERROR_TEMP_0035', { message }, from);
  }
  return { column: parts[0] as string, value };
}

function where(p: Cursor, input: Relation): Relation {
  const from = p.at;
  p.at++;
  const condition = p.rules.expression(p);
  if (isClauseHere(p, 'WINDOW')) throw p.error('NOT_ALLOWED_IN_PIPE_OPERATOR_WHERE.WINDOW_CLAUSE', {}, p.at);
  return { kind: 'filter', input, condition, origin: p.origin(from) };
}

function setOperation(p: Cursor, leftInput: Relation, queryPrimary: (p: Cursor) => Relation): Relation {
  const from = p.at;
  const keyword = p.next().type;
  const setOpType: SetOpType = keyword === 'UNION' ? 'union' : keyword === 'INTERSECT' ? 'intersect' : 'except';
  const isAll = p.acceptOneOf('ALL', 'DISTINCT') === 'ALL';
  return { kind: 'setOperation', leftInput, rightInput: queryPrimary(p), setOpType, isAll, origin: p.origin(from) };
}

function aggregate(p: Cursor, input: Relation): Relation {
  const from = p.at;
  p.at++;
  const groupsHere = p.is('GROUP', 'BY') && !ENDS.includes(p.type(2));
  const hasList = !groupsHere && !ENDS.includes(p.type());
  const aggregateExpressions = hasList ? namedExpressions(p) : [];
  const groups = p.is('GROUP', 'BY') ? aggregation(p, true) : undefined;
  if (!hasList && groups === undefined) {
    const message = 'The AGGREGATE clause requires a list of aggregate expressions or a list of grouping expressions, or both';
    throw p.error('_LEGACY_ERROR_TEMP_0035', { message }, from);
  }
  const unsupported = (groups && unsupportedGrouping(groups)) ?? unsupportedFunction(aggregateExpressions);
  if (unsupported !== undefined) throw p.error('UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE', { case: unsupported }, from);
  return {
    kind: 'aggregate',
    input,
    ...(groups ?? { groupType: 'groupBy', groupingExpressions: [] }),
    aggregateExpressions,
    keepsGroupingColumns: true,
    origin: p.origin(from),
  };
}

function unsupportedGrouping({ groupType, isGroupByAll, groupingExpressions }: ReturnType<typeof aggregation>): string | undefined {
  if (isGroupByAll) return 'GROUP BY ALL';
  const mixed = groupingExpressions.find((e) => e.kind === 'unresolvedFunction' && e.isInternal);
  const name = groupType !== 'groupBy' ? groupType : mixed?.kind === 'unresolvedFunction' ? mixed.functionName : undefined;
  if (name === 'rollup') return 'GROUP BY ROLLUP';
  if (name === 'cube') return 'GROUP BY CUBE';
  return name === undefined ? undefined : 'GROUPING SETS';
}

const ENDS: readonly string[] = ['eof', ';', ')', '|>', '|'];
const NO_WINDOWS = 'window functions; please update the query to move the window functions to a subsequent |> SELECT operator instead';

/** Windows and the grouping functions have no meaning in |> AGGREGATE. Subqueries are their own matter. */
function unsupportedFunction(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null || node instanceof Origin) return undefined;
  const { kind, functionName } = node as { kind?: string; functionName?: string };
  if (kind === 'window') return NO_WINDOWS;
  if (kind === 'subqueryExpression') return undefined;
  if (functionName === 'grouping' || functionName === 'grouping_id') return functionName.toUpperCase();
  for (const part of Object.values(node)) {
    const found = unsupportedFunction(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

const RESULT_CLAUSES = [
  ['ORDER BY', 'ORDER'],
  ['CLUSTER BY', 'CLUSTER'],
  ['DISTRIBUTE BY', 'DISTRIBUTE'],
  ['SORT BY', 'SORT'],
  ['LIMIT', 'LIMIT'],
  ['OFFSET', 'OFFSET'],
] as const;

/** One of ORDER BY … OFFSET. Two in one pipe would leave their order unclear; only LIMIT and OFFSET go together. */
function ordered(p: Cursor, input: Relation): Relation {
  const from = p.at;
  const made = queryOrganization(p, input);
  if (made === input) p.fail();
  const heads = topLevelTypes(p, from);
  const found = RESULT_CLAUSES.filter(([, word]) => heads.includes(word)).map(([clause]) => clause);
  const [clause1, clause2] = found;
  if (clause1 !== undefined && clause2 !== undefined && !(clause1 === 'LIMIT' && clause2 === 'OFFSET'))
    throw p.error('MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS', { clause1, clause2 }, from);
  return made;
}

/** Token types outside of parentheses from an index to here. */
function topLevelTypes(p: Cursor, from: number): string[] {
  const types: string[] = [];
  let depth = 0;
  for (let i = from; i < p.at; i++) {
    const type = p.tokens[i]?.type ?? '';
    if (type === '(') depth++;
    else if (type === ')') depth--;
    else if (depth === 0) types.push(type);
  }
  return types;
}
