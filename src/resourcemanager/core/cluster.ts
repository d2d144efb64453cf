// The state of the whole cluster and the small steps that every event is made of: take a move of a machine, note what must
// be saved and told, count use. No event is handled here; that is rm-core.ts and the *-events.ts files beside it.
import type { ApplicationId, AttemptId, ContainerId, NodeId } from '../../common/ids.ts';
import { LinkedList } from '../../common/linked-list.ts';
import { type Resource, resource } from '../../common/resource.ts';
import type { Application, Attempt, Container, Ending, Node, OrderWhat } from './entities.ts';
import { OPEN_POLICY, type Policy } from './acls/may-user.ts';
import type { ContainerEnd } from './container-machine.ts';
import { Containers } from './containers.ts';
import type { TellEffect } from './effects.ts';
import type { RmSettings } from './records.ts';
import { Activities } from './scheduler/activities.ts';
import { SchedulerHealth } from './scheduler-health.ts';
import { createScheduler, type SchedulerConfig } from './scheduler/create-scheduler.ts';
import type { SchedulerPort } from './scheduler/scheduler-port.ts';
import type { QueueView } from './scheduler/scheduler-views.ts';
import { NO_POLICIES, type QueuePolicies, type QueueTimeouts, timeoutsFor } from './queue-policies.ts';

/** Sequence numbers of orders and updates begin here in an epoch, so they only ever grow, across restarts too. */
export const SEQ_PER_EPOCH = 2 ** 32;
/** What need not be durable before it is told is saved at most this much later. */
const SAVE_SOON_MS = 200;

/** Where ends of containers lead; set by rm-core.ts, so that no file here needs one above it. */
export type Hooks = {
  amRunning: (attempt: Attempt) => void;
  amEnded: (attempt: Attempt, end: ContainerEnd) => void;
  released: (application: Application, node: Node) => void;
  nodeMayBeEmpty: (node: Node) => void;
  nodesChanged: () => void;
};

export class Cluster {
  hooks: Hooks = { amRunning: () => {}, amEnded: () => {}, released: () => {}, nodeMayBeEmpty: () => {}, nodesChanged: () => {} };
  readonly settings: RmSettings;
  rights: Omit<Policy, 'queues'> = OPEN_POLICY;
  readonly epoch: number;
  readonly clusterStartMs: number;
  readonly startedAtMs: number;
  recoveringUntilMs: number;
  /** Time of the event in hand. */
  nowMs: number;
  readonly scheduler: SchedulerPort<SchedulerConfig>;
  /** What was placed and refused, for the clients who ask for it. */
  readonly activities = new Activities();
  /** Who goes in which queue, and for how long; read with the queues. */
  policies: QueuePolicies;
  readonly applications = new Map<ApplicationId, Application>();
  /** Ended ones, oldest end first. */
  readonly endedApplications: ApplicationId[] = [];
  readonly nodes = new Map<NodeId, Node>();
  /** The same, each at its number. */
  readonly numbered: Node[] = [];
  /** Nodes of the cluster, the longest silent first. */
  readonly byHeartbeat = new LinkedList<Node>();
  readonly nodeOfSlot: (Node | undefined)[] = [];
  readonly containers = new Containers(this.applications);
  /** Of all applications that are known. */
  readonly attempts = new Map<AttemptId, Attempt>();
  /** Containers that nobody runs yet, in the order in which they expire. */
  readonly grants = new LinkedList<Container>();
  /** No timer is due before; may be earlier than the first one. */
  timerDueMs = Number.POSITIVE_INFINITY;
  readonly timers = new Map<string, { readonly atMs: number; readonly run: () => void }>();
  /** The largest node ever seen in this epoch. */
  largest: Resource | undefined;
  readonly dirtyApplications = new Set<Application>();
  readonly dirtyAttempts = new Set<Attempt>();
  /** On their way out of the cluster, out, or in again. */
  readonly dirtyNodes = new Set<Node>();
  /** What operators ordered nodes to count with, over their restarts and ours. */
  readonly nodeSizes = new Map<NodeId, Resource>();
  readonly dirtySizes = new Set<NodeId>();
  /** Which node (by id), or all nodes of which host, have which label. */
  readonly nodeLabels = new Map<string, string>();
  readonly health = new SchedulerHealth();
  labelsDirty = false;
  readonly forgotten: ApplicationId[] = [];
  /** Of applications that are forgotten, for counters that only grow. */
  readonly past = { FINISHED: 0, FAILED: 0, KILLED: 0, containers: 0 };
  saveNow = false;
  saveByMs: number | undefined;
  readonly changedApplications = new Set<Application>();
  /** Waiting for a driver, which some hosts are not right for (am-placement.ts). */
  readonly choosy = new Set<Attempt>();
  readonly talkedDrivers = new Set<Attempt>();
  readonly orderedNodes = new Set<Node>();
  tells: TellEffect[] = [];

  constructor(
    settings: RmSettings,
    at: { epoch: number; clusterStartMs: number; nowMs: number },
    queues: SchedulerConfig,
    policies = NO_POLICIES,
  ) {
    this.settings = settings;
    this.epoch = at.epoch;
    this.clusterStartMs = at.clusterStartMs;
    this.startedAtMs = this.nowMs = at.nowMs;
    this.recoveringUntilMs = at.nowMs + settings.nmExpiryMs;
    this.scheduler = createScheduler(queues);
    this.policies = policies;
  }

  /** Who may do what; the queues' part is read and changes with the queues. */
  get policy(): Policy {
    return { ...this.rights, queues: this.policies.acls ?? OPEN_POLICY.queues };
  }

  /** Until nodes have had their time to register again, what is not there is no reason to refuse. */
  get recovering(): boolean {
    return this.nowMs < this.recoveringUntilMs;
  }

