// What the scheduler does, told as events of the bus: jobs, stages, tasks. Effects of the core and frames of the slots come in. Many small
// tasks wait in a slot behind each other: one has started when it is the first there, and those that come back unbegun never started.
// With no listener nothing is made. The bus is listener-bus.ts; the program's start and executors are application-events.ts.
import type { Timers } from '../../../common/ports.ts';
import type { AccumulableInfo, Pairs, RareEvent, StageInfo, TaskEndReason, TaskInfo } from '../../../status/events.ts';
import type { TaskMetrics } from '../../../status/task-metrics.ts';
import { ANOTHER_SUCCEEDED, type DagEffect, type Job, type JobSpec, type Stage } from '../core/stage.ts';
import type { TaskError } from '../core/task-error.ts';
import type { TaskSet } from '../core/task-set.ts';
import type { ListenerBus } from './listener-bus.ts';
import type { SlotLink } from './slot-link.ts';
import { SQL } from './named-accumulators.ts';
import { type Batch, type Launched, SlotQueue } from './slot-queue.ts';
import { stageInfo } from './stage-info.ts';
import { lossOf, reasonOf } from './task-reasons.ts';

/** spark.* properties of a job, as listeners and pages know them. */
export const jobProperties = (job: JobSpec): Pairs => [...job.properties, ['callSite.short', job.callSite]];

type OpenStage = { info: StageInfo; readonly accumulables: Map<number, AccumulableInfo> };
type SlotPlace = Pick<SlotLink, 'id' | 'executorId' | 'host'>;

export class JobEvents {
  readonly #bus: ListenerBus;
  readonly #nowMs: () => number;
  readonly #timers: Timers;
  readonly #hostOf: (executorId: string) => string;
  readonly #slots = new Map<number, SlotQueue>();
  /** Stage attempts under way, by stage. */
  readonly #open = new Map<number, OpenStage>();
  readonly #jobs = new Map<number, Job>();
  /** Why single attempts were killed, until they say that they have ended: they do not know it themselves. */
  readonly #killed = new Map<number, string>();
  /** Tasks that have run and whose results are still to be fetched; they have left their slots. */
  readonly #getting = new Map<number, { readonly batch: Batch; readonly info: TaskInfo; readonly atMs: number }>();

  constructor(bus: ListenerBus, nowMs: () => number, timers: Timers, hostOf: (executorId: string) => string) {
    this.#bus = bus;
    this.#timers = timers;
    this.#nowMs = nowMs;
    this.#hostOf = hostOf;
  }

  get active(): boolean {
    return this.#bus.active;
  }

  // ---- from the core's effects

  onEffect(effect: DagEffect): void {
    if (!this.#bus.active) return;
    if (effect.tag === 'jobStarted') this.#jobStarted(effect.job);
    else if (effect.tag === 'jobEnded') {
      const { jobId, error, atMs } = effect;
      this.#jobs.delete(jobId);
      const exception = error === undefined ? undefined : { message: error.message, stack: error.stack ?? '' };
      this.#bus.post({ tag: 'jobEnd', jobId, atMs, error: exception });
    } else if (effect.tag === 'stageSubmitted') this.#stageSubmitted(effect.stage, effect.attempt, effect.tasks, effect.atMs);
    else if (effect.tag === 'stageEnded') this.#stageEnded(effect.stage, effect.failure, effect.atMs);
    else if (effect.tag === 'killTask' && effect.key === 0) this.#killed.set(effect.taskId, effect.reason);
    else if (effect.tag === 'exclusion') this.#bus.post(exclusionEvent(effect));
    else if (effect.tag === 'speculativeTask') {
      const { index, set } = effect;
      const { stageId, stageAttempt: attemptId, partitions } = set.spec;
      this.#bus.post({ tag: 'speculativeTaskSubmitted', stageId, attemptId, index, partition: partitions[index]! });
    } else if (effect.tag === 'endTaskSet') this.#setEnded(effect.key, effect.why);
  }

  #jobStarted(job: Job): void {
    this.#jobs.set(job.jobId, job);
    const stages = [...job.stages]
      .sort((a, b) => a.id - b.id)
      .map((stage) => stageInfo(stage, job, latestAttempt(stage), stage.partitions.length));
    this.#bus.post({ tag: 'jobStart', jobId: job.jobId, atMs: job.submittedAtMs, stages, properties: jobProperties(job) });
  }

