// Results that the executor keeps because they are too large to be told directly (spark.task.maxDirectResultSize): held against
// spark.driver.maxResultSize before a byte of them is read, fetched within the budget of answer-budget.ts, then removed there. One that is lost
// before is TaskResultLost, and its task runs again. What is told directly is task-answers.ts; the wire is result-fetcher.ts.
// Source: TaskResultGetter, TaskSetManager.canFetchMoreResults.
import { AppError, sentence } from '../../../common/errors.ts';
import type { AccumulableInfo, TaskEndReason } from '../../../status/events.ts';
import type { TaskMetrics } from '../../../status/task-metrics.ts';
import { readKept, type TaskEndBody } from '../../plan/task-end.ts';
import type { AnswerBudget } from './answer-budget.ts';
import { SUCCESS } from './job-events.ts';
import { type LoopState, type RunningJob, whereIs } from './loop-state.ts';
import type { SlotLink } from './slot-link.ts';

/** The way to what executors keep for the driver. */
export interface ResultSource {
  /** @throws AppError BLOCK_CORRUPT, CONNECTION_LOST, RPC_TIMEOUT, …: it is lost */
  fetch(executorId: string, taskId: number, bytes: number, pieces: number): Promise<Buffer>;
  /** Nobody wants it any more. */
  remove(executorId: string, taskId: number): void;
}

export type Kept = {
  readonly slot: SlotLink;
  readonly key: number;
  readonly taskId: number;
  readonly bytes: number;
  /** 0: the executor has not kept it, it is larger than any job may have. */
  readonly pieces: number;
  readonly runMs: number;
  readonly ranUntilMs: number;
  /** undefined: nobody listens. */
  readonly metrics: TaskMetrics | undefined;
};
/** What becomes of a result that is here. */
export type Take = (kept: Kept, body: TaskEndBody, accumulables: AccumulableInfo[] | undefined) => void;

const TOO_MUCH = 'Tasks result size has exceeded maxResultSize';

export class IndirectResults {
  readonly #state: LoopState;
  readonly #budget: AnswerBudget;
  readonly #take: Take;
  readonly #settle: () => void;

  /** @param settle what is to be done after something has changed here; slots may have something to do again */
  constructor(state: LoopState, budget: AnswerBudget, take: Take, settle: () => void) {
    this.#state = state;
    this.#budget = budget;
    this.#take = take;
    this.#settle = settle;
  }

  /** A status says that the task's result is kept. */
  told(kept: Kept): void {
    const { core, events, ports } = this.#state;
    const { slot, key, taskId, bytes, runMs, ranUntilMs, metrics } = kept;
    const job = this.#jobOf(key);
    const isWanted = this.#isWanted(kept);
    if (isWanted && (job === undefined || this.#admit(job, bytes))) {
      core.tasks.results.begin(core.tasks.set(key), taskId, slot.executorId);
      events.gettingResult(slot, taskId, runMs, ranUntilMs);
      const go = () => void this.#fetch(kept, job);
      if (this.#budget.take(bytes, go)) go();
      return;
    }
    this.#removeAt(kept);
    if (metrics === undefined) return;
    if (isWanted) events.failed(slot, taskId, runMs, ranUntilMs, { code: 'TASK_KILLED', params: { reason: TOO_MUCH } }, metrics);
    else events.succeeded(slot, taskId, runMs, ranUntilMs, metrics); // late, or another attempt was faster
    if (!isWanted || job === undefined) return;
    const { resultBytes, resultTasks, jobId } = job;
    const told = { bytes: resultBytes, limitBytes: this.#state.maxResultBytes, tasks: resultTasks };
    core.failJob(jobId, new AppError('RESULT_TOO_LARGE', told), ports.clock.nowMs());
  }

  /** Its attempt still counts: no other was faster, and its job goes on. */
  #isWanted({ key, taskId }: Kept): boolean {
    return (this.#state.core.tasks.set(key)?.runningIndex(taskId) ?? -1) >= 0;
  }

  /** Counted when it is told, as Spark does: what is on its way is on its way to the driver. @returns false: it is too much */
  #admit(job: RunningJob, bytes: number): boolean {
    job.resultBytes += bytes;
    job.resultTasks++;
    return this.#state.maxResultBytes === 0 || job.resultBytes <= this.#state.maxResultBytes;
  }

  async #fetch(kept: Kept, job: RunningJob | undefined): Promise<void> {
    const { slot, bytes } = kept;
    const came = this.#isWanted(kept) ? await this.#read(kept) : undefined;
    if (came instanceof Error && this.#isWanted(kept)) this.#lost(kept, job, came);
    else {
      const accumulables = this.#ended(kept, SUCCESS);
      if (came !== undefined && !(came instanceof Error) && this.#isWanted(kept)) this.#take(kept, came, accumulables);
    }
    this.#removeAt(kept); // one that can't be read may be there all the same
    this.#state.core.tasks.results.end(slot.executorId);
    this.#budget.release(bytes);
    this.#settle();
  }

  async #read({ slot, taskId, bytes, pieces }: Kept): Promise<TaskEndBody | Error> {
    try {
      return readKept(await this.#state.ports.results.fetch(slot.executorId, taskId, bytes, pieces));
    } catch (error) {
      return error as Error;
    }
  }

  #lost(kept: Kept, job: RunningJob | undefined, error: Error): void {
    const { slot, key, taskId, bytes } = kept;
    if (job !== undefined) {
      job.resultBytes -= bytes;
      job.resultTasks--;
    }
    const detail = error instanceof AppError ? sentence(error.code, error.params as never) : error.message;
    this.#ended(kept, { tag: 'TaskResultLost' });
    const lost = { code: 'TASK_RESULT_LOST', params: { taskId, executorId: slot.executorId, detail } } as const;
    this.#state.core.failed(key, taskId, lost, whereIs(slot), this.#state.nowMs());
  }

  #ended({ taskId, metrics }: Kept, reason: TaskEndReason): AccumulableInfo[] | undefined {
    return this.#state.events.resultEnded(taskId, reason, metrics);
  }

  #removeAt({ slot, taskId, pieces }: Kept): void {
    if (pieces > 0) this.#state.ports.results.remove(slot.executorId, taskId);
  }

  /** Map outputs are no results. */
  #jobOf(key: number): RunningJob | undefined {
    const { core, jobs } = this.#state;
    return core.stageOf(key)?.dependency === undefined ? jobs.get(core.tasks.set(key)?.spec.jobId ?? -1) : undefined;
  }
}
