// Nodes: registration (with the containers that they bring along), heartbeats, silence, taking out of service.
import { AppError } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import { Bag } from '../../common/bag.ts';
import { step } from '../../common/machine.ts';
import { atLeast, NOTHING, resourceText, sameResource } from '../../common/resource.ts';
import { type Cluster, SEQ_PER_EPOCH } from './cluster.ts';
import { moveContainer } from './container-events.ts';
import { EXIT } from './container-machine.ts';
import type { Node } from './entities.ts';
import type { NodeHeartbeat, NodeRegistered } from './events.ts';
import type { NodeRecord } from './records.ts';
import { askDrivers, isEmpty } from './leaving-nodes.ts';
import { type NodeEvent, nodeTable } from './node-machine.ts';
import { acknowledge } from './node-orders.ts';
import { labelOf } from './node-labels.ts';
import { loseUnreportedAms, takeReport } from './node-reports.ts';

const HEALTHY = { tag: 'healthy' } as const;
const UNHEALTHY = { tag: 'unhealthy' } as const;
/** It stands in tokens, between bars. */
const RESOURCE_NAME = /^[A-Za-z][\w./-]{0,127}$/;

export function moveNode(cluster: Cluster, node: Node, event: NodeEvent): void {
  const before = node.state.tag;
  const { next, effects } = step(nodeTable, node.state, event);
  node.state = next;
  if (before !== next.tag && (isGoing(before) || isGoing(next.tag))) cluster.saveNode(node);
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
      case 'endDrain':
        endDrain(cluster, node);
        break;
      default:
        effect satisfies never;
    }
  }
  openOrClose(cluster, node);
}

const isGoing = (state: Node['state']['tag']): boolean => state === 'DECOMMISSIONING' || state === 'DECOMMISSIONED';

/** @throws AppError NODE_REFUSED */
export function nodeRegistered(cluster: Cluster, e: NodeRegistered): void {
  if (e.capacity.memoryMb < 1 || e.capacity.vcores < 1)
    throw new AppError('NODE_REFUSED', { nodeId: e.nodeId, reason: `it offers ${e.capacity.memoryMb} MB and ${e.capacity.vcores} vcores` });
  const bad = Object.keys(e.capacity.others ?? {}).find((name) => !RESOURCE_NAME.test(name));
  if (bad !== undefined)
    throw new AppError('NODE_REFUSED', {
      nodeId: e.nodeId,
      reason: `${JSON.stringify(bad)} is no name of a resource: letters, digits, . / _ and -`,
    });
  const known = cluster.nodes.get(e.nodeId);
  if (known?.state.tag === 'DECOMMISSIONED' && known.orders.some((o) => o.what.tag === 'shutdown')) return endOfDecommissioned(known, e);
  const node = known ?? newNode(cluster, e);
  const reported = new Map(e.containers.map((c) => [c.containerId, c]));
  const lostSome = [...node.containers.values()].some((c) => c.state.tag === 'RUNNING' && !reported.has(c.id));
  if (lostSome && e.containers.length === 0) moveNode(cluster, node, { tag: 'rebooted' });
  if (lostSome && node.state.tag === 'DECOMMISSIONED') return endOfDecommissioned(node, e);
  moveNode(cluster, node, { tag: 'registered' });
  join(cluster, node, e);
  Object.assign(node, { rack: e.rack, address: e.address, version: e.version, connected: true, ready: false, seq: 0, healthReport: '' });
  node.httpAddress = e.httpAddress ?? '';
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
    else application.nodes.add(node);
  }
  openOrClose(cluster, node);
  if (node.state.tag !== 'DECOMMISSIONING') return;
  if (node.containers.size > 0) cluster.wantBack(node);
  else if (isEmpty(node)) drainIn(cluster, node, 0); // its last container ended while this ResourceManager was away: nobody else will say that it is empty
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
  node.load = e.load;
  if (node.state.tag === 'DECOMMISSIONED') {
    acknowledge(cluster, node, e.ackedOrders);
    return;
  }
  heard(cluster, node);
  cluster.scheduler.chance();
  for (const report of e.reports) if (!takeReport(cluster, node, report, true)) cluster.orderKillOnce(node, report.containerId);
  moveNode(cluster, node, e.healthy ? HEALTHY : UNHEALTHY);
  acknowledge(cluster, node, e.ackedOrders);
}

/** It keeps its containers and gets no new ones until it is back or its time is over. */
export function nodeDisconnected(cluster: Cluster, node: Node): void {
  node.connected = node.ready = false;
  openOrClose(cluster, node);
}

type Drain = { readonly graceful: boolean; readonly timeoutMs: number; readonly byList?: boolean | undefined };

export function decommission(cluster: Cluster, node: Node, { graceful, timeoutMs, byList = false }: Drain): void {
  if (graceful) askDrivers(cluster, node);
  moveNode(cluster, node, { tag: 'decommission', graceful, idle: isEmpty(node) });
  if (node.state.tag !== 'DECOMMISSIONING') return;
  cluster.wantBack(node);
  node.drainByMs = cluster.nowMs + timeoutMs;
  node.drainByList = byList;
  cluster.saveNode(node);
  drainIn(cluster, node, timeoutMs);
}

