// What the core wants of a scheduler, whichever it is: capacity, fair or fifo (yarn.resourcemanager.scheduler.class). Types only; who
// makes one is create-scheduler.ts. A scheduler is pure and synchronous: it knows applications as numbers with a queue and a user,
// nothing of drivers, containers or clocks; it changes only what its caller tells it, and what schedule() places.
import type { Resource } from '../../../common/resource.ts';
import type { Obstacle } from './obstacle.ts';
import type { QueueView, UsageSnapshot } from './scheduler-views.ts';

export type SchedulerKind = 'capacity' | 'fair' | 'fifo';

/** `label`: its partition; '' (the default) is the one of nodes without a label. */
export type NodeOffer = { readonly host: string; readonly rack: string; readonly capacity: Resource; readonly label?: string };

/** What is wanted of one ask, in all. */
export type Want = {
  /** Within one application smaller numbers go first, as in YARN's ResourceRequest. */
  readonly priority: number;
  readonly resource: Resource;
  /** 0 takes the ask back. */
  readonly count: number;
  readonly hosts: readonly string[];
  readonly racks?: readonly string[] | undefined;
  /** false: on these hosts (or racks), or nowhere. Default true. */
  readonly relaxLocality?: boolean | undefined;
  /** Nodes of that label only. undefined: as the application, else its queue's default-node-label-expression. */
  readonly label?: string | undefined;
  /** For the container of a driver (YARN's ApplicationMaster): its queue bounds what all of those take. */
  readonly forDriver?: boolean | undefined;
};

/** An ask that was taken and not placed in full. */
export interface WaitingAsk {
  readonly app: ScheduledApp;
  readonly askId: number;
  readonly priority: number;
  readonly resource: Resource;
  /** Containers still wanted. */
  readonly count: number;
  readonly hosts: readonly string[];
  readonly label: string;
  readonly forDriver: boolean;
  /** What it waits for; undefined: its turn has not come yet. Made when it is read. */
  readonly obstacle: Obstacle | undefined;
}

/** An application as its scheduler knows it, from submission until nothing is left of it. */
export interface ScheduledApp {
  /** Age: smaller is older. */
  readonly seq: number;
  readonly user: string;
  /** Larger goes first. */
  readonly priority: number;
  /** Path of its leaf. */
  readonly queue: string;
  readonly usedMb: number;
  readonly usedVcores: number;
  readonly used: Resource;
  readonly containers: number;
  readonly asks: ReadonlyMap<number, WaitingAsk>;
  /** Whose it is; the scheduler does not look at it. */
  owner: unknown;
}

/** `label`: node-label expression of the submission, '' when it names none. */
export type AppOffer = {
  readonly seq: number;
  readonly priority: number;
  readonly user: string;
  readonly queue: string;
  readonly label?: string | undefined;
};

/** `priority` 0 or undefined: the queue's default. */
export type Applicant = {
  readonly user: string;
  readonly queue: string;
  readonly priority?: number | undefined;
  readonly label?: string | undefined;
  /** Of the driver's container. */
  readonly amResource?: Resource | undefined;
  /** A leaf that is not there may be made for it: a placement rule says so, or it was asked for. */
  readonly create?: boolean | undefined;
};

export type Label = { readonly name: string; readonly exclusive: boolean };
/** A container on a node. */
export type Held = { readonly app: ScheduledApp; readonly resource: Resource; readonly isDriver: boolean };

export type Place = (ask: WaitingAsk, slot: number) => void;

/** @typeParam C what refreshes the queues, see create-scheduler.ts */
export interface SchedulerPort<C = unknown> {
  readonly kind: SchedulerKind;
  /** Of all nodes in the cluster. */
  readonly total: Resource;

  /** @returns the slot; the node is closed until openNode() */
  addNode(offer: NodeOffer): number;
  /** All containers on it must have been released before. */
  removeNode(slot: number): void;
  resizeNode(slot: number, capacity: Resource): void;
  /** New containers may be placed on it. */
  openNode(slot: number): void;
  closeNode(slot: number): void;
  freeOn(slot: number): Resource;
  /** The partition of the node; absent: this scheduler knows no labels. */
  labelOf?(slot: number): string;
  /** The open node with the most room by its scarcer resource. */
  roomiest(): number;

  /** The cluster's node labels. */
  labels(): readonly Label[];
  /** @throws AppError LABEL_INVALID when one goes away that nodes still have, or where this scheduler knows none */
  setLabels(labels: readonly Label[]): void;
  /** Moves a node to another partition, with what runs on it. */
  labelNode(slot: number, label: string, held: readonly Held[]): void;
  /** @returns what is wrong with asking for that label in that queue, or undefined */
  labelFault(queue: string, label: string): string | undefined;
  /** The largest container that a queue allows; undefined: as the cluster. */
  maximumAllocation(queue: string): { readonly memoryMb: number; readonly vcores: number } | undefined;

  /** May this application come in? @returns the leaf's path, and its priority there @throws AppError QUEUE_UNKNOWN, SUBMIT_REFUSED */
  admit(applicant: Applicant): { readonly queue: string; readonly priority: number };
  /** For an application that was accepted before a restart: its leaf, or the first one when the file has changed since. */
  leafAfterRestart(path: string): string;
  /** No limit is asked; admit() was. */
  addApp(app: AppOffer): ScheduledApp;
  /** What it holds must have been released before. */
  removeApp(app: ScheduledApp): void;
  /** To another leaf (the caller has asked admit()), or to another place in its own: with all that it holds and asks for. */
  moveApp(app: ScheduledApp, to: { readonly queue?: string; readonly priority?: number }): void;
  /** Sets what is still wanted of one ask. */
  setAsk(app: ScheduledApp, askId: number, want: Want): void;
  dropAsks(app: ScheduledApp): void;

  /** Takes space that is in use already (a container that a node brought along): no limit is asked. */
  adopt(app: ScheduledApp, slot: number, resource: Resource, isDriver: boolean): void;
  release(app: ScheduledApp, slot: number, resource: Resource, isDriver: boolean): void;
  /**
   * Places up to `most` containers and calls `place` for each, in order, before it counts as used. `place` must not release.
   * @returns how many; fewer than `most` means that nothing more can be placed now
   */
  schedule(most: number, place: Place, nowMs: number): number;
  /**
   * Preemption makes room there for one container of each of those asks: what gets free on those nodes is theirs before anybody's, and a
   * node that is kept for somebody else is kept no more. Takes the place of all that was promised before. Absent: their turn comes by itself.
   */
  promise?(rooms: readonly { readonly ask: WaitingAsk; readonly slot: number }[]): void;
  /** For whom that node is kept. */
  keptFor?(slot: number): WaitingAsk | undefined;
  /** A node had something to say: the beat by which the locality delay is counted, as YARN counts offers of nodes. */
  chance(): void;

  /** Takes another configuration. @throws AppError QUEUE_CONFIG_INVALID when a queue with applications would go away; nothing has changed then */
  replaceQueues(config: C): void;
  /** Parents before children. */
  queues(): QueueView[];
  /** The path of the leaf with that path or, where only one has it, name. */
  leafNamed(name: string): string | undefined;
  /** The same for any queue. */
  queueNamed(name: string): string | undefined;
  /** Whether a leaf of that path would be made for an application. */
  mayCreate?(path: string): boolean;
  usageSnapshot(): UsageSnapshot;
}
