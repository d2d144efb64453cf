// Nodes: registration (with the containers that they bring along), heartbeats, silence, taking out of service.
import { AppError } from '../../common/errors.ts';
import { applicationOfContainer, type ContainerId, type NodeId } from '../../common/ids.ts';
import { fits } from '../../common/resource.ts';
import { step } from '../../common/machine.ts';
import type { ContainerReport } from '../../rpc/messages/shapes.ts';
import { type Cluster, SEQ_PER_EPOCH } from './cluster.ts';
import { adoptContainer, moveContainer } from './container-events.ts';
import { EXIT } from './container-machine.ts';
import type { Attempt, Node } from './entities.ts';
import type { NodeHeartbeat, NodeRegistered } from './events.ts';
import { type NodeEvent, nodeTable } from './node-machine.ts';

/** An order that was not acknowledged in this time goes out again with the next heartbeat. */
const RESEND_AFTER_MS = 1_000;

export function moveNode(cluster: Cluster, node: Node, event: NodeEvent): void {
  const before = node.state.tag;
  const { next, effects } = step(nodeTable, node.state, event);
  node.state = next;
  if (before !== next.tag)
    cluster.log(
      next.tag === 'RUNNING' ? 'info' : 'warn',
      `${node.id} Node Transitioned from ${before} to ${next.tag}${node.healthReport ? ` (${node.healthReport})` : ''}`,
    );
  for (const effect of effects) {
    switch (effect.tag) {
      case 'loseContainers':
        loseContainers(cluster, node, effect.why);
        break;
      case 'orderShutdown':
        cluster.order(node, { tag: 'shutdown' });
        break;
      case 'leave':
        leave(cluster, node);
        break;
      default:
        effect satisfies never;
    }
  }
  openOrClose(cluster, node);
}

/** @throws AppError NODE_REFUSED */
export function nodeRegistered(cluster: Cluster, e: NodeRegistered): void {
  if (e.capacity.memoryMb < 1 || e.capacity.vcores < 1)
    throw new AppError('NODE_REFUSED', { nodeId: e.nodeId, reason: `it offers ${e.capacity.memoryMb} MB and ${e.capacity.vcores} vcores` });
  const known = cluster.nodes.get(e.nodeId);
  if (known?.state.tag === 'DECOMMISSIONED' && known.orders.some((o) => o.what.tag === 'shutdown')) return endOfDecommissioned(known, e);
  const node = known ?? newNode(cluster, e);
  const reported = new Map(e.containers.map((c) => [c.containerId, c]));
  const lostSome = [...node.containers.values()].some((c) => c.state.tag === 'RUNNING' && !reported.has(c.id));
  if (lostSome && e.containers.length === 0) moveNode(cluster, node, { tag: 'rebooted' });
  moveNode(cluster, node, { tag: 'registered' });
  join(cluster, node, e);
  Object.assign(node, { rack: e.rack, address: e.address, version: e.version, connected: true, ready: false, seq: 0, healthReport: '' });
  heard(cluster, node);
  // Running according to us and unknown to the node: gone without a word. Grants that nobody launched yet stay.
  for (const container of [...node.containers.values()]) {
    if (container.state.tag === 'RUNNING' && !reported.has(container.id))
      moveContainer(cluster, container, {
        tag: 'finished',
        end: { exitStatus: EXIT.ABORTED, diagnostics: `Container is not known to ${node.id} any more` },
      });
  }
  node.answer = { kill: [], finishedApplications: [] };
  for (const report of e.containers) if (!takeReport(cluster, node, report, false)) node.answer.kill.push(report.containerId);
  loseUnreportedAms(cluster, node, reported);
  for (const id of e.applications) {
    const application = cluster.applications.get(id);
    if (application === undefined || application.scheduled === undefined) node.answer.finishedApplications.push(id);
    else application.nodes.add(node.id);
  }
  openOrClose(cluster, node);
}

/**
 * It was taken out while it was away, and runs what it ran: turned away it would run it for ever. It is let in to hear that it is to
 * end, with all that it has; started again after that it is a node like any other.
 */
