// What user code may ask about the task it runs in. The running task hangs on one global of its thread, because the engine's bundle that user
// code imports and the one that runs tasks are two copies of this file. Source: Spark's TaskContext.scala.
import type { TaskFigures } from '../plan/status-metrics.ts';

/** What a task has cost so far, by the names of status/task-metrics.ts; whoever does the work counts it here. Units are said there. */
export type TaskMetrics = TaskFigures;

/** Of a task of a barrier stage: its fellows, and the way to meet them. */
export type BarrierOfTask = {
  readonly hosts: readonly string[];
  sync(kind: 'barrier' | 'allGather', message: string): Promise<string[]>;
};

/** A task as its thread sees it; made by executor/compute/running-task.ts. */
export interface RunningTask {
  readonly stageId: number;
  readonly stageAttempt: number;
  readonly taskId: number;
  readonly partition: number;
  readonly attempt: number;
  readonly numPartitions: number;
  readonly metrics: TaskMetrics;
  /** undefined: its stage is no barrier stage. */
  readonly barrier: BarrierOfTask | undefined;
  isInterrupted(): boolean;
  /** This task's part of an accumulator, made at its first use. */
  accumulator(id: number, make: () => AccumulatorPart): AccumulatorPart;
  onCompletion(listener: (context: TaskContext) => void): void;
  onFailure(listener: (context: TaskContext, error: unknown) => void): void;
}

export interface AccumulatorPart {
  add(value: unknown): void;
  readonly value: unknown;
  /** What the driver merges: numbers, arrays of numbers, or bytes. */
  update(): unknown;
}

const SLOT = Symbol.for('emberloom.task');
const threadGlobal = globalThis as unknown as Record<symbol, RunningTask | undefined>;

export const runningTask = (): RunningTask | undefined => threadGlobal[SLOT];
export const setRunningTask = (task: RunningTask | undefined): void => {
  threadGlobal[SLOT] = task;
};

export class TaskContext {
  readonly #task: RunningTask;

  constructor(task: RunningTask) {
    this.#task = task;
  }

  /** The task that this code runs in; undefined in the driver. */
  static get(): TaskContext | undefined {
    const task = runningTask();
    return task && new TaskContext(task);
  }

  /** 0 in the driver. */
  static getPartitionId(): number {
    return runningTask()?.partition ?? 0;
  }

  stageId(): number {
    return this.#task.stageId;
  }

  stageAttemptNumber(): number {
    return this.#task.stageAttempt;
  }

  partitionId(): number {
    return this.#task.partition;
  }

  numPartitions(): number {
    return this.#task.numPartitions;
  }

  /** 0 for the first attempt of this task. */
  attemptNumber(): number {
    return this.#task.attempt;
  }

  /** Unique in the application, for each attempt. */
  taskAttemptId(): number {
    return this.#task.taskId;
  }

  isInterrupted(): boolean {
    return this.#task.isInterrupted();
  }

  /** Called when the task ends, however it ends; the last added first. */
  addTaskCompletionListener(listener: (context: TaskContext) => void): this {
    this.#task.onCompletion(listener);
    return this;
  }

  addTaskFailureListener(listener: (context: TaskContext, error: unknown) => void): this {
    this.#task.onFailure(listener);
    return this;
  }
}
