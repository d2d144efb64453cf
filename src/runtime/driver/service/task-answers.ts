// What slots say: statuses of tasks, whole or in parts, told to the core and, where they count, to the job that waits for them.
// Frames: plan/task-frames.ts, plan/frame-parts.ts.
import { AppError } from '../../../common/errors.ts';
import { firstPart, type Joined, OP_PART } from '../../plan/frame-parts.ts';
import type { AccumulableInfo } from '../../../status/events.ts';
import { decodeTaskEnd, decodeTaskError, type TaskEndBody } from '../../plan/task-end.ts';
import { ENDED_BYTES, ENDED_ERROR, ENDED_NUMBER, GIVEN_BACK, OP_STATUS, opOf, StatusReader } from '../../plan/task-frames.ts';
import type { Stage } from '../core/stage.ts';
import type { TaskSet } from '../core/task-set.ts';
import { AnswerBudget } from './answer-budget.ts';
import type { EffectRunner } from './effect-runner.ts';
import { IndirectResults, type Kept } from './indirect-results.ts';
import { LargeAnswers, type TooMuch } from './large-answers.ts';
import { type JobResult, type LoopState, type RunningJob, whereIs } from './loop-state.ts';
import type { SlotLink } from './slot-link.ts';
import type { TaskLauncher } from './task-launcher.ts';

export class TaskAnswers {
  readonly #state: LoopState;
  readonly #launcher: TaskLauncher;
  readonly #effects: EffectRunner;
  readonly #large: LargeAnswers;
  readonly #indirect: IndirectResults;

