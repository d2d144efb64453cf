// The tasks in flight on one slot as listeners see them, in the order in which the slot runs them: batches, no object per task. Only the
// first has started. Used by job-events.ts; what the scheduler itself knows of them is core/task-set.ts.
import type { Locality, TaskInfo } from '../../../status/events.ts';
import { LEVEL_NAMES, NO_PREF } from '../core/locality.ts';
import type { TaskSet } from '../core/task-set.ts';

/** One frame of launches. The arrays are the scheduler's own and may be longer. */
export type Launched = {
  readonly indexes: Uint32Array;
  readonly taskIds: Uint32Array;
  readonly attempts: Uint16Array;
  readonly count: number;
  readonly speculative: boolean;
};

/** Spark says of tasks without a preference that they are where they want to be. */
const localityOf = (level: number): Locality => (level === NO_PREF ? 'PROCESS_LOCAL' : LEVEL_NAMES[level]!);

export class Batch {
  readonly key: number;
  readonly stageId: number;
  readonly stageAttempt: number;
  readonly taskType: 'ResultTask' | 'ShuffleMapTask';
  readonly indexes: Uint32Array;
  readonly taskIds: Uint32Array;
  readonly attempts: Uint16Array;
  readonly partitions: readonly number[];
  readonly levels: Uint8Array;
  readonly speculative: boolean;
  /** The first that has not ended. */
  at = 0;
  /** Of the task at `at`, once it has started. */
  info: TaskInfo | undefined;
  /** Of the task that take() took last. */
  takenInfo: TaskInfo | undefined;
  takenAt = 0;
  /** Nobody wants its set any more: all that is to be said of it has been said. */
  dead = false;

  constructor(set: TaskSet, taskType: Batch['taskType'], launched: Launched) {
    this.key = set.spec.key;
    this.stageId = set.spec.stageId;
    this.stageAttempt = set.spec.stageAttempt;
    this.taskType = taskType;
    this.indexes = launched.indexes.slice(0, launched.count);
    this.taskIds = launched.taskIds.slice(0, launched.count);
    this.attempts = launched.attempts.slice(0, launched.count);
    this.partitions = set.spec.partitions;
    this.levels = set.localityOf;
    this.speculative = launched.speculative;
  }

  /** The task at `from` comes before all that have not ended; those keep their order, and the first of them its start. */
  bringForward(from: number): void {
    for (const list of [this.indexes, this.taskIds, this.attempts]) {
      const moved = list[from]!;
      list.copyWithin(this.at + 1, this.at, from);
      list[this.at] = moved;
    }
  }
}

export class SlotQueue {
  readonly #executorId: string;
  readonly #host: string;
  readonly #batches: Batch[] = [];
  /** Since when the first task has the slot, as far as is known; and whether a timer looks after it. */
  sinceMs = 0;
  isWatched = false;

  constructor(executorId: string, host: string) {
    this.#executorId = executorId;
    this.#host = host;
  }

  get front(): Batch | undefined {
    return this.#batches[0];
  }

  add(set: TaskSet, taskType: Batch['taskType'], launched: Launched): void {
    this.#batches.push(new Batch(set, taskType, launched));
  }

  /**
   * The slot runs tasks in order, so the first is meant as a rule; one that comes back unbegun, or was killed where it waited, stands behind others.
   * @returns its batch, with takenInfo; undefined: not in flight here
   */
  take(taskId: number): Batch | undefined {
    for (let b = 0; b < this.#batches.length; b++) {
      const batch = this.#batches[b]!;
      const at = batch.taskIds.indexOf(taskId, batch.at);
      if (at < 0) continue;
      const isFirst = at === batch.at;
      if (!isFirst) batch.bringForward(at);
      batch.takenAt = batch.at++;
      batch.takenInfo = isFirst ? batch.info : undefined;
      if (isFirst) batch.info = undefined;
      if (batch.at >= batch.taskIds.length) this.#batches.splice(b, 1);
      return batch;
    }
    return undefined;
  }

  /** @param taskId the one that was just taken; undefined: the first of the batch starts now */
  start(batch: Batch, launchedAtMs: number, taskId?: number): TaskInfo {
    const at = taskId === undefined ? batch.at : batch.takenAt;
    const index = batch.indexes[at]!;
    const info: TaskInfo = {
      taskId: batch.taskIds[at]!,
      index,
      attempt: batch.attempts[at]!,
      partition: batch.partitions[index]!,
      launchedAtMs,
      executorId: this.#executorId,
      host: this.#host,
      locality: batch.speculative ? 'ANY' : localityOf(batch.levels[index]!),
      speculative: batch.speculative,
    };
    if (taskId === undefined) batch.info = info;
    return info;
  }

  /** The set has ended: what its tasks still say is not passed on. */
  bury(key: number): void {
    for (const batch of this.#batches) if (batch.key === key) batch.dead = true;
  }
}
