// What a node says of its containers: known ones move, unknown ones are taken in when somebody still wants them (after a restart of
// this ResourceManager), the others the node is to end. Registration and heartbeats themselves: node-events.ts.
import { applicationOfContainer, type ContainerId } from '../../common/ids.ts';
import { fits } from '../../common/resource.ts';
import type { ContainerReport } from '../../rpc/messages/shapes.ts';
import type { Cluster } from './cluster.ts';
import { adoptContainer, moveContainer } from './container-events.ts';
import { EXIT } from './container-machine.ts';
import type { Attempt, Node } from './entities.ts';
import { belongsTo, noteKept } from './kept-containers.ts';

/** @returns false when the node must end this container: nobody here wants it */
export function takeReport(cluster: Cluster, node: Node, report: ContainerReport, onlyIfItFits: boolean): boolean {
  const ended = report.state === 'COMPLETED';
  const container = cluster.containers.get(report.containerId);
  if (container !== undefined && container.node === node) {
    if (ended)
      moveContainer(cluster, container, { tag: 'finished', end: { exitStatus: report.exitStatus, diagnostics: report.diagnostics } });
    else {
      if (container.startedAtMs === 0) container.startedAtMs = report.startedAtMs || cluster.nowMs;
      moveContainer(cluster, container, { tag: 'launched' });
      if (container.attempt.am?.containerId === container.id) cluster.hooks.amRunning(container.attempt);
    }
    return true;
  }
  const attempt = wantedBy(cluster, report.containerId);
  if (ended) {
    if (attempt !== undefined) endOfUnknown(cluster, attempt, node, report);
    return true;
  }
  if (attempt === undefined || container !== undefined) return false;
  if (hasEnded(attempt, report.containerId)) return false; // its node was LOST: the driver was told of the end, and that stands
  const { id, slot } = { id: report.containerId, slot: node.slot };
  const isAm = attempt.am?.containerId === id;
  if (!isAm && attempt.driver.registered && !attempt.driver.unconfirmed.has(id)) return false; // its driver has given it back meanwhile
  if (onlyIfItFits && !fits(cluster.scheduler.freeOn(slot), report.resource)) return false;
  noteKept(attempt, id);
  adoptContainer(cluster, attempt, node, { id, resource: report.resource, startedAtMs: report.startedAtMs });
  if (isAm) cluster.hooks.amRunning(attempt);
  return true;
}

/** The attempt that a container belongs to, while it lives. */
function wantedBy(cluster: Cluster, id: ContainerId): Attempt | undefined {
  const application = cluster.applications.get(applicationOfContainer(id));
  if (application?.scheduled === undefined) return undefined;
  const attempt = application.attempts.at(-1);
  if (attempt === undefined || !belongsTo(attempt, id)) return undefined;
  if (attempt.state.tag === 'FINISHING') return attempt.am?.containerId === id ? attempt : undefined;
  return 'ending' in application.state ? undefined : attempt;
}

/** What this epoch made and does not know any more has ended before. */
const hasEnded = ({ application }: Attempt, id: ContainerId): boolean =>
  application.attempts.some((a) => id.startsWith(a.containerPrefix) || a.ended.some((e) => e.id === id));

/** It ended while this ResourceManager was away, or after it had been given up. */
function endOfUnknown(cluster: Cluster, attempt: Attempt, node: Node, report: ContainerReport): void {
  const end = { exitStatus: report.exitStatus, diagnostics: report.diagnostics };
  const { containerId: id, resource, startedAtMs } = report;
  if (hasEnded(attempt, id)) return; // a repeated report
  attempt.ended.push({ id, nodeId: node.id, resource, startedAtMs, finishedAtMs: report.finishedAtMs, end });
  attempt.driver.unconfirmed.delete(id);
  if (attempt.am?.containerId === id) cluster.hooks.amEnded(attempt, end);
  else cluster.tellEnd(attempt, { containerId: id, ...end });
}

/** After a restart of this ResourceManager: the launch order never got to the node, or the node lost the container. */
export function loseUnreportedAms(cluster: Cluster, node: Node, reported: ReadonlyMap<ContainerId, ContainerReport>): void {
  for (const application of cluster.applications.values()) {
    const attempt = application.attempts.at(-1);
    if (
      application.scheduled === undefined ||
      attempt?.am?.nodeId !== node.id ||
      reported.has(attempt.am.containerId) ||
      cluster.containers.has(attempt.am.containerId)
    )
      continue;
    cluster.hooks.amEnded(attempt, { exitStatus: EXIT.ABORTED, diagnostics: `${node.id} does not know the container` });
  }
}