/** @throws AppError NODE_NOT_LEAVING */
export function recommission(cluster: Cluster, node: Node): void {
  if (node.state.tag !== 'DECOMMISSIONING') throw new AppError('NODE_NOT_LEAVING', { nodeId: node.id, state: node.state.tag });
  moveNode(cluster, node, { tag: 'recommission' });
}

function endDrain(cluster: Cluster, node: Node): void {
  cluster.stopTimer(`drain ${node.id}`);
  node.awaited.clear();
  node.drainByMs = 0;
  node.drainByList = false;
}

const drainIn = (cluster: Cluster, node: Node, afterMs: number): void =>
  cluster.startTimer(`drain ${node.id}`, afterMs, () => moveNode(cluster, node, { tag: 'drained' }));

/**
 * After a restart of this ResourceManager: whoever was on the way out still is, and who is out is turned away as before. A drain whose
 * time is over waits until nodes have had their time to register, so that containers are ended as this node's and drivers hear why.
 */
export function recoverNode(cluster: Cluster, r: NodeRecord): void {
  const { id: nodeId, lastHeartbeatMs, drainByMs, drainByList = false, heard } = r;
  const node = Object.assign(bareNode(cluster, { ...r, nodeId }), {
    connected: false,
    lastHeartbeatMs,
    drainByMs,
    drainByList,
    state: { tag: r.state },
  });
  cluster.nodes.set(nodeId, node);
  if (r.state === 'DECOMMISSIONING') drainIn(cluster, node, Math.max(drainByMs - cluster.nowMs, cluster.settings.nmExpiryMs));
  else if (!heard) cluster.order(node, { tag: 'shutdown' });
}

type Introduced = Pick<NodeRegistered, 'nodeId' | 'host' | 'rack' | 'address' | 'version' | 'capacity'>;

function bareNode(cluster: Cluster, { nodeId, host, rack, address, version, capacity }: Introduced): Node {
  const node: Node = {
    id: nodeId,
    number: cluster.numbered.length,
    host,
    rack,
    address,
    httpAddress: '',
    version,
    capacity,
    offered: capacity,
    slot: -1,
    state: { tag: 'RUNNING' },
    containers: new Bag(),
    awaited: new Set(),
    connected: true,
    ready: false,
    seq: 0,
    lastHeartbeatMs: cluster.nowMs,
    drainByMs: 0,
    drainByList: false,
    healthReport: '',
    load: undefined,
    orders: [],
    orderSeq: cluster.epoch * SEQ_PER_EPOCH,
    fresh: 0,
    answer: { kill: [], finishedApplications: [] },
    before: undefined,
    after: undefined,
  };
  cluster.numbered.push(node);
  return node;
}

function newNode(cluster: Cluster, e: NodeRegistered): Node {
  const node = bareNode(cluster, e);
  cluster.nodes.set(node.id, node);
  cluster.log('info', `NodeManager ${node.id} at ${e.address} registered with capability ${resourceText(e.capacity)}`);
  return node;
}

/** Into the scheduler's index, or there with what it offers now. */
function join(cluster: Cluster, node: Node, e: NodeRegistered): void {
  const { host } = e;
  const capacity = cluster.nodeSizes.get(node.id) ?? e.capacity;
  const { scheduler } = cluster;
  if (node.slot < 0) {
    node.host = host;
    node.slot = scheduler.addNode({ host, rack: e.rack, capacity, label: labelOf(cluster, node) });
    cluster.nodeOfSlot[node.slot] = node;
    cluster.hooks.nodesChanged();
  } else if (!sameResource(node.capacity, capacity)) scheduler.resizeNode(node.slot, capacity);
  node.offered = e.capacity;
  node.capacity = capacity;
  cluster.largest = atLeast(cluster.largest ?? NOTHING, capacity);
}

function leave(cluster: Cluster, node: Node): void {
  cluster.byHeartbeat.delete(node);
  cluster.stopTimer(`drain ${node.id}`);
  node.awaited.clear();
  // A node that comes back is told in the answer to its registration what to end; only a shutdown is not forgotten.
  node.orders = node.orders.filter((o) => o.what.tag === 'shutdown');
  node.fresh = node.orders.length;
  if (node.slot < 0) return;
  cluster.scheduler.removeNode(node.slot);
  cluster.nodeOfSlot[node.slot] = undefined;
  node.slot = -1;
  cluster.hooks.nodesChanged();
}

function heard(cluster: Cluster, node: Node): void {
  node.lastHeartbeatMs = cluster.nowMs;
  cluster.byHeartbeat.push(node);
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

export function nodeOf(cluster: Cluster, nodeId: NodeId): Node {
  const node = cluster.nodes.get(nodeId);
  if (node === undefined) throw new AppError('NODE_UNKNOWN', { nodeId });
  return node;
}
