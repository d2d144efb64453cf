// What an operator does to something that lives: an application's queue, priority and lifetime, a container's end, a node's size.
import { AppError } from '../../common/errors.ts';
import { fits, resourceText } from '../../common/resource.ts';
import { applicationMove, applicationPriority } from './application-changes.ts';
import { applicationOf } from './application-events.ts';
import type { Cluster } from './cluster.ts';
import { moveContainer } from './container-events.ts';
import { EXIT } from './container-machine.ts';
import type { RmEvent } from './events.ts';
import { nodeReport } from './reports.ts';
import { setLifetime } from './timeouts.ts';

type Act = Extract<
  RmEvent,
  { tag: 'applicationMove' | 'applicationPriority' | 'applicationTimeout' | 'containerSignalled' | 'nodeResized' }
>;

/** @throws AppError what the act is refused with; nothing has changed then */
export function operatorAct(cluster: Cluster, event: Act): void {
  switch (event.tag) {
    case 'applicationMove':
      return applicationMove(cluster, event);
    case 'applicationPriority':
      return applicationPriority(cluster, event);
    case 'applicationTimeout':
      return setLifetime(cluster, applicationOf(cluster, event.id), event.expiresAtMs);
    case 'containerSignalled':
      return containerSignalled(cluster, event);
    case 'nodeResized':
      return nodeResized(cluster, event);
    default:
      return event satisfies never;
  }
}

function containerSignalled(cluster: Cluster, { id, user }: Extract<Act, { tag: 'containerSignalled' }>): void {
  const container = cluster.containers.get(id);
  if (container === undefined) throw new AppError('CONTAINER_UNKNOWN', { containerId: id });
  const end = { exitStatus: EXIT.KILLED_BY_RESOURCEMANAGER, diagnostics: `Container killed on request of user ${user}` };
  moveContainer(cluster, container, { tag: 'kill', end });
}

/** Until the node registers again, with what its settings say. Never below what it holds: no container is taken away for it. */
function nodeResized(cluster: Cluster, { nodeId, capacity }: Extract<Act, { tag: 'nodeResized' }>): void {
  const node = cluster.nodes.get(nodeId);
  if (node === undefined || node.slot < 0) throw new AppError('NODE_UNKNOWN', { nodeId });
  const { used } = nodeReport(node);
  if (!fits(capacity, used))
    throw new AppError('NODE_RESIZE_REFUSED', { nodeId, wanted: resourceText(capacity), used: resourceText(used) });
  cluster.scheduler.resizeNode(node.slot, capacity);
  node.capacity = capacity;
  cluster.log('info', `${nodeId} offers ${resourceText(capacity)} now, by order`);
}
