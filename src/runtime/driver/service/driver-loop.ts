// The driver's loop: feeds the DAG scheduler with what jobs, slots and timers say. This is its door; inside are task-answers.ts (statuses in),
// effect-runner.ts (effects out) and task-launcher.ts. It decides nothing (core/ does) and knows no cluster manager and no user API.
import type { AppError } from '../../../common/errors.ts';
import type { MapOutput } from '../../plan/stage-install.ts';
import type { CachedPartitions } from '../core/cached-partitions.ts';
import type { DagScheduler, DagSettings } from '../core/dag-scheduler.ts';
import type { TaskError } from '../core/task-error.ts';
import { EffectRunner } from './effect-runner.ts';
import { type JobRun, type LoopPorts, LoopState, whereIs } from './loop-state.ts';
import type { SlotLink } from './slot-link.ts';
import { TaskAnswers } from './task-answers.ts';
import { TaskLauncher } from './task-launcher.ts';
import { TaskRecall } from './task-recall.ts';

export type { JobResult, JobRun, LoopPorts } from './loop-state.ts';

export class DriverLoop {
  readonly core: DagScheduler;
  readonly #state: LoopState;
  readonly #launcher: TaskLauncher;
  readonly #effects: EffectRunner;
  readonly #answers: TaskAnswers;

  constructor(settings: DagSettings, ports: LoopPorts) {
    this.#state = new LoopState(settings, ports);
    this.core = this.#state.core;
    this.#launcher = new TaskLauncher(this.#state);
    new TaskRecall(this.#state, this.#launcher);
    this.#effects = new EffectRunner(this.#state, this.#launcher);
    this.#answers = new TaskAnswers(this.#state, this.#launcher, this.#effects);
    if (settings.speculation !== undefined)
      ports.timers.every(settings.speculation.intervalMs, () => {
        if (this.core.speculate(this.#state.nowMs())) this.#effects.settle();
      });
  }

  /** Bytes; 0: no limit. spark.driver.maxResultSize */
  get maxResultBytes(): number {
    return this.#state.maxResultBytes;
  }

  set maxResultBytes(bytes: number) {
    this.#state.maxResultBytes = bytes;
  }

  get slotCount(): number {
    return this.#state.slots.size;
  }

  slots(): Iterable<SlotLink> {
    return this.#state.slots.values();
  }

  /** Resolves when every partition's answer was handed over. @throws AppError JOB_ABORTED, JOB_CANCELLED, …, or what onResult threw */
  run(job: JobRun): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#state.jobs.set(job.jobId, { ...job, resolve, reject, resultBytes: 0, resultTasks: 0 });
      this.core.submitJob(job, this.#state.nowMs());
      this.#effects.settle();
    });
  }

  cancel(jobId: number, reason: string): void {
    this.core.cancelJob(jobId, reason, this.#state.nowMs());
    this.#effects.settle();
  }

  cancelStage(stageId: number, reason: string | undefined): void {
    this.core.cancelStage(stageId, reason, this.#state.nowMs());
    this.#effects.settle();
  }

  /** Ends one attempt of a task; it runs again. @returns false when no such attempt runs */
  killTaskAttempt(taskId: number, reason: string): boolean {
    const found = this.core.killAttempt(taskId, reason);
    this.#effects.settle();
    return found;
  }

  /** Every job fails with this error: the application can't go on. */
  failAll(error: AppError): void {
    for (const jobId of [...this.core.jobs.keys()]) this.core.failJob(jobId, error, this.#state.nowMs());
    this.#effects.settle();
  }

  /** A file of sc.addFile: told to every slot, also to those that come later, before any task that was submitted after it. */
  addFile(name: string, path: string): void {
    this.#state.files.set(name, path);
    for (const [, slot] of this.#state.slots) slot.addFile(name, path);
  }

  addSlot(slot: SlotLink, profileId = 0): void {
    for (const [name, path] of this.#state.files) slot.addFile(name, path);
    this.#state.slots.set(slot.id, slot);
    this.core.tasks.addSlot(slot.id, slot.executorId, slot.host, profileId);
    slot.channel.onBinary = (frame) => this.#answers.onFrame(slot, frame);
    this.#launcher.offer(slot);
  }

  /** No more launches there; what runs may end. */
  drainSlot(slotId: number): void {
    this.core.tasks.drainSlot(slotId, this.#state.nowMs());
    this.#launcher.offerAll(); // tasks that waited for it
  }

  /** Whether it holds cached partitions. */
  holdsCached(executorId: string): boolean {
    return this.#state.cached.holdsSome(executorId);
  }

  /** No more launches there; what was in flight waits for slotLost, which tells why. */
  slotClosed(slotId: number): void {
    this.core.tasks.closeSlot(slotId);
    this.#state.cached.slotLost(slotId);
    if (this.#state.slots.get(slotId)?.channel.closed) this.#answers.slotGone(slotId);
    this.#state.slots.delete(slotId);
  }

  /** @param blame whether a task can have caused it */
  slotLost(slot: SlotLink, error: TaskError, blame: boolean, runningTaskId?: number): void {
    this.#answers.slotGone(slot.id);
    this.#state.events.slotLost(slot, error, blame);
    this.#state.slots.delete(slot.id);
    this.#state.cached.slotLost(slot.id);
    this.core.slotLost(slot.id, error, whereIs(slot), blame, this.#state.nowMs(), runningTaskId);
    this.#effects.settle();
    this.#launcher.offerAll();
  }

  outputsLost(gone: (output: MapOutput) => boolean): void {
    this.core.outputsLost(gone, this.#state.nowMs());
    this.#effects.settle();
  }

  mapPushed(shuffleId: number, mapIndex: number): void {
    this.core.mapPushed(shuffleId, mapIndex);
    this.#effects.settle();
  }

  get cached(): CachedPartitions {
    return this.#state.cached;
  }

  /** Slots drop what they hold of it as objects. */
  unpersist(rddId: number): void {
    this.#state.cached.forget(rddId);
    for (const [, slot] of this.#state.slots) slot.unpersist(rddId);
  }
}
