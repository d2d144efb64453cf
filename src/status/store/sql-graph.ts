// A physical plan as a graph: numbered nodes, edges from child to parent, code generation stages as clusters. The numbers are Spark's, so that
// tools that know them find the same nodes. Source: Spark's SparkPlanGraph.
import type { SqlPlanInfo } from '../events.ts';

export type PlanNode = {
  readonly nodeId: number;
  readonly nodeName: string;
  readonly simpleString: string;
  /** Of the WholeStageCodegen cluster that it is in. */
  readonly wholeStageCodegenId: number | undefined;
  readonly metrics: SqlPlanInfo['metrics'];
};
export type PlanEdge = { readonly fromId: number; readonly toId: number };
export type PlanGraph = { readonly nodes: readonly PlanNode[]; readonly edges: readonly PlanEdge[] };

const STAGES = new Set(['BroadcastQueryStage', 'ShuffleQueryStage', 'ResultQueryStage', 'TableCacheQueryStage']);

export function planGraph(root: SqlPlanInfo): PlanGraph {
  const nodes: PlanNode[] = [];
  const edges: PlanEdge[] = [];
  /** By text: an exchange that is used again is another object with the same content. */
  const shared = new Map<string, number>();
  const visit = (plan: SqlPlanInfo, parent: number | undefined, cluster: number | undefined): void => {
    const child = plan.children[0];
    const add = (codegen: number | undefined): number => {
      const nodeId = nodes.length;
      const { nodeName, simpleString, metrics } = plan;
      nodes.push({ nodeId, nodeName, simpleString, wholeStageCodegenId: codegen, metrics });
      return nodeId;
    };
    if (plan.nodeName.startsWith('WholeStageCodegen') && child !== undefined) {
      add(undefined);
      return visit(child, parent, Number(/\((\d+)\)/.exec(plan.nodeName)?.[1] ?? 0));
    }
    if (plan.nodeName === 'InputAdapter' && child !== undefined) return visit(child, parent, undefined);
    if ((STAGES.has(plan.nodeName) || plan.nodeName === 'ReusedExchange') && child !== undefined) {
      const known = shared.get(keyOf(child));
      if (known === undefined) return visit(child, parent, undefined);
      if (parent !== undefined) edges.push({ fromId: known, toId: parent });
      return;
    }
    const subquery = plan.nodeName === 'Subquery';
    const known = subquery ? shared.get(keyOf(plan)) : undefined;
    if (known !== undefined) {
      if (parent !== undefined) edges.push({ fromId: known, toId: parent });
      return;
    }
    const nodeId = add(subquery ? undefined : cluster);
    if (plan.nodeName.includes('Exchange') || plan.nodeName.includes('Subquery')) shared.set(keyOf(plan), nodeId);
    if (parent !== undefined) edges.push({ fromId: nodeId, toId: parent });
    for (const next of plan.children) visit(next, nodeId, subquery ? undefined : cluster);
  };
  visit(root, undefined, undefined);
  return { nodes, edges };
}

const keyOf = (plan: SqlPlanInfo): string => JSON.stringify(plan);
