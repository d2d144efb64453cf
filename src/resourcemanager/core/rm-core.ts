// The ResourceManager's core: one event in, effects out. Deterministic: no clock, no chance, no I/O. The shell (service/event-loop.ts)
// hands events in, lets it place containers with a bound, takes the effects of the turn, commits and then tells.
//
//   handle(event) …  →  schedule(bound)  →  takeEffects()  →  commit saves, then tell
import { type ApplicationId, applicationId, applicationOfAttempt, type ContainerId } from '../../common/ids.ts';
import { notePlaced, noteRound } from './activity-notes.ts';
import { applicationSubmitted } from './application-events.ts';
import { moveAttempt } from './attempt-events.ts';
import { Cluster } from './cluster.ts';
import { addContainer, moveContainer } from './container-events.ts';
import { ALLOCATED } from './container-machine.ts';
import { driverAllocate, driverDisconnected, driverPage, driverReady, driverRegistered, driverUnregistered } from './driver-events.ts';
import type { Effects, SaveEffect } from './effects.ts';
import type { Application, Attempt } from './entities.ts';
import type { RmEvent } from './events.ts';
import { amLaunch } from './am-launch.ts';
import { hasLeft } from './leaving-nodes.ts';
import { moveNode, nodeDisconnected, nodeHeartbeat, nodeRegistered } from './node-events.ts';
import { nodeReady } from './node-orders.ts';
import { hooksOf } from './hooks.ts';
import { Preemption } from './preemption/rounds.ts';
import { queuesRefreshed } from './queues-refreshed.ts';
import { labelsChanged, recoverLabels } from './node-labels.ts';
import type { Recovered, RmSettings } from './records.ts';
import { operatorAct } from './operator-acts.ts';
import { recover } from './recovery.ts';
import { takeDirty } from './take-dirty.ts';
import type { QueuePolicies } from './queue-policies.ts';
import { watchLifetime } from './timeouts.ts';
import type { SchedulerConfig } from './scheduler/create-scheduler.ts';
import type { WaitingAsk } from './scheduler/scheduler-port.ts';

/** Application numbers are reserved on disk in blocks, so that handing one out costs no commit. */
const SEQ_BLOCK = 20;

export class RmCore {
  /** For reports (reports.ts) and tests; nobody else changes it. */
  readonly cluster: Cluster;
  #applicationSeq: number;
  #reservedSeq: number;
  #savedSeq: number;

  constructor(settings: RmSettings, found: Recovered, queues: SchedulerConfig, nowMs: number, policies?: QueuePolicies) {
    this.cluster = new Cluster(settings, { epoch: found.epoch, clusterStartMs: found.clusterStartMs, nowMs }, queues, policies);
    this.#applicationSeq = this.#reservedSeq = this.#savedSeq = found.applicationSeq;
    this.cluster.hooks = hooksOf(this.cluster);
    recoverLabels(this.cluster, found.labels);
    recover(this.cluster, found);
    if (settings.preemption !== undefined) new Preemption(this.cluster, settings.preemption).start();
  }

