// Resolved logical plans as explain prints them. Source: the simpleString of Catalyst's operators.
import { childrenOf, type Join, type LogicalPlan } from '../logical/plans.ts';
import { statisticsOf } from '../physical/statistics.ts';
import { attributesText, attributeText, expressionsText, expressionText, namedText, orderText } from './expression-text.ts';
import { treeText } from './tree-text.ts';

/** @param withCost the sizes that the planner guesses beside each operator */
export const logicalText = (plan: LogicalPlan, withCost = false): string =>
  treeText(plan, (node) => `${operatorText(node)}${withCost ? costText(node) : ''}`, children);

const children = (plan: LogicalPlan): readonly LogicalPlan[] =>
  plan.kind === 'withCte' ? [...plan.definitions.map((d) => d.plan), plan.child] : childrenOf(plan);

function costText(plan: LogicalPlan): string {
  const { bytes, rows } = statisticsOf(plan);
  return `, Statistics(sizeInBytes=${sizeText(bytes)}, rowCount=${Math.round(rows)})`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
/** `1.5 KiB` */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`;
}

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;
export const joinTypeText = ({ joinType, exists }: Join): string =>
  exists === undefined ? capital(joinType) : `ExistenceJoin(${attributeText(exists)})`;

export function operatorText(plan: LogicalPlan): string {
  switch (plan.kind) {
    case 'oneRow':
      return 'OneRowRelation';
    case 'localRelation':
      return plan.rows.length === 0
        ? `LocalRelation <empty>, ${attributesText(plan.output)}`
        : `LocalRelation ${attributesText(plan.output)}`;
    case 'kernelTable':
      if (plan.cached !== undefined) return `InMemoryRelation ${attributesText(plan.output)}, ${plan.cached.level}`;
      return `LogicalRDD ${attributesText(plan.output)}, false`;
    case 'range':
      return `Range (${plan.start}, ${plan.end}, step=${plan.step}${plan.numPartitions === undefined ? '' : `, splits=${plan.numPartitions}`})`;
    case 'scan':
      return `Relation ${attributesText(plan.output).replaceAll(', ', ',')} ${plan.jdbc === undefined ? plan.format : plan.name}${plan.pushedFilters?.length ? ` PushedFilters: ${expressionsText(plan.pushedFilters)}` : ''}`;
    case 'project':
      return `Project ${namedText(plan.projectList)}`;
    case 'filter':
      return `Filter ${expressionText(plan.condition)}`;
    case 'aggregate':
      return `Aggregate ${expressionsText(plan.grouping)}, ${namedText(plan.aggregates)}`;
    case 'window':
      return `Window ${expressionsText(plan.windows as never)}`;
    case 'expand':
      return `Expand [${plan.projections.map(expressionsText).join(', ')}], ${attributesText(plan.output)}`;
    case 'generate':
      return `Generate ${expressionText(plan.generator)}, ${plan.isOuter}, ${attributesText(plan.generatorOutput)}`;
    case 'sort':
      return `Sort ${orderText(plan.order)}, ${plan.isGlobal}`;
    case 'limit':
      return `GlobalLimit ${expressionText(plan.limit)}`;
    case 'tail':
      return `Tail ${expressionText(plan.limit)}`;
    case 'offset':
      return `Offset ${expressionText(plan.offset)}`;
    case 'deduplicate':
      return `Deduplicate ${expressionsText(plan.keys)}`;
    case 'sample':
      return `Sample ${plan.lowerBound}, ${plan.upperBound}, ${plan.withReplacement}, ${plan.seed}`;
    case 'subqueryAlias':
      return `SubqueryAlias ${[...plan.qualifier, plan.alias].join('.')}`;
    case 'repartition':
      return plan.expressions.length > 0
        ? `RepartitionByExpression ${expressionsText(plan.expressions)}${plan.numPartitions === undefined ? '' : `, ${plan.numPartitions}`}`
        : `Repartition ${plan.numPartitions ?? ''}, ${plan.shuffle}`;
    case 'join':
      return `Join ${joinTypeText(plan)}${plan.condition === undefined ? '' : `, ${expressionText(plan.condition)}`}`;
    case 'union':
      return 'Union false, false';
    case 'intersect':
    case 'except':
      return `${capital(plan.kind)} ${plan.isAll ? 'All true' : 'false'}`;
    case 'hint':
      return `UnresolvedHint ${plan.name}`;
    case 'withCte':
      return 'WithCTE';
    case 'cteRef':
      return `CTERelationRef ${plan.id}, true, ${attributesText(plan.output)}, false`;
    default:
      return capital(plan.kind);
  }
}
