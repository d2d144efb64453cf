// df.observe: the plan as it is, and the metrics as an aggregate over it, which the engine computes beside the action that runs the plan.
// Source: CollectMetrics of Spark 4.2, which counts while rows go by.
import type { CollectMetrics } from '../../plan/dataset-relations.ts';
import type { Analysis, Environment, Resolved } from '../analysis.ts';

export function resolveCollectMetrics({ input, metrics, observation }: CollectMetrics, env: Environment, analysis: Analysis): Resolved {
  const resolved = analysis.relation(input, env);
  const { plan } = analysis.relation(
    { kind: 'aggregate', input, groupType: 'groupBy', groupingExpressions: [], aggregateExpressions: metrics },
    env,
  );
  if (observation !== undefined) analysis.observed?.({ plan, observation });
  return resolved;
}
