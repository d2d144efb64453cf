// zipWithIndex needs to know how many rows the partitions before have: a job over all but the last, run once, before the first action.
// Source: Spark's ZippedWithIndexRDD.
import type { RddNode } from '../plan/lineage.ts';
import type { RddContext } from './context.ts';
import type { Pending, RowsOp } from './ops.ts';
import { prepareLineage } from './prepare-lineage.ts';

export function indexOffsets(node: RddNode, context: RddContext, callSite: string): { op: RowsOp; pending: Pending } {
  const op: RowsOp = { tag: 'rows', name: 'withIndex', functions: [], args: { offsets: [0] } };
  const run = async () => {
    const partitions = Array.from({ length: Math.max(0, node.partitions - 1) }, (_, p) => p);
    if (partitions.length === 0) return;
    await prepareLineage(node);
    const counts: number[] = new Array(partitions.length).fill(0);
    await context.runJob(
      node,
      { kind: 'count' },
      partitions,
      (index, count) => {
        counts[index] = count as number;
      },
      { callSite },
    );
    let sum = 0;
    op.args = { offsets: [0, ...counts.map((count) => (sum += count))] };
  };
  return { op, pending: { done: undefined, run } };
}
