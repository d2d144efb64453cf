// Jobs → stages cut at shuffles → task sets; lost shuffle data → only the lost map outputs again. Event in, effects out: methods change
// the state and note effects, the service carries them out (service/driver-loop.ts). Time comes in as nowMs. Slots and launches are
// task-scheduler.ts. Source: Spark's DAGScheduler.
import { AppError, sentence } from '../../../common/errors.ts';
import { invariant } from '../../../common/invariant.ts';
import { step } from '../../../common/machine.ts';
import type { ShuffleDependency } from '../../plan/lineage.ts';
import type { MapOutput } from '../../plan/stage-install.ts';
import { MapOutputTracker } from './map-output-tracker.ts';
import { type DagEffect, isMap, type Job, type JobSpec, listOf, rddName, type Stage, shufflesOf, stageName } from './stage.ts';
import { type StageEvent, stageTable } from './stage-machine.ts';
import { causeOf, type TaskError, told } from './task-error.ts';
import { TaskScheduler } from './task-scheduler.ts';
import { TaskSet } from './task-set.ts';

export type DagSettings = { readonly taskMaxFailures: number; readonly stageMaxAttempts: number; readonly localityWaitMs: number };

/** So long, further lost blocks of the same shuffle are gathered before its map tasks run again, ms. Spark: 200. */
const RESUBMIT_AFTER_MS = 50;

export class DagScheduler {
  readonly tasks: TaskScheduler;
  readonly outputs = new MapOutputTracker();
  readonly jobs = new Map<number, Job>();
  readonly #settings: DagSettings;
  readonly #stages = new Map<number, Stage>();
  readonly #mapStages = new Map<number, Stage>();
  readonly #stageOfSet = new Map<number, Stage>();
  #nextStageId = 0;
  #nextKey = 1;
  #effects: DagEffect[] = [];

  constructor(settings: DagSettings) {
    this.#settings = settings;
    this.tasks = new TaskScheduler(settings.localityWaitMs);
  }

