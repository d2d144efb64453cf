// The driver's loop: feeds the DAG scheduler with what slots and timers say, carries out its effects, and hands answers to jobs.
// It decides nothing (core/ does) and knows no cluster manager (allocator.ts) and no user API (spark-context.ts).
import { AppError } from '../../../common/errors.ts';
import type { Clock, Logger, Timers } from '../../../common/ports.ts';
import type { MapOutput } from '../../plan/stage-install.ts';
import { OP_PART } from '../../plan/frame-parts.ts';
import { decodeTaskEnd, decodeTaskError, type TaskEndBody } from '../../plan/task-end.ts';
import { ENDED_BYTES, ENDED_ERROR, ENDED_NUMBER, GIVEN_BACK, LaunchWriter, OP_STATUS, opOf, StatusReader } from '../../plan/task-frames.ts';
import { DagScheduler, type DagSettings } from '../core/dag-scheduler.ts';
import type { TaskError } from '../core/task-error.ts';
import type { DagEffect, JobSpec, Stage } from '../core/stage.ts';
import type { TaskSet } from '../core/task-set.ts';
import { CachedPartitions } from '../core/cached-partitions.ts';
import type { SlotLink } from './slot-link.ts';
import type { PreparedStage } from './stage-preparer.ts';

export type JobResult = number | Uint8Array | undefined;
export type JobRun = JobSpec & {
  readonly action: unknown;
  readonly onResult: (index: number, result: JobResult) => void;
};

export type LoopPorts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  /** Plans and captures a stage. @throws AppError or the user's own error: the stage's jobs fail with it */
  readonly prepare: (stage: Stage, attempt: number, action: unknown, outputs: DagScheduler['outputs']) => PreparedStage;
  /** Interrupts a running task of a stage that nobody wants any more. */
  readonly kill: (slot: SlotLink, taskId: number, stageKey: number, reason: string) => void;
  /** Accumulator updates of a task that counts; once per task. */
  readonly accumulate: (updates: NonNullable<TaskEndBody['a']>) => void;
  readonly blockAddress: (executorId: string) => string;
};

type RunningJob = JobRun & {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  resultBytes: number;
  resultTasks: number;
};

export class DriverLoop {
  readonly core: DagScheduler;
  /** Bytes; 0: no limit. spark.driver.maxResultSize */
  maxResultBytes = 0;
  readonly #ports: LoopPorts;
  readonly #slots = new Map<number, SlotLink>();
  readonly #prepared = new Map<number, PreparedStage>();
  readonly #jobs = new Map<number, RunningJob>();
  readonly #cached = new CachedPartitions();
  readonly #files = new Map<string, string>();
  #cancelWake: (() => void) | undefined;
  #settling = false;

  constructor(settings: DagSettings, ports: LoopPorts) {
    this.core = new DagScheduler(settings);
    this.#ports = ports;
  }

  get slotCount(): number {
    return this.#slots.size;
  }

  slots(): Iterable<SlotLink> {
    return this.#slots.values();
  }

