// Orders to a node on their way: sent anew when its connection is, and when nothing was heard of them for too long; gone when it has them.
// Who gives orders is cluster.ts; an order that is done is in the node's reports, not here.
import type { Cluster } from './cluster.ts';
import type { Node } from './entities.ts';

/** An order that was not acknowledged in this time goes out again with the next heartbeat. */
const RESEND_AFTER_MS = 1_000;

export function nodeReady(cluster: Cluster, node: Node): void {
  node.ready = true;
  for (const order of node.orders) order.sentAtMs = 0;
  node.fresh = node.orders.length;
  if (node.fresh > 0) cluster.orderedNodes.add(node);
}

/** All up to that one. */
export function acknowledge(cluster: Cluster, node: Node, upTo: number): void {
  const before = node.orders.length;
  if (before === 0) return;
  let acked = 0;
  let mayEnd = false;
  for (; acked < before && node.orders[acked]!.orderSeq <= upTo; acked++) mayEnd ||= node.orders[acked]!.what.tag === 'shutdown';
  if (acked > 0) node.orders = acked === before ? [] : node.orders.slice(acked);
  if (mayEnd && !node.orders.some((o) => o.what.tag === 'shutdown')) cluster.saveNode(node);
  if (node.orders.some((o) => o.sentAtMs > 0 && o.sentAtMs <= cluster.nowMs - RESEND_AFTER_MS)) {
    node.fresh = node.orders.length;
    cluster.orderedNodes.add(node);
  }
}