  /** What is to be done since the last call, in order. */
  drain(): DagEffect[] {
    if (this.#effects.length === 0) return NO_EFFECTS;
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  submitJob(spec: JobSpec, nowMs: number): void {
    this.#log('info', `Got job ${spec.jobId} (${spec.callSite}) with ${spec.partitions.length} output partitions`);
    const parents = this.#parentStages(shufflesOf(spec.root), spec.jobId);
    const finalStage = this.#newStage({ rdd: spec.root, dependency: undefined, parents, partitions: spec.partitions, jobId: spec.jobId });
    const job: Job = { ...spec, finalStage, stages: new Set(), submittedAtMs: nowMs };
    this.jobs.set(spec.jobId, job);
    this.#join(finalStage, job);
    this.#log('info', `Final stage: ${stageName(finalStage)}`);
    this.#log('info', `Parents of final stage: ${listOf(parents)}`);
    this.#log('info', `Missing parents: ${listOf(parents.filter(({ state }) => state.tag !== 'DONE'))}`);
    if (spec.partitions.length === 0) {
      this.#move(finalStage, { tag: 'completed' });
      this.#endJob(job, undefined, nowMs);
      return;
    }
    this.#submit(finalStage, nowMs, new Set());
  }

  /** The service has captured the stage: its tasks may go. */
  ready(key: number): void {
    const set = this.tasks.set(key);
    if (set !== undefined) set.ready = true;
  }

  /** The stage can't be made into tasks (a value that can't travel): its jobs fail with that error. */
  refused(key: number, error: AppError, nowMs: number): void {
    const stage = this.#stageOfSet.get(key);
    if (stage !== undefined) this.#abort(stage, error, nowMs);
  }

  stageOf(key: number): Stage | undefined {
    return this.#stageOfSet.get(key);
  }

  /**
   * @param output for map tasks: where it lies
   * @returns the position of the task's partition in its stage when this answer counts; -1 when it is late or a repetition
   */
  succeeded(key: number, taskId: number, output: MapOutput | undefined, nowMs: number): number {
    const set = this.tasks.set(key);
    const stage = this.#stageOfSet.get(key);
    const index = set?.runningIndex(taskId) ?? -1;
    if (set === undefined || stage === undefined || index < 0) return -1;
    set.finish(index);
    const position = set.spec.positions[index]!;
    const counts = stage.done[position] === 0;
    if (counts) this.#partitionDone(stage, position, output);
    if (stage.doneCount === stage.partitions.length) this.#stageCompleted(stage, nowMs);
    else if (set.zombie) this.#shareWithOthers(stage, set, position, nowMs);
    else if (set.doneCount === set.size) this.#setExhausted(stage, set, nowMs);
    return counts ? position : -1;
  }

  /** A batch came back unbegun after a long task: not a failure. */
  givenBack(key: number, taskId: number): void {
    const set = this.tasks.set(key);
    const index = set?.runningIndex(taskId) ?? -1;
    if (set !== undefined && index >= 0) set.giveBack(index);
  }

  /** @param where `host executor 1`: for the message */
  failed(key: number, taskId: number, error: TaskError, where: string, nowMs: number): void {
    const set = this.tasks.set(key);
    const stage = this.#stageOfSet.get(key);
    const index = set?.runningIndex(taskId) ?? -1;
    if (set === undefined || stage === undefined || index < 0) return;
    if (error.code === 'FETCH_FAILED') {
      this.#fetchFailed(stage, set, index, error, where, nowMs);
      return;
    }
    const text = `Lost task ${index}.${set.attempts[index]! - 1} in stage ${set.name} (TID ${taskId}) (${where}): ${told(error)}`;
    set.again(index);
    if (set.zombie || stage.done[set.spec.positions[index]!] === 1) return;
    this.#effects.push({ tag: 'log', level: 'warn', name: 'TaskSetManager', text });
    if (error.code === 'TASK_KILLED') return; // by us, for another reason than its failing
    set.failures[index]!++;
    if (set.failures[index]! < this.#settings.taskMaxFailures) return;
    this.#effects.push({
      tag: 'log',
      level: 'error',
      name: 'TaskSetManager',
      text: `Task ${index} in stage ${set.name} failed ${set.failures[index]} times; aborting job`,
    });
    const reason = `Task ${index} in stage ${set.name} failed ${set.failures[index]} times, most recent failure: ${text}\n\nDriver stacktrace:`;
    this.#abort(stage, new AppError('JOB_ABORTED', { reason }, { cause: causeOf(error) }), nowMs);
  }

  /**
   * A slot is gone: its worker or its executor ended. A worker in its place is a new slot.
   * @param blame the oldest task in flight there is held to have caused it; false when nothing that a task does can be the reason
   * @param runningTaskId the task that ran, where it is known
   */
  slotLost(slot: number, error: TaskError, where: string, blame: boolean, nowMs: number, runningTaskId?: number): void {
    let blamed = !blame;
    const inFlight = this.tasks.loseSlot(slot).map(({ set, index }) => ({ set, index, taskId: set.taskIdOf[index]! }));
    if (runningTaskId !== undefined) inFlight.sort((a, b) => Number(b.taskId === runningTaskId) - Number(a.taskId === runningTaskId));
    for (const { set, index, taskId } of inFlight) {
      if (set.runningIndex(taskId) < 0) continue; // its job was aborted by an earlier one of this loop
      if (blamed) set.again(index);
      else this.failed(set.spec.key, taskId, error, where, nowMs);
      blamed = true;
    }
  }

  /** Map outputs that nobody can serve any more. */
  outputsLost(gone: (output: MapOutput) => boolean, nowMs: number): void {
    for (const shuffleId of this.outputs.lostWhere(gone)) {
      const stage = this.#mapStages.get(shuffleId);
      if (stage !== undefined) this.#syncWithOutputs(stage);
    }
    this.#submitWaiting(nowMs);
  }

  /** The timer of resubmitAfter. */
  resubmit(stageId: number, nowMs: number): void {
    const stage = this.#stages.get(stageId);
    if (stage === undefined || stage.state.tag !== 'RESUBMITTING') return;
    this.#log('info', `Resubmitting ${stageName(stage)} because shuffle data was lost`);
    this.#move(stage, { tag: 'resubmitted' });
    this.#submit(stage, nowMs, new Set());
  }

  cancelJob(jobId: number, reason: string, nowMs: number): void {
    this.failJob(jobId, new AppError('JOB_CANCELLED', { jobId, reason }), nowMs);
  }

  /** The application can't go on (too many lost executors), or an answer could not be taken: these jobs fail with this error. */
  failJob(jobId: number, error: AppError, nowMs: number): void {
    const job = this.jobs.get(jobId);
    if (job !== undefined) this.#endJob(job, error, nowMs);
  }

  // ---- making stages

  /** Stages of the shuffles, made once each, deepest first. No recursion: the lineage of a loop is thousands of shuffles deep. */
  #parentStages(dependencies: readonly ShuffleDependency[], jobId: number): Stage[] {
    const open = dependencies.toReversed();
    for (let dependency = open.at(-1); dependency !== undefined; dependency = open.at(-1)) {
      const before = this.#mapStages.has(dependency.shuffleId) ? [] : shufflesOf(dependency.parent);
      const missing = before.filter(({ shuffleId }) => !this.#mapStages.has(shuffleId));
      open.push(...missing.reverse());
      if (missing.length > 0) continue;
      open.pop();
      if (!this.#mapStages.has(dependency.shuffleId)) this.#newMapStage(dependency, before, jobId);
    }
    return dependencies.map(({ shuffleId }) => this.#mapStages.get(shuffleId)!);
  }

  #newMapStage(dependency: ShuffleDependency, before: readonly ShuffleDependency[], jobId: number): void {
    const partitions = Array.from({ length: dependency.parent.partitions }, (_, p) => p);
    this.outputs.registerShuffle(dependency.shuffleId, partitions.length);
    const parents = before.map(({ shuffleId }) => this.#mapStages.get(shuffleId)!);
    const stage = this.#newStage({ rdd: dependency.parent, dependency, parents, partitions, jobId });
    this.#mapStages.set(dependency.shuffleId, stage);
    this.#syncWithOutputs(stage); // one whose outputs are all there is skipped: an earlier job made them
  }

  #newStage(of: {
    rdd: Stage['rdd'];
    dependency: ShuffleDependency | undefined;
    parents: Stage[];
    partitions: readonly number[];
    jobId: number;
  }): Stage {
    const stage: Stage = {
      id: this.#nextStageId++,
      rdd: of.rdd,
      dependency: of.dependency,
      firstJobId: of.jobId,
      parents: of.parents,
      children: new Set(),
      jobs: new Set(),
      partitions: of.partitions,
      done: new Uint8Array(of.partitions.length),
      doneCount: 0,
      state: { tag: 'WAITING' },
      nextAttempt: 0,
      fetchFailures: 0,
      submittedAtMs: 0,
    };
    this.#stages.set(stage.id, stage);
    for (const parent of of.parents) parent.children.add(stage);
    return stage;
  }

  #join(stage: Stage, job: Job): void {
    const open = [stage];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (job.stages.has(next)) continue;
      job.stages.add(next);
      next.jobs.add(job.jobId);
      open.push(...next.parents);
    }
  }

  // ---- submitting

  /** @param seen stages of this walk: a parent may be reached on exponentially many ways */
  #submit(stage: Stage, nowMs: number, seen: Set<Stage>): void {
    const open = [stage];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next.state.tag !== 'WAITING' || seen.has(next)) continue;
      seen.add(next);
      const missing = next.parents.filter((parent) => parent.state.tag !== 'DONE');
      if (missing.length === 0) this.#submitTasks(next, nowMs);
      else open.push(...missing.reverse());
    }
  }

  #submitTasks(stage: Stage, nowMs: number): void {
    const positions: number[] = [];
    for (let i = 0; i < stage.done.length; i++) if (stage.done[i] === 0) positions.push(i);
    if (positions.length === 0) {
      this.#stageCompleted(stage, nowMs);
      return;
    }
    const key = this.#nextKey++;
    const attempt = stage.nextAttempt++;
    this.#move(stage, { tag: 'submitted', key, attempt });
    stage.submittedAtMs = nowMs;
    const partitions = positions.map((p) => stage.partitions[p]!);
    const jobId = Math.min(...stage.jobs);
    const set = new TaskSet({
      key,
      stageId: stage.id,
      stageAttempt: attempt,
      jobId,
      positions,
      partitions,
      baseTaskId: this.tasks.reserveTaskIds(positions.length),
    });
    set.lastLocalMs = nowMs;
    this.tasks.add(set);
    this.#stageOfSet.set(key, stage);
    this.#log(
      'info',
      `Submitting ${isMap(stage) ? 'ShuffleMapStage' : 'ResultStage'} ${stage.id} (${rddName(stage.rdd)}), which has no missing parents`,
    );
    this.#log(
      'info',
      `Submitting ${set.size} missing tasks from ${stageName(stage)} (first 15 tasks are for partitions Vector(${partitions.slice(0, 15).join(', ')}))`,
    );
    this.#effects.push({ tag: 'prepareTaskSet', key, stage, attempt });
  }

  #submitWaiting(nowMs: number): void {
    const seen = new Set<Stage>();
    for (const [, job] of this.jobs) this.#submit(job.finalStage, nowMs, seen);
  }

  // ---- progress

  #partitionDone(stage: Stage, position: number, output: MapOutput | undefined): void {
    stage.done[position] = 1;
    stage.doneCount++;
    if (stage.dependency === undefined) return;
    invariant(output, `a map task of stage ${stage.id} ended without its output`);
    this.outputs.register(stage.dependency.shuffleId, output);
  }

  /** What an abandoned attempt still brought need not be made again by the attempt that followed it. */
  #shareWithOthers(stage: Stage, from: TaskSet, position: number, nowMs: number): void {
    for (const other of this.tasks.sets.filter((s) => s !== from && s.spec.stageId === stage.id)) {
      const index = other.spec.positions.indexOf(position);
      if (index >= 0) other.skip(index);
      if (other.doneCount === other.size) this.#setExhausted(stage, other, nowMs);
    }
    if (from.doneCount === from.size) this.#endSet(from, '');
  }

  #stageCompleted(stage: Stage, nowMs: number): void {
    if (stage.state.tag === 'DONE' || stage.state.tag === 'ABORTED') return;
    this.#log('info', `${stageName(stage)} finished in ${Math.round(nowMs - stage.submittedAtMs)} ms`);
    stage.fetchFailures = 0;
    this.#endSets(stage, 'Stage finished');
    this.#move(stage, { tag: 'completed' });
    if (isMap(stage)) {
      for (const child of [...stage.children]) this.#submit(child, nowMs, new Set());
      return;
    }
    for (const jobId of [...stage.jobs]) this.#endJob(this.jobs.get(jobId)!, undefined, nowMs);
  }

  /** All tasks of a set are done, but the stage is not: outputs were lost meanwhile, or other attempts hold the rest. */
  #setExhausted(stage: Stage, set: TaskSet, nowMs: number): void {
    this.#endSet(set, '');
    if (stage.state.tag !== 'RUNNING' || stage.state.key !== set.spec.key) return;
    this.#move(stage, { tag: 'incomplete' });
    this.#submit(stage, nowMs, new Set());
  }

  /** `done` of a map stage says what the tracker says. */
  #syncWithOutputs(stage: Stage): void {
    const { shuffleId } = stage.dependency!;
    stage.doneCount = 0;
    for (let p = 0; p < stage.done.length; p++) {
      stage.done[p] = this.outputs.has(shuffleId, p) ? 1 : 0;
      stage.doneCount += stage.done[p]!;
    }
    if (stage.doneCount === stage.done.length) {
      if (stage.state.tag === 'WAITING') this.#move(stage, { tag: 'completed' });
    } else this.#move(stage, { tag: 'outputsLost' });
  }

  // ---- trouble

  /**
   * The first report in a row costs one map output, the second all that its executor wrote for this stage, the third all that the stage reads:
   * one an attempt would use up the stage's attempts where a disk has failed. (Spark gives up the executor's outputs at once.)
   */
  #giveUpOutputs(stage: Stage, p: { shuffleId: number; mapIndex: number; executorId: string; epoch: number }): void {
    if (!this.outputs.lost(p.shuffleId, p.mapIndex, p.epoch)) return;
    const hit = new Set([p.shuffleId]);
    if (stage.fetchFailures > 0)
      for (const { shuffleId } of shufflesOf(stage.rdd))
        if (this.outputs.lostBeside(shuffleId, stage.fetchFailures === 1 ? p.executorId : undefined, p.epoch)) hit.add(shuffleId);
    for (const shuffleId of hit) {
      const mapStage = this.#mapStages.get(shuffleId);
      if (mapStage !== undefined) this.#syncWithOutputs(mapStage);
    }
  }

  #fetchFailed(stage: Stage, set: TaskSet, index: number, error: TaskError, where: string, nowMs: number): void {
    const p = error.params as { shuffleId: number; mapIndex: number; executorId: string; epoch: number };
    const text = `Lost task ${index}.${set.attempts[index]! - 1} in stage ${set.name} (TID ${set.taskIdOf[index]}) (${where}): ${sentence('FETCH_FAILED', error.params as never)}`;
    this.#effects.push({ tag: 'log', level: 'warn', name: 'TaskSetManager', text });
    set.again(index);
    const mapStage = this.#mapStages.get(p.shuffleId);
    this.#giveUpOutputs(stage, p);
    // A set that is a zombie already, or was given up, adds its finding and nothing more.
    if (set.zombie || stage.state.tag !== 'RUNNING' || stage.state.key !== set.spec.key) return;
    set.zombie = true;
    stage.fetchFailures++;
    this.#log(
      'info',
      `Marking ${stageName(stage)} as failed due to a fetch failure from ${mapStage === undefined ? `shuffle ${p.shuffleId}` : stageName(mapStage)}`,
    );
    if (stage.fetchFailures >= this.#settings.stageMaxAttempts) {
      const reason = `${stageName(stage)} has failed the maximum allowable number of times: ${this.#settings.stageMaxAttempts}. Most recent failure reason:\n${text}`;
      this.#abort(stage, new AppError('JOB_ABORTED', { reason }, { cause: causeOf(error) }), nowMs);
      return;
    }
    this.#move(stage, { tag: 'fetchFailed' });
    this.#effects.push({ tag: 'resubmitAfter', stageId: stage.id, afterMs: RESUBMIT_AFTER_MS });
  }

  #abort(stage: Stage, error: AppError, nowMs: number): void {
    this.#log('info', `Cancelling stage ${stage.id}`);
    this.#endSets(stage, 'Stage cancelled');
    this.#move(stage, { tag: 'aborted' });
    for (const jobId of [...stage.jobs]) this.#endJob(this.jobs.get(jobId)!, error, nowMs);
  }

  #endJob(job: Job, error: AppError | undefined, nowMs: number): void {
    const seconds = ((nowMs - job.submittedAtMs) / 1000).toFixed(6);
    this.#log('info', `Job ${job.jobId} ${error === undefined ? 'finished' : 'failed'}: ${job.callSite}, took ${seconds} s`);
    this.jobs.delete(job.jobId);
    for (const stage of job.stages) {
      stage.jobs.delete(job.jobId);
      if (stage.jobs.size > 0) continue;
      this.#endSets(
        stage,
        error === undefined ? 'Stage finished' : `Job ${job.jobId} ${error.code === 'JOB_CANCELLED' ? 'cancelled' : 'failed'}`,
      );
      this.#stages.delete(stage.id);
      for (const parent of stage.parents) parent.children.delete(stage);
      if (stage.dependency !== undefined) this.#mapStages.delete(stage.dependency.shuffleId);
    }
    this.#effects.push({ tag: 'jobEnded', jobId: job.jobId, error });
  }

  #endSets(stage: Stage, why: string): void {
    for (const set of this.tasks.sets.filter((s) => s.spec.stageId === stage.id)) this.#endSet(set, why);
  }

  #endSet(set: TaskSet, why: string): void {
    set.zombie = true;
    if (set.runningCount > 0) {
      for (let i = 0; i < set.size; i++)
        if (set.slotOf[i]! >= 0)
          this.#effects.push({ tag: 'killTask', slot: set.slotOf[i]!, taskId: set.taskIdOf[i]!, key: set.spec.key, reason: why });
    }
    this.tasks.remove(set.spec.key);
    this.#stageOfSet.delete(set.spec.key);
    this.#effects.push({ tag: 'endTaskSet', key: set.spec.key });
  }

  #move(stage: Stage, event: StageEvent): void {
    stage.state = step(stageTable, stage.state, event).next;
  }

  #log(level: 'info' | 'warn' | 'error', text: string): void {
    this.#effects.push({ tag: 'log', level, name: 'DAGScheduler', text });
  }
}

const NO_EFFECTS: DagEffect[] = [];
