// Tasks that have run and whose results their executors still keep, until the driver has fetched them (service/indirect-results.ts): Spark's
// GETTING RESULT. Such a task has no slot any more, so that its worker's end means nothing to it; its executor is busy all the same.
// Source: TaskSetManager.handleTaskGettingResult.
import type { TaskSet } from './task-set.ts';

export class ResultsOnTheWay {
  readonly #byExecutor = new Map<string, number>();
  /** Called when an executor has one result less to keep. */
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** @returns false: nobody waits for this attempt any more */
  begin(set: TaskSet | undefined, taskId: number, executorId: string): boolean {
    const index = set?.runningIndex(taskId) ?? -1;
    if (set === undefined || index < 0) return false;
    set.leaveSlot(index, taskId);
    this.#byExecutor.set(executorId, this.of(executorId) + 1);
    return true;
  }

  /** It was fetched, or is lost, or not wanted any more. */
  end(executorId: string): void {
    const left = this.of(executorId) - 1;
    if (left > 0) this.#byExecutor.set(executorId, left);
    else this.#byExecutor.delete(executorId);
    this.#changed();
  }

  /** How many it keeps. */
  of(executorId: string): number {
    return this.#byExecutor.get(executorId) ?? 0;
  }
}