function endOfDecommissioned(node: Node, e: NodeRegistered): void {
  Object.assign(node, { address: e.address, version: e.version, connected: true, ready: false, seq: 0 });
  node.answer = { kill: e.containers.map((c) => c.containerId), finishedApplications: [...e.applications] };
}

/** @throws AppError NODE_UNKNOWN, HEARTBEAT_STALE */
export function nodeHeartbeat(cluster: Cluster, e: NodeHeartbeat): void {
  const node = cluster.nodes.get(e.nodeId);
  if (node === undefined || !node.connected || node.state.tag === 'LOST') throw new AppError('NODE_UNKNOWN', { nodeId: e.nodeId });
  if (e.seq < node.seq) throw new AppError('HEARTBEAT_STALE', { seq: e.seq, latest: node.seq });
  node.seq = e.seq;
  node.healthReport = e.healthReport;
  if (node.state.tag === 'DECOMMISSIONED') {
    acknowledge(cluster, node, e.ackedOrders);
    return;
  }
  heard(cluster, node);
  for (const report of e.reports) if (!takeReport(cluster, node, report, true)) cluster.orderKillOnce(node, report.containerId);
  moveNode(cluster, node, { tag: e.healthy ? 'healthy' : 'unhealthy' });
  acknowledge(cluster, node, e.ackedOrders);
}

export function nodeReady(cluster: Cluster, node: Node): void {
  node.ready = true;
  for (const order of node.orders) order.sentAtMs = 0;
  node.fresh = node.orders.length;
  if (node.fresh > 0) cluster.orderedNodes.add(node);
}

/** It keeps its containers and gets no new ones until it is back or its time is over. */
export function nodeDisconnected(cluster: Cluster, node: Node): void {
  node.connected = node.ready = false;
  openOrClose(cluster, node);
}

export function decommission(cluster: Cluster, node: Node, graceful: boolean, timeoutMs: number): void {
  moveNode(cluster, node, { tag: 'decommission', graceful, idle: node.containers.size === 0 });
  if (node.state.tag === 'DECOMMISSIONING')
    cluster.startTimer(`drain ${node.id}`, timeoutMs, () => moveNode(cluster, node, { tag: 'drained' }));
}

function newNode(cluster: Cluster, e: NodeRegistered): Node {
  const node: Node = {
    id: e.nodeId,
    host: e.host,
    rack: e.rack,
    address: e.address,
    version: e.version,
    capacity: e.capacity,
    slot: -1,
    state: { tag: 'RUNNING' },
    containers: new Map(),
    connected: true,
    ready: false,
    seq: 0,
    lastHeartbeatMs: cluster.nowMs,
    healthReport: '',
    orders: [],
    orderSeq: cluster.epoch * SEQ_PER_EPOCH,
    fresh: 0,
    answer: { kill: [], finishedApplications: [] },
  };
  cluster.nodes.set(node.id, node);
  cluster.log(
    'info',
    `NodeManager ${node.id} at ${e.address} registered with capability <memory:${e.capacity.memoryMb}, vCores:${e.capacity.vcores}>`,
  );
  return node;
}

/** Into the scheduler's index, or there with what it offers now. */
function join(cluster: Cluster, node: Node, { host, capacity }: NodeRegistered): void {
  const { scheduler } = cluster;
  if (node.slot < 0) {
    node.host = host;
    node.slot = scheduler.addNode(host, capacity.memoryMb, capacity.vcores);
    cluster.nodeOfSlot[node.slot] = node;
  } else if (node.capacity.memoryMb !== capacity.memoryMb || node.capacity.vcores !== capacity.vcores)
    scheduler.resizeNode(node.slot, capacity.memoryMb, capacity.vcores);
  node.capacity = capacity;
  const { largest } = cluster;
  cluster.largest = {
    memoryMb: Math.max(largest?.memoryMb ?? 0, capacity.memoryMb),
    vcores: Math.max(largest?.vcores ?? 0, capacity.vcores),
  };
}

