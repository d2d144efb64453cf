// The task table of a running application: columns in memory. Not here: how rows are stored (task-columns.ts), and what is told of them
// (task-rows.ts, quantiles.ts).
import type { TaskEnd, TaskInfo } from '../events.ts';
import { METRIC_COUNT, metricsInto } from './metric-columns.ts';
import { columnQuantiles, SortedColumns } from './quantiles.ts';
import type { TaskPage } from './status-view.ts';
import { GET_RESULT, RUNNING, STATUSES, SUCCESS, TaskColumns } from './task-columns.ts';
import { countRows, idsOfRows, taskData, timelineOf } from './task-rows.ts';
import type { TaskColumn, TaskOutcome, TaskTable, TaskTables } from './task-table.ts';

const scratch = new Float64Array(METRIC_COUNT);

export class LiveTaskTable implements TaskTable {
  readonly #columns: TaskColumns;
  readonly #sorted = new SortedColumns();

  constructor(stageId: number, attemptId: number, mostRows: number) {
    this.#columns = new TaskColumns(stageId, attemptId, mostRows);
  }

  get size(): number {
    return this.#columns.size;
  }

  started(task: TaskInfo): void {
    const columns = this.#columns;
    columns.status[columns.addRow(task)] = RUNNING;
  }

  gettingResult(taskId: number, atMs: number): void {
    const columns = this.#columns;
    const row = columns.rowOf(taskId);
    if (row < 0) return;
    columns.fetchStart[row] = atMs;
    if (columns.status[row] === RUNNING) columns.status[row] = GET_RESULT;
    columns.version++;
  }

  ended(task: TaskEnd, outcome: TaskOutcome): boolean {
    const columns = this.#columns;
    let row = columns.rowOf(task.taskId);
    const wasRunning = row >= 0 && columns.status[row]! <= GET_RESULT;
    if (row >= 0 && !wasRunning) return false;
    if (row < 0) row = columns.addRow(task);
    const status = outcome.status === 'SUCCESS' ? SUCCESS : STATUSES.indexOf(outcome.status);
    columns.status[row] = status;
    if (status === SUCCESS) columns.successes++;
    columns.duration[row] = task.finishedAtMs - task.launchedAtMs;
    if (task.gettingResultAtMs > 0) columns.fetchStart[row] = task.gettingResultAtMs;
    if (outcome.error !== undefined) columns.errors.set(row, outcome.error);
    if (task.accumulables.length > 0) columns.accumulables.set(row, task.accumulables);
    if (task.metrics !== undefined) {
      columns.flags[row] = columns.flags[row]! | 2;
      const filled = metricsInto(scratch, task.metrics);
      for (let i = 0; i < filled; i++) if (scratch[i] !== 0) columns.column(i)[row] = scratch[i]!;
    }
    columns.version++;
    return wasRunning;
  }

  ids(page: TaskPage, nowMs: number): Float64Array {
    return idsOfRows(this.#columns, page, nowMs);
  }

  count(filter: Pick<TaskPage, 'status' | 'search'>): number {
    return countRows(this.#columns, filter);
  }

  find(taskId: number, nowMs: number): ReturnType<TaskTable['find']> {
    const row = this.#columns.rowOf(taskId);
    return row < 0 ? undefined : taskData(this.#columns, row, nowMs);
  }

  *each(taskIds: Float64Array, nowMs: number): ReturnType<TaskTable['each']> {
    for (const taskId of taskIds) {
      const task = this.find(taskId, nowMs);
      if (task !== undefined) yield task;
    }
  }

  successCount(): number {
    return this.#columns.successes;
  }

  quantiles(column: TaskColumn, quantiles: readonly number[]): number[] {
    return columnQuantiles(this.#columns, this.#sorted, column, quantiles);
  }

  timeline(nowMs: number): ReturnType<TaskTable['timeline']> {
    return timelineOf(this.#columns, nowMs);
  }
}

/** @param mostRows of one stage attempt (spark.ui.retainedTasks); about a tenth more may be held for a while */
export function liveTaskTables(mostRows: number): TaskTables {
  const tables = new Map<string, LiveTaskTable>();
  return {
    open(stageId, attemptId) {
      const key = `${stageId}.${attemptId}`;
      let table = tables.get(key);
      if (table === undefined) {
        table = new LiveTaskTable(stageId, attemptId, mostRows);
        tables.set(key, table);
      }
      return table;
    },
    drop: (stageId, attemptId) => void tables.delete(`${stageId}.${attemptId}`),
  };
}
