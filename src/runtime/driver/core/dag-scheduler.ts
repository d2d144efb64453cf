// Jobs → stages cut at shuffles → task sets; lost shuffle data → only the lost map outputs again. Event in, effects out: methods change
// the state and note effects, the service carries them out (service/driver-loop.ts). Time comes in as nowMs. Slots and launches are
// task-scheduler.ts; stages are made in make-stages.ts and go on in stage-progress.ts. Source: Spark's DAGScheduler.
import { AppError } from '../../../common/errors.ts';
import type { MapOutput, MergedPartition } from '../../plan/stage-install.ts';
import { type DagSettings, DagState } from './dag-state.ts';
import { barrierFailed } from './barrier.ts';
import { abortStage, endJob } from './end-jobs.ts';
import { noteFailure, noteSuccess, reviewExclusions } from './exclusion.ts';
import { fetchFailed } from './fetch-failures.ts';
import { joinStages, newStage, parentStages, syncWithOutputs } from './make-stages.ts';
import type { MapOutputTracker } from './map-output-tracker.ts';
import { mergeFinalized, mergersOf } from './merge-endings.ts';
import type { ShuffleMerges } from './shuffle-merges.ts';
import { ANOTHER_SUCCEEDED, type DagEffect, type Job, type JobSpec, listOf, type Stage, shufflesOf, stageName } from './stage.ts';
import { partitionDone, setExhausted, shareWithOthers, stageCompleted, submitStage, submitWaiting } from './stage-progress.ts';
import { causeOf, type TaskError, told } from './task-error.ts';
import type { TaskScheduler } from './task-scheduler.ts';

export type { DagSettings } from './dag-state.ts';

export class DagScheduler {
  readonly tasks: TaskScheduler;
  readonly outputs: MapOutputTracker;
  readonly settings: DagSettings;
  readonly jobs: ReadonlyMap<number, Job>;
  readonly #dag: DagState;

  constructor(settings: DagSettings) {
    this.#dag = new DagState(settings);
    this.tasks = this.#dag.tasks;
    this.settings = settings;
    this.outputs = this.#dag.outputs;
    this.jobs = this.#dag.jobs;
  }