function leave(cluster: Cluster, node: Node): void {
  cluster.byHeartbeat.delete(node.id);
  cluster.stopTimer(`drain ${node.id}`);
  // A node that comes back is told in the answer to its registration what to end; only a shutdown is not forgotten.
  node.orders = node.orders.filter((o) => o.what.tag === 'shutdown');
  node.fresh = node.orders.length;
  if (node.slot < 0) return;
  cluster.scheduler.removeNode(node.host, node.slot);
  cluster.nodeOfSlot[node.slot] = undefined;
  node.slot = -1;
}

function heard(cluster: Cluster, node: Node): void {
  node.lastHeartbeatMs = cluster.nowMs;
  cluster.byHeartbeat.delete(node.id);
  cluster.byHeartbeat.set(node.id, node);
}

function openOrClose(cluster: Cluster, node: Node): void {
  if (node.slot < 0) return;
  if (node.connected && node.state.tag === 'RUNNING') cluster.scheduler.openNode(node.slot);
  else cluster.scheduler.closeNode(node.slot);
}

const WHY_LOST = {
  lost: 'Container released on a *lost* node',
  decommissioned: 'Container released on a *decommissioned* node',
  rebooted: 'Container released: its node was restarted without it',
};

function loseContainers(cluster: Cluster, node: Node, why: keyof typeof WHY_LOST): void {
  const end = { exitStatus: EXIT.ABORTED, diagnostics: WHY_LOST[why] };
  for (const container of [...node.containers.values()])
    moveContainer(cluster, container, { tag: why === 'decommissioned' ? 'kill' : 'nodeLost', end });
}

/** @returns false when the node must end this container: nobody here wants it */
function takeReport(cluster: Cluster, node: Node, report: ContainerReport, onlyIfItFits: boolean): boolean {
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
  if (!isAm && attempt.driver.registered && !attempt.driver.held.has(id)) return false; // its driver has given it back meanwhile
  const free = { memoryMb: cluster.scheduler.nodes.freeMb[slot]!, vcores: cluster.scheduler.nodes.freeVcores[slot]! };
  if (onlyIfItFits && !fits(free, report.resource)) return false;
  adoptContainer(cluster, attempt, node, { id, resource: report.resource, startedAtMs: report.startedAtMs });
  if (isAm) cluster.hooks.amRunning(attempt);
  return true;
}

/** The attempt that a container belongs to, while it lives. */
function wantedBy(cluster: Cluster, id: ContainerId): Attempt | undefined {
  const application = cluster.applications.get(applicationOfContainer(id));
  if (application?.scheduled === undefined) return undefined;
  const attempt = application.attempts.at(-1);
  const number = Number(/_(\d+)_\d+$/.exec(id)?.[1]);
  if (attempt === undefined || attempt.number !== number) return undefined;
  if (attempt.state.tag === 'FINISHING') return attempt.am?.containerId === id ? attempt : undefined;
  return 'ending' in application.state ? undefined : attempt;
}

/** What this epoch made and does not know any more has ended before. */
const hasEnded = (attempt: Attempt, id: ContainerId): boolean =>
  id.startsWith(attempt.containerPrefix) || attempt.ended.some((e) => e.id === id);

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
function loseUnreportedAms(cluster: Cluster, node: Node, reported: ReadonlyMap<ContainerId, ContainerReport>): void {
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

function acknowledge(cluster: Cluster, node: Node, upTo: number): void {
  const before = node.orders.length;
  if (before === 0) return;
  node.orders = node.orders.filter((o) => o.orderSeq > upTo);
  if (node.orders.some((o) => o.sentAtMs > 0 && o.sentAtMs <= cluster.nowMs - RESEND_AFTER_MS)) {
    node.fresh = node.orders.length;
    cluster.orderedNodes.add(node);
  }
}

export function nodeOf(cluster: Cluster, nodeId: NodeId): Node {
  const node = cluster.nodes.get(nodeId);
  if (node === undefined) throw new AppError('NODE_UNKNOWN', { nodeId });
  return node;
}
