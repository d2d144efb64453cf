// The queues of a scheduler as data, for REST, pages, the command line (queues()) and for preemption (usageSnapshot()). Types only.
// Percentages are 0 to 100; those without "absolute" are of the parent, the others of the partition. Source: YARN's
// CapacitySchedulerQueueInfo, PartitionQueueCapacitiesInfo, ResourceUsageInfo.
import type { Resource } from '../../../common/resource.ts';
import type { ScheduledApp } from './scheduler-port.ts';

export type QueueState = 'RUNNING' | 'STOPPED' | 'DRAINING';

/** One queue in one partition. */
export type QueuePartition = {
  readonly label: string;
  readonly capacityPercent: number;
  readonly maximumPercent: number;
  readonly absoluteCapacityPercent: number;
  readonly absoluteMaximumPercent: number;
  /** Set when the capacity is a weight, else -1. */
  readonly weight: number;
  readonly guaranteed: Resource;
  readonly maximum: Resource;
  readonly used: Resource;
  /** Held free on nodes for large containers. */
  readonly reserved: Resource;
  /** Asked for and not placed. */
  readonly pending: Resource;
  /** Of drivers' containers (leaf). */
  readonly driverUsed: Resource;
  readonly driverLimit: Resource;
  /** What one user may have now (leaf). */
  readonly userLimit: Resource;
  /** What the drivers of one user may take (leaf). */
  readonly userDriverLimit: Resource;
};

/** One user in a leaf. */
export type QueueUser = {
  readonly user: string;
  readonly used: Resource;
  readonly reserved: Resource;
  readonly driverUsed: Resource;
  /** As how many users he counts. */
  readonly weight: number;
  /** What he may have in the default partition now. */
  readonly limit: Resource;
  readonly runningApplications: number;
  readonly pendingApplications: number;
};

export type TemplateProperty = { readonly name: string; readonly value: unknown };

export type QueueView = {
  readonly path: string;
  /** '' for root. */
  readonly parent: string;
  readonly leaf: boolean;
  readonly state: QueueState;
  /** Of the subtree. Running: its driver has been placed (or needs no place); pending: it waits for that. */
  readonly runningApplications: number;
  readonly pendingApplications: number;
  readonly containers: number;
  readonly pendingContainers: number;
  /** The default partition first. */
  readonly partitions: readonly QueuePartition[];
  readonly users: readonly QueueUser[];
  /** '*' stands for all. */
  readonly accessibleLabels: readonly string[];
  readonly defaultLabel: string;
  readonly orderingPolicy: string;
  readonly priority: number;
  readonly defaultApplicationPriority: number;
  readonly maximumApplications: number;
  readonly maximumApplicationsPerUser: number;
  readonly userLimitPercent: number;
  readonly userLimitFactor: number;
  readonly maximumAllocation: Resource;
  readonly preemptionDisabled: boolean;
  readonly intraQueuePreemptionDisabled: boolean;
  readonly maximumLifetimeS: number;
  readonly defaultLifetimeS: number;
  /** Made for an application; and whether it goes away again. */
  readonly dynamic?: boolean;
  readonly expires?: boolean;
  /** Makes queues below it for applications: what they are made of, as the file has it. */
  readonly autoCreate?: Readonly<Record<'template' | 'leaf-template' | 'parent-template', readonly TemplateProperty[]>> | undefined;
  /** Of the fair scheduler's queues. */
  readonly fair?: FairDues;
};

/** YARN's FairSchedulerQueueInfo: what a queue is due, and what it wants. */
export type FairDues = {
  readonly minimum: Resource;
  /** Among all queues, as if each wanted something. */
  readonly steadyShare: Resource;
  /** Among those with applications: what counts now. */
  readonly fairShare: Resource;
  /** In use and asked for, up to the maximum. */
  readonly demand: Resource;
  readonly reservedContainers: number;
};

/** What preemption looks at. Containers are the core's: an application's `owner` leads to them. */
export type UsageSnapshot = {
  readonly partitions: readonly { readonly label: string; readonly exclusive: boolean; readonly total: Resource }[];
  readonly queues: readonly QueueUsage[];
};

export type QueueUsage = {
  readonly path: string;
  readonly parent: string;
  readonly leaf: boolean;
  readonly priority: number;
  readonly preemptionDisabled: boolean;
  readonly intraQueuePreemptionDisabled: boolean;
  readonly partitions: readonly {
    readonly label: string;
    readonly guaranteed: Resource;
    readonly maximum: Resource;
    readonly used: Resource;
    readonly pending: Resource;
    readonly reserved: Resource;
    readonly userLimit: Resource;
  }[];
  /** Of users who do not count as one: their limit is that many times the others'. */
  readonly userWeights?: ReadonlyMap<string, number>;
  /** Of a leaf, in the order in which they are served. */
  readonly applications: readonly AppUsage[];
  /** Of the fair scheduler's queues; Infinity: never. */
  readonly fair?: {
    readonly policy: 'fair' | 'drf' | 'fifo';
    readonly minShare: Resource;
    readonly minShareTimeoutMs: number;
    readonly fairShareTimeoutMs: number;
    readonly fairShareThreshold: number;
  };
};

export type AppUsage = {
  readonly app: ScheduledApp;
  /** Of the fair scheduler; else 1 + its priority. */
  readonly weight?: number;
  readonly partitions: readonly { readonly label: string; readonly used: Resource; readonly pending: Resource }[];
};