  /** Puts all deadlines off: what nobody could say in that time is not held against him. */
  moveDeadlines(byMs: number): void {
    this.recoveringUntilMs += byMs;
    for (const node of this.byHeartbeat) node.lastHeartbeatMs += byMs;
    for (const { attempts } of this.applications.values()) {
      const attempt = attempts.at(-1);
      if (attempt !== undefined) attempt.driver.lastHeardMs += byMs;
    }
    for (const container of this.grants) container.expiresAtMs += byMs;
    for (const [name, { atMs, run }] of this.timers) this.timers.set(name, { atMs: atMs + byMs, run });
    this.timerDueMs += byMs;
    if (this.saveByMs !== undefined) this.saveByMs += byMs;
  }

  attempt(id: AttemptId): Attempt | undefined {
    return this.attempts.get(id);
  }

  save(what: Application | Attempt, when: 'now' | 'soon'): void {
    if ('submission' in what) this.dirtyApplications.add(what);
    else this.dirtyAttempts.add(what);
    if (when === 'now') this.saveNow = true;
    else this.saveByMs ??= this.nowMs + SAVE_SOON_MS;
  }

  saveNode(node: Node): void {
    this.dirtyNodes.add(node);
    this.saveNow = true;
  }

  log(level: 'info' | 'warn', text: string): void {
    this.tells.push({ tag: 'log', level, text });
  }

  /** One timer per name; a later one replaces it. */
  startTimer(name: string, afterMs: number, run: () => void): void {
    this.timers.set(name, { atMs: this.nowMs + afterMs, run });
    this.timerDueMs = Math.min(this.timerDueMs, this.nowMs + afterMs);
  }

  stopTimer(name: string): void {
    this.timers.delete(name);
  }

  /** Runs what is due, in the order in which it was started. */
  runTimers(): void {
    if (this.timerDueMs > this.nowMs) return;
    for (const [name, { atMs, run }] of [...this.timers]) {
      if (atMs > this.nowMs || this.timers.get(name)?.run !== run) continue;
      this.timers.delete(name);
      run();
    }
    this.timerDueMs = Number.POSITIVE_INFINITY;
    for (const { atMs } of this.timers.values()) this.timerDueMs = Math.min(this.timerDueMs, atMs);
  }

  order(node: Node, what: OrderWhat): void {
    node.orders.push({ orderSeq: ++node.orderSeq, what, sentAtMs: 0 });
    node.fresh++;
    this.orderedNodes.add(node);
  }

  /** For what a node reports again and again until it is gone. */
  orderKillOnce(node: Node, containerId: ContainerId): void {
    if (!node.orders.some((o) => o.what.tag === 'kill' && o.what.containerId === containerId))
      this.order(node, { tag: 'kill', containerId });
  }

  tellEnd(attempt: Attempt, ending: Ending): void {
    attempt.driver.completed.push(ending);
    this.talkedDrivers.add(attempt);
  }

  /** Its node is on its way out: whoever can hand its work on does so now. The driver may hear it twice. */
  wantBack(node: Node): void {
    for (const { id, attempt } of node.containers.values()) {
      if (attempt.am?.containerId === id || attempt.driver.preempt.includes(id)) continue;
      attempt.driver.preempt.push(id);
      this.talkedDrivers.add(attempt);
    }
  }

  /** It has its first container: it does not wait for it any more (timeouts.ts). */
  waitsNoMore(application: Application): void {
    if (application.waitsUntilMs === undefined) return;
    application.waitsUntilMs = undefined;
    this.stopTimer(`wait ${application.id}`);
    this.save(application, 'soon');
  }

  queueTimeouts(path: string): QueueTimeouts {
    return timeoutsFor(this.policies, path);
  }

  /** The scheduler's queues, with the times that are read beside them. Parents before children. */
  queueViews(): QueueView[] {
    return this.scheduler.queues().map((view) => {
      const { maximumLifetimeSec = -1, defaultLifetimeSec = -1 } = this.queueTimeouts(view.path);
      return { ...view, maximumLifetimeS: maximumLifetimeSec, defaultLifetimeS: defaultLifetimeSec };
    });
  }

  /** Adds the use since the last change; call it before the change. */
  accrue(application: Application): void {
    const { scheduled } = application;
    const ms = this.nowMs - application.usageSinceMs;
    application.usageSinceMs = this.nowMs;
    if (scheduled === undefined || ms <= 0) return;
    application.memoryMbMs += scheduled.usedMb * ms;
    application.vcoreMs += scheduled.usedVcores * ms;
  }

  /** The largest container that can be had, undefined while no node is known and no setting limits it. */
  maximumAllocation(): Resource | undefined {
    const { maxAllocationMb, maxAllocationVcores } = this.settings;
    const { memoryMb = Number.POSITIVE_INFINITY, vcores = Number.POSITIVE_INFINITY, others } = this.largest ?? {};
    const most = { memoryMb: Math.min(maxAllocationMb ?? memoryMb, memoryMb), vcores: Math.min(maxAllocationVcores ?? vcores, vcores) };
    if (!Number.isFinite(most.memoryMb) || !Number.isFinite(most.vcores)) return undefined;
    return resource(most.memoryMb, most.vcores, others);
  }

  /** As YARN's normalizeRequest: memory up to a multiple of the minimum, at least one vcore. */
  normalize(want: Resource): Resource {
    const step = Math.max(1, this.settings.minAllocationMb);
    const memoryMb = Math.max(step, Math.ceil(want.memoryMb / step) * step);
    if (memoryMb === want.memoryMb && want.vcores >= 1 && want.others === undefined) return want; // as it mostly is: nothing is made
    return resource(memoryMb, Math.max(1, want.vcores), want.others);
  }
}