  /** @throws AppError when the event is refused; nothing has changed then */
  handle(event: RmEvent): void {
    const { cluster } = this;
    if (event.atMs > cluster.nowMs) cluster.nowMs = event.atMs; // a little back is nothing; more of it is clockMoved
    switch (event.tag) {
      case 'applicationSubmitted':
        applicationSubmitted(cluster, this.#reservedSeq, event);
        break;
      case 'applicationKill':
      case 'applicationMove':
      case 'applicationPriority':
      case 'applicationTimeout':
      case 'attemptFail':
      case 'containerSignalled':
      case 'nodeResized':
      case 'nodeDecommission':
      case 'nodeRecommission':
        operatorAct(cluster, event);
        break;
      case 'driverRegistered':
        driverRegistered(cluster, event);
        break;
      case 'driverReady': {
        const attempt = cluster.attempt(event.attemptId);
        if (attempt?.driver.connected) driverReady(cluster, attempt);
        break;
      }
      case 'driverAllocate':
        driverAllocate(cluster, event);
        break;
      case 'driverAlive': {
        const attempt = cluster.attempt(event.attemptId);
        if (attempt !== undefined) attempt.driver.lastHeardMs = cluster.nowMs;
        break;
      }
      case 'driverPage': {
        const attempt = cluster.attempt(event.attemptId);
        if (attempt !== undefined) driverPage(cluster, attempt, event.trackingUrl);
        break;
      }
      case 'driverLeftNode': {
        const node = cluster.nodes.get(event.nodeId);
        if (node !== undefined) hasLeft(cluster, node, applicationOfAttempt(event.attemptId));
        break;
      }
      case 'driverUnregistered':
        driverUnregistered(cluster, event);
        break;
      case 'driverDisconnected': {
        const attempt = cluster.attempt(event.attemptId);
        if (attempt !== undefined) driverDisconnected(cluster, attempt);
        break;
      }
      case 'nodeRegistered':
        nodeRegistered(cluster, event);
        break;
      case 'nodeReady': {
        const node = cluster.nodes.get(event.nodeId);
        if (node?.connected) nodeReady(cluster, node);
        break;
      }
      case 'nodeHeartbeat':
        nodeHeartbeat(cluster, event);
        break;
      case 'nodeDisconnected': {
        const node = cluster.nodes.get(event.nodeId);
        if (node !== undefined) nodeDisconnected(cluster, node);
        break;
      }
      case 'labelsChanged':
        labelsChanged(cluster, event);
        break;
      case 'queuesRefreshed':
        queuesRefreshed(cluster, event);
        break;
      case 'clockMoved':
        cluster.nowMs = event.atMs;
        cluster.moveDeadlines(event.byMs);
        for (const application of cluster.applications.values()) watchLifetime(cluster, application);
        // Embedded in a driver it stands still whenever the program computes; only what nodes would have been lost for is worth a line.
        if (Math.abs(event.byMs) > cluster.settings.nmExpiryMs / 2)
          cluster.log('warn', `The clock moved by ${event.byMs} ms in which this ResourceManager heard nobody: all deadlines move with it`);
        break;
      case 'timePassed':
        break;
      default:
        event satisfies never;
    }
    this.#runDeadlines();
  }

  /** A number that no application of this cluster ever had. Durable before it is told: the reservation is a save of this turn. */
  newApplicationId(): ApplicationId {
    if (++this.#applicationSeq > this.#reservedSeq) {
      this.#reservedSeq = this.#applicationSeq + SEQ_BLOCK - 1;
      this.cluster.saveNow = true;
    }
    return applicationId(this.cluster.clusterStartMs, this.#applicationSeq);
  }

  /** Places containers. @returns how many; fewer than `most`: nothing more can be placed now */
  schedule(most: number): number {
    this.cluster.health.lastRunMs = this.cluster.nowMs;
    const placed = this.cluster.scheduler.schedule(most, (ask, slot) => this.#place(ask, slot), this.cluster.nowMs);
    noteRound(this.cluster);
    return placed;
  }

  /** Everything the events since the last call want done. */
  takeEffects(): Effects {
    const { cluster } = this;
    for (const attempt of cluster.talkedDrivers) this.#talk(attempt);
    cluster.talkedDrivers.clear();
    for (const node of cluster.orderedNodes) {
      if (node.fresh === 0 || !node.ready) continue;
      const orders = node.orders.slice(-node.fresh);
      for (const order of orders) order.sentAtMs = cluster.nowMs;
      node.fresh = 0;
      cluster.tells.push({ tag: 'tellNode', nodeId: node.id, orders });
    }
    cluster.orderedNodes.clear();
    for (const { id } of cluster.changedApplications) cluster.tells.push({ tag: 'applicationChanged', id });
    cluster.changedApplications.clear();
    const due = cluster.saveByMs !== undefined && cluster.saveByMs <= cluster.nowMs;
    const saves = cluster.saveNow || due ? this.#takeSaves() : [];
    const { tells } = cluster;
    cluster.tells = [];
    return { saves, tells };
  }

  /** When the next `timePassed` is wanted, ms since the epoch. */
  nextDeadlineMs(): number | undefined {
    const { cluster } = this;
    let next = cluster.saveByMs ?? Number.POSITIVE_INFINITY;
    const longestSilent = cluster.byHeartbeat.first;
    if (longestSilent !== undefined) next = Math.min(next, longestSilent.lastHeartbeatMs + cluster.settings.nmExpiryMs);
    if (cluster.grants.first !== undefined) next = Math.min(next, cluster.grants.first.expiresAtMs);
    next = Math.min(next, cluster.timerDueMs);
    return Number.isFinite(next) ? next : undefined;
  }

  #place(ask: WaitingAsk, slot: number): void {
    const { cluster } = this;
    const node = cluster.nodeOfSlot[slot]!;
    const application = ask.app.owner as Application;
    const attempt = application.attempts.at(-1)!;
    cluster.accrue(application);
    const number = ++attempt.containerSeq;
    const id = (attempt.containerPrefix + (number < 100_000 ? `00000${number}`.slice(-6) : String(number).padStart(6, '0'))) as ContainerId;
    const { resource, priority } = ask;
    const container = addContainer(cluster, { id, attempt, node, resource, priority, startedAtMs: 0, state: ALLOCATED });
    cluster.waitsNoMore(application);
    cluster.grants.push(container);
    notePlaced(cluster, ask, container);
    cluster.health.note('allocation', container, cluster.nowMs);
    if (attempt.state.tag === 'SCHEDULED') {
      attempt.am = { containerId: id, nodeId: node.id };
      moveAttempt(cluster, attempt, { tag: 'allocated' });
      cluster.order(node, { tag: 'launch', container, launch: amLaunch(cluster, attempt) });
    } else {
      attempt.driver.granted.push({ askId: ask.askId, container });
      cluster.talkedDrivers.add(attempt);
    }
  }

  #talk(attempt: Attempt): void {
    const { driver } = attempt;
    const { nowMs } = this.cluster;
    const { granted, completed, preempt, leavingNodes } = driver;
    if (granted.length + completed.length + preempt.length + leavingNodes.length > 0) {
      driver.unacked.push({ seq: ++driver.updateSeq, granted, completed, preempt, leavingNodes, sentAtMs: 0 });
      driver.granted = [];
      driver.completed = [];
      driver.preempt = [];
      driver.leavingNodes = [];
    }
    if (!driver.ready) return;
    const updates = driver.unacked.filter((u) => u.sentAtMs === 0);
    if (updates.length === 0) return;
    for (const update of updates) update.sentAtMs = nowMs;
    this.cluster.tells.push({ tag: 'tellDriver', attemptId: attempt.id, updates });
  }

  #takeSaves(): SaveEffect[] {
    const { cluster } = this;
    const saves: SaveEffect[] = [];
    if (this.#savedSeq !== this.#reservedSeq)
      saves.push({ tag: 'saveApplicationSeq', applicationSeq: (this.#savedSeq = this.#reservedSeq) });
    saves.push(...takeDirty(cluster));
    cluster.saveNow = false;
    cluster.saveByMs = undefined;
    return saves;
  }

  #runDeadlines(): void {
    const { cluster } = this;
    const { nowMs } = cluster;
    const silentSinceMs = nowMs - cluster.settings.nmExpiryMs;
    for (
      let node = cluster.byHeartbeat.first;
      node !== undefined && node.lastHeartbeatMs <= silentSinceMs;
      node = cluster.byHeartbeat.first
    )
      moveNode(cluster, node, { tag: 'expired' });
    for (let grant = cluster.grants.first; grant !== undefined && grant.expiresAtMs <= nowMs; grant = cluster.grants.first)
      moveContainer(cluster, grant, { tag: 'expired' });
    cluster.runTimers();
  }
}
