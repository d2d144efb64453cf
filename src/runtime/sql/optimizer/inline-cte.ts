// A common table expression that is used several times is put in each place, with columns of its own there. Recursive ones stay.
// Source: InlineCTE of Spark 4.2.
import { aliasOf, type Expr } from '../logical/expressions.ts';
import type { CteDefinition, LogicalPlan } from '../logical/plans.ts';
import { exprsOfPlan, freshIds, transformPlan, visitPlan } from '../logical/plan-tree.ts';
import { isDeterministic, projected } from './rule-tools.ts';
import { outputOf } from '../logical/plans.ts';
import type { Rule } from './rule.ts';

function canInline(d: CteDefinition): boolean {
  let can = d.recursion === undefined;
  visitPlan(d.plan, (node) => {
    if (node.kind === 'sample' || !exprsOfPlan(node).every((e: Expr) => isDeterministic(e))) can = false;
  });
  return can;
}

function inlined(plan: Extract<LogicalPlan, { kind: 'withCte' }>): LogicalPlan {
  if (!plan.definitions.every(canInline)) return plan;
  const done = new Map<number, CteDefinition>();
  const replace = (p: LogicalPlan): LogicalPlan =>
    transformPlan(p, (node) => {
      const d = node.kind === 'cteRef' ? done.get(node.id) : undefined;
      if (node.kind !== 'cteRef' || d === undefined) return node;
      const again = freshIds(d.plan);
      const made = outputOf(again);
      const at = (i: number) => d.output.findIndex((a) => a.exprId === node.source[i]!.exprId);
      return projected(
        again,
        node.output.map((a, i) => aliasOf(made[at(i)]!, a.name, { exprId: a.exprId })),
      );
    });
  for (const d of plan.definitions) done.set(d.id, { ...d, plan: replace(d.plan) });
  return replace(plan.child);
}

export const inlineCte: Rule = {
  name: 'InlineCTE',
  isRequired: true,
  apply: (plan) => transformPlan(plan, (node) => (node.kind === 'withCte' ? inlined(node) : node)),
};
