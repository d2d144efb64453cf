// What the REST API, the pages, Prometheus and `emberloom top` ask of an application's status, whoever holds it: the live driver's store in
// memory (live-store.ts) or the history server's in SQLite (src/history/). The answers have the REST API's own fields (api-types.ts), so a
// renderer only prints. Source: Spark's AppStatusStore.scala.
import type {
  ApplicationInfo,
  EnvironmentInfo,
  ExecutorSummary,
  JobData,
  RddStorageInfo,
  SqlExecutionData,
  StageData,
  TaskData,
  TaskMetricDistributions,
} from './api-types.ts';

export type TaskSort = { readonly by: string; readonly descending: boolean };
export type TaskPage = {
  readonly offset: number;
  readonly length: number;
  readonly sort?: TaskSort | undefined;
  /** RUNNING, SUCCESS, FAILED, KILLED, … ; empty: all. */
  readonly status?: readonly string[] | undefined;
  /** Text to find in executor, host or error. */
  readonly search?: string | undefined;
};

/** Task columns for the timeline: parallel arrays, one entry per task, so that 100,000 tasks are a few megabytes. Times are ms since `fromMs`. */
export type TaskTimeline = {
  readonly fromMs: number;
  readonly executors: readonly string[];
  readonly taskId: readonly number[];
  readonly executor: readonly number[];
  readonly launch: readonly number[];
  readonly duration: readonly number[];
  /** 0 running, 1 success, 2 failed, 3 killed */
  readonly state: readonly number[];
  /** Phases in ms, in the order they happen: scheduler delay, deserialise, shuffle read, compute, shuffle write, serialise, getting result. */
  readonly phases: readonly (readonly number[])[];
};

export interface StatusView {
  application(): ApplicationInfo | undefined;
  environment(): EnvironmentInfo | undefined;
  jobs(status?: readonly string[]): readonly JobData[];
  job(jobId: number): JobData | undefined;
  /** Newest first. Without tasks and executor summaries. */
  stages(status?: readonly string[]): readonly StageData[];
  /** All attempts, the first one first. */
  stageAttempts(stageId: number): readonly StageData[];
  stage(stageId: number, attemptId: number): StageData | undefined;
  /** Jobs that want a stage. */
  jobsOfStage(stageId: number): readonly number[];
  tasks(stageId: number, attemptId: number, page: TaskPage): readonly TaskData[];
  /** The same, each made when it is asked for: all tasks of a large stage need no memory. One that is forgotten meanwhile is left out. */
  eachTask(stageId: number, attemptId: number, page: TaskPage): Iterable<TaskData>;
  taskCount(stageId: number, attemptId: number, page: Pick<TaskPage, 'status' | 'search'>): number;
  task(taskId: number): TaskData | undefined;
  /** Of successful tasks. undefined: none yet. */
  taskSummary(stageId: number, attemptId: number, quantiles: readonly number[]): TaskMetricDistributions | undefined;
  executorSummary(stageId: number, attemptId: number): StageData['executorSummary'];
  timeline(stageId: number, attemptId: number): TaskTimeline | undefined;
  executors(activeOnly: boolean): readonly ExecutorSummary[];
  rdds(): readonly RddStorageInfo[];
  rdd(rddId: number): RddStorageInfo | undefined;
  sqlExecutions(offset: number, length: number): readonly SqlExecutionData[];
  sqlExecution(executionId: number): SqlExecutionData | undefined;
  /** RDD graph of a stage for the DAG page. */
  stageGraph(stageId: number): StageGraph | undefined;
  /** Sentences about what is wrong and what to do; see alarms/. */
  alarms(): readonly Alarm[];
  /** Raised with every change; the pages' live stream compares it. */
  readonly version: number;
}

export type StageGraph = {
  readonly stageId: number;
  readonly rdds: readonly {
    readonly id: number;
    readonly name: string;
    readonly callSite: string;
    readonly scope: string | undefined;
    readonly scopeId: string | undefined;
    readonly cached: boolean;
    readonly barrier: boolean;
    readonly parentIds: readonly number[];
  }[];
  readonly parentStageIds: readonly number[];
};

export type Alarm = {
  /** `skew`, `spill`, `straggler`, `tinyTasks`, `tooFewTasks`, `idleCores`, `gc`, `largeClosure`, `waitingForExecutors` */
  readonly kind: string;
  readonly severity: 'info' | 'warning' | 'serious';
  readonly stageId: number | undefined;
  readonly attemptId: number | undefined;
  /** With numbers: what was seen. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
};
