// The state of one task attempt on its thread: metrics, accumulator parts, listeners, the interrupt flag. The API in front of it is
// rdd/task-context.ts.
import { AppError } from '../../../common/errors.ts';
import { noFigures } from '../../plan/status-metrics.ts';
import type { AccumulatorUpdate } from '../../rdd/accumulators.ts';
import {
  type AccumulatorPart,
  type BarrierOfTask,
  type RunningTask,
  setRunningTask,
  TaskContext,
  type TaskMetrics,
} from '../../rdd/task-context.ts';

export type TaskPlace = Pick<RunningTask, 'stageId' | 'stageAttempt' | 'taskId' | 'partition' | 'attempt' | 'numPartitions'>;

export class Task implements RunningTask {
  readonly stageId: number;
  readonly stageAttempt: number;
  readonly taskId: number;
  readonly partition: number;
  readonly attempt: number;
  readonly numPartitions: number;
  /** undefined: nothing was counted. Tiny tasks pay for no figures. */
  counted: TaskMetrics | undefined;
  barrier: BarrierOfTask | undefined;
  readonly isInterrupted: () => boolean;
  readonly #progress: ((taskId: number, recordsRead: number) => void) | undefined;
  #accumulators: Map<number, AccumulatorPart> | undefined;
  #completion: ((context: TaskContext) => void)[] = [];
  #failure: ((context: TaskContext, error: unknown) => void)[] = [];
  /** Files and other things to give back, however the task ends. */
  readonly cleanUp: (() => void)[] = [];

  constructor(place: TaskPlace, isInterrupted: () => boolean, progress?: (taskId: number, recordsRead: number) => void) {
    this.stageId = place.stageId;
    this.stageAttempt = place.stageAttempt;
    this.taskId = place.taskId;
    this.partition = place.partition;
    this.attempt = place.attempt;
    this.numPartitions = place.numPartitions;
    this.isInterrupted = isInterrupted;
    this.#progress = progress;
  }

  get metrics(): TaskMetrics {
    this.counted ??= noFigures();
    return this.counted;
  }

  /** Once per chunk; tells how far the task is, too. @throws AppError TASK_KILLED */
  readonly check = (): void => {
    if (this.isInterrupted()) throw new AppError('TASK_KILLED', { reason: 'killed intentionally' });
    const { counted } = this;
    if (counted !== undefined && this.#progress !== undefined)
      this.#progress(this.taskId, counted.inputRecords + counted.shuffleRecordsRead);
  };

  accumulator(id: number, make: () => AccumulatorPart): AccumulatorPart {
    this.#accumulators ??= new Map();
    let part = this.#accumulators.get(id);
    if (!part) this.#accumulators.set(id, (part = make()));
    return part;
  }

  get updates(): AccumulatorUpdate[] | undefined {
    return this.#accumulators && [...this.#accumulators].map(([id, part]) => [id, part.update()] as const);
  }

  onCompletion(listener: (context: TaskContext) => void): void {
    this.#completion.push(listener);
  }

  onFailure(listener: (context: TaskContext, error: unknown) => void): void {
    this.#failure.push(listener);
  }

  begin(): void {
    setRunningTask(this);
  }

  /** Runs what was left to the end of the task. A listener's own error is the task's only when the task has none. */
  end(failed: boolean, error?: unknown): void {
    const context = new TaskContext(this);
    try {
      if (failed) for (const listener of this.#failure.reverse()) listener(context, error);
      for (const listener of this.#completion.reverse()) listener(context);
    } finally {
      for (const give of this.cleanUp) give();
      setRunningTask(undefined);
    }
  }
}
