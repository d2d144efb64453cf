// What the ResourceManager's core holds in memory: applications, attempts, drivers' sessions, containers, nodes. Types only;
// states are in the machines, what moves them in the *-events.ts files. What of it survives a restart: records.ts.
import type { ContainerSignal } from '../../common/container-signals.ts';
import type { ApplicationId, AttemptId, ContainerId, NodeId } from '../../common/ids.ts';
import type { Bag } from '../../common/bag.ts';
import type { Resource } from '../../common/resource.ts';
import type { ContainerReport, LaunchContext } from '../../rpc/messages/shapes.ts';
import type { ApplicationState } from './application-machine.ts';
import type { AttemptState } from './attempt-machine.ts';
import type { NodeLoad } from './events.ts';
import type { ContainerEnd, ContainerState } from './container-machine.ts';
import type { ContainerTable } from './container-table.ts';
import type { NodeState } from './node-machine.ts';
import type { NodeSet } from './node-set.ts';
import type { Preempted, Submission } from './records.ts';
import type { ScheduledApp } from './scheduler/scheduler-port.ts';

export type Application = {
  readonly id: ApplicationId;
  readonly seq: number;
  /** Its queue and priority may be changed by an operator. */
  submission: Submission;
  readonly secret: string;
  readonly submittedAtMs: number;
  launchedAtMs: number;
  state: ApplicationState;
  readonly attempts: Attempt[];
  /** Its place in the scheduler, from submission to the end. */
  scheduled: ScheduledApp | undefined;
  progress: number;
  trackingUrl: string;
  /** What the driver says of itself; the last diagnostics of an attempt that failed and is tried again. */
  note: string;
  memoryMbMs: number;
  vcoreMs: number;
  usageSinceMs: number;
  /** Killed then (timeouts.ts); undefined: never. */
  expiresAtMs: number | undefined;
  /** Failed then unless it has got a container; undefined: it may wait, or has got one. */
  waitsUntilMs: number | undefined;
  /** What was taken from it for others (preemption/rounds.ts). */
  readonly preempted: Preempted;
  /** Nodes that may have files of it. */
  readonly nodes: NodeSet;
};

export type Grant = { readonly askId: number; readonly container: Container };
export type Ending = ContainerEnd & { readonly containerId: ContainerId };
/** Kept until the driver has acknowledged it. */
export type Update = {
  readonly seq: number;
  readonly granted: readonly Grant[];
  readonly completed: readonly Ending[];
  /** To be given back: their node is on its way out. */
  readonly preempt: readonly ContainerId[];
  /** On their way out, with files of the application perhaps. */
  readonly leavingNodes: readonly NodeId[];
  sentAtMs: number;
};

export type Driver = {
  /** A connection stands and the answer to its registration has gone out. */
  ready: boolean;
  connected: boolean;
  /** Any message counts. */
  lastHeardMs: number;
  /** In this epoch. */
  registered: boolean;
  /** Of the last driver.allocate since its registration. */
  seq: number;
  host: string;
  rpcPort: number;
  /** Sent and not acknowledged, oldest first. */
  unacked: Update[];
  updateSeq: number;
  /** For the update of this turn. */
  granted: Grant[];
  completed: Ending[];
  preempt: ContainerId[];
  leavingNodes: NodeId[];
  /** What it held when it registered, and no node has reported yet. */
  readonly unconfirmed: Set<ContainerId>;
  /** Of earlier attempts; its driver is told of them when it registers, and answers with its first driver.allocate. */
  readonly previous: Set<ContainerId>;
};

export type EndedContainer = {
  readonly id: ContainerId;
  readonly nodeId: NodeId;
  readonly resource: Resource;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly end: ContainerEnd;
};

export type Attempt = {
  readonly id: AttemptId;
  readonly number: number;
  readonly application: Application;
  state: AttemptState;
  am: { readonly containerId: ContainerId; readonly nodeId: NodeId } | undefined;
  readonly driver: Driver;
  readonly containers: ContainerTable;
  /** The last ones, for container.list. */
  readonly ended: EndedContainer[];
  /** Text in front of a container's number. */
  readonly containerPrefix: string;
  containerSeq: number;
  readonly startedAtMs: number;
  finishedAtMs: number;
  diagnostics: string;
  counts: boolean;
  /** Where its driver failed, when that may have been the host's fault (am-placement.ts). */
  failedOnHost: string | undefined;
  /** Hosts that its own driver is not placed on. */
  avoids: readonly string[];
};

export type Container = {
  readonly id: ContainerId;
  attempt: Attempt;
  readonly node: Node;
  readonly resource: Resource;
  /** Of its ask; 0 of one that a node brought along. */
  readonly priority: number;
  readonly allocatedAtMs: number;
  expiresAtMs: number;
  startedAtMs: number;
  state: ContainerState;
  /** Its place in its node's bag. */
  bagAt: number;
  /** The next one in its place of its attempt's table. */
  nextThere: Container | undefined;
  /** Its neighbours in Cluster.grants, until it runs. */
  before: Container | undefined;
  after: Container | undefined;
};

export type Order = { readonly orderSeq: number; readonly what: OrderWhat; sentAtMs: number };
export type OrderWhat =
  | { readonly tag: 'launch'; readonly container: Container; readonly launch: LaunchContext }
  | { readonly tag: 'kill'; readonly containerId: ContainerId }
  | { readonly tag: 'signal'; readonly containerId: ContainerId; readonly signal: ContainerSignal }
  | { readonly tag: 'cleanupApplication'; readonly applicationId: ApplicationId }
  | { readonly tag: 'shutdown' };

export type Node = {
  readonly id: NodeId;
  /** Its place in Cluster.numbered, for as long as this ResourceManager lives. */
  readonly number: number;
  host: string;
  rack: string;
  address: string;
  /** host:port of its web server; '' when it has none. */
  httpAddress: string;
  version: string;
  /** What it counts with: what it offers, or what an operator ordered. */
  capacity: Resource;
  offered: Resource;
  /** In the scheduler's index; -1 when it is not part of the cluster. */
  slot: number;
  state: NodeState;
  readonly containers: Bag<Container>;
  /** DECOMMISSIONING: applications that may still need files there (leaving-nodes.ts). */
  readonly awaited: Set<ApplicationId>;
  connected: boolean;
  ready: boolean;
  /** Of the last heartbeat since its registration. */
  seq: number;
  lastHeartbeatMs: number;
  /** DECOMMISSIONING: when it is out with what it still runs. */
  drainByMs: number;
  /** And whether a list of nodes says so (yarn rmadmin -refreshNodes), which may also unsay it. */
  drainByList: boolean;
  healthReport: string;
  /** Of its last heartbeat; undefined: it has not said. */
  load: NodeLoad | undefined;
  /** Not acknowledged, oldest first. */
  orders: Order[];
  orderSeq: number;
  /** Orders that have not been sent once. */
  fresh: number;
  /** What its last registration is to be answered. */
  answer: { kill: ContainerId[]; finishedApplications: ApplicationId[] };
  /** Its neighbours in Cluster.byHeartbeat. */
  before: Node | undefined;
  after: Node | undefined;
};

export type Reports = readonly ContainerReport[];
