// How many executors an application should have, from how much work waits and runs: grows by doubling while tasks wait, shrinks its target
// at once when less is needed, and names the executors that have been idle for too long. Pure: load and time in, targets and names out.
// Who carries it out is service/allocation-manager.ts; who is idle executor-monitor.ts. Source: Spark's ExecutorAllocationManager.
import type { ExecutorMonitor, HoldingOf } from './executor-monitor.ts';

export type AllocationLimits = {
  readonly minExecutors: number;
  /** Infinity: no limit. */
  readonly maxExecutors: number;
  readonly initialExecutors: number;
  /** Of the executors that would run all tasks at once, (0, 1]. */
  readonly ratio: number;
  readonly backlogMs: number;
  readonly sustainedBacklogMs: number;
};

/** What one resource profile has to do now. */
export type ProfileLoad = {
  readonly profileId: number;
  /** Tasks that nobody has, speculative copies too. */
  readonly pending: number;
  readonly running: number;
  /** Tasks that an executor of this profile runs at once. */
  readonly slotsPerExecutor: number;
};

export type TargetChange = {
  readonly profileId: number;
  readonly target: number /** Negative: fewer are wanted. */;
  readonly delta: number;
};
export type Decision = {
  readonly changes: readonly TargetChange[];
  /** In the order in which they may go. */
  readonly remove: readonly string[];
  /** Ask again then, even if nothing happens; Infinity: nothing is due. */
  readonly wakeAtMs: number;
};

/** toAdd: executors that the next round adds; told: the target that the cluster manager knows. */
type Profile = { target: number; told: number; toAdd: number };

/** What an executor holds may go without a word (unpersist, cleaner): one that would be gone without it is looked at again so often, ms. */
const LOOK_AGAIN_MS = { least: 1_000, most: 30_000 };

export class AllocationPolicy {
  readonly #limits: AllocationLimits;
  readonly #monitor: ExecutorMonitor;
  readonly #profiles = new Map<number, Profile>();
  /** When more are added if tasks still wait; undefined: none wait. */
  #addAtMs: number | undefined;
  /** Until the first task, or the first idle executor that goes, the initial target stays. */
  #initialising = true;

  constructor(limits: AllocationLimits, monitor: ExecutorMonitor) {
    this.#limits = limits;
    this.#monitor = monitor;
    this.#profiles.set(0, { target: limits.initialExecutors, told: limits.initialExecutors, toAdd: 1 });
  }

  target(profileId: number): number {
    return this.#profile(profileId).target;
  }

  /** Every task that waited has been launched: the next backlog begins anew. */
  queueEmptied(): void {
    this.#addAtMs = undefined;
    for (const [, profile] of this.#profiles) profile.toAdd = 1;
  }

  /** @param loads of every profile that has work; those left out have none */
  decide(loads: readonly ProfileLoad[], holdingOf: HoldingOf, nowMs: number): Decision {
    let pending = 0;
    for (const load of loads) {
      pending += load.pending;
      if (load.pending + load.running > 0) this.#initialising = false;
      this.#profile(load.profileId);
    }
    if (pending === 0) this.queueEmptied();
    else this.#addAtMs ??= nowMs + this.#limits.backlogMs;
    const { due, heldUntilMs } = this.#timedOut(holdingOf, nowMs);
    if (due.length > 0) this.#initialising = false;
    const changes = this.#initialising ? [] : this.#moveTargets(loads, nowMs);
    if (changes.some((c) => c.delta > 0)) this.#addAtMs = nowMs + this.#limits.sustainedBacklogMs;
    const remove = this.#spare(due, holdingOf, nowMs);
    const addAtMs = this.#addAtMs !== undefined && this.#addAtMs > nowMs ? this.#addAtMs : Number.POSITIVE_INFINITY;
    return { changes, remove, wakeAtMs: Math.min(addAtMs, heldUntilMs) };
  }

  #moveTargets(loads: readonly ProfileLoad[], nowMs: number): TargetChange[] {
    const changes: TargetChange[] = [];
    const backlogged = this.#addAtMs !== undefined && nowMs >= this.#addAtMs;
    for (const [profileId, profile] of this.#profiles) {
      const most = this.#mostNeeded(loads.find((load) => load.profileId === profileId));
      if (most < profile.target) {
        profile.target = Math.max(most, this.#limits.minExecutors);
        profile.toAdd = 1;
      } else if (backlogged) this.#grow(profileId, profile, most);
      const { target, told } = profile;
      if (target !== told) changes.push({ profileId, target, delta: target - told });
      profile.told = target;
    }
    return changes;
  }

  #grow(profileId: number, profile: Profile, most: number): void {
    const { minExecutors, maxExecutors } = this.#limits;
    const before = profile.target;
    // Executors that are more than the target, but not idle for long enough to go, are used before new ones are asked for.
    const from = Math.max(before, this.#monitor.count(profileId));
    profile.target = Math.max(before, Math.min(Math.max(Math.min(from + profile.toAdd, most), minExecutors), maxExecutors));
    profile.toAdd = profile.target - before >= profile.toAdd ? profile.toAdd * 2 : 1;
  }

  /** All tasks at once, times the ratio. */
  #mostNeeded(load: ProfileLoad | undefined): number {
    if (load === undefined) return 0;
    const { pending, running, slotsPerExecutor } = load;
    const share = ((pending + running) * this.#limits.ratio) / slotsPerExecutor;
    return Math.max(Math.ceil(share - 1e-9), Math.ceil(running / slotsPerExecutor));
  }

  /** @returns idle executors whose time is over, and when the next one's is */
  #timedOut(holdingOf: HoldingOf, nowMs: number): { due: string[]; heldUntilMs: number } {
    const due: string[] = [];
    const nobody = new Set<string>();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { executorId, deadlineMs } of this.#monitor.idle()) {
      if (deadlineMs > nowMs) {
        nextMs = Math.min(nextMs, deadlineMs);
        break; // the others are later still
      }
      const untilMs = this.#monitor.deadlineMs(executorId, holdingOf(executorId, nobody));
      if (untilMs <= nowMs) due.push(executorId);
      else {
        const again = Math.min(LOOK_AGAIN_MS.most, Math.max(LOOK_AGAIN_MS.least, (nowMs - deadlineMs) / 2));
        nextMs = Math.min(nextMs, untilMs, nowMs + again);
      }
    }
    return { due, heldUntilMs: nextMs };
  }

  /** Never below the minimum or the target; what the last executor of a host holds is asked about again with those gone that go before it. */
  #spare(due: readonly string[], holdingOf: HoldingOf, nowMs: number): string[] {
    const leaving = new Set<string>();
    const left = new Map<number, number>();
    for (const executorId of due) {
      const profileId = this.#monitor.profileOf(executorId)!;
      const count = left.get(profileId) ?? this.#monitor.count(profileId);
      if (count <= Math.max(this.#limits.minExecutors, this.target(profileId))) continue;
      if (leaving.size > 0 && this.#monitor.deadlineMs(executorId, holdingOf(executorId, leaving)) > nowMs) continue;
      leaving.add(executorId);
      left.set(profileId, count - 1);
      this.#monitor.leaves(executorId);
    }
    return [...leaving];
  }

  #profile(profileId: number): Profile {
    let profile = this.#profiles.get(profileId);
    if (profile === undefined) {
      profile = { target: this.#limits.initialExecutors, told: 0, toAdd: 1 };
      this.#profiles.set(profileId, profile);
    }
    return profile;
  }
}
