// A product of decimals that a projection computes for sums alone is computed in the sums: there it needs 64 bits only (emit/emitter.ts), below
// them 128. Spark has no such rule: its CollapseProject does the like between projections.
import type { Alias, Expr, ExprId, NamedExpr } from '../logical/expressions.ts';
import type { Aggregate, LogicalPlan } from '../logical/plans.ts';
import { transformPlanUp } from '../logical/plan-tree.ts';
import { attributesIn, childrenOfExpr } from '../logical/tree.ts';
import { isMovable, substitute } from './rule-tools.ts';
import type { Rule } from './rule.ts';

/** Used more often than this it costs more than it saves. */
const MOST_USES = 2;

function inSums(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'aggregate') return node;
  let { child } = node;
  while (child.kind === 'subqueryAlias') child = child.child;
  if (child.kind !== 'project') return node;
  const summed = summedOnly(node);
  const moved = child.projectList.filter((e): e is Alias => e.kind === 'alias' && summed.has(e.exprId) && isProduct(e.child));
  if (moved.length === 0) return node;
  const kept: NamedExpr[] = child.projectList.filter((e) => !moved.includes(e as Alias));
  const known = new Set(kept.map((e) => e.exprId));
  for (const a of moved.flatMap((e) => attributesIn(e))) {
    if (known.has(a.exprId)) continue;
    known.add(a.exprId);
    kept.push(a);
  }
  const meanings = new Map<ExprId, Expr>(moved.map((e) => [e.exprId, e.child]));
  return { ...node, aggregates: node.aggregates.map((e) => substitute(e, meanings) as NamedExpr), child: { ...child, projectList: kept } };
}

const isProduct = (e: Expr): boolean => e.kind === 'call' && e.dataType.tag === 'decimal' && /^[-+*]$/.test(e.spec.name) && isMovable(e);

/** Columns that stand in arguments of sums and averages alone. */
function summedOnly({ grouping, aggregates }: Aggregate): ReadonlySet<ExprId> {
  const uses = new Map<ExprId, { sums: number; others: number }>();
  const visit = (e: Expr, isInSum: boolean): void => {
    if (e.kind === 'attribute') {
      const { sums, others } = uses.get(e.exprId) ?? { sums: 0, others: 0 };
      uses.set(e.exprId, isInSum ? { sums: sums + 1, others } : { sums, others: others + 1 });
    }
    const inside = isInSum || (e.kind === 'aggregateCall' && /^(sum|avg)$/.test(e.spec.name) && !e.isDistinct);
    for (const child of childrenOfExpr(e)) visit(child, inside);
  };
  for (const e of [...grouping, ...aggregates]) visit(e, false);
  return new Set([...uses].flatMap(([id, { sums, others }]) => (others === 0 && sums <= MOST_USES ? [id] : [])));
}

export const inlineSumArguments: Rule = { name: 'InlineSumArguments', apply: (plan) => transformPlanUp(plan, inSums) };
