// Which running tasks are so slow that a copy may run beside them. The copies themselves are in task-set.ts, their slots are chosen in
// task-scheduler.ts. Source: TaskSetManager.checkSpeculatableTasks.
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

  get medianMs(): number {
    if (this.#medianMs !== undefined) return this.#medianMs;
    const sorted = [...this.#times].sort((a, b) => a - b);
    const half = Math.floor(sorted.length / 2);
    this.#medianMs = sorted.length === 0 ? 0 : sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
    return this.#medianMs;
  }
}

/**
 * @param slotsOfExecutor tasks of this set that one executor can run at once
 * @returns how long a task of the set may run before it counts as slow, ms; undefined: no task of it does yet
 */
export function slowAfterMs(set: TaskSet, settings: SpeculationSettings, slotsOfExecutor: number): number | undefined {
  const { durationThresholdMs, minRuntimeMs, multiplier, quantile } = settings;
  if (set.zombie || set.runTimes === undefined || (set.size === 1 && durationThresholdMs === undefined)) return undefined;
  if (set.doneCount >= Math.max(1, Math.floor(quantile * set.size))) return Math.max(multiplier * set.runTimes.medianMs, minRuntimeMs);
  if (durationThresholdMs !== undefined && set.size <= slotsOfExecutor) return durationThresholdMs;
  return undefined;
}
