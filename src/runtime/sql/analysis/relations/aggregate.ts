// GROUP BY. Source: ResolveAggregate, CheckAnalysis of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import type { Expr } from '../../logical/expressions.ts';
import { outputOf } from '../../logical/plans.ts';
import type { Aggregate } from '../../plan/relations.ts';
import { type Analysis, type Environment, over, type Resolved } from '../analysis.ts';
import { resolveList } from './project.ts';

export function resolveAggregate(relation: Aggregate, env: Environment, analysis: Analysis): Resolved {
  if (relation.groupType !== 'groupBy' || relation.isGroupByAll)
    throw new AnalysisException('NOT_BUILT', { feature: `GROUP BY as ${relation.groupType}` }, relation.origin);
  const input: Resolved = relation.input === undefined ? over({ kind: 'oneRow' }, env) : analysis.relation(relation.input, env);
  const aggregates = resolveList(relation.aggregateExpressions, input.scope, env, analysis);
  const grouping = relation.groupingExpressions.map((e): Expr => {
    const resolved = analysis.expression(e, input.scope, env);
    if (resolved.kind === 'literal' && typeof resolved.value === 'number') {
      const at = aggregates[resolved.value - 1];
      if (at !== undefined) return at.kind === 'alias' ? at.child : at;
    }
    return resolved;
  });
  const plan = { kind: 'aggregate', child: input.plan, grouping, aggregates } as const;
  return { plan, scope: { attributes: outputOf(plan), ...(env.outer && { outer: env.outer }) } };
}
