// A staged plan as the SQL page and the event log have it: Spark's nodes with their metrics, operators of one text in a WholeStageCodegen box,
// what comes from other stages behind an InputAdapter. The tree is ../explain/spark-plan.ts's. Source: SparkPlanInfo.fromSparkPlan of Spark 4.2.
import type { SqlPlanInfo } from '../../../status/events.ts';
import { lineOf } from '../explain/physical-text.ts';
import type { PlanTrees, SparkNode } from '../explain/spark-plan.ts';
import type { PlanMetrics } from '../physical/plan-metrics.ts';
import { cutText } from './plan-info.ts';

export function stagedInfo({ isAdaptive, initial, final }: PlanTrees, metrics: PlanMetrics): SqlPlanInfo {
  const info = infoOf(final ?? initial, metrics, final !== undefined || !isAdaptive, undefined);
  if (!isAdaptive) return info;
  return plain('AdaptiveSparkPlan', `AdaptiveSparkPlan isFinalPlan=${final !== undefined}`, [info]);
}

const plain = (nodeName: string, simpleString: string, children: readonly SqlPlanInfo[], of: SqlPlanInfo['metrics'] = []): SqlPlanInfo => ({
  nodeName,
  simpleString,
  children,
  metadata: {},
  metrics: of,
});

/** @param boxed whether texts are shown; @param inside the text that the node above belongs to */
function infoOf(node: SparkNode, metrics: PlanMetrics, boxed: boolean, inside: SparkNode['text']): SqlPlanInfo {
  const below = [...node.children, ...node.subqueries.map((s) => s.plan)];
  const children = below.map((child) => infoOf(child, metrics, boxed, node.text));
  const isStage = node.name.endsWith('QueryStage') || node.part === 'subquery';
  const own = isStage ? [] : metrics.of(node.of, node.part as Exclude<SparkNode['part'], 'subquery'>);
  const info = plain(node.name, cutText(lineOf(node)), children, own);
  if (!boxed || node.text === inside) return info;
  if (node.text === undefined) return plain('InputAdapter', 'InputAdapter', [info]);
  const name = `WholeStageCodegen (${node.text.id})`;
  const box = plain(name, name, [info], metrics.of(node.text.top!.of, 'text'));
  return inside === undefined ? box : plain('InputAdapter', 'InputAdapter', [box]);
}
