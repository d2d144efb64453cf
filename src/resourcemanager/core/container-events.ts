// What a move of a container's machine entails: space given back, the node told to end it, the driver told of the end.
// What the end of an AM container means for its attempt is in attempt-events.ts.
import type { ContainerId } from '../../common/ids.ts';
import { step } from '../../common/machine.ts';
import type { Resource } from '../../common/resource.ts';
import type { Cluster } from './cluster.ts';
import { type ContainerEvent, containerTable, RUNNING } from './container-machine.ts';
import type { Attempt, Container, Node } from './entities.ts';

/** Ended containers of an attempt that container.list still shows. */
const ENDED_KEPT = 200;

export function moveContainer(cluster: Cluster, container: Container, event: ContainerEvent): void {
  const { next, effects } = step(containerTable, container.state, event);
  container.state = next;
  if (next.tag !== 'ALLOCATED' && next.tag !== 'ACQUIRED') cluster.grants.delete(container);
  for (const effect of effects) {
    switch (effect.tag) {
      case 'freeSpace':
        freeSpace(cluster, container);
        break;
      case 'orderKill':
        cluster.order(container.node, { tag: 'kill', containerId: container.id });
        break;
      case 'tellEnd':
        afterEnd(cluster, container, effect.end);
        break;
      default:
        effect satisfies never;
    }
  }
}

type Placed = Pick<Container, 'id' | 'attempt' | 'node' | 'resource' | 'priority' | 'startedAtMs' | 'state'>;

export function addContainer(cluster: Cluster, { id, attempt, node, resource, priority, startedAtMs, state }: Placed): Container {
  const { nowMs } = cluster;
  const container: Container = {
    id,
    attempt,
    node,
    resource,
    priority,
    allocatedAtMs: nowMs,
    expiresAtMs: nowMs + cluster.settings.grantExpiryMs,
    startedAtMs,
    state,
    bagAt: -1,
    nextThere: undefined,
    before: undefined,
    after: undefined,
  };
  attempt.containers.add(container);
  node.containers.add(container);
  attempt.application.nodes.add(node);
  return container;
}

/** A container that runs on a node and that this ResourceManager does not know yet (after its restart). */
export function adoptContainer(
  cluster: Cluster,
  attempt: Attempt,
  node: Node,
  running: { id: ContainerId; resource: Resource; startedAtMs: number },
): void {
  const { application } = attempt;
  cluster.accrue(application);
  cluster.scheduler.adopt(application.scheduled!, node.slot, running.resource, attempt.am?.containerId === running.id);
  addContainer(cluster, { ...running, attempt, node, priority: 0, state: RUNNING });
  attempt.driver.unconfirmed.delete(running.id);
  cluster.waitsNoMore(application);
}

function freeSpace(cluster: Cluster, container: Container): void {
  const { attempt, node, resource, id } = container;
  const { application } = attempt;
  cluster.accrue(application);
  cluster.scheduler.release(application.scheduled!, node.slot, resource, attempt.am?.containerId === id);
  cluster.health.note('release', container, cluster.nowMs);
  if (attempt.driver.previous.size > 0) attempt.driver.previous.delete(id);
  attempt.containers.delete(container);
  node.containers.delete(container);
}

function afterEnd(
  cluster: Cluster,
  { id, attempt, node, resource, startedAtMs }: Container,
  end: { exitStatus: number; diagnostics: string },
): void {
  attempt.ended.push({ id, nodeId: node.id, resource, startedAtMs, finishedAtMs: cluster.nowMs, end });
  if (attempt.ended.length > ENDED_KEPT) attempt.ended.shift();
  if (attempt.am?.containerId === id) cluster.hooks.amEnded(attempt, end);
  else if (!('ending' in attempt.application.state))
    cluster.tellEnd(attempt, { containerId: id, exitStatus: end.exitStatus, diagnostics: end.diagnostics });
  cluster.hooks.released(attempt.application, node);
}
