// One relation of the unresolved plan → its resolved operator. Kinds with rules of their own have files in relations/.
import { AnalysisException } from '../errors/spark-error.ts';
import { castTo } from '../functions/coercion.ts';
import { newAttribute } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { BOOLEAN, INTEGER, LONG } from '../types/data-type.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';
import { type Analysis, type Environment, over, type Resolved } from './analysis.ts';
import { resolveAggregate } from './relations/aggregate.ts';
import { resolveProject } from './relations/project.ts';
import { resolveSort } from './relations/sort.ts';
import { quoted, type Scope } from './scope.ts';

export function resolveRelation(relation: Relation, env: Environment, analysis: Analysis): Resolved {
  const child = (r: Relation) => analysis.relation(r, env);
  const expr = (e: Expression, scope: Scope) => analysis.expression(e, scope, env);
  switch (relation.kind) {
    case 'read':
      return resolveRead(relation, env, analysis);
    case 'range':
      return over(
        {
          kind: 'range',
          output: [newAttribute('id', LONG, false)],
          start: relation.start ?? 0n,
          end: relation.end,
          step: relation.step,
          numPartitions: relation.numPartitions,
        },
        env,
      );
    case 'project':
      return resolveProject(relation, env, analysis);
    case 'aggregate':
      return resolveAggregate(relation, env, analysis);
    case 'sort':
      return resolveSort(relation, env, analysis);
    case 'filter': {
      const input = child(relation.input);
      const condition = castTo(expr(relation.condition, input.scope), BOOLEAN);
      return { plan: { kind: 'filter', child: input.plan, condition }, scope: input.scope };
    }
    case 'limit': {
      const input = child(relation.input);
      return {
        plan: { kind: 'limit', child: input.plan, limit: castTo(expr(relation.limit, { attributes: [] }), INTEGER) },
        scope: input.scope,
      };
    }
    case 'offset': {
      const input = child(relation.input);
      return {
        plan: { kind: 'offset', child: input.plan, offset: castTo(expr(relation.offset, { attributes: [] }), INTEGER) },
        scope: input.scope,
      };
    }
    case 'distinct':
      return over({ kind: 'distinct', child: child(relation.input).plan }, env);
    case 'subqueryAlias': {
      const input = child(relation.input).plan;
      const named = relation.columnAliases === undefined ? input : withNames(input, relation.columnAliases);
      return over({ kind: 'subqueryAlias', child: named, alias: relation.alias, qualifier: relation.qualifier }, env);
    }
    default:
      throw new AnalysisException('NOT_BUILT', { feature: `The relation ${relation.kind}` }, relation.origin);
  }
}

function resolveRead(relation: Extract<Relation, { kind: 'read' }>, env: Environment, analysis: Analysis): Resolved {
  const { namedTable, dataSource } = relation;
  if (dataSource !== undefined) return over(analysis.openSource(dataSource), env);
  const { nameParts, options } = namedTable!;
  const cte = nameParts.length === 1 ? env.ctes.get(nameParts[0]!.toLowerCase()) : undefined;
  if (cte !== undefined) return cte.use();
  const plan = analysis.findTable(nameParts, options);
  if (plan === undefined) throw new AnalysisException('TABLE_OR_VIEW_NOT_FOUND', { relationName: quoted(nameParts) }, relation.origin);
  return over(plan, env);
}

function withNames(plan: LogicalPlan, names: readonly string[]): LogicalPlan {
  const output = outputOf(plan);
  return {
    kind: 'project',
    child: plan,
    projectList: output.map((a, i) => ({
      kind: 'alias',
      child: a,
      name: names[i] ?? a.name,
      exprId: newAttribute('', a.dataType).exprId,
      dataType: a.dataType,
      nullable: a.nullable,
    })),
  };
}
