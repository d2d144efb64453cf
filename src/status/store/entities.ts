// What the store holds of an application while events come: jobs, stages, executors, RDDs, SQL executions, each changed in place by the
// reducer (reducer.ts and the reduce-*.ts files). As the REST API's objects they are made by to-api.ts. Source: Spark's LiveEntity.scala.
import type { Pairs, RddInfo, ResourceProfileInfo, SqlPlanInfo, StageInfo, StorageLevelInfo } from '../events.ts';
import { EXECUTOR_METRICS, type ExecutorMetricName, type ExecutorMetrics } from '../executor-metrics.ts';
import type { JobStatus, StageStatus } from './api-types.ts';
import { METRIC_COUNT } from './metric-columns.ts';
import type { TaskTable } from './task-table.ts';

/** Which task indices have succeeded, each counted once. */
export class Indices {
  size = 0;
  #seen = new Uint8Array(64);

  add(index: number): void {
    if (index >= this.#seen.length) {
      const wider = new Uint8Array(Math.max(index + 1, this.#seen.length * 2));
      wider.set(this.#seen);
      this.#seen = wider;
    }
    if (this.#seen[index] === 1) return;
    this.#seen[index] = 1;
    this.size++;
  }

  /** 1 at each index that has been added: what the history server stores. */
  get bytes(): Uint8Array {
    return this.#seen;
  }
}

/** The largest figures seen; undefined until the first. */
export class Peaks {
  #values: Partial<Record<ExecutorMetricName, number>> | undefined;

  take(seen: ExecutorMetrics): void {
    this.#values ??= {};
    for (const name of EXECUTOR_METRICS) {
      const value = seen[name] ?? 0;
      if (value > (this.#values[name] ?? -1)) this.#values[name] = value;
    }
  }

  /** A task has ended: they are known, if only as 0. */
  touch(): void {
    if (this.#values === undefined) this.take({});
  }

  get(): ExecutorMetrics | undefined {
    return this.#values && { ...this.#values };
  }
}

export class LiveJob {
  status: JobStatus = 'RUNNING';
  completedAtMs: number | undefined;
  error: string | undefined;
  activeTasks = 0;
  completedTasks = 0;
  failedTasks = 0;
  killedTasks = 0;
  skippedTasks = 0;
  readonly killedSummary = new Map<string, number>();
  /** By stage id: attempts of a stage share it. */
  readonly completedIndices = new Map<number, Indices>();
  activeStages = 0;
  failedStages = 0;
  readonly completedStages = new Set<number>();
  readonly skippedStages = new Set<number>();
  readonly jobId: number;
  readonly name: string;
  readonly submittedAtMs: number | undefined;
  readonly stageIds: readonly number[];
  readonly numTasks: number;
  readonly properties: ReadonlyMap<string, string>;

  constructor(made: { jobId: number; name: string; submittedAtMs: number | undefined; stages: readonly StageInfo[]; properties: Pairs }) {
    this.jobId = made.jobId;
    this.name = made.name;
    this.submittedAtMs = made.submittedAtMs;
    this.stageIds = made.stages.map((stage) => stage.stageId);
    this.numTasks = made.stages.reduce((sum, stage) => sum + (stage.completedAtMs === undefined ? stage.numTasks : 0), 0);
    this.properties = new Map(made.properties);
  }

  indicesOf(stageId: number): Indices {
    let indices = this.completedIndices.get(stageId);
    if (indices === undefined) {
      indices = new Indices();
      this.completedIndices.set(stageId, indices);
    }
    return indices;
  }
}

export class LiveExecutorStage {
  taskTime = 0;
  succeededTasks = 0;
  failedTasks = 0;
  killedTasks = 0;
  activeTasks = 0;
  isExcluded = false;
  readonly sums = new Float64Array(METRIC_COUNT);
  readonly peaks = new Peaks();
}

export class LiveStage {
  status: StageStatus = 'PENDING';
  info: StageInfo;
  jobs: LiveJob[] = [];
  readonly jobIds = new Set<number>();
  description: string | undefined;
  schedulingPool = 'default';
  activeTasks = 0;
  completedTasks = 0;
  failedTasks = 0;
  killedTasks = 0;
  readonly killedSummary = new Map<string, number>();
  readonly completedIndices = new Indices();
  firstLaunchMs: number | undefined;
  /** Task attempts that were launched as copies; counts of the REST API's speculationSummary. */
  speculative: { numTasks: number; active: number; completed: number; failed: number; killed: number } | undefined;
  readonly sums = new Float64Array(METRIC_COUNT);
  readonly executors = new Map<string, LiveExecutorStage>();
  readonly peaks = new Peaks();
  readonly locality = new Map<string, number>();
  readonly tasks: TaskTable;

  constructor(info: StageInfo, tasks: TaskTable) {
    this.info = info;
    this.tasks = tasks;
  }

  executor(executorId: string): LiveExecutorStage {
    let summary = this.executors.get(executorId);
    if (summary === undefined) {
      summary = new LiveExecutorStage();
      this.executors.set(executorId, summary);
    }
    return summary;
  }
}

export class LiveExecutor {
  hostPort: string | undefined;
  host = '';
  isActive = true;
  totalCores = 0;
  maxTasks = 0;
  maxMemory = 0;
  removedAtMs: number | undefined;
  removeReason: string | undefined;
  rddBlocks = 0;
  memoryUsed = 0;
  diskUsed = 0;
  activeTasks = 0;
  completedTasks = 0;
  failedTasks = 0;
  totalTasks = 0;
  totalDuration = 0;
  totalGcTime = 0;
  totalInputBytes = 0;
  totalShuffleRead = 0;
  totalShuffleWrite = 0;
  isExcluded = false;
  readonly excludedInStages = new Set<number>();
  logUrls: Pairs = [];
  attributes: Pairs = [];
  resourceProfileId = 0;
  /** undefined: old logs do not say. */
  totalOnHeap: number | undefined;
  totalOffHeap = 0;
  usedOnHeap = 0;
  usedOffHeap = 0;
  readonly peaks = new Peaks();
  current: ExecutorMetrics = {};
  /** Over all its tasks. */
  readonly sums = new Float64Array(METRIC_COUNT);
  readonly id: string;
  readonly addedAtMs: number;

  constructor(id: string, addedAtMs: number) {
    this.id = id;
    this.addedAtMs = addedAtMs;
  }
}

export type LiveBlock = { executors: string[]; memoryUsed: number; diskUsed: number };
export type LiveDistribution = { memoryUsed: number; diskUsed: number; onHeapUsed: number; offHeapUsed: number };
export class LiveRdd {
  memoryUsed = 0;
  diskUsed = 0;
  /** By block name. */
  readonly partitions = new Map<string, LiveBlock>();
  /** By executor id. */
  readonly distributions = new Map<string, LiveDistribution>();
  readonly info: RddInfo;
  /** As it was asked for first. */
  readonly level: StorageLevelInfo;

  constructor(info: RddInfo) {
    this.info = info;
    this.level = info.storageLevel;
  }
}

export class LiveSql {
  completedAtMs: number | undefined;
  errorMessage: string | undefined;
  plan: SqlPlanInfo;
  planDescription: string;
  readonly jobs = new Map<number, LiveJob>();
  readonly stageIds = new Set<number>();
  /** By accumulator: every task's value, ns, ms, bytes or rows as its type says. */
  readonly values = new Map<number, number[]>();
  /** The largest value's place: where to look for the slow one. */
  readonly largest = new Map<number, { value: number; stageId: number; attemptId: number; taskId: number }>();
  readonly driverValues = new Map<number, number>();
  /** Types of every metric of any plan seen. */
  readonly metricTypes = new Map<number, string>();
  readonly executionId: number;
  readonly rootExecutionId: number | undefined;
  readonly description: string;
  readonly details: string;
  readonly submittedAtMs: number;
  readonly modifiedConfigs: Pairs;

  constructor(made: {
    executionId: number;
    rootExecutionId: number | undefined;
    description: string;
    details: string;
    physicalPlanDescription: string;
    plan: SqlPlanInfo;
    atMs: number;
    modifiedConfigs: Pairs;
  }) {
    this.executionId = made.executionId;
    this.rootExecutionId = made.rootExecutionId;
    this.description = made.description;
    this.details = made.details;
    this.planDescription = made.physicalPlanDescription;
    this.plan = made.plan;
    this.submittedAtMs = made.atMs;
    this.modifiedConfigs = made.modifiedConfigs;
  }
}

export type Application = {
  name: string;
  id: string;
  startedAtMs: number;
  endedAtMs: number | undefined;
  user: string;
  attemptId: string | undefined;
  sparkVersion: string;
};
export type Environment = {
  runtime: Pairs;
  sparkProperties: Pairs;
  hadoopProperties: Pairs;
  systemProperties: Pairs;
  metricsProperties: Pairs;
  classpathEntries: Pairs;
};
export type ResourceProfiles = Map<number, ResourceProfileInfo>;
