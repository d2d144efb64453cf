// Inner joins in an order by size: the best one of few inputs (cost-based-join-reorder.ts); of many, the largest input streams, and each next
// one is that which leaves least and has a condition with those before.
// Source: ReorderJoin of Spark 4.2, with sizes of files where Spark has the order of the text.
import { allOf, anyOf, conjunctsOf, disjunctsOf, isCall } from '../logical/conjuncts.ts';
import type { Expr } from '../logical/expressions.ts';
import { type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { mapPlanChildren } from '../logical/plan-tree.ts';
import { broadcastThreshold } from '../physical/byte-sizes.ts';
import { keptShare, statisticsOf } from '../physical/statistics.ts';
import { bestOrder, MOST_INPUTS } from './cost-based-join-reorder.ts';
import { idsOf, isDeterministic, isMovable, isWithin, projected, referencesOf, textOf } from './rule-tools.ts';
import type { Rule } from './rule.ts';

const isFree = (plan: LogicalPlan): plan is Join =>
  plan.kind === 'join' &&
  (plan.joinType === 'inner' || plan.joinType === 'cross') &&
  !plan.isLateral &&
  plan.leftHint === undefined &&
  plan.rightHint === undefined;

/** Inputs and conditions of joins that stand directly on one another, also with filters and bare selections between them. */
function flatten(plan: LogicalPlan, items: LogicalPlan[], conditions: Expr[]): void {
  if (isFree(plan)) {
    flatten(plan.left, items, conditions);
    flatten(plan.right, items, conditions);
    conditions.push(...conjunctsOf(plan.condition));
  } else if (plan.kind === 'filter' && isFree(plan.child) && isDeterministic(plan.condition)) {
    flatten(plan.child, items, conditions);
    conditions.push(...conjunctsOf(plan.condition));
  } else if (plan.kind === 'project' && isFree(plan.child) && plan.projectList.every((e) => e.kind === 'attribute')) {
    flatten(plan.child, items, conditions);
  } else items.push(plan);
}

const links = (conditions: readonly Expr[], joined: LogicalPlan, item: LogicalPlan): boolean => {
  const [a, b] = [idsOf(joined), idsOf(item)];
  return conditions.some((e) => {
    const ids = referencesOf(e);
    return isCall(e, '==') && ids.some((id) => a.has(id)) && ids.some((id) => b.has(id)) && ids.every((id) => a.has(id) || b.has(id));
  });
};

function ordered(plan: LogicalPlan, broadcastBytes: number): LogicalPlan {
  const [items, conditions]: [LogicalPlan[], Expr[]] = [[], []];
  flatten(plan, items, conditions);
  if (items.length < 2) return plan;
  const inputs = items.map((item) => narrowed(reordered(item, broadcastBytes), conditions));
  const best = inputs.length > 2 && inputs.length <= MOST_INPUTS ? bestOrder(inputs, conditions, broadcastBytes) : undefined;
  if (best !== undefined) return inOrder(plan, best.plan, best.rest);
  const rest = new Set(inputs);
  let open = conditions;
  const largest = inputs.reduce((a, b) => (statisticsOf(b).rows > statisticsOf(a).rows ? b : a));
  rest.delete(largest);
  let joined: LogicalPlan = largest;
  while (rest.size > 0) {
    const linked = [...rest].filter((item) => links(open, joined, item));
    const candidates = linked.length > 0 ? linked : [...rest];
    const next = candidates.reduce((a, b) => (cost(b, linked.length > 0) < cost(a, linked.length > 0) ? b : a));
    rest.delete(next);
    const both = new Set([...idsOf(joined), ...idsOf(next)]);
    const now = open.filter((e) => isWithin(e, both));
    open = open.filter((e) => !now.includes(e));
    joined = { kind: 'join', left: joined, right: next, joinType: now.length === 0 ? 'cross' : 'inner', condition: allOf(now) };
  }
  return inOrder(plan, joined, open);
}

/** What alternatives over several inputs say of one alone: every one of them says something of it. Source: extractPredicatesWithinOutputSet. */
function narrowed(input: LogicalPlan, conditions: readonly Expr[]): LogicalPlan {
  const ids = idsOf(input);
  const implied = conditions.flatMap((e) => {
    if (!isCall(e, 'or') || isWithin(e, ids) || !isMovable(e)) return [];
    const ofInput = disjunctsOf(e).map((d) => allOf(conjunctsOf(d).filter((c) => referencesOf(c).length > 0 && isWithin(c, ids))));
    return ofInput.some((c) => c === undefined) ? [] : [anyOf(ofInput as Expr[])!];
  });
  const known = new Set(input.kind === 'filter' ? conjunctsOf(input.condition).map(textOf) : []);
  const fresh = implied.filter((e) => !known.has(textOf(e)));
  return fresh.length === 0 ? input : { kind: 'filter', child: input, condition: allOf(fresh)! };
}

/** Columns as they were. */
function inOrder(plan: LogicalPlan, made: LogicalPlan, open: readonly Expr[]): LogicalPlan {
  const joined: LogicalPlan = open.length > 0 ? { kind: 'filter', child: made, condition: allOf(open)! } : made;
  const [before, after] = [outputOf(plan), outputOf(joined)];
  const isSame = before.length === after.length && before.every((a, i) => a.exprId === after[i]!.exprId);
  return isSame ? joined : projected(joined, before);
}

/** What leaves least first, of equals the smaller. Without a condition: the smallest. */
const cost = (item: LogicalPlan, isLinked: boolean): number => {
  const { rows } = statisticsOf(item);
  return isLinked ? keptShare(item) * 1e6 + Math.log1p(rows) : rows;
};

function reordered(plan: LogicalPlan, broadcastBytes: number): LogicalPlan {
  if (isFree(plan) || (plan.kind === 'filter' && isFree(plan.child))) return ordered(plan, broadcastBytes);
  return mapPlanChildren(plan, (child) => reordered(child, broadcastBytes));
}

export const reorderJoin: Rule = {
  name: 'ReorderJoin',
  apply: (plan, settings) => reordered(plan, broadcastThreshold(settings.get)),
};
