// Joins: ON, USING, NATURAL, LATERAL; which columns a name sees above them. Source: ResolveNaturalAndUsingJoin, commonNaturalJoinProcessing,
// DeduplicateRelations of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { makeCall } from '../../functions/make-call.ts';
import { aliasOf, type Attribute, attributeOf, type Expr, type NamedExpr } from '../../logical/expressions.ts';
import { freshIds } from '../../logical/plan-tree.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import type { Join, JoinType, LateralJoin } from '../../plan/relations.ts';
import { type Analysis, type Environment, over, type Resolved, scopeOf } from '../analysis.ts';
import { checkRowCondition } from '../check-aggregate.ts';
import { quoted } from '../names.ts';
import type { Scope } from '../scope.ts';
import { besideLeft } from '../user-table-functions.ts';
import { booleanCondition } from './filter.ts';

export function resolveJoin(relation: Join, env: Environment, analysis: Analysis): Resolved {
  const left = analysis.relation(relation.left, env);
  const right = withOwnIds(left, analysis.relation(relation.right, env), env);
  const { joinType } = relation;
  const names = relation.isNatural ? commonNames(left, right) : relation.usingColumns;
  if (relation.isNatural || names.length > 0) return joinUsing(left, right, joinType, names, relation, env, analysis);
  return joinOn(left, right, joinType, relation, env, analysis, false);
}

export function resolveLateralJoin(relation: LateralJoin, env: Environment, analysis: Analysis): Resolved {
  const left = analysis.relation(relation.left, env);
  const outer: Scope = { ...left.scope, ...(env.outer && { outer: env.outer }) };
  const right = withOwnIds(left, analysis.relation(relation.right, { ...env, outer }), env);
  return joinOn(left, { plan: right.plan, scope: withoutOuter(right.scope, env) }, relation.joinType, relation, env, analysis, true);
}

const withoutOuter = ({ outer: _, ...scope }: Scope, env: Environment): Scope => ({ ...scope, ...(env.outer && { outer: env.outer }) });

/** The same columns on both sides would be one to every name: the right side gets others. */
export function withOwnIds(left: Resolved, right: Resolved, env: Environment): Resolved {
  const ids = new Set(outputOf(left.plan).map((a) => a.exprId));
  return outputOf(right.plan).some((a) => ids.has(a.exprId)) ? over(freshIds(right.plan), env) : right;
}

function joinOn(
  left: Resolved,
  right: Resolved,
  joinType: JoinType,
  { joinCondition }: Pick<Join, 'joinCondition'>,
  env: Environment,
  analysis: Analysis,
  isLateral: boolean,
): Resolved {
  const both = bothSides(left, right, env);
  const condition = joinCondition && booleanCondition(analysis.expression(joinCondition, both, env), 'join');
  if (condition !== undefined) checkRowCondition(condition);
  const beside = isLateral ? besideLeft(left.plan, right.plan, joinType, condition) : undefined;
  const plan: LogicalPlan = beside ?? {
    kind: 'join',
    left: left.plan,
    right: right.plan,
    joinType: condition !== undefined && joinType === 'cross' ? 'inner' : joinType,
    condition,
    ...(isLateral && { isLateral }),
  };
  return { plan, scope: above(plan, left, right, env) };
}

const bothSides = (left: Resolved, right: Resolved, env: Environment): Scope =>
  scopeOf([...left.scope.attributes, ...right.scope.attributes], env, { hidden: hiddenOf(left, right), whole: wholeOf(left, right) });

const hiddenOf = (left: Resolved, right: Resolved): readonly (readonly Attribute[])[] => [
  [...(left.scope.hidden ?? []).flat(), ...(right.scope.hidden ?? []).flat()],
];
const wholeOf = (left: Resolved, right: Resolved): readonly Attribute[] => [
  ...(left.scope.whole ?? left.scope.attributes),
  ...(right.scope.whole ?? right.scope.attributes),
];

