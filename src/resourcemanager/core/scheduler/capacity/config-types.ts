// The checked configuration of the capacity scheduler. Types; queue-config.ts makes it of a file's properties.
import type { Amount } from './amount.ts';

/** One property of the file, nested maps flattened with dots. */
export type Property = { readonly name: string; readonly value: unknown; readonly line: number };

/** What a queue has of the nodes of one label ('' for those without). */
export type LabelCapacity = {
  readonly capacity: Amount;
  /** undefined: as much as its parent. */
  readonly maximum: Amount | undefined;
  /** The part of its capacity that drivers' containers may take, 0 to 1. */
  readonly maximumAmShare: number;
};

export type QueueConfig = {
  /** `root.etl.nightly` */
  readonly path: string;
  readonly name: string;
  readonly state: 'RUNNING' | 'STOPPED';
  /** By label; '' is always there. */
  readonly capacities: ReadonlyMap<string, LabelCapacity>;
  /** `*` stands for all. */
  readonly accessibleLabels: readonly string[];
  readonly defaultLabel: string;
  /** Leaf: fifo or fair; parent: utilization or priority-utilization. */
  readonly orderingPolicy: 'fifo' | 'fair' | 'utilization' | 'priority-utilization';
  /** With `fair`: who wants more weighs more. */
  readonly sizeBasedWeight: boolean;
  readonly priority: number;
  readonly defaultApplicationPriority: number;
  readonly userLimitPercent: number;
  /** -1: no limit but the queue's maximum. */
  readonly userLimitFactor: number;
  /** Of users who do not weigh 1. */
  readonly userWeights: ReadonlyMap<string, number>;
  /** undefined: its share of the system's. */
  readonly maximumApplications: number | undefined;
  readonly maximumAllocationMb: number | undefined;
  readonly maximumAllocationVcores: number | undefined;
  readonly preemptionDisabled: boolean;
  readonly intraQueuePreemptionDisabled: boolean;
  readonly children: readonly QueueConfig[];
  /** Queues are made below it for applications; such a queue is no leaf, even while it has no children. */
  readonly autoCreate: AutoCreate | undefined;
  /** It was made so, by the template of its parent. */
  readonly dynamic: boolean;
  /** And goes away when nobody has used it for a while. */
  readonly expires: boolean;
};

/** What queues below another are made of; paths and names are filled in then. Source: YARN's auto-queue-creation-v2. */
export type AutoCreate = {
  readonly leaf: QueueConfig;
  /** Of a queue between; undefined: leaves only. */
  readonly parent: QueueConfig | undefined;
  readonly maxQueues: number;
  /** As the file has it, to be shown. */
  readonly templates: Readonly<Record<TemplateKind, readonly Pick<Property, 'name' | 'value'>[]>>;
};
/** For all queues, for leaves, for those between. */
export type TemplateKind = 'template' | 'leaf-template' | 'parent-template';

export const isLeaf = ({ children, autoCreate }: Pick<QueueConfig, 'children' | 'autoCreate'>): boolean =>
  children.length === 0 && autoCreate === undefined;

export type CapacityConfig = {
  readonly kind: 'capacity';
  readonly root: QueueConfig;
  /** In the whole cluster. */
  readonly maximumApplications: number;
  /** Of a queue that does not say; undefined: its share of the cluster's. */
  readonly maximumApplicationsPerQueue: number | undefined;
  /** Chances that an ask lets pass before it takes a node of another host; -1: it never waits. */
  readonly nodeLocalityDelay: number;
  /** And then before it takes one of another rack; -1: by the number of containers that it asks for. */
  readonly rackLocalityAdditionalDelay: number;
  /** Whether an ask that has a node kept for it may be placed on another. */
  readonly continueLooking: boolean;
  /** How long a queue that was made for applications stays without any. */
  readonly queueExpirationMs: number;
};
