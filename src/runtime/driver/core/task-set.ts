// One attempt of one stage as a set of tasks: who is pending, running, done, how often each failed, where each runs.
// Typed arrays, no object per task: a job of a million tasks is a few megabytes. What is queued where is pending-tasks.ts, which slot takes
// which task task-scheduler.ts; what an ending means for stage and job is dag-scheduler.ts. Source: Spark's TaskSetManager.
import type { SetExclusion } from './set-exclusion.ts';
import { invariant } from '../../../common/invariant.ts';
import { ANY, type Level, LocalityClock, type LocalityWaits, NO_PREF } from './locality.ts';
import { PendingTasks, type Place, type Preference } from './pending-tasks.ts';
import type { ProcessRates } from './process-rates.ts';
import type { RunTimes } from './speculation.ts';

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
  /** Cores that each task takes. Absent: 1. */
  readonly cpus?: number;
  /** Executors of this profile run its tasks. Absent: of profileId. */
  readonly executorProfileId?: number;
  /** All of its tasks are launched at once, or none. */
  readonly barrier?: boolean;
  /** Position in the stage's list of partitions, and partition number, per task. */
  readonly positions: readonly number[];
  readonly partitions: readonly number[];
  /** Ids baseTaskId … baseTaskId + n - 1 are the first attempts of tasks 0 … n - 1. */
  readonly baseTaskId: number;
};

/** A second attempt of a task that runs already: speculation. */
export type Copy = {
  readonly taskId: number;
  readonly slot: number;
  readonly attempt: number;
  readonly launchedAtMs: number;
};

export class TaskSet {
  readonly spec: TaskSetSpec;
  readonly size: number;
  readonly cpus: number;
  readonly executorProfileId: number;
  readonly state: Uint8Array;
  /** Of the running attempt. A copy's are in copies. */
  readonly slotOf: Int32Array;
  readonly taskIdOf: Uint32Array;
  readonly attemptOf: Uint16Array;
  /** Of the running attempt in the order of its slot (plan/slot-order.ts); -1: it can't be taken back. */
  readonly placeOf: Int32Array;
  readonly launchedAtMs: Float64Array;
  /** How near to its data the last attempt was launched: locality.ts. */
  readonly localityOf: Uint8Array;
  /** Attempts so far. */
  readonly attempts: Uint16Array;
  readonly failures: Uint16Array;
  readonly copies = new Map<number, Copy>();
  readonly pending: PendingTasks;
  /** Attempts, copies too. */
  runningCount = 0;
  doneCount = 0;
  /** Launches nothing more; what still runs may report. After a lost shuffle block, and when its jobs are gone. */
  zombie = false;
  /** Set once the service has captured the stage's closure: nothing is launched before. */
  ready = false;
  /** Smoothed run time of a task, ms; 0: none has ended yet. */
  averageMs = 0;
  /** Kept when exclusion is on. */
  exclusion: SetExclusion | undefined;
  /** When the set ends, if no executor may run one of its tasks until then. */
  stuckUntilMs: number | undefined;
  /** Kept when speculation is on. */
  runTimes: RunTimes | undefined;
  /** Kept when speculation asks how fast tasks read. */
  rates: ProcessRates | undefined;
  readonly #clock: LocalityClock;
  /** Task ids beyond the first attempts → index. */
  readonly #later = new Map<number, number>();
  /** Slow tasks that may get a copy, in the order in which they were found. */
  readonly #slow = new Set<number>();
  #pendingCount: number;

  constructor(spec: TaskSetSpec, nowMs = 0) {
    this.spec = spec;
    this.size = spec.partitions.length;
    this.cpus = spec.cpus ?? 1;
    this.executorProfileId = spec.executorProfileId ?? spec.profileId;
    this.state = new Uint8Array(this.size);
    this.slotOf = new Int32Array(this.size).fill(NOWHERE);
    this.taskIdOf = new Uint32Array(this.size);
    this.attemptOf = new Uint16Array(this.size);
    this.placeOf = new Int32Array(this.size);
    this.launchedAtMs = new Float64Array(this.size);
    this.localityOf = new Uint8Array(this.size);
    this.attempts = new Uint16Array(this.size);
    this.failures = new Uint16Array(this.size);
    this.pending = new PendingTasks(this.state);
    this.#clock = new LocalityClock(nowMs);
    this.#pendingCount = this.size;
  }

