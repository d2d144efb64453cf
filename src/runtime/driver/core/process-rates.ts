// Records that tasks of one set read in a second: of those that succeeded, all together, and of each that runs, as heartbeats tell. What makes
// a slow task of it is speculation.ts; what is told comes from executor/worker-flags.ts. Source: TaskSetManager.TaskProcessRateCalculator.
import type { TaskSet } from './task-set.ts';

/** What a heartbeat says of the slots of its executor. Task id -1: none runs. */
export type TaskProgress = { readonly runningTaskIds: readonly number[]; readonly recordsRead: readonly number[] };

export function noteProgress(sets: readonly TaskSet[], { runningTaskIds, recordsRead }: TaskProgress, nowMs: number): void {
  for (const set of sets) {
    if (set.rates === undefined) continue;
    for (const [slot, taskId] of runningTaskIds.entries()) {
      const index = taskId < 0 ? -1 : set.runningIndex(taskId);
      if (index < 0) continue;
      const copy = set.copies.get(index);
      const launchedAtMs = copy?.taskId === taskId ? copy.launchedAtMs : set.launchedAtMs[index]!;
      set.rates.runs(taskId, recordsRead[slot] ?? 0, nowMs - launchedAtMs);
    }
  }
}

export class ProcessRates {
  #records = 0;
  #runMs = 0;
  readonly #running = new Map<number, number>();

  /** @param runMs since its launch */
  runs(taskId: number, recordsRead: number, runMs: number): void {
    if (recordsRead > 0 && runMs > 0) this.#running.set(taskId, (recordsRead * 1_000) / runMs);
  }

  succeeded(taskId: number, recordsRead: number, runMs: number): void {
    this.#records += recordsRead;
    this.#runMs += runMs;
    this.#running.delete(taskId);
  }

  /** Records a second of a task that runs; 0: nothing is known of it. */
  of(taskId: number): number {
    return this.#running.get(taskId) ?? 0;
  }

  /** Of the tasks that succeeded. Infinity: they read nothing, so that every task is slower than that and run times alone decide. */
  get average(): number {
    return this.#records > 0 && this.#runMs > 0 ? (this.#records * 1_000) / this.#runMs : Number.POSITIVE_INFINITY;
  }
}
