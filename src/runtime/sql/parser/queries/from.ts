// FROM: a list of relations, joins, LATERAL, views, pivots. The smallest relations are relation-primary.ts.
// Source: AstBuilder.visitFromClause and withJoinRelation of Spark 4.2.
import type { Join, JoinType, NearestByJoin, Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { identifierList } from '../identifiers.ts';
import { lateralViews } from './lateral-view.ts';
import { pivotClause, unpivotClause } from './pivot.ts';
import { relationPrimary } from './relation-primary.ts';

/** FROM comes next. */
export function fromClause(p: Cursor): Relation {
  p.expect('FROM');
  const from = p.at;
  let made = relation(p);
  while (p.accept(',')) {
    const right = relation(p);
    made =
      right.kind === 'lateral'
        ? { kind: 'lateralJoin', left: made, right: right.input, joinType: 'inner', origin: p.origin(from) }
        : { kind: 'join', left: made, right, joinType: 'inner', usingColumns: [], origin: p.origin(from) };
  }
  made = lateralViews(p, made) as Relation;
  const pivoted = p.is('PIVOT', '(');
  if (pivoted) made = pivotClause(p, made);
  if (isUnpivot(p)) {
    if (pivoted) throw p.error('NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT');
    made = unpivotClause(p, made);
  }
  return made;
}

/** One item of a FROM list with its joins. A leading LATERAL stays a mark; the list makes a join of it. */
export function relation(p: Cursor): Relation {
  const from = p.at;
  const isLateral = p.type() === 'LATERAL' && p.type(1) !== 'VIEW' && p.accept('LATERAL');
  let made = relationPrimary(p, isLateral);
  if (isLateral) made = { kind: 'lateral', input: made, origin: p.origin(from) };
  for (;;) {
    if (p.is('PIVOT', '(')) made = pivotClause(p, made);
    else if (isUnpivot(p)) made = unpivotClause(p, made);
    else {
      const joined = joinRelation(p, made, from);
      if (joined === undefined) return made;
      made = joined;
    }
  }
}

const isUnpivot = (p: Cursor): boolean => p.type() === 'UNPIVOT' && (p.type(1) === '(' || p.type(2) === 'NULLS');

/** @returns undefined when no join comes next */
export function joinRelation(p: Cursor, left: Relation, from: number): Relation | undefined {
  const start = p.at;
  const isNatural = p.accept('NATURAL');
  const joinType = joinKind(p);
  if (joinType === undefined || !p.accept('JOIN')) {
    if (isNatural || joinType !== 'none') p.fail();
    p.at = start;
    return undefined;
  }
  const kind: JoinType = joinType === 'none' ? 'inner' : joinType;
  const isLateral = p.type() === 'LATERAL' && p.accept('LATERAL');
  if (isLateral && isNatural) throw p.error('INCOMPATIBLE_JOIN_TYPES', { joinType1: 'LATERAL', joinType2: 'NATURAL' }, from);
  const right = relationPrimary(p, isLateral);
  const usingAt = p.at;
  const criteria = isNatural ? { usingColumns: [] } : joinCriteria(p, kind);
  if (isLateral) {
    if (criteria.usingColumns.length > 0) throw p.error('UNSUPPORTED_FEATURE.LATERAL_JOIN_USING', {}, usingAt);
    const { joinCondition } = criteria as Pick<Join, 'joinCondition'>;
    return { kind: 'lateralJoin', left, right, joinType: kind, ...(joinCondition && { joinCondition }), origin: p.origin(from) };
  }
  if ('mode' in criteria)
    return { kind: 'nearestByJoin', left, right, joinType: kind, ...criteria, origin: p.origin(from) } as NearestByJoin;
  return { kind: 'join', left, right, joinType: kind, ...(isNatural && { isNatural }), ...criteria, origin: p.origin(from) };
}

/** `none` where JOIN stands alone or no join keyword is there. */
function joinKind(p: Cursor): JoinType | 'none' | undefined {
  switch (p.type()) {
    case 'INNER':
      p.at++;
      return 'inner';
    case 'CROSS':
      p.at++;
      return 'cross';
    case 'SEMI':
      p.at++;
      return 'leftSemi';
    case 'ANTI':
      p.at++;
      return 'leftAnti';
    case 'LEFT':
      p.at++;
      if (p.accept('SEMI')) return 'leftSemi';
      if (p.accept('ANTI')) return 'leftAnti';
      p.accept('OUTER');
      return 'leftOuter';
    case 'RIGHT':
      p.at++;
      p.accept('OUTER');
      return 'rightOuter';
    case 'FULL':
      p.at++;
      p.accept('OUTER');
      return 'fullOuter';
    default:
      return 'none';
  }
}

type Criteria =
  | Pick<Join, 'joinCondition' | 'usingColumns'>
  | (Pick<NearestByJoin, 'rankingExpression' | 'numResults' | 'mode' | 'direction'> & { usingColumns: [] });

function joinCriteria(p: Cursor, joinType: JoinType): Criteria {
  if (p.accept('ON')) return { usingColumns: [], joinCondition: p.rules.expression(p) };
  if (p.is('USING', '(')) {
    p.at++;
    return { usingColumns: identifierList(p) };
  }
  if ((p.type() === 'APPROX' || p.type() === 'EXACT') && p.type(1) === 'NEAREST') return nearestBy(p, joinType);
  return { usingColumns: [] };
}

const MOST_NEAREST = 100_000;

/** APPROX NEAREST 3 BY DISTANCE expression */
function nearestBy(p: Cursor, joinType: JoinType): Criteria {
  const from = p.at;
  const mode = p.next().type === 'APPROX' ? 'approx' : 'exact';
  p.at++;
  const numResults = p.type() === 'integer' ? Number(p.textOf(p.next())) : 1;
  if (joinType !== 'inner' && joinType !== 'leftOuter')
    throw p.error('NEAREST_BY_JOIN.UNSUPPORTED_JOIN_TYPE', { joinType: spelled(joinType), supported: "'INNER', 'LEFT OUTER'" }, from);
  if (numResults < 1 || numResults > MOST_NEAREST)
    throw p.error('NEAREST_BY_JOIN.NUM_RESULTS_OUT_OF_RANGE', { numResults: `${numResults}`, min: '1', max: `${MOST_NEAREST}` }, from);
  p.expect('BY');
  const direction = p.expectOneOf('DISTANCE', 'SIMILARITY') === 'DISTANCE' ? 'distance' : 'similarity';
  return { usingColumns: [], mode, numResults, direction, rankingExpression: p.rules.expression(p) };
}

const spelled = (joinType: JoinType): string => joinType.replace(/([A-Z])/g, ' $1').toUpperCase();
