// Which running tasks are so slow that a copy may run beside them, and which will not end before their executor does. The copies themselves
// are in task-set.ts, their slots are chosen in task-scheduler.ts, how fast tasks read is process-rates.ts. Source:
// TaskSetManager.checkSpeculatableTasks.
import type { Slot } from './slot.ts';
import type { TaskSet } from './task-set.ts';

export type SpeculationSettings = {
  readonly intervalMs: number;
  /** A task is slow when it has run this many times the median, */
  readonly multiplier: number;
  /** once this part of the set's tasks has succeeded, */
  readonly quantile: number;
  /** and at least so long. */
  readonly minRuntimeMs: number;
  /** A set that fits into one executor need not wait for the quantile: tasks that ran so long are slow. undefined: it waits, too. */
  readonly durationThresholdMs: number | undefined;
  /** A slow task that reads as fast as the others has more to read, and gets no copy yet. undefined: run times alone decide. */
  readonly efficiency: EfficiencySettings | undefined;
  /** A decommissioned executor is ended so long after it was told, by somebody else. undefined: nobody does. */
  readonly decommissionKillMs: number | undefined;
};

export type EfficiencySettings = {
  /** A task is inefficient when it reads less than this part of what the others read in a second, */
  readonly rateMultiplier: number;
  /** or has run this many times as long as a slow one may. */
  readonly longRunFactor: number;
};

/** Run times of a set's successful tasks. Above a few thousand a sample of them: a median needs no more. */
export class RunTimes {
  static readonly most = 4_096;
  #times: number[] = [];
  #every = 1;
  #seen = 0;
  #medianMs: number | undefined;

  add(ms: number): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#times.push(ms);
    this.#medianMs = undefined;
    if (this.#times.length < RunTimes.most) return;
    this.#times = this.#times.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  get isEmpty(): boolean {
    return this.#times.length === 0;
  }

  get medianMs(): number {
    if (this.#medianMs !== undefined) return this.#medianMs;
    const sorted = [...this.#times].sort((a, b) => a - b);
    const half = Math.floor(sorted.length / 2);
    this.#medianMs = sorted.length === 0 ? 0 : sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
    return this.#medianMs;
  }
}

export type Threshold = {
  /** How long a task may run before it counts as slow. */
  readonly ms: number;
  /** spark.speculation.task.duration.threshold: there is nothing to compare with, and nothing else is asked. */
  readonly isFixed: boolean;
};

/** @param place of a slot: says since when it is being left */
export function findSlow(
  set: TaskSet,
  settings: SpeculationSettings,
  slotsOfExecutor: number,
  nowMs: number,
  place: (slot: number) => Slot | undefined,
): { indexes: number[]; thresholdMs: number } {
  const threshold = slowAfter(set, settings, slotsOfExecutor);
  if (threshold === undefined) return { indexes: [], thresholdMs: 0 };
  const { decommissionKillMs } = settings;
  const isSlow = (index: number) => {
    const runMs = nowMs - set.launchedAtMs[index]!;
    if (runMs > threshold.ms && (threshold.isFixed || isInefficient(set, index, runMs, threshold.ms, settings.efficiency))) return true;
    if (decommissionKillMs === undefined || threshold.isFixed || set.runTimes!.isEmpty) return false;
    const leavesAtMs = place(set.slotOf[index]!)?.drainsSinceMs;
    return leavesAtMs !== undefined && leavesAtMs + decommissionKillMs < set.launchedAtMs[index]! + set.runTimes!.medianMs;
  };
  return { indexes: set.findSlow(isSlow), thresholdMs: threshold.ms };
}

function isInefficient(set: TaskSet, index: number, runMs: number, thresholdMs: number, settings: EfficiencySettings | undefined): boolean {
  if (settings === undefined || set.rates === undefined || runMs > settings.longRunFactor * thresholdMs) return true;
  return set.rates.of(set.taskIdOf[index]!) < set.rates.average * settings.rateMultiplier;
}

/**
 * @param slotsOfExecutor tasks of this set that one executor can run at once
 * @returns undefined: no task of the set counts as slow yet
 */
export function slowAfter(set: TaskSet, settings: SpeculationSettings, slotsOfExecutor: number): Threshold | undefined {
  const { durationThresholdMs, minRuntimeMs, multiplier, quantile } = settings;
  if (set.zombie || set.runTimes === undefined || (set.size === 1 && durationThresholdMs === undefined)) return undefined;
  if (set.doneCount >= Math.max(1, Math.floor(quantile * set.size)))
    return { ms: Math.max(multiplier * set.runTimes.medianMs, minRuntimeMs), isFixed: false };
  if (durationThresholdMs !== undefined && set.size <= slotsOfExecutor) return { ms: durationThresholdMs, isFixed: true };
  return undefined;
}
