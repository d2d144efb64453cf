// The queues of the fair scheduler as its allocations file says them: words only. Reading the file is allocations.ts, the living tree is
// fair-queue.ts. Source of names and defaults: YARN's AllocationConfiguration and AllocationFileParser.
import type { PolicyEntry } from '../../placement/fair-policy.ts';

export type FairPolicy = 'fair' | 'drf' | 'fifo';

/** Of each resource an amount (memory in MiB), a part of the cluster (0 to 1), or nothing: then there is no limit (or no minimum). */
export type Amounts = { readonly memory: Amount; readonly vcores: Amount; readonly others: ReadonlyMap<string, Amount> };
export type Amount = { readonly is: number } | { readonly partOfCluster: number } | undefined;

export const NO_AMOUNTS: Amounts = { memory: undefined, vcores: undefined, others: new Map() };

export type FairQueueConfig = {
  /** `root.etl.nightly` */
  readonly path: string;
  readonly name: string;
  /** It takes queues, no applications. */
  readonly isParent: boolean;
  readonly minResources: Amounts;
  readonly maxResources: Amounts;
  /** The maximum of a child that the file does not name. */
  readonly maxChildResources: Amounts;
  /** The largest container that it takes; NO_AMOUNTS: its parent's. */
  readonly maxContainerAllocation: Amounts;
  readonly weight: number;
  readonly policy: FairPolicy;
  readonly maxRunningApps: number;
  /** The part of its fair share that drivers' containers may take; below 0: as much as they like. */
  readonly maxAmShare: number;
  /** How long it is below its minimum (its fair share) before it takes from others; Infinity: it never does. */
  readonly minSharePreemptionTimeoutMs: number;
  readonly fairSharePreemptionTimeoutMs: number;
  /** It counts as starved below this part of its fair share. */
  readonly fairSharePreemptionThreshold: number;
  readonly allowPreemptionFrom: boolean;
  readonly children: readonly FairQueueConfig[];
};

export type FairConfig = {
  /** fifo: one queue, root.default, in which the oldest goes first. */
  readonly kind: 'fair' | 'fifo';
  readonly root: FairQueueConfig;
  readonly maxAppsOfUser: ReadonlyMap<string, number>;
  readonly userMaxAppsDefault: number;
  /** Of queues that the file does not name. */
  readonly defaults: QueueDefaults;
  readonly policy: readonly PolicyEntry[];
  readonly tuning: FairTuning;
};

/** What the daemon's settings say (yarn.scheduler.fair.*) and no file of queues. */
export type FairTuning = {
  /** Of all nodes at most this part is kept at once for large containers, and always one may be; 0: none ever is. */
  readonly reservableNodes: number;
  /** Parts of the number of nodes: so many heartbeats an ask waits for its hosts, then for their racks; below 0: it does not wait. */
  readonly localityThresholdNode: number;
  readonly localityThresholdRack: number;
  /** Applications that want more memory weigh more. */
  readonly sizeBasedWeight: boolean;
};

export const DEFAULT_TUNING: FairTuning = {
  reservableNodes: 0.05,
  localityThresholdNode: -1,
  localityThresholdRack: -1,
  sizeBasedWeight: false,
};

export type QueueDefaults = {
  readonly maxRunningApps: number;
  readonly maxResources: Amounts;
  readonly maxAmShare: number;
  readonly policy: FairPolicy;
};

/** YARN's: 0.5 of the fair share. */
export const DEFAULTS: QueueDefaults = {
  maxRunningApps: Number.POSITIVE_INFINITY,
  maxResources: NO_AMOUNTS,
  maxAmShare: 0.5,
  policy: 'fair',
};

/** A queue that nobody has said anything about. */
export function bareQueue(path: string, parent: FairQueueConfig | undefined, defaults: QueueDefaults): FairQueueConfig {
  const root = path === 'root';
  return {
    path,
    name: path.slice(path.lastIndexOf('.') + 1),
    isParent: false,
    minResources: NO_AMOUNTS,
    maxResources: root
      ? NO_AMOUNTS
      : (parent?.maxChildResources ?? NO_AMOUNTS) === NO_AMOUNTS
        ? defaults.maxResources
        : parent!.maxChildResources,
    maxChildResources: NO_AMOUNTS,
    maxContainerAllocation: NO_AMOUNTS,
    weight: 1,
    policy: defaults.policy,
    maxRunningApps: root ? Number.POSITIVE_INFINITY : defaults.maxRunningApps,
    maxAmShare: defaults.maxAmShare,
    minSharePreemptionTimeoutMs: parent?.minSharePreemptionTimeoutMs ?? Number.POSITIVE_INFINITY,
    fairSharePreemptionTimeoutMs: parent?.fairSharePreemptionTimeoutMs ?? Number.POSITIVE_INFINITY,
    fairSharePreemptionThreshold: parent?.fairSharePreemptionThreshold ?? 0.5,
    allowPreemptionFrom: parent?.allowPreemptionFrom ?? true,
    children: [],
  };
}

/** What a cluster without a file has: root.default, and queues of users as they come. */
export function fairDefaults(policy: readonly PolicyEntry[], tuning: FairTuning = DEFAULT_TUNING): FairConfig {
  const root: FairQueueConfig = { ...bareQueue('root', undefined, DEFAULTS), isParent: true };
  const children = [bareQueue('root.default', root, DEFAULTS)];
  return {
    kind: 'fair',
    root: { ...root, children },
    maxAppsOfUser: new Map(),
    userMaxAppsDefault: Number.POSITIVE_INFINITY,
    defaults: DEFAULTS,
    policy,
    tuning,
  };
}

export function fifoConfig(): FairConfig {
  const config = fairDefaults([{ name: 'default' }]);
  const children = config.root.children.map((queue): FairQueueConfig => ({ ...queue, policy: 'fifo', maxAmShare: -1 }));
  return { ...config, kind: 'fifo', root: { ...config.root, children } };
}
