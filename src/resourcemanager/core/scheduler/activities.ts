// What the scheduler did and refused, for whoever asks: YARN's scheduler/activities and app/activities. Off until somebody asks, then it
// records one round of scheduling (or an application's rounds for some seconds), bounded in all directions. A round's placements come in
// with placed(), what still waits after it with endRound(); the core calls both. Field names and states are those of YARN's JSON
// (ActivitiesInfo, ActivityNodeInfo, AppActivitiesInfo), so that the HTTP side passes them on as they are.
import type { ApplicationId, ContainerId, NodeId } from '../../../common/ids.ts';
import { ActivityTree, type QueueNode, skippedRoot } from './activity-tree.ts';
import { sentencesOf, type WaitingRequest } from './why-waiting.ts';

export type ActivityState = 'ALLOCATED' | 'SKIPPED' | 'REJECTED';

export type Placed = {
  readonly id: ApplicationId;
  readonly queue: string;
  readonly appPriority: number;
  readonly requestPriority: number;
  readonly askId: number;
  readonly nodeId: NodeId;
  readonly containerId: ContainerId;
};
export type WaitingApp = {
  readonly id: ApplicationId;
  readonly queue: string;
  readonly appPriority: number;
  /** Made when it is shown: O(requests). */
  readonly requests: () => readonly WaitingRequest[];
};
/** The cluster after a round. `waiting` is only walked while something is recorded. */
export type Round = {
  readonly nowMs: number;
  /** A node that takes containers, for a round that placed nothing. */
  readonly someNode: NodeId | undefined;
  readonly waiting: () => Iterable<WaitingApp>;
};

export type NodeActivities = {
  readonly nodeId?: NodeId;
  readonly timestamp: number;
  readonly dateTime: string;
  readonly allocations: readonly { partition: string; finalAllocationState: ActivityState; root: QueueNode }[];
};
export type AppRequestActivity = {
  readonly requestPriority: number;
  readonly allocationRequestId: number;
  readonly allocationState: ActivityState;
  readonly diagnostic?: string;
  readonly children?: readonly { nodeId: NodeId; name: ContainerId; allocationState: ActivityState }[];
};
export type AppAllocation = {
  readonly nodeId?: NodeId;
  readonly queueName: string;
  readonly appPriority: number;
  readonly timestamp: number;
  readonly dateTime: string;
  readonly allocationState: ActivityState;
  readonly diagnostic?: string;
  readonly children: readonly AppRequestActivity[];
};

/** A node's record that is older is nobody's answer any more. Source: YARN's ActivitiesManager. */
const KEEP_MS = 600_000;
const MOST_NODES = 100;
const MOST_APPS = 100;
const MOST_ALLOCATIONS_OF_APP = 100;
/** Waiting applications in one record; the rest is a number. */
const MOST_WAITING = 50;
/** A waiting application says the same at every round: once in so long is enough. */
const REPEAT_MS = 1_000;

type Followed = { untilMs: number; allocations: AppAllocation[]; lastSkipMs: number };

export class Activities {
  /** Rounds that are still to be recorded: of any node, and of certain ones. */
  #rounds = 0;
  readonly #wantedNodes = new Set<NodeId>();
  readonly #nodes = new Map<NodeId, NodeActivities>();
  #latest: NodeActivities[] = [];
  readonly #apps = new Map<ApplicationId, Followed>();
  #placed: Placed[] = [];

  /** Whether placed() and endRound() are worth a call. */
  get on(): boolean {
    return this.#rounds > 0 || this.#wantedNodes.size > 0 || this.#apps.size > 0;
  }

