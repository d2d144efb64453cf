// What an operator changes from outside: the size of a node, whether it is to leave, a signal to a container. What follows when a node
// leaves is node-events.ts.
import { AppError } from '../../common/errors.ts';
import { atLeast, NOTHING } from '../../common/resource.ts';
import type { Cluster } from './cluster.ts';
import type { RmEvent } from './events.ts';
import { decommission, nodeOf } from './node-events.ts';

type OperatorEvent = Extract<RmEvent, { tag: 'nodeDecommission' | 'nodeResource' | 'containerSignal' }>;

/** @throws AppError NODE_UNKNOWN, CONTAINER_UNKNOWN */
export function operatorEvent(cluster: Cluster, event: OperatorEvent): void {
  if (event.tag === 'containerSignal') {
    const container = cluster.containers.get(event.containerId);
    if (container === undefined) throw new AppError('CONTAINER_UNKNOWN', { containerId: event.containerId });
    cluster.order(container.node, { tag: 'signal', containerId: event.containerId, signal: event.signal });
    return;
  }
  const node = nodeOf(cluster, event.nodeId);
  if (event.tag === 'nodeDecommission') return decommission(cluster, node, event.graceful, event.timeoutMs);
  if (node.slot < 0) throw new AppError('NODE_UNKNOWN', { nodeId: event.nodeId });
  node.capacity = event.capacity;
  cluster.largest = atLeast(cluster.largest ?? NOTHING, event.capacity);
  cluster.scheduler.resizeNode(node.slot, event.capacity);
}