  #stageSubmitted(stage: Stage, attempt: number, tasks: number, atMs: number): void {
    const job = this.#jobs.get(stage.firstJobId) ?? this.#jobs.get(Math.min(...stage.jobs));
    const info = { ...stageInfo(stage, job, attempt, tasks), submittedAtMs: atMs };
    this.#open.set(stage.id, { info, accumulables: new Map() });
    this.#bus.post({ tag: 'stageSubmitted', stage: info, properties: job === undefined ? [] : jobProperties(job) });
  }

  /** A stage that lost shuffle data has ended already when its last partition comes from a task that was under way. */
  #stageEnded(stage: Stage, failure: string | undefined, atMs: number): void {
    const open = this.#open.get(stage.id);
    if (open === undefined) return;
    this.#open.delete(stage.id);
    const accumulables = [...open.accumulables.values()];
    const end = { completedAtMs: atMs, failureReason: failure, accumulables, shuffleMergers: stage.mergers };
    this.#bus.post({ tag: 'stageCompleted', stage: { ...open.info, ...end } });
  }

  /** What still runs of a set that nobody wants is killed now; its own word, if it comes, changes nothing. */
  #setEnded(key: number, why: string): void {
    for (const [taskId, { batch }] of this.#getting)
      if (batch.key === key) this.resultEnded(taskId, { tag: 'TaskKilled', reason: why }, undefined);
    for (const [, queue] of this.#slots) {
      const front = queue.front;
      if (front !== undefined && front.key === key && front.info !== undefined && !front.dead)
        this.#ended(
          front,
          front.info,
          this.#nowMs(),
          { tag: 'TaskKilled', reason: this.#killed.get(front.info.taskId) ?? why },
          undefined,
          [],
        );
      queue.bury(key);
    }
  }

  // ---- from launches and frames

  launched(slot: SlotPlace, set: TaskSet, stage: Stage | undefined, launched: Launched): void {
    if (!this.#bus.active) return;
    let queue = this.#slots.get(slot.id);
    if (queue === undefined) this.#slots.set(slot.id, (queue = new SlotQueue(slot.executorId, slot.host)));
    const idle = queue.front === undefined;
    queue.add(set, stage?.dependency === undefined ? 'ResultTask' : 'ShuffleMapTask', launched);
    if (idle) this.#start(queue, queue.front!, this.#nowMs());
  }

  /**
   * The first task in the slot's queue has the slot, or comes back with the word that is on its way: a long task before it sends back what waits.
   * So it is told with its end, or when nothing was heard for a while.
   */
  next(slot: SlotPlace): void {
    const queue = this.#slots.get(slot.id);
    const front = queue?.front;
    if (queue === undefined || front === undefined || front.info !== undefined || front.dead) return;
    queue.sinceMs = this.#nowMs();
    if (queue.isWatched) return;
    queue.isWatched = true;
    this.#timers.after(TOLD_AFTER_MS, () => this.#tellFront(slot, queue));
  }

  #tellFront(slot: SlotPlace, queue: SlotQueue): void {
    queue.isWatched = false;
    const { front } = queue;
    if (front === undefined || front.info !== undefined || front.dead || this.#slots.get(slot.id) !== queue) return;
    if (this.#nowMs() - queue.sinceMs >= TOLD_AFTER_MS) {
      this.#start(queue, front, queue.sinceMs);
      return;
    }
    queue.isWatched = true;
    this.#timers.after(TOLD_AFTER_MS, () => this.#tellFront(slot, queue));
  }

  /** Also of a task whose set is gone: it leaves the queue. @returns where its accumulators' names and values are to be put */
  succeeded(slot: SlotPlace, taskId: number, runMs: number, finishedAtMs: number, metrics: TaskMetrics): AccumulableInfo[] | undefined {
    const accumulables: AccumulableInfo[] = [];
    return this.#took(slot, taskId, runMs, finishedAtMs, SUCCESS, metrics, accumulables) ? accumulables : undefined;
  }

  failed(slot: SlotPlace, taskId: number, runMs: number, finishedAtMs: number, error: TaskError, metrics: TaskMetrics): void {
    if (this.#bus.active) this.#took(slot, taskId, runMs, finishedAtMs, reasonOf(error, this.#hostOf), metrics, []);
  }

  /** A timer may have told that it had begun (tellFront): then it needs an end too, else it would be shown as running for ever. */
  givenBack(slot: SlotPlace, taskId: number): void {
    const batch = this.#slots.get(slot.id)?.take(taskId);
    if (batch?.takenInfo === undefined || batch.dead || !this.#bus.active) return;
    this.#ended(batch, batch.takenInfo, this.#nowMs(), NEVER_BEGAN, undefined, []);
  }

  slotLost(slot: SlotPlace, error: TaskError, blame: boolean): void {
    const front = this.#slots.get(slot.id)?.front;
    this.#slots.delete(slot.id);
    if (front?.info !== undefined) this.#killed.delete(front.info.taskId);
    if (!this.#bus.active || front?.info === undefined || front.dead) return;
    this.#ended(front, front.info, this.#nowMs(), lossOf(error, slot.executorId, blame), undefined, []);
  }

  /** The task has run, and its result is to be fetched: GETTING RESULT. */
  gettingResult(slot: SlotPlace, taskId: number, runMs: number, ranUntilMs: number): void {
    const queue = this.#slots.get(slot.id);
    const batch = queue?.take(taskId);
    if (!this.#bus.active || queue === undefined || batch === undefined || batch.dead) return;
    const task = batch.takenInfo ?? this.#start(queue, batch, ranUntilMs - runMs, taskId);
    const atMs = Math.round(this.#nowMs());
    this.#getting.set(taskId, { batch, info: task, atMs });
    this.#bus.post({ tag: 'taskGettingResult', stageId: batch.stageId, attemptId: batch.stageAttempt, task, atMs });
  }

  /** It has come, or is lost. @returns where its accumulators' names and values are to be put */
  resultEnded(taskId: number, reason: TaskEndReason, metrics: TaskMetrics | undefined): AccumulableInfo[] | undefined {
    const getting = this.#getting.get(taskId);
    if (getting === undefined) return undefined;
    this.#getting.delete(taskId);
    const why = this.#killed.get(taskId);
    this.#killed.delete(taskId);
    const accumulables: AccumulableInfo[] = [];
    const { batch, info, atMs } = getting;
    const ending: TaskEndReason = why === ANOTHER_SUCCEEDED ? { tag: 'TaskKilled', reason: why } : reason;
    this.#ended(batch, info, this.#nowMs(), ending, metrics, accumulables, atMs);
    return accumulables;
  }

  /** Accumulators with a name add up in their stage; those of SQL with their query. */
  accumulated(stageId: number, updates: readonly AccumulableInfo[]): void {
    const open = this.#open.get(stageId);
    for (const info of updates) if (info.metadata !== SQL) open?.accumulables.set(info.id, { ...info, update: undefined });
  }

  #took(
    slot: SlotPlace,
    taskId: number,
    runMs: number,
    finishedAtMs: number,
    reason: TaskEndReason,
    metrics: TaskMetrics,
    accumulables: AccumulableInfo[],
  ): boolean {
    const why = this.#killed.get(taskId);
    if (why !== undefined) this.#killed.delete(taskId);
    const queue = this.#slots.get(slot.id);
    const batch = queue?.take(taskId);
    if (queue === undefined || batch === undefined || batch.dead) return false;
    const info = batch.takenInfo ?? this.#start(queue, batch, finishedAtMs - runMs, taskId);
    // An attempt that came second is no success, though it got to its end.
    const wasKilled = why !== undefined && (reason.tag === 'TaskKilled' || why === ANOTHER_SUCCEEDED);
    this.#ended(batch, info, finishedAtMs, wasKilled ? { tag: 'TaskKilled', reason: why } : reason, metrics, accumulables);
    return true;
  }

  #start(queue: SlotQueue, batch: Batch, atMs: number, taskId?: number) {
    const info = queue.start(batch, Math.round(atMs), taskId);
    this.#bus.taskStarted(batch.stageId, batch.stageAttempt, info);
    return info;
  }

  #ended(
    batch: Batch,
    info: ReturnType<SlotQueue['start']>,
    atMs: number,
    reason: TaskEndReason,
    metrics: TaskMetrics | undefined,
    accumulables: AccumulableInfo[],
    gettingResultAtMs = 0,
  ): void {
    this.#bus.taskEnded(batch.stageId, batch.stageAttempt, {
      taskId: info.taskId,
      index: info.index,
      attempt: info.attempt,
      partition: info.partition,
      launchedAtMs: info.launchedAtMs,
      executorId: info.executorId,
      host: info.host,
      locality: info.locality,
      speculative: info.speculative,
      finishedAtMs: Math.max(info.launchedAtMs, Math.round(atMs)),
      gettingResultAtMs,
      taskType: batch.taskType,
      reason,
      metrics,
      accumulables,
    });
  }
}

function exclusionEvent({ kind, id, failures, excluded, stage, atMs }: Extract<DagEffect, { tag: 'exclusion' }>): RareEvent {
  if (kind === 'executor')
    return { tag: excluded ? 'executorExcluded' : 'executorUnexcluded', executorId: id, atMs, taskFailures: failures, stage };
  return { tag: excluded ? 'nodeExcluded' : 'nodeUnexcluded', host: id, atMs, executorFailures: failures, stage };
}

/** The one that runs, else the one that would be next. */
const latestAttempt = ({ state, nextAttempt }: Stage): number => (state.tag === 'RUNNING' ? state.attempt : nextAttempt);
/** A task that follows another in its slot is told when nothing was heard of it for so long, ms. */
const TOLD_AFTER_MS = 50;
export const SUCCESS: TaskEndReason = { tag: 'Success' };
const NEVER_BEGAN: TaskEndReason = { tag: 'TaskKilled', reason: 'another slot was free before it began' };
