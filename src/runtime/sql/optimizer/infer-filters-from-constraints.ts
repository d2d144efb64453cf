// What a condition says of a join's key holds for the key that it equals, on the other side: files, partitions and rows are left out there, too.
// Only comparisons with constants, which cannot fail. Source: InferFiltersFromConstraints of Spark 4.2; its isnotnull the kernel's joins do themselves.
import { allOf, conjunctsOf, equalColumns } from '../logical/conjuncts.ts';
import { exprKey } from '../logical/expr-key.ts';
import type { Attribute, Expr, ExprId } from '../logical/expressions.ts';
import type { Join, LogicalPlan } from '../logical/plans.ts';
import { sameType } from '../types/data-type.ts';
import { idsOf, substitute } from './rule-tools.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['==', '<', '<=', '>', '>=', 'in']);

/** A column compared with constants. */
function comparedColumn(e: Expr): Attribute | undefined {
  if (e.kind !== 'call' || !COMPARISONS.has(e.spec.name)) return undefined;
  const columns = e.args.filter((a) => a.kind !== 'literal');
  const [column] = columns;
  return columns.length === 1 && column!.kind === 'attribute' && (e.spec.name !== 'in' || column === e.args[0]) ? column : undefined;
}

/** Two columns of one type that are equal. */
function alike(e: Expr): readonly [Attribute, Attribute] | undefined {
  const pair = equalColumns(e);
  return pair !== undefined && sameType(pair[0].dataType, pair[1].dataType) ? pair : undefined;
}

/** What follows from conditions that all hold, besides themselves. */
export function inferredFrom(conditions: readonly Expr[]): readonly Expr[] {
  const equal = new Map<ExprId, Attribute[]>();
  for (const e of conditions) {
    const pair = alike(e);
    if (pair === undefined) continue;
    const [a, b] = pair;
    const group = [...new Set([...(equal.get(a.exprId) ?? [a]), ...(equal.get(b.exprId) ?? [b])])];
    for (const column of group) equal.set(column.exprId, group);
  }
  if (equal.size === 0) return [];
  const known = new Set(conditions.map(exprKey));
  const found: Expr[] = [];
  for (const e of conditions) {
    const column = comparedColumn(e);
    for (const other of (column && equal.get(column.exprId)) ?? []) {
      if (other.exprId === column!.exprId) continue;
      const made = substitute(e, new Map([[column!.exprId, other as Expr]]));
      const key = exprKey(made);
      if (known.has(key)) continue;
      known.add(key);
      found.push(made);
    }
  }
  return found;
}

/** Comparisons and equalities that every row of a plan meets. */
function constraintsOf(plan: LogicalPlan): readonly Expr[] {
  switch (plan.kind) {
    case 'filter':
      return [...conjunctsOf(plan.condition).filter((e) => comparedColumn(e) ?? alike(e)), ...constraintsOf(plan.child)];
    case 'project': {
      const names = new Map<ExprId, Expr>();
      for (const e of plan.projectList)
        if (e.kind === 'alias' && e.child.kind === 'attribute') names.set(e.child.exprId, { ...e.child, exprId: e.exprId, name: e.name });
      const output = idsOf(plan);
      const below = constraintsOf(plan.child);
      return below.flatMap((e) => {
        const made = substitute(e, names);
        return [comparedColumn(made), ...(alike(made) ?? [])].every((a) => a === undefined || output.has(a.exprId)) ? [made] : [];
      });
    }
    case 'subqueryAlias':
    case 'hint':
    case 'sort':
    case 'limit':
    case 'distinct':
    case 'window':
    case 'repartition':
      return constraintsOf(plan.child);
    case 'join': {
      const { joinType } = plan;
      const left = joinType === 'rightOuter' || joinType === 'fullOuter' ? [] : constraintsOf(plan.left);
      const isInner = joinType === 'inner' || joinType === 'cross';
      const right = isInner || joinType === 'rightOuter' ? constraintsOf(plan.right) : [];
      const own = isInner ? conjunctsOf(plan.condition).filter((e) => comparedColumn(e) ?? alike(e)) : [];
      return [...left, ...right, ...own];
    }
    default:
      return [];
  }
}

function inferred(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'join' || node.condition === undefined || node.isLateral || node.isNullAware) return node;
  const conditions = conjunctsOf(node.condition);
  if (!conditions.some(alike)) return node;
  const [left, right] = [constraintsOf(node.left), constraintsOf(node.right)];
  const may = sidesToFilter(node.joinType);
  // A side without rows of its own in the result says nothing of the other one.
  const all = [...(may.right ? left : []), ...(may.left ? right : []), ...conditions];
  const known = { left: new Set(left.map(exprKey)), right: new Set(right.map(exprKey)) };
  const fresh = inferredFrom([...new Map([...all].map((e) => [exprKey(e), e])).values()]);
  const of = (side: 'left' | 'right'): LogicalPlan => {
    const ids = idsOf(node[side]);
    const own = may[side] ? fresh.filter((e) => ids.has(comparedColumn(e)!.exprId) && !known[side].has(exprKey(e))) : [];
    return own.length === 0 ? node[side] : { kind: 'filter', child: node[side], condition: allOf(own)! };
  };
  const [l, r] = [of('left'), of('right')];
  return l === node.left && r === node.right ? node : { ...node, left: l, right: r };
}

/** Rows of such a side that meet none of the other are of no use. */
function sidesToFilter(joinType: Join['joinType']): { readonly left: boolean; readonly right: boolean } {
  const isBoth = joinType === 'inner' || joinType === 'cross' || joinType === 'leftSemi';
  return { left: isBoth || joinType === 'rightOuter', right: isBoth || (joinType !== 'rightOuter' && joinType !== 'fullOuter') };
}

export const inferFiltersFromConstraints: Rule = {
  name: 'InferFiltersFromConstraints',
  apply: bottomUp(inferred),
};
