// A view's columns have ids of their own in each use: a projection of nothing but names, which a scan gives itself. Of texts for the kernel, which are
// shorter for it; plans that are shown keep the projection, as Catalyst's do.
import { type Attribute, attributeOf } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { transformPlan } from '../logical/plan-tree.ts';
import type { Rule } from './rule.ts';

function renamed(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'project' || node.child.kind !== 'scan') return node;
  const { child: scan, projectList } = node;
  const isRenaming =
    scan.pushedFilters === undefined &&
    projectList.length === scan.output.length &&
    projectList.every((e, i) => (e.kind === 'alias' ? isColumn(e.child, scan.output[i]!) : isColumn(e, scan.output[i]!)));
  if (!isRenaming) return node;
  const output = projectList.map(attributeOf);
  return { ...scan, output, partitionColumns: output.slice(scan.columns.length) };
}

const isColumn = (e: { readonly kind: string }, column: Attribute): boolean =>
  e.kind === 'attribute' && (e as Attribute).exprId === column.exprId;

export const renamedScans: Rule = { name: 'RenamedScans', apply: (plan) => transformPlan(plan, renamed) };
