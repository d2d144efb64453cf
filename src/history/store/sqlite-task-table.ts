// The task tables of an index behind the reducer's and the views' door (status/store/task-table.ts): written while a log is read, asked by
// the server. One or the other: the server never writes.
import { invariant } from '../../common/invariant.ts';
import type { Database } from '../../common/ports.ts';
import type { TaskEnd, TaskInfo } from '../../status/events.ts';
import type { TaskPage } from '../../status/store/status-view.ts';
import type { TaskColumn, TaskOutcome, TaskTable, TaskTables } from '../../status/store/task-table.ts';
import { QuantileStore } from './quantile-store.ts';
import { TaskQueries } from './task-queries.ts';
import type { StageTasks, TaskWriter } from './task-writer.ts';

type Parts = { readonly queries: TaskQueries; readonly quantiles: QuantileStore; readonly writer: TaskWriter | undefined };

class SqliteTaskTable implements TaskTable {
  readonly #parts: Parts;
  readonly #stageId: number;
  readonly #attemptId: number;
  #stage: StageTasks | undefined;

  constructor(parts: Parts, stageId: number, attemptId: number) {
    this.#parts = parts;
    this.#stageId = stageId;
    this.#attemptId = attemptId;
  }

  #writing(): [TaskWriter, StageTasks] {
    const { writer } = this.#parts;
    invariant(writer, 'the index is open for reading only');
    this.#stage ??= writer.stage(this.#stageId, this.#attemptId);
    return [writer, this.#stage];
  }

  get size(): number {
    return this.#parts.writer?.stage(this.#stageId, this.#attemptId).size ?? this.#counts().size;
  }

  #counts(): { size: number; successes: number } {
    return this.#parts.queries.counts(this.#stageId, this.#attemptId);
  }

  started(task: TaskInfo): void {
    const [writer, stage] = this.#writing();
    writer.started(stage, task);
  }

  gettingResult(taskId: number, atMs: number): void {
    this.#writing()[0].gettingResult(taskId, atMs);
  }

  ended(task: TaskEnd, outcome: TaskOutcome): boolean {
    const [writer, stage] = this.#writing();
    return writer.ended(stage, task, outcome);
  }

  ids(page: TaskPage, nowMs: number): Float64Array {
    return this.#parts.queries.ids(this.#stageId, this.#attemptId, page, nowMs);
  }

  count(filter: Pick<TaskPage, 'status' | 'search'>): number {
    return this.#parts.queries.count(this.#stageId, this.#attemptId, filter);
  }

  find(taskId: number, nowMs: number): ReturnType<TaskTable['find']> {
    return this.#parts.queries.find(this.#stageId, this.#attemptId, taskId, nowMs);
  }

  each(taskIds: Float64Array, nowMs: number): ReturnType<TaskTable['each']> {
    return this.#parts.queries.each(this.#stageId, this.#attemptId, taskIds, nowMs);
  }

  successCount(): number {
    return this.#counts().successes;
  }

  quantiles(column: TaskColumn, quantiles: readonly number[]): number[] {
    return this.#parts.quantiles.quantiles(this.#stageId, this.#attemptId, this.#counts().successes, column, quantiles);
  }

  timeline(nowMs: number): ReturnType<TaskTable['timeline']> {
    return this.#parts.queries.timeline(this.#stageId, this.#attemptId, nowMs);
  }
}

export function sqliteTaskTables(db: Database, writer?: TaskWriter): TaskTables {
  const parts: Parts = { queries: new TaskQueries(db), quantiles: new QuantileStore(db), writer };
  return {
    open: (stageId, attemptId) => new SqliteTaskTable(parts, stageId, attemptId),
    drop: (stageId, attemptId) => writer?.drop(stageId, attemptId),
  };
}
