// ORDER BY: columns of the result first, then what the SELECT below left out. Source: ResolveReferencesInSort of Spark 4.2.
import type { Attribute, Expr, SortOrder } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import { attributesIn } from '../../logical/tree.ts';
import type { Sort } from '../../plan/relations.ts';
import type { Analysis, Environment, Resolved } from '../analysis.ts';

export function resolveSort(relation: Sort, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const output = outputOf(input.plan);
  const order = relation.order.map((o): SortOrder => {
    const child: Expr = analysis.expression(o.child, input.scope, env);
    const ordinal = child.kind === 'literal' && typeof child.value === 'number' ? output[child.value - 1] : undefined;
    return {
      kind: 'sortOrder',
      child: ordinal ?? child,
      ascending: o.direction === 'ascending',
      nullsFirst: o.nullOrdering === 'nullsFirst',
    };
  });
  const missing = order.flatMap((o) => attributesIn(o.child)).filter((a) => !output.some((b) => b.exprId === a.exprId));
  if (missing.length === 0) return { plan: { kind: 'sort', child: input.plan, order, isGlobal: relation.isGlobal }, scope: input.scope };
  const sorted: LogicalPlan = { kind: 'sort', child: withColumns(input.plan, missing), order, isGlobal: relation.isGlobal };
  return { plan: { kind: 'project', child: sorted, projectList: output }, scope: input.scope };
}

/** The same project with columns of its child besides. */
function withColumns(plan: LogicalPlan, columns: readonly Attribute[]): LogicalPlan {
  if (plan.kind === 'project') return { ...plan, projectList: [...plan.projectList, ...columns] };
  throw new Error(`columns that ${plan.kind} hides can't be sorted by`);
}
