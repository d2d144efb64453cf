// Conditions go as near to the files as they can: through projections, joins, aggregates, unions, windows; two filters become one.
// Source: CombineFilters, PushPredicateThroughNonJoin, PushPredicateThroughJoin of Spark 4.2.
import { allOf, conjunctsOf } from '../logical/conjuncts.ts';
import type { Attribute, Expr, WindowExpr } from '../logical/expressions.ts';
import { type Filter, type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { idsOf, isDeterministic, isMovable, isWithin, meaningsOf, substitute } from './rule-tools.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

const filtered = (child: LogicalPlan, conditions: readonly Expr[]): LogicalPlan =>
  conditions.length === 0 ? child : { kind: 'filter', child, condition: allOf(conditions)! };

function divided<T>(all: readonly T[], is: (x: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((x) => !is(x))];
}

function pushed(filter: Filter): LogicalPlan {
  const { child } = filter;
  const conditions = conjunctsOf(filter.condition);
  switch (child.kind) {
    case 'filter':
      return isDeterministic(filter.condition) ? filtered(child.child, [...conjunctsOf(child.condition), ...conditions]) : filter;
    case 'project': {
      const meanings = meaningsOf(child.projectList);
      const [down, stay] = divided(conditions, (e) => isMovable(e) && isMovable(substitute(e, meanings)));
      if (down.length === 0 || !child.projectList.every(isDeterministic)) return filter;
      const below = filtered(
        child.child,
        down.map((e) => substitute(e, meanings)),
      );
      return filtered({ ...child, child: below }, stay);
    }
    case 'join':
      return throughJoin(child, conditions, filter);
    case 'aggregate': {
      if (child.grouping.length === 0) return filter;
      const groups = new Set(child.grouping);
      const keys = child.aggregates.filter((e) => e.kind === 'attribute' || groups.has(e.child) || e.child.kind === 'attribute');
      const [meanings, ids] = [meaningsOf(keys), new Set(keys.map((e) => e.exprId))];
      const [down, stay] = divided(conditions, (e) => isMovable(e) && isWithin(e, ids));
      if (down.length === 0) return filter;
      const below = filtered(
        child.child,
        down.map((e) => substitute(e, meanings)),
      );
      return filtered({ ...child, child: below }, stay);
    }
    case 'union': {
      const [down, stay] = divided(conditions, isMovable);
      if (down.length === 0) return filter;
      const children = child.children.map((c) => {
        const meanings = new Map(child.output.map((a, i) => [a.exprId, outputOf(c)[i]! as Expr]));
        return filtered(
          c,
          down.map((e) => substitute(e, meanings)),
        );
      });
      return filtered({ ...child, children }, stay);
    }
    case 'window': {
      const partitions = child.windows.map((w) => (w.child?.kind === 'window' ? (w.child as WindowExpr).partition : []));
      const common = (partitions[0] ?? []).filter(
        (k): k is Attribute =>
          k.kind === 'attribute' && partitions.every((p) => p.some((o) => o.kind === 'attribute' && o.exprId === k.exprId)),
      );
      const ids = new Set(common.map((k) => k.exprId));
      const [down, stay] = divided(conditions, (e) => isMovable(e) && isWithin(e, ids));
      return down.length === 0 ? filter : filtered({ ...child, child: filtered(child.child, down) }, stay);
    }
    case 'distinct':
    case 'sort':
    case 'repartition': {
      const [down, stay] = divided(conditions, isMovable);
      return down.length === 0 ? filter : filtered({ ...child, child: filtered(child.child, down) } as LogicalPlan, stay);
    }
    default:
      return filter;
  }
}

/** Conditions above a join: to the side that rows survive from; of an inner join, to both sides and into its condition. */
function throughJoin(join: Join, conditions: readonly Expr[], filter: Filter): LogicalPlan {
  if (join.isLateral) return filter;
  const [ls, rs] = [idsOf(join.left), idsOf(join.right)];
  const { joinType } = join;
  const mayLeft = joinType !== 'rightOuter' && joinType !== 'fullOuter';
  const mayRight = joinType === 'inner' || joinType === 'cross' || joinType === 'rightOuter';
  const [left, rest] = divided(conditions, (e) => mayLeft && isMovable(e) && isWithin(e, ls));
  const [right, over] = divided(rest, (e) => mayRight && isMovable(e) && isWithin(e, rs));
  const isInner = joinType === 'inner' || joinType === 'cross';
  const [into, stay] = divided(over, (e) => isInner && isMovable(e));
  if (left.length + right.length + into.length === 0) return filter;
  const condition = allOf([...conjunctsOf(join.condition), ...into]);
  const made: Join = {
    ...join,
    left: filtered(join.left, left),
    right: filtered(join.right, right),
    condition,
    joinType: joinType === 'cross' && condition !== undefined ? 'inner' : joinType,
  };
  return filtered(made, stay);
}

/** What a join's own condition says of one side alone. */
function fromCondition(join: Join): LogicalPlan {
  if (join.condition === undefined || join.isLateral || join.isNullAware) return join;
  const [ls, rs] = [idsOf(join.left), idsOf(join.right)];
  const { joinType } = join;
  const mayLeft = joinType === 'inner' || joinType === 'cross' || joinType === 'leftSemi' || joinType === 'rightOuter';
  const mayRight = joinType !== 'rightOuter' && joinType !== 'fullOuter';
  const [left, rest] = divided(conjunctsOf(join.condition), (e) => mayLeft && isMovable(e) && isWithin(e, ls));
  const [right, stay] = divided(rest, (e) => mayRight && isMovable(e) && isWithin(e, rs));
  if (left.length + right.length === 0) return join;
  const { condition: _, ...bare } = join;
  return { ...bare, left: filtered(join.left, left), right: filtered(join.right, right), condition: allOf(stay) };
}

export const pushDownPredicates: Rule = {
  name: 'PushDownPredicates',
  apply: bottomUp((node) => (node.kind === 'filter' ? pushed(node) : node.kind === 'join' ? fromCondition(node) : node)),
};
