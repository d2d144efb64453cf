// What survives a kill -9 of the ResourceManager: records as plain data, and what a start finds. Containers are not here:
// nodes bring them along when they register again (YARN's work-preserving restart). How they are stored: store/rm-store.ts.
import type { ApplicationId, AttemptId, ContainerId, NodeId } from '../../common/ids.ts';
import type { Resource } from '../../common/resource.ts';
import type { PreemptionSettings } from './preemption/settings.ts';
import type { FinalStatus, LaunchContext } from '../../rpc/messages/shapes.ts';

/** 32 bytes as hex. */
export type MasterKey = { readonly keyId: number; readonly key: string; readonly madeAtMs: number };

/** What the submitter asked for; queue is the full path of a leaf. */
export type Submission = {
  readonly name: string;
  readonly type: string;
  readonly user: string;
  readonly queue: string;
  readonly tags: readonly string[];
  readonly priority: number;
  /** Client mode: the driver runs in the submitter and there is no AM container. */
  readonly unmanaged: boolean;
  readonly maxAttempts: number;
  /** Attempts that failed longer ago do not count towards maxAttempts. */
  readonly failuresValidityMs?: number | undefined;
  /** When an attempt fails, what runs beside its driver is the next one's. */
  readonly keepContainers?: boolean | undefined;
  readonly amResource?: Resource | undefined;
  /** Its containers go on nodes of that label, unless an ask names another. */
  readonly nodeLabelExpression?: string | undefined;
  readonly am?: LaunchContext | undefined;
  /** Seconds from the submission on. Source: YARN's ApplicationTimeoutType. */
  readonly timeouts?: { readonly LIFETIME?: number | undefined } | undefined;
  /** Longest wait for the first container. */
  readonly maxQueueWaitMs?: number | undefined;
  /** Who else may see, and who may end it: `user1,user2 group1,group2`. */
  readonly viewAcl?: string | undefined;
  readonly modifyAcl?: string | undefined;
  /** The AM container is a command that says nothing: its exit code is the final status. */
  readonly standalone?: boolean | undefined;
};

/** What was taken from an application for others, in all. */
export type Preempted = {
  memoryMb: number;
  vcores: number;
  memoryMbSeconds: number;
  vcoreSeconds: number;
  containers: number;
  drivers: number;
};
export const nothingPreempted = (): Preempted => ({
  memoryMb: 0,
  vcores: 0,
  memoryMbSeconds: 0,
  vcoreSeconds: 0,
  containers: 0,
  drivers: 0,
});

export type ApplicationRecord = {
  readonly id: ApplicationId;
  readonly seq: number;
  readonly submission: Submission;
  readonly secret: string;
  readonly submittedAtMs: number;
  readonly launchedAtMs: number;
  readonly state: 'SUBMITTED' | 'ACCEPTED' | 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';
  readonly finalStatus: FinalStatus;
  readonly diagnostics: string;
  readonly finishedAtMs: number;
  readonly memoryMbSeconds: number;
  readonly vcoreSeconds: number;
  readonly trackingUrl: string;
  /** See Application; absent: never. */
  readonly expiresAtMs?: number | undefined;
  readonly waitsUntilMs?: number | undefined;
  readonly preempted?: Preempted | undefined;
};

export type AttemptRecord = {
  readonly id: AttemptId;
  readonly applicationId: ApplicationId;
  readonly number: number;
  readonly state: 'SCHEDULED' | 'ALLOCATED' | 'LAUNCHED' | 'RUNNING' | 'FINISHING' | 'FINISHED' | 'FAILED' | 'KILLED';
  readonly amContainerId: ContainerId | undefined;
  readonly amNodeId: NodeId | undefined;
  /** False for ends that were not the program's fault (lost node, preempted): they do not use up an attempt. */
  readonly counts: boolean;
  /** Where its driver failed, when that may have been the host's fault. */
  readonly failedOnHost?: string | undefined;
  readonly diagnostics: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly host: string;
  readonly trackingUrl: string;
};

/** A node that is being taken out, or is out until somebody starts it again. Others are not stored: they register. */
export type NodeRecord = {
  readonly id: NodeId;
  readonly host: string;
  readonly rack: string;
  readonly address: string;
  readonly version: string;
  readonly capacity: Resource;
  readonly lastHeartbeatMs: number;
  readonly state: 'DECOMMISSIONING' | 'DECOMMISSIONED';
  /** DECOMMISSIONING: out then, with what it still runs; ms since the epoch. */
  readonly drainByMs: number;
  readonly drainByList?: boolean | undefined;
  /** DECOMMISSIONED: it has acknowledged its shutdown, so who registers has been started since. */
  readonly heard: boolean;
};

/** What an operator ordered a node to count with; no record: what it offers. */
export type NodeSizeRecord = { readonly id: NodeId; readonly capacity: Resource };

/** Node labels: those of the cluster, and who has which, by node id or host. */
export type LabelsRecord = {
  readonly labels: readonly { readonly name: string; readonly exclusive: boolean }[];
  readonly nodes: readonly (readonly [node: string, label: string])[];
};

/** What a start finds. `epoch` is already this start's own. Lists in the order in which they were submitted. */
export type Recovered = {
  readonly epoch: number;
  readonly clusterStartMs: number;
  /** Application numbers up to here may have been handed out. */
  readonly applicationSeq: number;
  readonly containerKeys: readonly MasterKey[];
  readonly nmKeys: readonly MasterKey[];
  readonly applications: readonly ApplicationRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly nodesOut: readonly NodeRecord[];
  readonly labels?: LabelsRecord | undefined;
  readonly nodeSizes?: readonly NodeSizeRecord[] | undefined;
};

export type RmSettings = {
  readonly nmExpiryMs: number;
  readonly amExpiryMs: number;
  /** Of a driver that is connected. */
  readonly amSilenceMs: number;
  readonly grantExpiryMs: number;
  readonly nodeHeartbeatMs: number;
  /** Memory is rounded up to a multiple of this. */
  readonly minAllocationMb: number;
  readonly maxAllocationMb: number | undefined;
  readonly maxAllocationVcores: number | undefined;
  readonly maxAppAttempts: number;
  /** Drivers avoid hosts where one of their application failed, while those are a smaller part than this of all; undefined: they do not. */
  readonly amExclusion?: number | undefined;
  readonly maxCompletedApps: number;
  /** Larger priorities count as this. */
  readonly maxApplicationPriority?: number | undefined;
  /** Undefined: nothing is taken from anybody. */
  readonly preemption?: PreemptionSettings | undefined;
  /** Applications that wait for their driver, in all and of one user; undefined: any number. */
  readonly maxPending?: number | undefined;
  readonly maxPendingPerUser?: number | undefined;
  /** Told to drivers in cluster mode. */
  readonly rmAddress: string;
};