  constructor(state: LoopState, launcher: TaskLauncher, effects: EffectRunner) {
    this.#state = state;
    this.#launcher = launcher;
    this.#effects = effects;
    const budget = new AnswerBudget();
    this.#large = new LargeAnswers(state, (slot, frame) => this.onFrame(slot, frame), budget);
    this.#indirect = new IndirectResults(
      state,
      budget,
      (kept, body, accumulables) => this.#takeKept(kept, body, accumulables),
      () => {
        effects.settle();
        launcher.offerAll();
      },
    );
  }

  slotGone(slotId: number): void {
    this.#large.gone(slotId);
  }

  onFrame(slot: SlotLink, frame: Buffer): void {
    if (this.#large.waits(slot, frame)) return;
    const op = opOf(frame);
    if (op === OP_STATUS) this.#onStatuses(slot, frame);
    else if (op === OP_PART) this.#onPart(slot, frame);
    else slot.channel.destroy('a frame that is no status');
  }

  #onPart(slot: SlotLink, part: Buffer): void {
    const head = firstPart(part);
    const verdict = head === undefined ? 'goOn' : this.#large.begin(slot, head, part);
    if (verdict === 'waits') return;
    const joined = slot.join(part, verdict === 'goOn');
    if (joined === undefined || joined.tag === 'more') return;
    if (joined.tag === 'whole') this.#onStatuses(slot, joined.frame);
    else this.#refuse(slot, joined, verdict);
    if (joined.tag === 'whole' || joined.last) this.#large.ended(slot.id);
  }

  #refuse(slot: SlotLink, { stageKey, count, totalBytes, last }: Joined & { tag: 'tooLarge' }, verdict: 'goOn' | TooMuch): void {
    const { core, maxResultBytes, jobs } = this.#state;
    const jobIds = [...(core.stageOf(stageKey)?.jobs ?? [])];
    const tasks = (jobs.get(jobIds[0] ?? -1)?.resultTasks ?? 0) + count;
    const told = verdict === 'goOn' ? { bytes: totalBytes, limitBytes: maxResultBytes, tasks } : verdict;
    for (const jobId of jobIds) core.failJob(jobId, new AppError('RESULT_TOO_LARGE', told), this.#state.nowMs());
    if (last) core.tasks.heard(slot.id, count);
    this.#effects.settle();
    this.#launcher.offer(slot);
  }

  #onStatuses(slot: SlotLink, frame: Buffer): void {
    const reader = new StatusReader(frame);
    slot.heard++;
    const key = reader.stageKey;
    const set = this.#state.core.tasks.set(key);
    const stage = this.#state.core.stageOf(key);
    if (set !== undefined && stage !== undefined) this.#takeStatuses(slot, reader, set, stage);
    else this.#late(slot, reader);
    this.#state.core.tasks.heard(slot.id, reader.count);
    this.#effects.settle();
    this.#state.events.next(slot);
    this.#launcher.offer(slot);
  }

  /** Nobody wants them. */
  #late(slot: SlotLink, reader: StatusReader): void {
    while (reader.next()) {
      if (this.#state.events.active) this.#state.events.givenBack(slot, reader.taskId);
      if (reader.kind === ENDED_BYTES) discardOutput(slot, decodeTaskEnd(reader.body!));
    }
  }

  #takeStatuses(slot: SlotLink, reader: StatusReader, set: TaskSet, stage: Stage): void {
    const key = reader.stageKey;
    const job = stage.dependency === undefined ? this.#state.jobs.get(set.spec.jobId) : undefined;
    const nowMs = this.#state.nowMs();
    const { events } = this.#state;
    let ranMs = 0;
    let ran = 0;
    while (reader.next()) {
      const { taskId, kind } = reader;
      if (kind === GIVEN_BACK) {
        events.givenBack(slot, taskId);
        this.#state.core.givenBack(key, taskId, nowMs);
        continue;
      }
      ranMs += reader.runMs;
      ran++;
      // Listeners hear of the task before what it brings about: the end of its stage.
      const endedAtMs = nowMs - (events.active ? reader.totalMs - ranMs : 0);
      if (kind === ENDED_BYTES) {
        noteRecords(set, reader);
        this.#takeBody(slot, reader, stage, job, nowMs, endedAtMs);
      } else if (kind === ENDED_ERROR) {
        const error = decodeTaskError(reader.body!);
        if (events.active) events.failed(slot, taskId, reader.runMs, endedAtMs, error, reader.metrics());
        this.#state.core.failed(key, taskId, error, whereIs(slot), nowMs);
      } else {
        noteRecords(set, reader);
        if (events.active) events.succeeded(slot, taskId, reader.runMs, endedAtMs, reader.metrics());
        const position = this.#state.core.succeeded(key, taskId, undefined, nowMs);
        if (position >= 0 && job !== undefined) this.#answer(job, position, kind === ENDED_NUMBER ? reader.value : undefined, 0);
      }
    }
    if (ran > 0) set.observe(ranMs / ran);
  }

  #takeBody(slot: SlotLink, reader: StatusReader, stage: Stage, job: RunningJob | undefined, nowMs: number, endedAtMs: number): void {
    const { stageKey: key, taskId, runMs } = reader;
    const body = decodeTaskEnd(reader.body!);
    for (const [rddId, partition, bytes] of body.c ?? [])
      if (!this.#state.cached.slotHolds(slot.id, slot.executorId, rddId, partition, bytes)) slot.unpersist(rddId);
    if (body.i !== undefined) {
      const [bytes, pieces] = body.i;
      const metrics = this.#state.events.active ? { ...reader.metrics(), resultSize: bytes } : undefined;
      this.#indirect.told({ slot, key, taskId, bytes, pieces, runMs, ranUntilMs: endedAtMs, metrics });
      return;
    }
    const accumulables = this.#state.events.active ? this.#tellEnd(slot, reader, endedAtMs) : undefined;
    const position = this.#count(slot, key, taskId, stage, body, accumulables, nowMs);
    if (position >= 0 && job !== undefined) this.#answer(job, position, body.r, body.r instanceof Uint8Array ? body.r.length : 0);
  }

  /** The executor has kept it, and it is here now. The job has been told of its size before. */
  #takeKept({ slot, key, taskId }: Kept, body: TaskEndBody, accumulables: AccumulableInfo[] | undefined): void {
    const stage = this.#state.core.stageOf(key)!;
    const job = stage.dependency === undefined ? this.#state.jobs.get(this.#state.core.tasks.set(key)!.spec.jobId) : undefined;
    const position = this.#count(slot, key, taskId, stage, body, accumulables, this.#state.nowMs());
    if (position >= 0 && job !== undefined) this.#hand(job, position, body.r);
  }

  /** @returns -1: this answer does not count */
  #count(
    slot: SlotLink,
    key: number,
    taskId: number,
    stage: Stage,
    body: TaskEndBody,
    accumulables: AccumulableInfo[] | undefined,
    nowMs: number,
  ): number {
    const output =
      body.s === undefined || stage.dependency === undefined
        ? undefined
        : { ...body.s, executorId: slot.executorId, host: slot.host, blockAddress: this.#state.ports.blockAddress(slot.executorId) };
    const position = this.#state.core.succeeded(key, taskId, output, nowMs);
    if (position < 0) discardOutput(slot, body);
    if (position < 0 || body.a === undefined) return position;
    this.#state.ports.accumulate(body.a);
    const named = accumulables === undefined ? [] : this.#state.ports.namedAccumulators(body.a);
    accumulables?.push(...named); // the event is heard after this turn
    this.#state.events.accumulated(stage.id, named);
    return position;
  }

  #tellEnd(slot: SlotLink, reader: StatusReader, endedAtMs: number): AccumulableInfo[] | undefined {
    return this.#state.events.succeeded(slot, reader.taskId, reader.runMs, endedAtMs, reader.metrics());
  }

  #answer(job: RunningJob, position: number, result: JobResult, bytes: number): void {
    job.resultTasks++;
    job.resultBytes += bytes;
    if (this.#state.maxResultBytes > 0 && job.resultBytes > this.#state.maxResultBytes) {
      this.#state.core.failJob(
        job.jobId,
        new AppError('RESULT_TOO_LARGE', { bytes: job.resultBytes, limitBytes: this.#state.maxResultBytes, tasks: job.resultTasks }),
        this.#state.nowMs(),
      );
      return;
    }
    this.#hand(job, position, result);
  }

  #hand(job: RunningJob, position: number, result: JobResult): void {
    try {
      job.onResult(position, result);
    } catch (error) {
      this.#state.jobs.delete(job.jobId);
      job.reject(error);
      this.#state.core.cancelJob(job.jobId, 'because its answer could not be taken', this.#state.nowMs());
    }
  }
}

/** How fast the task read, for speculation: of one that succeeded, and whose answer counts. */
function noteRecords(set: TaskSet, reader: StatusReader): void {
  if (set.rates !== undefined && set.runningIndex(reader.taskId) >= 0)
    set.rates.succeeded(reader.taskId, reader.recordsRead(), reader.runMs);
}

/** The answer does not count, so no stage was told of the file: it would lie there until the application ends. */
function discardOutput(slot: SlotLink, { s: output }: TaskEndBody): void {
  if (output !== undefined) slot.discardOutput(output.file);
}
