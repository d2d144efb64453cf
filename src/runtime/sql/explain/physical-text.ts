// Physical plans as explain draws them: before a run, and with what came of them. The nodes are spark-plan.ts's.
// Source: AdaptiveSparkPlanExec.generateTreeString and WholeStageCodegenExec of Spark 4.2.
import type { PhysicalPlan } from '../physical/physical-plan.ts';
import type { RunRecord } from '../physical/run-record.ts';
import { logicalText } from './logical-text.ts';
import { type SparkNode, sparkPlan } from './spark-plan.ts';
import { treeText } from './tree-text.ts';

/** @param run what happened, when it has run */
export function physicalText(plan: PhysicalPlan, isAdaptive: boolean, run?: RunRecord): string {
  if (plan.kind === 'whole') return wholeText(plan);
  const initial = sparkPlan(plan);
  if (!isAdaptive) return nodeText(sparkPlan(plan, run, false).root, true);
  if (run === undefined) return `AdaptiveSparkPlan isFinalPlan=false\n${indented(nodeText(initial.root, false), '+- ')}`;
  const final = sparkPlan(plan, run);
  return adaptiveText('AdaptiveSparkPlan isFinalPlan=true', nodeText(final.root, true), nodeText(initial.root, false));
}

export const wholeText = ({ node, reason }: Pick<Extract<PhysicalPlan, { kind: 'whole' }>, 'node' | 'reason'>): string =>
  `WholeQuery (one task, one query of the kernel: ${reason})\n${indented(logicalText(node), '+- ')}`;

export const adaptiveText = (head: string, final: string, initial: string): string =>
  `${head}\n+- == Final Plan ==\n${indented(final, '   ')}\n+- == Initial Plan ==\n${indented(initial, '   ')}`;

/** @param first before the first line; the others stand under what follows it */
export const indented = (text: string, first: string): string =>
  text
    .split('\n')
    .map((line, i) => `${i === 0 ? first : '   '}${line}`)
    .join('\n');

export const lineOf = ({ line, name, rest }: SparkNode): string => line ?? `${name}${rest}`;

export const childrenWithSubqueries = (node: SparkNode): readonly SparkNode[] => [...node.children, ...node.subqueries.map((s) => s.plan)];

/** The operators of one text, without what comes from others. */
export const subtreeText = (top: SparkNode): string =>
  treeText(
    top,
    (node) => `${node.text === undefined ? '' : `*(${node.text.id}) `}${lineOf(node)}`,
    (node) => (node.text === top.text ? node.children : []),
  );

/** @param numbered whether operators say which text computes them: `*(2)` */
export const nodeText = (root: SparkNode, numbered: boolean): string =>
  treeText(
    root,
    (node) => `${numbered && node.text !== undefined ? `*(${node.text.id}) ` : ''}${lineOf(node)}`,
    childrenWithSubqueries,
    (node) => node.inner,
  );
