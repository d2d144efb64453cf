// One attempt of one stage as a set of tasks: who is pending, running, done, how often each failed, where each runs.
// Typed arrays, no object per task: a job of a million tasks is a few megabytes. Which slot takes which task is plan-tasks.ts and
// task-scheduler.ts; what an ending means for stage and job is dag-scheduler.ts. Source: Spark's TaskSetManager.
import { invariant } from '../../../common/invariant.ts';

export const PENDING = 0;
export const RUNNING = 1;
export const DONE = 2;
const NOWHERE = -1;

export type TaskSetSpec = {
  /** Unique in the application; names the stage attempt on the wire. */
  readonly key: number;
  readonly stageId: number;
  readonly stageAttempt: number;
  /** The oldest job that wants the stage: FIFO order between sets. */
  readonly jobId: number;
  /** That job's pool, for FAIR scheduling. */
  readonly pool: string;
  /** Resource profile of the stage; 0: the default one. */
  readonly profileId: number;
  /** Position in the stage's list of partitions, and partition number, per task. */
  readonly positions: readonly number[];
  readonly partitions: readonly number[];
  /** Ids baseTaskId … baseTaskId + n - 1 are the first attempts of tasks 0 … n - 1. */
  readonly baseTaskId: number;
};

export class TaskSet {
  readonly spec: TaskSetSpec;
  readonly size: number;
  readonly state: Uint8Array;
  readonly slotOf: Int32Array;
  readonly taskIdOf: Uint32Array;
  readonly attempts: Uint16Array;
  readonly failures: Uint16Array;
  runningCount = 0;
  doneCount = 0;
  /** Launches nothing more; what still runs may report. After a lost shuffle block, and when its jobs are gone. */
  zombie = false;
  /** Set once the service has captured the stage's closure: nothing is launched before. */
  ready = false;
  /** Smoothed run time of a task, ms; 0: none has ended yet. */
  averageMs = 0;
  /** When a task was last launched on the slot that it prefers, for the locality wait. */
  lastLocalMs = 0;
  readonly #retries = new Map<number, number>();
  #next = 0;
  #again: number[] = [];
  #local: Map<number, number[]> | undefined;
  #pendingCount: number;

  constructor(spec: TaskSetSpec) {
    this.spec = spec;
    this.size = spec.partitions.length;
    this.state = new Uint8Array(this.size);
    this.slotOf = new Int32Array(this.size).fill(NOWHERE);
    this.taskIdOf = new Uint32Array(this.size);
    this.attempts = new Uint16Array(this.size);
    this.failures = new Uint16Array(this.size);
    this.#pendingCount = this.size;
  }

  /** Copies of slow tasks that wait for a slot. */
  get speculativePending(): number {
    return 0;
  }

  get pendingCount(): number {
    return this.#pendingCount;
  }

  /** `4.0`: how logs and errors name a stage attempt. */
  get name(): string {
    return `${this.spec.stageId}.${this.spec.stageAttempt}`;
  }

  /** @param slotOf the slot that holds the task's cached partition, undefined for none. Call once, before the first launch. */
  prefer(slotOf: (partition: number) => number | undefined): void {
    const local = new Map<number, number[]>();
    const free: number[] = [];
    for (let i = 0; i < this.size; i++) {
      const slot = slotOf(this.spec.partitions[i]!);
      if (slot === undefined) free.push(i);
      else {
        const queue = local.get(slot);
        if (queue) queue.push(i);
        else local.set(slot, [i]);
      }
    }
    if (local.size === 0) return;
    for (const [, queue] of local) queue.reverse();
    this.#local = local;
    this.#again = free.reverse();
    this.#next = this.size;
  }

  /** Tasks whose slot is gone may run anywhere. */
  forgetSlot(slot: number): void {
    const queue = this.#local?.get(slot);
    if (queue === undefined) return;
    this.#local!.delete(slot);
    this.#again.push(...queue);
  }

  /** @returns the index of a task for this slot, NOWHERE (-1) when none may go there now */
  pick(slot: number, anyLocality: boolean): number {
    const own = this.#local?.get(slot);
    if (own !== undefined) {
      const index = this.#popPending(own);
      if (index >= 0) return index;
    }
    const again = this.#popPending(this.#again);
    if (again >= 0) return again;
    while (this.#next < this.size) {
      const index = this.#next++;
      if (this.state[index] === PENDING) return index;
    }
    return anyLocality && this.#local !== undefined ? this.#steal() : NOWHERE;
  }

  /** Whether the only pending tasks are those that wait for another slot. */
  get waitsForLocality(): boolean {
    return this.#local !== undefined && this.#pendingCount > 0;
  }

  isLocal(slot: number): boolean {
    return this.#local?.has(slot) ?? false;
  }

  launch(index: number, slot: number, freshTaskId: () => number): number {
    invariant(this.state[index] === PENDING, `task ${index} of ${this.name} is launched twice`);
    this.state[index] = RUNNING;
    this.slotOf[index] = slot;
    this.runningCount++;
    this.#pendingCount--;
    let taskId = this.spec.baseTaskId + index;
    if (this.attempts[index]! > 0) {
      taskId = freshTaskId();
      this.#retries.set(taskId, index);
    }
    this.taskIdOf[index] = taskId;
    this.attempts[index]!++;
    return taskId;
  }

  /** @returns the task's index; NOWHERE (-1) when this attempt is not the one that runs: a late status */
  runningIndex(taskId: number): number {
    const offset = taskId - this.spec.baseTaskId;
    const index = offset >= 0 && offset < this.size ? offset : (this.#retries.get(taskId) ?? NOWHERE);
    return index >= 0 && this.state[index] === RUNNING && this.taskIdOf[index] === taskId ? index : NOWHERE;
  }

  finish(index: number): void {
    this.#leaveRunning(index);
    this.state[index] = DONE;
    this.doneCount++;
  }

  /** Back to pending. */
  again(index: number): void {
    this.#leaveRunning(index);
    this.state[index] = PENDING;
    this.#pendingCount++;
    this.#again.push(index);
  }

  /** The attempt never began: it does not count. */
  giveBack(index: number): void {
    this.again(index);
    // The number is used again: nobody saw that attempt. Its id is not: ids are never reused.
    if (this.attempts[index]! > 1) this.attempts[index]!--;
  }

  /** Another attempt of the stage made this partition; it need not run here. */
  skip(index: number): void {
    if (this.state[index] !== PENDING) return;
    this.state[index] = DONE;
    this.#pendingCount--;
    this.doneCount++;
  }

  /** Quick to believe that tasks are short, so that batches grow at once; slower to believe the opposite. */
  observe(runMs: number): void {
    const keep = this.averageMs === 0 ? 0 : runMs < this.averageMs ? 0.3 : 0.7;
    this.averageMs = Math.max(1e-4, keep * this.averageMs + (1 - keep) * runMs);
  }

  #leaveRunning(index: number): void {
    invariant(this.state[index] === RUNNING, `task ${index} of ${this.name} is not running`);
    this.runningCount--;
    this.slotOf[index] = NOWHERE;
  }

  #popPending(queue: number[]): number {
    while (queue.length > 0) {
      const index = queue.pop()!;
      if (this.state[index] === PENDING) return index;
    }
    return NOWHERE;
  }

  /** From the longest queue: its slot is the furthest behind. */
  #steal(): number {
    let longest: number[] | undefined;
    for (const [, queue] of this.#local!) if (queue.length > (longest?.length ?? 0)) longest = queue;
    if (longest === undefined) return NOWHERE;
    const index = this.#popPending(longest);
    return index >= 0 ? index : this.#steal();
  }
}
