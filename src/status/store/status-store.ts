// An application's status as a view: the reducer's state behind the questions of status-view.ts. The live driver holds one with tasks in
// memory, the history server one with tasks in SQLite. Source: Spark's AppStatusStore.
import type { RareEvent, StatusListener, TaskEnd, TaskInfo } from '../events.ts';
import { METRIC_COLUMNS, type MetricColumn } from '../task-metrics.ts';
import type * as api from './api-types.ts';
import { environmentInfo } from './environment-info.ts';
import { StatusReducer } from './reducer.ts';
import { sqlExecutionData } from './sql-to-api.ts';
import { stageGraph } from './stage-graph.ts';
import type { StatusState } from './status-state.ts';
import type { Alarm, StageGraph, StatusView, TaskPage, TaskTimeline } from './status-view.ts';
import type { TaskColumn } from './task-table.ts';
import { applicationInfo, executorStageSummary, executorSummary, jobData, rddStorage, stageData } from './to-api.ts';

export type StatusStoreOptions = {
  readonly nowMs: () => number;
  /** What alarms/ says of this state: given, because rules stand on the store. */
  readonly alarms?: (store: StatusStore) => readonly Alarm[];
};

export class StatusStore implements StatusView, StatusListener {
  readonly state: StatusState;
  readonly #reducer: StatusReducer;
  readonly #options: StatusStoreOptions;

  constructor(state: StatusState, options: StatusStoreOptions) {
    this.state = state;
    this.#reducer = new StatusReducer(state);
    this.#options = options;
  }

  nowMs(): number {
    return this.#options.nowMs();
  }

  // ---- StatusListener

  on(event: RareEvent): void {
    this.#reducer.on(event);
  }

  taskStarted(stageId: number, attemptId: number, task: TaskInfo): void {
    this.#reducer.taskStarted(stageId, attemptId, task);
  }

  taskEnded(stageId: number, attemptId: number, task: TaskEnd): void {
    this.#reducer.taskEnded(stageId, attemptId, task);
  }

  // ---- StatusView

  get version(): number {
    return this.state.version;
  }

  application(): api.ApplicationInfo | undefined {
    return applicationInfo(this.state, this.#options.nowMs());
  }

  environment(): api.EnvironmentInfo | undefined {
    return environmentInfo(this.state);
  }

  jobs(status: readonly string[] = []): readonly api.JobData[] {
    const wanted = [...this.state.jobs.values()].filter((job) => status.length === 0 || status.includes(job.status));
    return wanted.sort((a, b) => b.jobId - a.jobId).map(jobData);
  }

  job(jobId: number): api.JobData | undefined {
    const job = this.state.jobs.get(jobId);
    return job && jobData(job);
  }

  stages(status: readonly string[] = []): readonly api.StageData[] {
    const wanted = [...this.state.stages.values()].filter((stage) => status.length === 0 || status.includes(stage.status));
    return wanted.sort((a, b) => b.info.stageId - a.info.stageId || b.info.attemptId - a.info.attemptId).map(stageData);
  }

  stageAttempts(stageId: number): readonly api.StageData[] {
    return this.state.attempts(stageId).map(stageData);
  }

  stage(stageId: number, attemptId: number): api.StageData | undefined {
    const stage = this.state.stage(stageId, attemptId);
    return stage && stageData(stage);
  }

  jobsOfStage(stageId: number): readonly number[] {
    return [...new Set(this.state.attempts(stageId).flatMap((stage) => [...stage.jobIds]))].sort((a, b) => a - b);
  }

  tasks(stageId: number, attemptId: number, page: TaskPage): readonly api.TaskData[] {
    return [...this.eachTask(stageId, attemptId, page)];
  }

  *eachTask(stageId: number, attemptId: number, page: TaskPage): Iterable<api.TaskData> {
    const table = this.state.stage(stageId, attemptId)?.tasks;
    const nowMs = this.#options.nowMs();
    if (table === undefined) return;
    for (const task of table.each(table.ids(page, nowMs), nowMs)) yield this.#withLogs(task);
  }

  taskCount(stageId: number, attemptId: number, page: Pick<TaskPage, 'status' | 'search'>): number {
    return this.state.stage(stageId, attemptId)?.tasks.count(page) ?? 0;
  }

  task(taskId: number): api.TaskData | undefined {
    for (const stage of this.state.stages.values()) {
      const task = stage.tasks.find(taskId, this.#options.nowMs());
      if (task !== undefined) return this.#withLogs(task);
    }
    return undefined;
  }

  #withLogs(task: api.TaskData): api.TaskData {
    const logs = this.state.executors.get(task.executorId)?.logUrls ?? [];
    return logs.length === 0 ? task : { ...task, executorLogs: Object.fromEntries(logs) };
  }

  taskSummary(stageId: number, attemptId: number, quantiles: readonly number[]): api.TaskMetricDistributions | undefined {
    const tasks = this.state.stage(stageId, attemptId)?.tasks;
    if (tasks === undefined || tasks.successCount() === 0) return undefined;
    const sorted = [...quantiles].sort((a, b) => a - b);
    const of = (column: TaskColumn) => tasks.quantiles(column, sorted);
    return {
      quantiles: sorted,
      duration: of('duration'),
      gettingResultTime: of('gettingResultTime'),
      schedulerDelay: of('schedulerDelay'),
      of: Object.fromEntries(METRIC_COLUMNS.map((name) => [name, of(name)])) as Record<MetricColumn, number[]>,
      shuffleReadBytes: of('shuffleReadBytes'),
      shuffleTotalBlocks: of('shuffleTotalBlocks'),
    };
  }

  executorSummary(stageId: number, attemptId: number): api.StageData['executorSummary'] {
    const stage = this.state.stage(stageId, attemptId);
    return stage && Object.fromEntries([...stage.executors].map(([id, summary]) => [id, executorStageSummary(summary)]));
  }

  timeline(stageId: number, attemptId: number): TaskTimeline | undefined {
    return this.state.stage(stageId, attemptId)?.tasks.timeline(this.#options.nowMs());
  }

  executors(activeOnly: boolean): readonly api.ExecutorSummary[] {
    const found = [...this.state.executors.values()].filter((executor) => !activeOnly || executor.isActive);
    const driverMs = this.application()?.attempts[0]?.durationMs;
    // Those that are active come from behind, in Spark, too.
    const sign = activeOnly ? -1 : 1;
    return found.sort((a, b) => (a.id < b.id ? -sign : sign)).map((executor) => executorSummary(executor, driverMs));
  }

  rdds(): readonly api.RddStorageInfo[] {
    return [...this.state.rdds.values()].filter((rdd) => rdd.partitions.size > 0).map((rdd) => rddStorage(this.state, rdd, true));
  }

  rdd(rddId: number): api.RddStorageInfo | undefined {
    const rdd = this.state.rdds.get(rddId);
    return rdd && rddStorage(this.state, rdd, true);
  }

  sqlExecutions(offset: number, length: number): readonly api.SqlExecutionData[] {
    const nowMs = this.#options.nowMs();
    return [...this.state.sql.values()].slice(offset, offset + length).map((sql) => sqlExecutionData(sql, nowMs));
  }

  sqlExecution(executionId: number): api.SqlExecutionData | undefined {
    const sql = this.state.sql.get(executionId);
    return sql && sqlExecutionData(sql, this.#options.nowMs());
  }

  stageGraph(stageId: number): StageGraph | undefined {
    const stage = this.state.attempts(stageId)[0];
    return stage && stageGraph(stage.info);
  }

  alarms(): readonly Alarm[] {
    return this.#options.alarms?.(this) ?? [];
  }
}
