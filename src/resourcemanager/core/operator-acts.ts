// What an operator does to something that lives: an application's end, queue, priority and lifetime, a signal to a container, a
// node's size, and whether it is to leave.
import { AppError } from '../../common/errors.ts';
import { atLeast, fits, NOTHING, resourceText, sameResource } from '../../common/resource.ts';
import { applicationMove, applicationPriority } from './application-changes.ts';
import { moveAttempt } from './attempt-events.ts';
import { applicationKill, applicationOf } from './application-events.ts';
import type { Cluster } from './cluster.ts';
import type { RmEvent } from './events.ts';
import { decommission, nodeOf, recommission } from './node-events.ts';
import { usedOn } from './reports.ts';
import { setLifetime } from './timeouts.ts';

type Act = Extract<
  RmEvent,
  {
    tag:
      | 'applicationKill'
      | 'applicationMove'
      | 'applicationPriority'
      | 'applicationTimeout'
      | 'attemptFail'
      | 'containerSignalled'
      | 'nodeResized'
      | 'nodeDecommission'
      | 'nodeRecommission';
  }
>;

/** @throws AppError what the act is refused with; nothing has changed then */
export function operatorAct(cluster: Cluster, event: Act): void {
  switch (event.tag) {
    case 'applicationKill':
      return applicationKill(cluster, event);
    case 'applicationMove':
      return applicationMove(cluster, event);
    case 'applicationPriority':
      return applicationPriority(cluster, event);
    case 'applicationTimeout':
      return setLifetime(cluster, applicationOf(cluster, event.id), event.expiresAtMs);
    case 'attemptFail':
      return failAttempt(cluster, event);
    case 'containerSignalled':
      return containerSignalled(cluster, event);
    case 'nodeResized':
      return nodeResized(cluster, event);
    case 'nodeDecommission':
      return decommission(cluster, nodeOf(cluster, event.nodeId), event);
    case 'nodeRecommission':
      return recommission(cluster, nodeOf(cluster, event.nodeId));
    default:
      return event satisfies never;
  }
}

/** With all of its containers; there is another one unless this was the last that may fail. One that has ended, or said good-bye, is left as it is. */
function failAttempt(cluster: Cluster, { id, user }: Extract<Act, { tag: 'attemptFail' }>): void {
  const attempt = cluster.attempt(id);
  if (attempt === undefined) throw new AppError('ATTEMPT_UNKNOWN', { attemptId: id });
  moveAttempt(cluster, attempt, { tag: 'failedByOrder', counts: true, diagnostics: `Attempt failed by user ${user}.` });
}

/** Its node sends it to all of its processes: whether they end, and how, is theirs, and their exit status says so. */
function containerSignalled(cluster: Cluster, { id, user, signal }: Extract<Act, { tag: 'containerSignalled' }>): void {
  const container = cluster.containers.get(id);
  if (container === undefined) throw new AppError('CONTAINER_UNKNOWN', { containerId: id });
  cluster.log('info', `${signal} for ${id}, on request of user ${user}`);
  cluster.order(container.node, { tag: 'signal', containerId: id, signal });
}

/** However often it registers, until it is ordered to what it offers itself. Never below what it holds: no container is taken away for it. */
function nodeResized(cluster: Cluster, { nodeId, capacity }: Extract<Act, { tag: 'nodeResized' }>): void {
  const node = cluster.nodes.get(nodeId);
  if (node === undefined || node.slot < 0) throw new AppError('NODE_UNKNOWN', { nodeId });
  const used = usedOn(node);
  if (!fits(capacity, used))
    throw new AppError('NODE_RESIZE_REFUSED', { nodeId, wanted: resourceText(capacity), used: resourceText(used) });
  cluster.scheduler.resizeNode(node.slot, capacity);
  node.capacity = capacity;
  cluster.largest = atLeast(cluster.largest ?? NOTHING, capacity);
  if (sameResource(capacity, node.offered)) cluster.nodeSizes.delete(nodeId);
  else cluster.nodeSizes.set(nodeId, capacity);
  cluster.dirtySizes.add(nodeId);
  cluster.saveNow = true;
  cluster.log('info', `${nodeId} offers ${resourceText(capacity)} now, by order`);
}
