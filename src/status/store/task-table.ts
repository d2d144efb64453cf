// Where the tasks of stage attempts are kept: in typed columns while an application runs (live-task-table.ts), in SQLite when a log is read
// (the history server's). The reducer writes, status views read. Not here: sums over a stage's tasks, which the stage itself keeps.
import type { TaskEnd, TaskInfo } from '../events.ts';
import type { MetricColumn } from '../task-metrics.ts';
import type { TaskData, TaskStatus } from './api-types.ts';
import type { TaskPage, TaskTimeline } from './status-view.ts';

/** What quantiles can be asked of: metrics, and what follows from them. */
export type TaskColumn = MetricColumn | 'duration' | 'gettingResultTime' | 'schedulerDelay' | 'shuffleReadBytes' | 'shuffleTotalBlocks';

export type TaskOutcome = { readonly status: TaskStatus; readonly error: string | undefined };

/** The tasks of one stage attempt. Times are ms since 1970. */
export interface TaskTable {
  /** Tasks that are held: older ones of a huge stage may be gone. */
  readonly size: number;
  started(task: TaskInfo): void;
  gettingResult(taskId: number, atMs: number): void;
  /** A task whose start was lost is added. @returns whether it was running: false for a second end, or after a lost start */
  ended(task: TaskEnd, outcome: TaskOutcome): boolean;
  /** 8 bytes each, so that an answer of a million tasks can be made one by one. */
  ids(page: TaskPage, nowMs: number): Float64Array;
  count(filter: Pick<TaskPage, 'status' | 'search'>): number;
  /** Without executorLogs; they are the executors'. */
  find(taskId: number, nowMs: number): TaskData | undefined;
  /** The same of many, in their order; those that are forgotten meanwhile are left out. */
  each(taskIds: Float64Array, nowMs: number): Iterable<TaskData>;
  /** Successful tasks that are held: what quantiles are of. */
  successCount(): number;
  /** Sorted ascending; the value at index floor(q × n), at most n - 1. Precondition: successCount() > 0 */
  quantiles(column: TaskColumn, quantiles: readonly number[]): number[];
  timeline(nowMs: number): TaskTimeline;
}

export interface TaskTables {
  /** Made when it is not there. */
  open(stageId: number, attemptId: number): TaskTable;
  drop(stageId: number, attemptId: number): void;
}