  /** The last record (of that node), if there is a new one; and the next round is recorded. */
  ofScheduler(nodeId: NodeId | undefined, nowMs: number): NodeActivities | { readonly diagnostic: string } {
    const found = nodeId === undefined ? this.#latest.at(-1) : this.#nodes.get(nodeId);
    if (nodeId === undefined) this.#rounds = Math.max(1, this.#rounds);
    else if (this.#wantedNodes.size < MOST_NODES) this.#wantedNodes.add(nodeId);
    return found !== undefined && nowMs - found.timestamp <= KEEP_MS ? found : { diagnostic: 'waiting for next allocation' };
  }

  /** The last `count` records, and the next `count` rounds are recorded. */
  bulk(count: number, nowMs: number): readonly NodeActivities[] {
    const bounded = Math.max(1, Math.min(count, MOST_NODES));
    this.#rounds = Math.max(this.#rounds, bounded);
    return this.#latest.filter(({ timestamp }) => nowMs - timestamp <= KEEP_MS).slice(-bounded);
  }

  /** @param forMs how long from now its rounds are recorded; what is there already is the answer */
  ofApplication(id: ApplicationId, forMs: number, nowMs: number): readonly AppAllocation[] {
    this.#dropOld(nowMs);
    const known = this.#apps.get(id);
    if (known !== undefined) known.untilMs = Math.max(known.untilMs, nowMs + forMs);
    else if (this.#apps.size < MOST_APPS) this.#apps.set(id, { untilMs: nowMs + forMs, allocations: [], lastSkipMs: 0 });
    return known?.allocations ?? [];
  }

  placed(what: Placed): void {
    this.#placed.push(what);
  }

  endRound({ nowMs, someNode, waiting }: Round): void {
    const placed = this.#placed;
    this.#placed = [];
    this.#dropOld(nowMs);
    const apps = [...this.#apps].filter(([, { untilMs }]) => nowMs <= untilMs);
    if (apps.length === 0 && this.#rounds === 0 && this.#wantedNodes.size === 0) return;
    const still = [...waiting()];
    if (this.#rounds > 0 || this.#wantedNodes.size > 0) this.#recordNodes(placed, still, nowMs, someNode);
    for (const [id, followed] of apps) {
      const own = placed.filter((p) => p.id === id);
      recordApplication(
        followed,
        own,
        still.find((a) => a.id === id),
        nowMs,
      );
    }
  }

  #recordNodes(placed: readonly Placed[], still: readonly WaitingApp[], nowMs: number, someNode: NodeId | undefined): void {
    const byNode = Map.groupBy(placed, (p) => p.nodeId);
    if (byNode.size === 0) {
      for (const wanted of this.#wantedNodes) this.#record(wanted, [], still, nowMs);
      if (this.#rounds > 0) this.#record(someNode, [], still, nowMs);
      return;
    }
    for (const [nodeId, own] of byNode) if (this.#rounds > 0 || this.#wantedNodes.has(nodeId)) this.#record(nodeId, own, still, nowMs);
  }

  #record(nodeId: NodeId | undefined, placed: readonly Placed[], still: readonly WaitingApp[], nowMs: number): void {
    const finalAllocationState: ActivityState = placed.length > 0 ? 'ALLOCATED' : 'SKIPPED';
    let root: QueueNode;
    if (placed.length === 0 && still.length === 0) root = skippedRoot('Queue does not need more resource');
    else {
      const tree = new ActivityTree();
      for (const p of placed) tree.allocated(p);
      for (const app of still.slice(0, MOST_WAITING)) tree.waits(app);
      root = tree.root(still.length > MOST_WAITING ? `${still.length - MOST_WAITING} more applications wait` : undefined);
    }
    const record: NodeActivities = {
      ...(nodeId === undefined ? {} : { nodeId }),
      timestamp: nowMs,
      dateTime: javaDate(nowMs),
      allocations: [{ partition: '', finalAllocationState, root }],
    };
    if (nodeId !== undefined) {
      this.#wantedNodes.delete(nodeId);
      this.#nodes.delete(nodeId);
      this.#nodes.set(nodeId, record);
      if (this.#nodes.size > MOST_NODES) this.#nodes.delete(this.#nodes.keys().next().value!);
    }
    if (this.#rounds > 0) this.#rounds--;
    this.#latest = [...this.#latest.slice(1 - MOST_NODES), record];
  }

  #dropOld(nowMs: number): void {
    for (const [id, { untilMs }] of this.#apps) if (nowMs > untilMs + KEEP_MS) this.#apps.delete(id);
  }
}

function recordApplication(followed: Followed, placed: readonly Placed[], waits: WaitingApp | undefined, nowMs: number): void {
  if (placed.length === 0 && (waits === undefined || nowMs - followed.lastSkipMs < REPEAT_MS)) return;
  const at = { timestamp: nowMs, dateTime: javaDate(nowMs) };
  for (const [nodeId, own] of Map.groupBy(placed, (p) => p.nodeId)) {
    const children = [...Map.groupBy(own, (p) => p.askId)].map(
      ([askId, containers]): AppRequestActivity => ({
        requestPriority: containers[0]!.requestPriority,
        allocationRequestId: askId,
        allocationState: 'ALLOCATED',
        children: containers.map((c) => ({ nodeId, name: c.containerId, allocationState: 'ALLOCATED' })),
      }),
    );
    const { queue, appPriority } = own[0]!;
    add(followed, { nodeId, queueName: queue, appPriority, ...at, allocationState: 'ALLOCATED', children });
  }
  if (waits === undefined) return;
  followed.lastSkipMs = nowMs;
  const children = waits.requests().map(
    (r): AppRequestActivity => ({
      requestPriority: r.priority,
      allocationRequestId: r.askId,
      allocationState: 'SKIPPED',
      diagnostic: sentencesOf(r),
    }),
  );
  const { queue, appPriority } = waits;
  add(followed, { queueName: queue, appPriority, ...at, allocationState: 'SKIPPED', diagnostic: children[0]!.diagnostic!, children });
}

function add(followed: Followed, allocation: AppAllocation): void {
  followed.allocations = [...followed.allocations.slice(1 - MOST_ALLOCATIONS_OF_APP), allocation];
}

/** Java's Date.toString, in UTC: Sun Nov 22 13:15:34 UTC 2026 */
export function javaDate(ms: number): string {
  const [day, date, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