  /** What is to be done since the last call, in order. */
  drain(): DagEffect[] {
    if (this.#dag.effects.length === 0) return NO_EFFECTS;
    const effects = this.#dag.effects;
    this.#dag.effects = [];
    return effects;
  }

  submitJob(spec: JobSpec, nowMs: number): void {
    this.#dag.log('info', `Got job ${spec.jobId} (${spec.callSite}) with ${spec.partitions.length} output partitions`);
    const parents = parentStages(this.#dag, shufflesOf(spec.root), spec.jobId);
    const finalStage = newStage(this.#dag, {
      rdd: spec.root,
      dependency: undefined,
      parents,
      partitions: spec.partitions,
      jobId: spec.jobId,
    });
    const job: Job = { ...spec, finalStage, stages: new Set(), submittedAtMs: nowMs };
    this.#dag.jobs.set(spec.jobId, job);
    joinStages(this.#dag, finalStage, job);
    this.#dag.effects.push({ tag: 'jobStarted', job });
    this.#dag.log('info', `Final stage: ${stageName(finalStage)}`);
    this.#dag.log('info', `Parents of final stage: ${listOf(parents)}`);
    this.#dag.log('info', `Missing parents: ${listOf(parents.filter(({ state }) => state.tag !== 'DONE'))}`);
    if (spec.partitions.length === 0) {
      this.#dag.move(finalStage, { tag: 'completed' });
      endJob(this.#dag, job, undefined, nowMs);
      return;
    }
    submitStage(this.#dag, finalStage, nowMs, new Set());
  }

  /** The service has captured the stage: its tasks may go. */
  ready(key: number): void {
    const set = this.tasks.set(key);
    if (set !== undefined) set.ready = true;
  }

  /** The stage can't be made into tasks (a value that can't travel): its jobs fail with that error. */
  refused(key: number, error: AppError, nowMs: number): void {
    const stage = this.#dag.stageOfSet.get(key);
    if (stage !== undefined) abortStage(this.#dag, stage, error, nowMs);
  }

  stageOf(key: number): Stage | undefined {
    return this.#dag.stageOfSet.get(key);
  }

  /**
   * @param output for map tasks: where it lies
   * @returns the position of the task's partition in its stage when this answer counts; -1 when it is late or a repetition
   */
  succeeded(key: number, taskId: number, output: MapOutput | undefined, nowMs: number): number {
    const set = this.tasks.set(key);
    const stage = this.#dag.stageOfSet.get(key);
    const index = set?.runningIndex(taskId) ?? -1;
    if (set === undefined || stage === undefined || index < 0) return -1;
    const other = set.finish(index, taskId, nowMs);
    if (other !== undefined) this.#dag.effects.push({ tag: 'killTask', ...other, key: 0, reason: ANOTHER_SUCCEEDED });
    const position = set.spec.positions[index]!;
    if (set.doneCount === set.size) noteSuccess(this.#dag, set, nowMs);
    const counts = stage.done[position] === 0;
    if (counts) partitionDone(this.#dag, stage, position, output);
    if (stage.doneCount === stage.partitions.length) stageCompleted(this.#dag, stage, nowMs);
    else if (set.zombie) shareWithOthers(this.#dag, stage, set, position, nowMs);
    else if (set.doneCount === set.size) setExhausted(this.#dag, stage, set, nowMs);
    return counts ? position : -1;
  }

  /** A batch came back unbegun after a long task: not a failure. */
  givenBack(key: number, taskId: number, nowMs = 0): void {
    const set = this.tasks.set(key);
    const index = set?.runningIndex(taskId) ?? -1;
    if (set === undefined || index < 0) return;
    if (set.spec.barrier !== true) set.giveBack(index, taskId);
    else this.failed(key, taskId, { code: 'TASK_KILLED', params: { reason: 'it did not begin' } }, '', nowMs);
  }

  /** @param where `host executor 1`: for the message */
  failed(key: number, taskId: number, error: TaskError, where: string, nowMs: number): void {
    const set = this.tasks.set(key);
    const stage = this.#dag.stageOfSet.get(key);
    const index = set?.runningIndex(taskId) ?? -1;
    if (set === undefined || stage === undefined || index < 0) return;
    if (error.code === 'FETCH_FAILED') {
      fetchFailed(this.#dag, stage, set, { index, taskId }, error, where, nowMs);
      return;
    }
    const text = `Lost task ${index}.${set.attemptNumber(index, taskId)} in stage ${set.name} (TID ${taskId}) (${where}): ${told(error)}`;
    const at = this.tasks.place(set.slotOfAttempt(index, taskId));
    set.again(index, taskId);
    if (set.zombie || stage.done[set.spec.positions[index]!] === 1) return;
    this.#dag.effects.push({ tag: 'log', level: 'warn', name: 'TaskSetManager', text });
    if (error.code === 'TASK_KILLED') {
      // By us, for another reason than its failing.
      if (stage.barrier) barrierFailed(this.#dag, stage, set, error, text, nowMs);
      return;
    }
    set.failures[index]!++;
    noteFailure(this.#dag, set, index, at, text, nowMs);
    if (set.failures[index]! < this.#dag.settings.taskMaxFailures) {
      if (stage.barrier) barrierFailed(this.#dag, stage, set, error, text, nowMs);
      return;
    }
    this.#dag.effects.push({
      tag: 'log',
      level: 'error',
      name: 'TaskSetManager',
      text: `Task ${index} in stage ${set.name} failed ${set.failures[index]} times; aborting job`,
    });
    const reason = `Task ${index} in stage ${set.name} failed ${set.failures[index]} times, most recent failure: ${text}\n\nDriver stacktrace:`;
    abortStage(this.#dag, stage, new AppError('JOB_ABORTED', { reason }, { cause: causeOf(error) }), nowMs);
  }

  /**
   * A slot is gone: its worker or its executor ended. A worker in its place is a new slot.
   * @param blame the oldest task in flight there is held to have caused it; false when nothing that a task does can be the reason
   * @param runningTaskId the task that ran, where it is known
   */
  slotLost(slot: number, error: TaskError, where: string, blame: boolean, nowMs: number, runningTaskId?: number): void {
    let blamed = !blame;
    const inFlight = this.tasks.loseSlot(slot);
    if (runningTaskId !== undefined) inFlight.sort((a, b) => Number(b.taskId === runningTaskId) - Number(a.taskId === runningTaskId));
    for (const { set, index, taskId } of inFlight) {
      if (set.runningIndex(taskId) < 0) continue; // its job was aborted by an earlier one of this loop
      if (blamed && set.spec.barrier !== true) set.again(index, taskId);
      else this.failed(set.spec.key, taskId, error, where, nowMs);
      blamed = true;
    }
    this.tasks.forgetSlot(slot);
    if (this.#dag.settings.exclusion !== undefined) this.#dag.effects.push({ tag: 'reviewAfter', afterMs: 0 });
  }

  /** The timer of reviewAfter: exclusions end, and sets that no executor may run. */
  review(nowMs: number): void {
    reviewExclusions(this.#dag, nowMs);
  }

  /** To be called at an interval when speculation is on. @returns whether copies wait for slots that did not before */
  speculate(nowMs: number): boolean {
    const found = this.tasks.findSlow(nowMs);
    for (const { set, indexes, thresholdMs } of found)
      for (const index of indexes) {
        const text = `Marking task ${index} in stage ${set.name} as speculatable because it ran more than ${Math.round(thresholdMs)} ms`;
        this.#dag.effects.push(
          {
            tag: 'log',
            level: 'info',
            name: 'TaskSetManager',
            text: `${text} (${set.speculativePending} speculatable tasks in this taskset now)`,
          },
          { tag: 'speculativeTask', set, index },
        );
      }
    return found.length > 0;
  }

  /** Ends one attempt of a task: killed, not failed. @returns false when no such attempt runs */
  killAttempt(taskId: number, reason: string): boolean {
    for (const set of this.tasks.sets) {
      const index = set.runningIndex(taskId);
      if (index < 0) continue;
      const slot = set.taskIdOf[index] === taskId ? set.slotOf[index]! : set.copies.get(index)!.slot;
      this.#dag.effects.push({ tag: 'killTask', slot, taskId, key: 0, reason });
      return true;
    }
    return false;
  }

  /** Map outputs that nobody can serve any more. */
  outputsLost(gone: (output: MapOutput) => boolean, nowMs: number): void {
    for (const shuffleId of this.outputs.lostWhere(gone)) {
      const stage = this.#dag.mapStages.get(shuffleId);
      if (stage !== undefined) syncWithOutputs(this.#dag, stage);
    }
    submitWaiting(this.#dag, nowMs);
  }

  /** The timer of resubmitAfter. */
  resubmit(stageId: number, nowMs: number): void {
    const stage = this.#dag.stages.get(stageId);
    if (stage === undefined || stage.state.tag !== 'RESUBMITTING') return;
    this.#dag.log('info', `Resubmitting ${stageName(stage)} because ${stage.barrier ? 'a barrier task failed' : 'shuffle data was lost'}`);
    this.#dag.move(stage, { tag: 'resubmitted' });
    submitStage(this.#dag, stage, nowMs, new Set());
  }

  /** undefined: push-based shuffle is off. */
  get merges(): ShuffleMerges | undefined {
    return this.#dag.merges;
  }

  /** @returns services to push the shuffle's blocks to */
  mergersOf(shuffleId: number): readonly string[] {
    return mergersOf(this.#dag, shuffleId);
  }

  mapPushed(shuffleId: number, mapIndex: number): void {
    this.#dag.merges?.pushed(shuffleId, mapIndex, this.#dag.effects);
  }

  /** The timer of mergeTimer. */
  mergeTimeUp(shuffleId: number): void {
    this.#dag.merges?.timeUp(shuffleId, this.#dag.effects);
  }

  /** The answer to finalizeMerge. */
  mergeFinalized(shuffleId: number, merged: readonly MergedPartition[], nowMs: number): void {
    mergeFinalized(this.#dag, shuffleId, merged, nowMs);
  }

  /** Nobody can read the shuffle any more. @returns its outputs; undefined: it has none, or a stage of a running job is about it */
  forgetShuffle(shuffleId: number): MapOutput[] | undefined {
    return this.#dag.mapStages.has(shuffleId) ? undefined : this.outputs.unregister(shuffleId);
  }

  cancelJob(jobId: number, reason: string, nowMs: number): void {
    this.failJob(jobId, new AppError('JOB_CANCELLED', { jobId, reason }), nowMs);
  }

  /** Ends every job that needs the stage. @param reason undefined: Spark's own words @returns false when no running job does */
  cancelStage(stageId: number, reason: string | undefined, nowMs: number): boolean {
    const jobs = [...(this.#dag.stages.get(stageId)?.jobs ?? [])];
    for (const jobId of jobs)
      this.cancelJob(jobId, reason === undefined ? `because Stage ${stageId} was cancelled` : `because ${reason}`, nowMs);
    if (jobs.length === 0) this.#dag.log('info', `No active jobs to kill for Stage ${stageId}`);
    return jobs.length > 0;
  }

  /** The application can't go on (too many lost executors), or an answer could not be taken: these jobs fail with this error. */
  failJob(jobId: number, error: AppError, nowMs: number): void {
    const job = this.jobs.get(jobId);
    if (job !== undefined) endJob(this.#dag, job, error, nowMs);
  }
}

const NO_EFFECTS: DagEffect[] = [];