/** Output as the join has it (nullability), and what USING hid below. */
function above(plan: LogicalPlan, left: Resolved, right: Resolved, env: Environment): Scope {
  const output = outputOf(plan);
  const seen = new Set([...left.scope.attributes, ...right.scope.attributes].map((a) => a.exprId));
  const now = (list: readonly Attribute[]) => list.flatMap((a) => output.find((o) => o.exprId === a.exprId) ?? []);
  return scopeOf(
    output.filter((a) => seen.has(a.exprId)),
    env,
    { hidden: hiddenOf(left, right).map(now), whole: now(wholeOf(left, right)) },
  );
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** In the left side's order; as often as both have them. */
function commonNames(left: Resolved, right: Resolved): readonly string[] {
  const count = (side: readonly Attribute[], name: string) => side.filter((a) => isSame(a.name, name)).length;
  const ours = left.scope.attributes;
  return ours.flatMap(({ name }, i) => (count(ours.slice(0, i), name) < count(right.scope.attributes, name) ? [name] : []));
}

function columnOf({ scope }: Resolved, name: string, side: string, relation: Join): Attribute {
  const found = scope.attributes.filter((a) => isSame(a.name, name));
  if (found.length === 1 || (found.length > 1 && relation.isNatural)) return found[0]!;
  if (found.length > 1) {
    const referenceNames = `[${found.map((a) => quoted([...a.qualifier, a.name])).join(', ')}]`;
    throw new AnalysisException('AMBIGUOUS_REFERENCE', { name: quoted([name]), referenceNames }, relation.origin);
  }
  const suggestion = scope.attributes
    .map((a) => quoted([a.name]))
    .sort()
    .join(', ');
  throw new AnalysisException('UNRESOLVED_USING_COLUMN_FOR_JOIN', { colName: quoted([name]), side, suggestion }, relation.origin);
}

/** One column for each pair of the same name, first; the pair's own are hidden: `l.k` and `r.k` still find them. */
function joinUsing(
  left: Resolved,
  right: Resolved,
  joinType: JoinType,
  names: readonly string[],
  relation: Join,
  env: Environment,
  analysis: Analysis,
): Resolved {
  const pairs = names.map((n) => [columnOf(left, n, 'left', relation), columnOf(right, n, 'right', relation)] as const);
  const make = (name: string, args: readonly Expr[]) => makeCall(name, args, analysis.settings);
  const conditions = pairs.map(([l, r]) => make('==', [l, r]));
  const condition = conditions.length === 0 ? undefined : conditions.reduce((all, c) => make('and', [all, c]));
  const kind = joinType === 'cross' ? 'inner' : joinType;
  const join: LogicalPlan = { kind: 'join', left: left.plan, right: right.plan, joinType: kind, condition };
  const output = outputOf(join);
  const now = (a: Attribute): Attribute => output.find((o) => o.exprId === a.exprId) ?? a;
  const pairIds = new Set(pairs.flatMap(([l, r]) => [l.exprId, r.exprId]));
  const restOf = (side: Resolved) => side.scope.attributes.filter((a) => !pairIds.has(a.exprId)).map(now);
  const hiddenBelow = hiddenOf(left, right).flat();
  const whole = wholeOf(left, right).map(now);
  if (kind === 'leftSemi' || kind === 'leftAnti') {
    const keys = pairs.map(([l]) => now(l));
    return projected(join, [...keys, ...restOf(left)], (left.scope.hidden ?? []).flat(), left.scope.whole ?? left.scope.attributes, env);
  }
  const keys = pairs.map(([l, r], i): NamedExpr => {
    // NATURAL over two columns of one name: the first one twice.
    if (pairs.findIndex((p) => p[0].exprId === l.exprId) < i) return aliasOf(now(l), l.name);
    if (kind === 'rightOuter') return now(r);
    if (kind === 'fullOuter') return aliasOf(make('coalesce', [now(l), now(r)]), l.name);
    return now(l);
  });
  // The key that is shown is a column of its side; the other one is hidden.
  const shown = new Set(keys.map((k) => k.exprId));
  const hidden = pairs.flatMap(([l, r]) => [now(l), now(r)]).filter((a) => !shown.has(a.exprId));
  return projected(join, [...keys, ...restOf(left), ...restOf(right)], [...hidden, ...hiddenBelow.map(now)], whole, env);
}

/** Hidden columns stay in the plan below names that may want them; stars do not see them. */
function projected(
  join: LogicalPlan,
  list: readonly NamedExpr[],
  hidden: readonly Attribute[],
  whole: readonly Attribute[],
  env: Environment,
): Resolved {
  const plan: LogicalPlan = { kind: 'project', child: join, projectList: [...list, ...hidden] };
  return { plan, scope: scopeOf(list.map(attributeOf), env, { hidden: [hidden], whole }) };
}
