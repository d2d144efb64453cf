// The RDDs that one task of a stage computes: from its last RDD back to shuffles and sources.
import type { RddNode } from '../../plan/lineage.ts';

/** RDDs that one task of the stage computes. */
export function pipelineOf(rdd: RddNode): RddNode[] {
  const seen = new Set<RddNode>([rdd]);
  for (const node of seen) for (const dependency of node.dependencies) if (dependency.kind === 'narrow') seen.add(dependency.parent);
  return [...seen];
}

/** Whether the stage that ends in this RDD is one: an RDD of its pipeline was made by rdd.barrier(). */
export function isBarrier(rdd: RddNode): boolean {
  return pipelineOf(rdd).some((node) => node.barrier === true);
}
