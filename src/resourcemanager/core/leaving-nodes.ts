// A node on its way out may have files of applications whose containers there have ended: shuffle files that its shuffle service has. Their drivers
// hear of it, and the node waits for their word (driver.leftNode) or their end, as it waits for containers, until its time is over.
// Source: YARN's DecommissioningNodesWatcher, which waits for the applications to end (WAIT_APP).
import type { ApplicationId, NodeId } from '../../common/ids.ts';
import type { Cluster } from './cluster.ts';
import type { Attempt, Node } from './entities.ts';

/** Tells the drivers of running applications that have been there. */
export function askDrivers(cluster: Cluster, node: Node): void {
  for (const [id, application] of cluster.applications) {
    const attempt = application.attempts.at(-1);
    if (attempt === undefined || application.state.tag !== 'RUNNING' || !application.nodes.has(node)) continue;
    node.awaited.add(id);
    tell(cluster, attempt, node.id);
  }
}

/** A driver that comes back may not have heard, or its word was lost. */
export function askAgain(cluster: Cluster, attempt: Attempt): void {
  for (const [, node] of cluster.nodes)
    if (node.state.tag === 'DECOMMISSIONING' && node.awaited.has(attempt.application.id)) tell(cluster, attempt, node.id);
}

/** The application needs nothing of the node any more. */
export function hasLeft(cluster: Cluster, node: Node, applicationId: ApplicationId): void {
  if (node.awaited.delete(applicationId)) cluster.hooks.nodeMayBeEmpty(node);
}

/** Nothing runs there, and nobody wants anything that lies there. */
export const isEmpty = (node: Node): boolean => node.containers.size === 0 && node.awaited.size === 0;

function tell(cluster: Cluster, attempt: Attempt, nodeId: NodeId): void {
  if (attempt.driver.leavingNodes.includes(nodeId)) return;
  attempt.driver.leavingNodes.push(nodeId);
  cluster.talkedDrivers.add(attempt);
}
