// SELECT lists: stars, names of results, aggregates without GROUP BY. Source: ResolveReferences, GlobalAggregates of Spark 4.2.
import { aliasOf, type Expr, type NamedExpr } from '../../logical/expressions.ts';
import { outputOf } from '../../logical/plans.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import { contains } from '../../logical/tree.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { Project } from '../../plan/relations.ts';
import { type Analysis, type Environment, over, type Resolved } from '../analysis.ts';
import type { Scope } from '../scope.ts';
import { expandStar } from '../star.ts';

export function resolveProject(relation: Project, env: Environment, analysis: Analysis): Resolved {
  const input: Resolved = relation.input === undefined ? over({ kind: 'oneRow' }, env) : analysis.relation(relation.input, env);
  const list = resolveList(relation.expressions, input.scope, env, analysis);
  const aggregates = list.some((e) => contains(e, (x) => x.kind === 'aggregateCall', { intoWindows: false }));
  const plan = aggregates
    ? ({ kind: 'aggregate', child: input.plan, grouping: [], aggregates: list } as const)
    : ({ kind: 'project', child: input.plan, projectList: list } as const);
  return {
    plan,
    scope: { attributes: outputOf(plan), hidden: aggregates ? [] : input.scope.attributes, ...(env.outer && { outer: env.outer }) },
  };
}

export function resolveList(list: readonly Expression[], scope: Scope, env: Environment, analysis: Analysis): NamedExpr[] {
  return list.flatMap((e) => (e.kind === 'unresolvedStar' ? expandStar(e, scope) : [named(analysis.expression(e, scope, env))]));
}

export const named = (e: Expr): NamedExpr => (e.kind === 'attribute' || e.kind === 'alias' ? e : aliasOf(e, prettySql(e)));
