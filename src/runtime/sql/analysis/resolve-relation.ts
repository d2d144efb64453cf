// One relation of the unresolved plan → its resolved operator. Kinds with rules of their own have files in relations/.
import { AnalysisException } from '../errors/spark-error.ts';
import { newAttribute } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { freshIds } from '../logical/plan-tree.ts';
import { LONG } from '../types/data-type.ts';
import type { Read, Relation } from '../plan/relations.ts';
import { type Analysis, type Environment, over, type Resolved, visiblePlan } from './analysis.ts';
import { constantText } from './constant-text.ts';
import { metadataOver } from './file-metadata.ts';
import { quoted } from './names.ts';
import { resolveAggregate } from './relations/aggregate.ts';
import {
  resolveDeduplicate,
  resolveDrop,
  resolvePipeExtend,
  resolvePipeSelect,
  resolvePipeSet,
  resolveRenamed,
  resolveToDf,
  resolveToSchema,
  resolveWithColumns,
} from './relations/columns.ts';
import { resolveWithCte } from './relations/cte.ts';
import { resolveFilter, resolveHaving, resolveQualify } from './relations/filter.ts';
import { resolveGenerate, resolveTableFunction } from './relations/generate.ts';
import { resolveInlineTable } from './relations/inline-table.ts';
import { resolveJoin, resolveLateralJoin } from './relations/join.ts';
import { resolveHint, resolveLimit, resolveRepartition, resolveRepartitionBy, resolveSample } from './relations/limits.ts';
import { resolveNaDrop, resolveNaFill, resolveNaReplace } from './relations/missing-values.ts';
import { resolveSqlPivot } from './relations/pivot.ts';
import { resolveProject } from './relations/project.ts';
import { resolveCollectMetrics } from './relations/observed.ts';
import { resolveScriptTransform } from './relations/script-transform.ts';
import { resolveSetOperation } from './relations/set-operation.ts';
import { resolveSort } from './relations/sort.ts';
import { resolveApproxQuantile, resolveCorrelation, resolveDescribe, resolveFreqItems, resolveSampleBy } from './relations/statistics.ts';
import { resolveSubqueryAlias } from './relations/subquery-alias.ts';
import { resolveJoinWith, resolveTyped } from './relations/typed.ts';
import { resolveSqlUnpivot, resolveUnpivot } from './relations/unpivot.ts';

