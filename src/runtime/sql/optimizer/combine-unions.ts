// A union in a union is one, also below a selection of its columns in another order or under other names. Source: CombineUnions of Spark 4.2.
import { type Expr, type ExprId, aliasOf, type NamedExpr } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { projected } from './rule-tools.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

/** The branches of a union that is one of another's, as the other one has them. */
function branchesOf(child: LogicalPlan): readonly LogicalPlan[] {
  if (child.kind === 'union') return child.children;
  if (child.kind !== 'project' || child.child.kind !== 'union' || !child.projectList.every(isName)) return [child];
  const { output, children } = child.child;
  return children.map((branch) => {
    const columns = new Map<ExprId, Expr>(output.map((a, i) => [a.exprId, outputOf(branch)[i]!]));
    const list = child.projectList.map((e): NamedExpr => {
      const source = columns.get(e.kind === 'alias' ? (e.child as { exprId: ExprId }).exprId : e.exprId)!;
      return aliasOf(source, e.name);
    });
    return projected(branch, list);
  });
}

const isName = (e: NamedExpr): boolean => e.kind === 'attribute' || e.child.kind === 'attribute';

export const combineUnions: Rule = {
  name: 'CombineUnions',
  apply: bottomUp((node) => {
    if (node.kind !== 'union') return node;
    const children = node.children.flatMap(branchesOf);
    return children.length === node.children.length ? node : { ...node, children };
  }),
};
