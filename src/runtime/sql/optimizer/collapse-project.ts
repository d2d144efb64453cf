// Two projections are one; one that only repeats its child is none. Source: CollapseProject and RemoveNoopOperators of Spark 4.2.
import type { Expr, ExprId, NamedExpr } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { attributesIn } from '../logical/tree.ts';
import { isMovable, meaningsOf, substitute } from './rule-tools.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

/** What costs something is not computed twice. */
function isCheap(list: readonly NamedExpr[], above: readonly NamedExpr[]): boolean {
  const uses = new Map<ExprId, number>();
  for (const a of above.flatMap((e) => attributesIn(e))) uses.set(a.exprId, (uses.get(a.exprId) ?? 0) + 1);
  return list.every((e) => e.kind === 'attribute' || isTrivial(e.child) || (isMovable(e.child) && (uses.get(e.exprId) ?? 0) <= 1));
}
const isTrivial = (e: Expr): boolean => e.kind === 'attribute' || e.kind === 'literal';

function collapsed(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'project') return node;
  const { child } = node;
  if (
    child.kind === 'project' &&
    isCheap(child.projectList, node.projectList) &&
    node.projectList.every((e) => e.kind === 'attribute' || isMovable(e.child))
  ) {
    const meanings = meaningsOf(child.projectList);
    const names = new Map(child.projectList.map((e) => [e.exprId, e]));
    const projectList = node.projectList.map((e): NamedExpr => {
      if (e.kind === 'attribute') return names.get(e.exprId) ?? e;
      return { ...e, child: substitute(e.child, meanings) };
    });
    return { ...node, child: child.child, projectList };
  }
  const output = outputOf(child);
  const isSame =
    output.length === node.projectList.length && node.projectList.every((e, i) => e.kind === 'attribute' && e.exprId === output[i]!.exprId);
  return isSame && child.kind !== 'oneRow' ? child : node;
}

export const collapseProject: Rule = { name: 'CollapseProject', apply: bottomUp(collapsed) };
