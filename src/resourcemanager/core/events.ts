// All that can happen to the ResourceManager. Every event carries the time at which it came; whatever is random (secrets)
// or reserved (ids) comes in with it. What follows is in effects.ts.
import type { ContainerSignal } from '../../common/container-signals.ts';
import type { ApplicationId, AttemptId, ContainerId, NodeId } from '../../common/ids.ts';
import type { Caller } from '../../common/access-list.ts';
import type { Resource } from '../../common/resource.ts';
import type { ContainerReport, FinalStatus } from '../../rpc/messages/shapes.ts';
import type { Submission } from './records.ts';
import type { QueuePolicies } from './queue-policies.ts';
import type { SchedulerConfig } from './scheduler/create-scheduler.ts';

export type DriverAsk = {
  readonly askId: number;
  readonly priority: number;
  readonly count: number;
  readonly resource: Resource;
  readonly hosts: readonly string[];
  readonly racks?: readonly string[] | undefined;
  readonly relaxLocality?: boolean | undefined;
  readonly label?: string | undefined;
};

export type NodeRegistered = {
  readonly tag: 'nodeRegistered';
  readonly atMs: number;
  readonly nodeId: NodeId;
  readonly host: string;
  readonly rack: string;
  readonly address: string;
  readonly capacity: Resource;
  readonly containers: readonly ContainerReport[];
  readonly version: string;
  readonly applications: readonly ApplicationId[];
  readonly httpAddress?: string | undefined;
};
export type NodeHeartbeat = {
  readonly tag: 'nodeHeartbeat';
  readonly atMs: number;
  readonly nodeId: NodeId;
  readonly seq: number;
  readonly reports: readonly ContainerReport[];
  readonly ackedOrders: number;
  readonly healthy: boolean;
  readonly healthReport: string;
  readonly load?: NodeLoad | undefined;
};
/** MiB, cores: see aNodeLoad. */
export type NodeLoad = {
  readonly memoryMb: number;
  readonly cores: number;
  readonly containersMemoryMb: number;
  readonly containersVirtualMb: number;
  readonly containersCores: number;
};
export type DriverRegistered = {
  readonly tag: 'driverRegistered';
  readonly atMs: number;
  readonly attemptId: AttemptId;
  readonly host: string;
  readonly rpcPort: number;
  readonly trackingUrl: string;
  readonly lastUpdateSeq: number;
  readonly epoch: number;
  readonly held: readonly ContainerId[];
  readonly asks: readonly DriverAsk[];
};
export type DriverAllocate = {
  readonly tag: 'driverAllocate';
  readonly atMs: number;
  readonly attemptId: AttemptId;
  readonly seq: number;
  readonly asks: readonly DriverAsk[];
  readonly release: readonly ContainerId[];
  readonly ackedUpdateSeq: number;
  readonly progress: number;
  readonly diagnostics: string;
};

export type RmEvent =
  | {
      readonly tag: 'applicationSubmitted';
      readonly atMs: number;
      readonly id: ApplicationId;
      readonly submission: Submission /** 32 random bytes, hex; used when the application is new. */;
      readonly secret: string;
      /** Of its user, the primary group first: for placement rules. */
      readonly groups?: readonly string[];
      /** Whose rights count; undefined: nobody asks for them (the simulator). */
      readonly caller?: Caller | undefined;
    }
  | {
      readonly tag: 'applicationKill';
      readonly atMs: number;
      readonly id: ApplicationId;
      readonly user: string;
      readonly diagnostics: string;
    }
  /** To another queue, with all that it has (YARN's moveApplicationAcrossQueues). */
  | {
      readonly tag: 'applicationMove';
      readonly atMs: number;
      readonly id: ApplicationId;
      readonly queue: string;
      readonly user: string;
      readonly caller?: Caller | undefined;
    }
  | {
      readonly tag: 'applicationPriority';
      readonly atMs: number;
      readonly id: ApplicationId;
      readonly priority: number;
      readonly user: string;
    }
  /** Its lifetime ends then; undefined: it has none. */
  | {
      readonly tag: 'applicationTimeout';
      readonly atMs: number;
      readonly id: ApplicationId;
      readonly expiresAtMs: number | undefined;
      readonly user: string;
    }
  /** It is to end (YARN's signalToContainer). */
  | { readonly tag: 'attemptFail'; readonly id: AttemptId; readonly user: string; readonly atMs: number }
  | {
      readonly tag: 'containerSignalled';
      readonly atMs: number;
      readonly id: ContainerId;
      readonly user: string;
      readonly signal: ContainerSignal;
    }
  /** What a node counts with, whatever it offers (YARN's updateNodeResource, kept as its dynamic-resources.xml). */
  | { readonly tag: 'nodeResized'; readonly atMs: number; readonly nodeId: NodeId; readonly capacity: Resource }
  | DriverRegistered
  /** The answer to its registration is on its way: updates may follow. */
  | { readonly tag: 'driverReady'; readonly atMs: number; readonly attemptId: AttemptId }
  | DriverAllocate
  | { readonly tag: 'driverAlive'; readonly atMs: number; readonly attemptId: AttemptId }
  | { readonly tag: 'driverPage'; readonly atMs: number; readonly attemptId: AttemptId; readonly trackingUrl: string }
  /** It needs nothing that lies there any more. */
  | { readonly tag: 'driverLeftNode'; readonly atMs: number; readonly attemptId: AttemptId; readonly nodeId: NodeId }
  | {
      readonly tag: 'driverUnregistered';
      readonly atMs: number;
      readonly attemptId: AttemptId;
      readonly finalStatus: FinalStatus;
      readonly diagnostics: string;
      readonly exitCode: number;
    }
  | { readonly tag: 'driverDisconnected'; readonly atMs: number; readonly attemptId: AttemptId }
  | NodeRegistered
  | { readonly tag: 'nodeReady'; readonly atMs: number; readonly nodeId: NodeId }
  | NodeHeartbeat
  | { readonly tag: 'nodeDisconnected'; readonly atMs: number; readonly nodeId: NodeId }
  | {
      readonly tag: 'nodeDecommission';
      readonly atMs: number;
      readonly nodeId: NodeId;
      readonly graceful: boolean;
      readonly timeoutMs: number;
      /** A list of nodes says so, and may unsay it; default: an operator named it. */
      readonly byList?: boolean;
    }
  /** One on its way out stays. */
  | { readonly tag: 'nodeRecommission'; readonly atMs: number; readonly nodeId: NodeId }
  /** Of an operator. */
  | {
      readonly tag: 'labelsChanged';
      readonly atMs: number;
      readonly add: readonly { readonly name: string; readonly exclusive: boolean }[];
      readonly remove: readonly string[];
      /** By node id, or host for all nodes there; '' for none. */
      readonly replace: readonly { readonly node: string; readonly label: string }[];
    }
  | { readonly tag: 'queuesRefreshed'; readonly atMs: number; readonly queues: SchedulerConfig; readonly policies?: QueuePolicies }
  /**
   * This process stood still (SIGSTOP, a suspended machine, a disk that hung), or the clock was set: so many ms passed on the clock, or
   * were taken back, in which nobody could be heard. They count for no deadline.
   */
  | { readonly tag: 'clockMoved'; readonly atMs: number; readonly byMs: number }
  /** A deadline is due, see RmCore.nextDeadlineMs. */
  | { readonly tag: 'timePassed'; readonly atMs: number };
