// What an action needs before its stages can be cut: bounds of range partitioners, counts of zipWithIndex. Spark runs these jobs when the
// transformation is called; here transformations are synchronous, so they run, once, before the first action that needs them.
import type { RddNode } from '../plan/lineage.ts';
import { pendingOf } from './rdd-base.ts';

/** Parents first: a sample of an RDD may itself stand on a sorted one. A failure is not remembered: the next action tries again. */
export async function prepareLineage(root: RddNode): Promise<void> {
  const order: RddNode[] = [];
  const seen = new Set<RddNode>();
  const stack: [node: RddNode, expanded: boolean][] = [[root, false]];
  while (stack.length > 0) {
    const [node, expanded] = stack.pop()!;
    if (expanded) order.push(node);
    else if (!seen.has(node)) {
      seen.add(node);
      stack.push([node, true]);
      for (const dependency of node.dependencies) stack.push([dependency.parent, false]);
    }
  }
  for (const node of order) {
    const pending = pendingOf.get(node);
    if (pending === undefined) continue;
    pending.done ??= pending.run().catch((error: unknown) => {
      pending.done = undefined;
      throw error;
    });
    await pending.done;
  }
}
