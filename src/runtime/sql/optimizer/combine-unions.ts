// A union in a union is one, also below a selection of its columns in another order or under other names. Source: CombineUnions of Spark 4.2.
import { aliasOf, type Expr, type ExprId, passedOn } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { projected } from './rule-tools.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

/** The branches of a union that is one of another's, as the other one has them. */
function branchesOf(child: LogicalPlan): readonly LogicalPlan[] {
  if (child.kind === 'union') return child.children;
  if (child.kind !== 'project' || child.child.kind !== 'union' || child.projectList.some((e) => passedOn(e) === undefined)) return [child];
  const { output, children } = child.child;
  return children.map((branch) => {
    const columns = new Map<ExprId, Expr>(output.map((a, i) => [a.exprId, outputOf(branch)[i]!]));
    return projected(
      branch,
      child.projectList.map((e) => aliasOf(columns.get(passedOn(e)!)!, e.name)),
    );
  });
}

export const combineUnions: Rule = {
  name: 'CombineUnions',
  apply: bottomUp((node) => {
    if (node.kind !== 'union') return node;
    const children = node.children.flatMap(branchesOf);
    return children.length === node.children.length ? node : { ...node, children };
  }),
};
