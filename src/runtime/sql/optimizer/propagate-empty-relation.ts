// What stands on nothing is nothing, where that is sure; branches of a union without rows go. Source: PropagateEmptyRelation of Spark 4.2.
import { aliasOf, attributeOf } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { projected } from './rule-tools.ts';
import { bottomUp } from './bottom-up.ts';
import type { Rule } from './rule.ts';

const isEmpty = (plan: LogicalPlan): boolean => plan.kind === 'localRelation' && plan.rows.length === 0;
export const nothing = (plan: LogicalPlan): LogicalPlan => ({ kind: 'localRelation', output: outputOf(plan), rows: [] });

function propagated(node: LogicalPlan): LogicalPlan {
  switch (node.kind) {
    case 'limit':
    case 'offset':
    case 'filter':
    case 'project':
    case 'sort':
    case 'distinct':
    case 'window':
    case 'sample':
      return isEmpty(node.child) ? nothing(node) : node;
    case 'aggregate':
      return isEmpty(node.child) && node.grouping.length > 0 ? nothing(node) : node;
    case 'union': {
      const children = node.children.filter((child) => !isEmpty(child));
      if (children.length === node.children.length) return node;
      if (children.length === 0) return nothing(node);
      if (children.length > 1) return { ...node, children };
      const columns = outputOf(children[0]!);
      return projected(
        children[0]!,
        node.output.map((a, i) => aliasOf(attributeOf(columns[i]!), a.name, { exprId: a.exprId })),
      );
    }
    case 'join': {
      const [l, r] = [isEmpty(node.left), isEmpty(node.right)];
      const { joinType } = node;
      const isInner = joinType === 'inner' || joinType === 'cross' || joinType === 'leftSemi';
      if ((l && joinType !== 'fullOuter' && joinType !== 'rightOuter') || (r && (isInner || joinType === 'rightOuter')))
        return nothing(node);
      return r && joinType === 'leftAnti' ? node.left : node;
    }
    default:
      return node;
  }
}

export const propagateEmptyRelation: Rule = { name: 'PropagateEmptyRelation', apply: bottomUp(propagated) };