  get pendingCount(): number {
    return this.#pendingCount;
  }

  /** Copies of slow tasks that wait for a slot. */
  get speculativePending(): number {
    return this.#slow.size;
  }

  /** `4.0`: how logs and errors name a stage attempt. */
  get name(): string {
    return `${this.spec.stageId}.${this.spec.stageAttempt}`;
  }

  /** @param of by partition; of none: anywhere. Call once, before the first launch. */
  prefer(of: (partition: number) => readonly Preference[]): void {
    this.pending.prefer((index) => of(this.spec.partitions[index]!));
  }

  /** @returns the index of a task for this slot, NOWHERE (-1) when none may go there now */
  pick(place: Place, waits: LocalityWaits, nowMs: number, allowed?: (index: number) => boolean): number {
    const most = this.pending.hasPreferences ? this.#clock.allowed(this.pending, waits, nowMs) : ANY;
    return this.pending.take(place, most, allowed);
  }

  /** ms until tasks that wait for a better place may go further; undefined: none waits. */
  localityLeftMs(waits: LocalityWaits, nowMs: number): number | undefined {
    if (this.#pendingCount === 0 || !this.pending.hasPreferences) return undefined;
    return this.#clock.leftMs(this.pending, waits, nowMs);
  }

  /** @returns the attempt's id */
  launch(index: number, slot: number, freshTaskId: () => number, nowMs = 0, level: Level = NO_PREF): number {
    invariant(this.state[index] === PENDING, `task ${index} of ${this.name} is launched twice`);
    this.state[index] = RUNNING;
    this.slotOf[index] = slot;
    this.runningCount++;
    this.#pendingCount--;
    const attempt = this.attempts[index]!++;
    let taskId = this.spec.baseTaskId + index;
    if (attempt > 0) {
      taskId = freshTaskId();
      this.#later.set(taskId, index);
    }
    this.taskIdOf[index] = taskId;
    this.attemptOf[index] = attempt;
    this.placeOf[index] = NOWHERE;
    this.launchedAtMs[index] = nowMs;
    this.localityOf[index] = level;
    if (level !== NO_PREF) this.#clock.launched(level, nowMs);
    return taskId;
  }

  /** @returns the task's index; NOWHERE (-1) when this attempt is none that runs: a late status */
  runningIndex(taskId: number): number {
    const offset = taskId - this.spec.baseTaskId;
    const index = offset >= 0 && offset < this.size ? offset : (this.#later.get(taskId) ?? NOWHERE);
    if (index < 0 || this.state[index] !== RUNNING) return NOWHERE;
    return this.taskIdOf[index] === taskId || this.copies.get(index)?.taskId === taskId ? index : NOWHERE;
  }

  slotOfAttempt(index: number, taskId: number): number {
    return this.taskIdOf[index] === taskId ? this.slotOf[index]! : (this.copies.get(index)?.slot ?? NOWHERE);
  }

  /** The number of a running attempt. */
  attemptNumber(index: number, taskId: number): number {
    return this.taskIdOf[index] === taskId ? this.attemptOf[index]! : (this.copies.get(index)?.attempt ?? this.attemptOf[index]!);
  }

  /** The attempt has run; what it brought is still to be fetched. Its slot has nothing to do with it any more. */
  leaveSlot(index: number, taskId: number): void {
    if (this.taskIdOf[index] === taskId) this.slotOf[index] = NOWHERE;
    else this.copies.set(index, { ...this.copies.get(index)!, slot: NOWHERE });
  }

  /** @returns the other attempt, when one runs: it is not needed any more */
  finish(index: number, taskId: number, nowMs = 0): { taskId: number; slot: number } | undefined {
    const copy = this.copies.get(index);
    const isCopy = copy !== undefined && copy.taskId === taskId;
    this.runTimes?.add(nowMs - (isCopy ? copy.launchedAtMs : this.launchedAtMs[index]!));
    const other =
      copy && (isCopy ? { taskId: this.taskIdOf[index]!, slot: this.slotOf[index]! } : { taskId: copy.taskId, slot: copy.slot });
    if (copy !== undefined) {
      this.copies.delete(index);
      this.runningCount--;
    }
    this.#leaveRunning(index);
    this.state[index] = DONE;
    this.doneCount++;
    return other;
  }

  /** An attempt ended without success: back to pending, unless another one of the task runs. */
  again(index: number, taskId: number): void {
    const copy = this.copies.get(index);
    if (copy === undefined) {
      this.#leaveRunning(index);
      this.state[index] = PENDING;
      this.#pendingCount++;
      this.pending.add(index);
      return;
    }
    this.copies.delete(index);
    this.runningCount--;
    if (copy.taskId === taskId) return;
    this.slotOf[index] = copy.slot;
    this.taskIdOf[index] = copy.taskId;
    this.attemptOf[index] = copy.attempt;
    this.placeOf[index] = NOWHERE;
    this.launchedAtMs[index] = copy.launchedAtMs;
    this.localityOf[index] = ANY;
  }

  /** The attempt never began: it does not count. */
  giveBack(index: number, taskId: number): void {
    const newest = this.attempts[index]! - 1 === this.attemptNumber(index, taskId);
    this.again(index, taskId);
    // The number is used again: nobody saw that attempt. Its id is not: ids are never reused.
    if (newest && this.attempts[index]! > 1) this.attempts[index]!--;
  }

  /** Another attempt of the stage made this partition; it need not run here. */
  skip(index: number): void {
    if (this.state[index] !== PENDING) return;
    this.state[index] = DONE;
    this.#pendingCount--;
    this.doneCount++;
  }

  // ---- speculation

  /** @returns tasks that may get a copy now and might not before */
  findSlow(isSlow: (index: number) => boolean): number[] {
    const found: number[] = [];
    for (let index = 0; index < this.size; index++) {
      if (this.state[index] !== RUNNING || this.copies.has(index) || this.#slow.has(index)) continue;
      if (!isSlow(index)) continue;
      this.#slow.add(index);
      found.push(index);
    }
    return found;
  }

  /** @param fits whether a copy of the task that runs on this slot may run here @returns NOWHERE (-1) when there is none */
  pickSlow(fits: (index: number, slot: number) => boolean): number {
    for (const index of this.#slow) {
      if (this.state[index] !== RUNNING || this.copies.has(index)) this.#slow.delete(index);
      else if (fits(index, this.slotOf[index]!)) {
        this.#slow.delete(index);
        return index;
      }
    }
    return NOWHERE;
  }

  launchCopy(index: number, slot: number, freshTaskId: () => number, nowMs: number): Copy {
    invariant(this.state[index] === RUNNING && !this.copies.has(index), `task ${index} of ${this.name} is no task for a copy`);
    const copy: Copy = { taskId: freshTaskId(), slot, attempt: this.attempts[index]!++, launchedAtMs: nowMs };
    this.#later.set(copy.taskId, index);
    this.copies.set(index, copy);
    this.runningCount++;
    return copy;
  }

  /** What runs: each attempt, copies too. */
  *running(): Generator<{ index: number; taskId: number; slot: number }> {
    if (this.runningCount === 0) return;
    for (let index = 0; index < this.size; index++)
      if (this.state[index] === RUNNING) yield { index, taskId: this.taskIdOf[index]!, slot: this.slotOf[index]! };
    for (const [index, { taskId, slot }] of this.copies) yield { index, taskId, slot };
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
}
