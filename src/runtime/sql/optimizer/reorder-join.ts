// Inner joins in an order by size: the largest input streams, each next one is that which leaves least, and has a condition with those before.
// Source: ReorderJoin of Spark 4.2, with sizes of files where Spark has the order of the text.
import { allOf, conjunctsOf, isCall } from '../logical/conjuncts.ts';
import type { Expr } from '../logical/expressions.ts';
import { type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { mapPlanChildren } from '../logical/plan-tree.ts';
import { keptShare, statisticsOf } from '../physical/statistics.ts';
import { idsOf, isDeterministic, isWithin, projected, referencesOf } from './rule-tools.ts';
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

function ordered(plan: LogicalPlan): LogicalPlan {
  const [items, conditions]: [LogicalPlan[], Expr[]] = [[], []];
  flatten(plan, items, conditions);
  const inputs = items.map(reordered);
  if (inputs.length < 2) return plan;
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
  if (open.length > 0) joined = { kind: 'filter', child: joined, condition: allOf(open)! };
  const [before, after] = [outputOf(plan), outputOf(joined)];
  const isSame = before.length === after.length && before.every((a, i) => a.exprId === after[i]!.exprId);
  return isSame ? joined : projected(joined, before);
}

/** What leaves least first, of equals the smaller. Without a condition: the smallest. */
const cost = (item: LogicalPlan, isLinked: boolean): number => {
  const { rows } = statisticsOf(item);
  return isLinked ? keptShare(item) * 1e6 + Math.log1p(rows) : rows;
};

function reordered(plan: LogicalPlan): LogicalPlan {
  if (isFree(plan) || (plan.kind === 'filter' && isFree(plan.child))) return ordered(plan);
  return mapPlanChildren(plan, reordered);
}

export const reorderJoin: Rule = { name: 'ReorderJoin', apply: reordered };
