// AS t(a, b): a name for a relation, and names for its columns. Source: ResolveSubqueryColumnAliases of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { aliasOf } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import type { Origin } from '../../plan/origin.ts';
import type { SubqueryAlias } from '../../plan/relations.ts';
import { hasHidden, hidingMetadata } from '../file-metadata.ts';
import { type Analysis, type Environment, over, type Resolved, visiblePlan } from '../analysis.ts';

export function resolveSubqueryAlias(relation: SubqueryAlias, env: Environment, analysis: Analysis): Resolved {
  const resolved = analysis.relation(relation.input, env);
  if (analysis.hasMetadata && hasHidden(resolved) && relation.columnAliases === undefined) {
    const { alias, qualifier } = relation;
    return hidingMetadata({ kind: 'subqueryAlias', child: resolved.plan, alias, qualifier }, resolved.scope.attributes.length, env);
  }
  const input = visiblePlan(resolved);
  const child = relation.columnAliases === undefined ? input : withNames(input, relation.columnAliases, relation.origin);
  return over({ kind: 'subqueryAlias', child, alias: relation.alias, qualifier: relation.qualifier }, env);
}

/** @throws AnalysisException ASSIGNMENT_ARITY_MISMATCH (a number of names that is not the number of columns) */
export function withNames(plan: LogicalPlan, names: readonly string[], origin: Origin | undefined): LogicalPlan {
  const output = outputOf(plan);
  if (output.length !== names.length)
    throw new AnalysisException('ASSIGNMENT_ARITY_MISMATCH', { numExpr: String(names.length), numTarget: String(output.length) }, origin);
  return { kind: 'project', child: plan, projectList: output.map((a, i) => aliasOf(a, names[i]!)) };
}