export function resolveRelation(relation: Relation, env: Environment, analysis: Analysis): Resolved {
  switch (relation.kind) {
    case 'read':
      return resolveRead(relation, env, analysis);
    case 'deferred':
      return over(analysis.deferred(relation.source), env);
    case 'range': {
      const { start = 0n, end, step, numPartitions } = relation;
      return over({ kind: 'range', output: [newAttribute('id', LONG, false)], start, end, step, numPartitions }, env);
    }
    case 'project':
      return resolveProject(relation, env, analysis);
    case 'aggregate':
      return resolveAggregate(relation, env, analysis);
    case 'sort':
      return resolveSort(relation, env, analysis);
    case 'filter':
      return resolveFilter(relation, env, analysis);
    case 'having':
      return resolveHaving(relation, env, analysis);
    case 'qualify':
      return resolveQualify(relation, env, analysis);
    case 'join':
      return resolveJoin(relation, env, analysis);
    case 'lateralJoin':
      return resolveLateralJoin(relation, env, analysis);
    case 'lateral':
      // First in its list: there is nothing on its left.
      return analysis.relation(relation.input, env);
    case 'setOperation':
      return resolveSetOperation(relation, env, analysis);
    case 'withCte':
      return resolveWithCte(relation, env, analysis);
    case 'withWindowDefinitions':
      return analysis.relation(relation.input, { ...env, windows: relation.windows });
    case 'limit':
    case 'offset':
    case 'tail':
      return resolveLimit(relation, env, analysis);
    case 'sample':
    case 'sampleRows':
      return resolveSample(relation, env, analysis);
    case 'hint':
      return resolveHint(relation, env, analysis);
    case 'repartition':
      return resolveRepartition(relation, env, analysis);
    case 'repartitionByExpression':
      return resolveRepartitionBy(relation, env, analysis);
    case 'distinct':
      return over({ kind: 'distinct', child: visiblePlan(analysis.relation(relation.input, env)) }, env);
    case 'subqueryAlias':
      return resolveSubqueryAlias(relation, env, analysis);
    case 'inlineTable':
      return resolveInlineTable(relation, env, analysis);
    case 'generate':
      return resolveGenerate(relation, env, analysis);
    case 'unresolvedTableValuedFunction':
      return resolveTableFunction(relation, env, analysis);
    case 'sqlPivot':
      return resolveSqlPivot(relation, env, analysis);
    case 'sqlUnpivot':
      return resolveSqlUnpivot(relation, env, analysis);
    case 'unpivot':
      return resolveUnpivot(relation, env, analysis);
    case 'drop':
      return resolveDrop(relation, env, analysis);
    case 'withColumns':
      return resolveWithColumns(relation, env, analysis);
    case 'withColumnsRenamed':
      return resolveRenamed(relation, env, analysis);
    case 'toDf':
      return resolveToDf(relation, env, analysis);
    case 'toSchema':
      return resolveToSchema(relation, env, analysis);
    case 'deduplicate':
      return resolveDeduplicate(relation, env, analysis);
    case 'naFill':
      return resolveNaFill(relation, env, analysis);
    case 'naDrop':
      return resolveNaDrop(relation, env, analysis);
    case 'naReplace':
      return resolveNaReplace(relation, env, analysis);
    case 'statDescribe':
    case 'statSummary':
      return resolveDescribe(relation, env, analysis);
    case 'statCorr':
    case 'statCov':
      return resolveCorrelation(relation, env, analysis);
    case 'statApproxQuantile':
      return resolveApproxQuantile(relation, env, analysis);
    case 'statFreqItems':
      return resolveFreqItems(relation, env, analysis);
    case 'statSampleBy':
      return resolveSampleBy(relation, env, analysis);
    case 'collectMetrics':
      return resolveCollectMetrics(relation, env, analysis);
    case 'typed':
      return resolveTyped(relation, env, analysis);
    case 'joinWith':
      return resolveJoinWith(relation, env, analysis);
    case 'pipeInput': {
      const input = analysis.relation(relation.input, env);
      return { plan: input.plan, scope: input.scope };
    }
    case 'pipeExtend':
      return resolvePipeExtend(relation, env, analysis);
    case 'pipeSet':
      return resolvePipeSet(relation, env, analysis);
    case 'pipeSelect':
      return resolvePipeSelect(relation, env, analysis);
    case 'scriptTransform':
      return resolveScriptTransform(relation, env, analysis);
    case 'relationByExpression': {
      const nameParts = constantText(relation.nameExpression, env, analysis);
      return analysis.relation(
        { kind: 'read', namedTable: { nameParts, options: {} }, ...(relation.origin && { origin: relation.origin }) },
        env,
      );
    }
    case 'timeTravel':
      throw new AnalysisException('UNSUPPORTED_FEATURE.TIME_TRAVEL', { relationId: tableName(relation.input) }, relation.origin);
    default:
      throw new AnalysisException('NOT_BUILT', { feature: `The relation ${relation.kind}` }, relation.origin);
  }
}

const tableName = (r: Relation): string => (r.kind === 'read' ? quoted(r.namedTable?.nameParts ?? []) : r.kind);

function resolveRead(relation: Read, env: Environment, analysis: Analysis): Resolved {
  const { namedTable, dataSource } = relation;
  if (dataSource !== undefined) return overFiles(freshIds(analysis.openSource(dataSource)), env, analysis);
  const { nameParts, options } = namedTable!;
  const cte = nameParts.length === 1 ? env.ctes.get(nameParts[0]!.toLowerCase()) : undefined;
  if (cte !== undefined) return cte.use(env);
  const plan = analysis.findTable(nameParts, options);
  if (plan === undefined) throw new AnalysisException('TABLE_OR_VIEW_NOT_FOUND', { relationName: quoted(nameParts) }, relation.origin);
  return overFiles(freshIds(plan), env, analysis);
}

const overFiles = (plan: LogicalPlan, env: Environment, { hasMetadata, settings }: Analysis): Resolved =>
  (hasMetadata ? metadataOver(plan, env, settings) : undefined) ?? over(plan, env);