  /** Resolves when every partition's answer was handed over. @throws AppError JOB_ABORTED, JOB_CANCELLED, …, or what onResult threw */
  run(job: JobRun): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#jobs.set(job.jobId, { ...job, resolve, reject, resultBytes: 0, resultTasks: 0 });
      this.core.submitJob(job, this.#now());
      this.#settle();
    });
  }

  cancel(jobId: number, reason: string): void {
    this.core.cancelJob(jobId, reason, this.#now());
    this.#settle();
  }

  /** Every job fails with this error: the application can't go on. */
  failAll(error: AppError): void {
    for (const jobId of [...this.core.jobs.keys()]) this.core.failJob(jobId, error, this.#now());
    this.#settle();
  }

  /** A file of sc.addFile: told to every slot, also to those that come later, before any task that was submitted after it. */
  addFile(name: string, path: string): void {
    this.#files.set(name, path);
    for (const [, slot] of this.#slots) slot.addFile(name, path);
  }

  addSlot(slot: SlotLink): void {
    for (const [name, path] of this.#files) slot.addFile(name, path);
    this.#slots.set(slot.id, slot);
    this.core.tasks.addSlot(slot.id, slot.executorId);
    slot.channel.onBinary = (frame) => this.#onFrame(slot, frame);
    this.#offer(slot);
  }

  /** No more launches there; what was in flight waits for slotLost, which tells why. */
  slotClosed(slotId: number): void {
    this.core.tasks.closeSlot(slotId);
    this.#cached.slotLost(slotId);
    this.#slots.delete(slotId);
  }

  /** @param blame whether a task can have caused it */
  slotLost(slot: SlotLink, error: TaskError, blame: boolean, runningTaskId?: number): void {
    this.#slots.delete(slot.id);
    this.#cached.slotLost(slot.id);
    this.core.slotLost(slot.id, error, whereIs(slot), blame, this.#now(), runningTaskId);
    this.#settle();
    this.#offerAll();
  }

  outputsLost(gone: (output: MapOutput) => boolean): void {
    this.core.outputsLost(gone, this.#now());
    this.#settle();
  }

  unpersist(rddId: number): void {
    this.#cached.forget(rddId);
    for (const [, slot] of this.#slots) slot.unpersist(rddId);
  }

  /** Cached partitions of an RDD, for the storage page and debug strings. */
  cachedPartitions(rddId: number): number {
    return this.#cached.count(rddId);
  }

  // ---- statuses

  #onFrame(slot: SlotLink, frame: Buffer): void {
    const op = opOf(frame);
    if (op === OP_STATUS) this.#onStatuses(slot, frame);
    else if (op === OP_PART) this.#onPart(slot, frame);
    else slot.channel.destroy('a frame that is no status');
  }

  #onPart(slot: SlotLink, part: Buffer): void {
    const joined = slot.join(part);
    if (joined === undefined) return;
    if (joined.tag === 'whole') this.#onStatuses(slot, joined.frame);
    if (joined.tag !== 'tooLarge') return;
    const { stageKey, count, totalBytes, last } = joined;
    const jobs = [...(this.core.stageOf(stageKey)?.jobs ?? [])];
    const tasks = (this.#jobs.get(jobs[0] ?? -1)?.resultTasks ?? 0) + count;
    const error = new AppError('RESULT_TOO_LARGE', { bytes: totalBytes, limitBytes: this.maxResultBytes, tasks });
    for (const jobId of jobs) this.core.failJob(jobId, error, this.#now());
    if (last) this.core.tasks.heard(slot.id, count);
    this.#settle();
    this.#offer(slot);
  }

  #onStatuses(slot: SlotLink, frame: Buffer): void {
    const reader = new StatusReader(frame);
    const key = reader.stageKey;
    const set = this.core.tasks.set(key);
    const stage = this.core.stageOf(key);
    if (set !== undefined && stage !== undefined) this.#takeStatuses(slot, reader, set, stage);
    this.core.tasks.heard(slot.id, reader.count);
    this.#settle();
    this.#offer(slot);
  }

  #takeStatuses(slot: SlotLink, reader: StatusReader, set: TaskSet, stage: Stage): void {
    const key = reader.stageKey;
    const job = stage.dependency === undefined ? this.#jobs.get(set.spec.jobId) : undefined;
    const nowMs = this.#now();
    let ranMs = 0;
    let ran = 0;
    while (reader.next()) {
      const { taskId, kind } = reader;
      if (kind === GIVEN_BACK) {
        this.core.givenBack(key, taskId);
        continue;
      }
      ranMs += reader.runMs;
      ran++;
      if (kind === ENDED_NUMBER) {
        const position = this.core.succeeded(key, taskId, undefined, nowMs);
        if (position >= 0 && job !== undefined) this.#answer(job, position, reader.value, 0);
      } else if (kind === ENDED_BYTES) this.#takeBody(slot, key, taskId, decodeTaskEnd(reader.body!), stage, job, nowMs);
      else if (kind === ENDED_ERROR) this.core.failed(key, taskId, decodeTaskError(reader.body!), whereIs(slot), nowMs);
      else {
        const position = this.core.succeeded(key, taskId, undefined, nowMs);
        if (position >= 0 && job !== undefined) this.#answer(job, position, undefined, 0);
      }
    }
    if (ran > 0) set.observe(ranMs / ran);
  }

  #takeBody(
    slot: SlotLink,
    key: number,
    taskId: number,
    body: TaskEndBody,
    stage: Stage,
    job: RunningJob | undefined,
    nowMs: number,
  ): void {
    const output =
      body.s === undefined || stage.dependency === undefined
        ? undefined
        : { ...body.s, executorId: slot.executorId, host: slot.host, blockAddress: this.#ports.blockAddress(slot.executorId) };
    for (const [rddId, partition, bytes] of body.c ?? []) this.#cached.note(slot.id, rddId, partition, bytes >= 0);
    const position = this.core.succeeded(key, taskId, output, nowMs);
    if (position < 0) return;
    if (body.a !== undefined) this.#ports.accumulate(body.a);
    if (job !== undefined) this.#answer(job, position, body.r, body.r instanceof Uint8Array ? body.r.length : 0);
  }

  #answer(job: RunningJob, position: number, result: JobResult, bytes: number): void {
    job.resultTasks++;
    job.resultBytes += bytes;
    if (this.maxResultBytes > 0 && job.resultBytes > this.maxResultBytes) {
      this.core.failJob(
        job.jobId,
        new AppError('RESULT_TOO_LARGE', { bytes: job.resultBytes, limitBytes: this.maxResultBytes, tasks: job.resultTasks }),
        this.#now(),
      );
      return;
    }
    try {
      job.onResult(position, result);
    } catch (error) {
      this.#jobs.delete(job.jobId);
      job.reject(error);
      this.core.cancelJob(job.jobId, 'because its answer could not be taken', this.#now());
    }
  }

  // ---- effects

  #settle(): void {
    if (this.#settling) return; // an effect's own consequences are taken by the loop below
    this.#settling = true;
    let prepared = false;
    try {
      for (let effects = this.core.drain(); effects.length > 0; effects = this.core.drain()) {
        for (const effect of effects) prepared = this.#carryOut(effect) || prepared;
      }
    } finally {
      this.#settling = false;
    }
    if (prepared) this.#offerAll();
  }

  /** @returns whether slots are to be offered anew */
  #carryOut(effect: DagEffect): boolean {
    switch (effect.tag) {
      case 'prepareTaskSet':
        return this.#prepare(effect.key, effect.stage, effect.attempt);
      case 'endTaskSet':
        this.#prepared.delete(effect.key);
        for (const [, slot] of this.#slots) slot.drop(effect.key);
        return true; // a slot that ran its tasks may have room for another set's
      case 'killTask': {
        const slot = this.#slots.get(effect.slot);
        if (slot !== undefined) this.#ports.kill(slot, effect.taskId, effect.key, effect.reason);
        return false;
      }
      case 'jobEnded': {
        const job = this.#jobs.get(effect.jobId);
        this.#jobs.delete(effect.jobId);
        if (effect.error === undefined) job?.resolve();
        else job?.reject(effect.error);
        return false;
      }
      case 'resubmitAfter':
        this.#ports.timers.after(effect.afterMs, () => {
          this.core.resubmit(effect.stageId, this.#now());
          this.#settle();
        });
        return false;
      case 'log':
        this.#ports.log.named(effect.name)[effect.level](effect.text);
        return false;
      default:
        return effect satisfies never;
    }
  }

  #prepare(key: number, stage: Stage, attempt: number): boolean {
    const set = this.core.tasks.set(key);
    if (set === undefined) return false; // its job ended in the same turn
    try {
      const prepared = this.#ports.prepare(stage, attempt, this.#jobs.get(set.spec.jobId)?.action, this.core.outputs);
      this.#prepared.set(key, prepared);
      if (prepared.cachedRdds.length > 0) set.prefer((partition) => this.#cached.slotOf(prepared.cachedRdds, partition));
      this.#ports.log.named('TaskSchedulerImpl').info(`Adding task set ${set.name} with ${set.size} tasks resource profile 0`);
      this.core.ready(key);
    } catch (error) {
      this.core.refused(key, error as AppError, this.#now());
    }
    return true;
  }

  // ---- launches

  #offer(slot: SlotLink): boolean {
    const nowMs = this.#now();
    let launched = false;
    for (let taken = this.core.tasks.take(slot.id, nowMs); taken !== undefined; taken = this.core.tasks.take(slot.id, nowMs)) {
      this.#launch(slot, taken.set, taken.count);
      launched = true;
    }
    return launched;
  }

  /** One frame per slot and round, so that the first slot does not take what all could share. */
  #offerAll(): void {
    const nowMs = this.#now();
    for (let more = true; more; ) {
      more = false;
      for (const [, slot] of this.#slots) {
        const taken = this.core.tasks.take(slot.id, nowMs);
        if (taken === undefined) continue;
        this.#launch(slot, taken.set, taken.count);
        more = true;
      }
    }
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const wakeMs = this.core.tasks.localityWakeMs(nowMs);
    if (wakeMs !== undefined && this.#slots.size > 0) this.#cancelWake = this.#ports.timers.after(wakeMs + 1, () => this.#offerAll());
  }

  #launch(slot: SlotLink, set: TaskSet, count: number): void {
    const prepared = this.#prepared.get(set.spec.key)!;
    const writer = new LaunchWriter(set.spec.key, count);
    const { taken } = this.core.tasks;
    for (let i = 0; i < count; i++) {
      const index = taken[i]!;
      const partition = set.spec.partitions[index]!;
      writer.add(set.taskIdOf[index]!, partition, set.attempts[index]! - 1, prepared.payload(partition));
    }
    slot.launch(set.spec.key, prepared.install, writer.finish());
  }

  #now(): number {
    return this.#ports.clock.nowMs();
  }
}

/** `host1 executor 3`, as in Spark's messages. */
const whereIs = (slot: SlotLink): string => `${slot.host} executor ${slot.executorId}`;
