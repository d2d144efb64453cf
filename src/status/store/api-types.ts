// The REST API's objects, field by field in Spark's order: JSON is made by printing them (rest/). Dates are ms since 1970 here and become text
// in the printer; undefined is left out. Source: Spark's org.apache.spark.status.api.v1 (api.scala).
import type { Pairs } from '../events.ts';
import type { ExecutorMetrics } from '../executor-metrics.ts';
import type { MetricColumn, PushReadMetrics, TaskMetrics } from '../task-metrics.ts';

export type ApplicationAttemptInfo = {
  readonly attemptId?: string | undefined;
  readonly startTimeMs: number;
  /** -1: it runs. */
  readonly endTimeMs: number;
  readonly lastUpdatedMs: number;
  readonly durationMs: number;
  readonly sparkUser: string;
  readonly completed: boolean;
  readonly appSparkVersion: string;
};
export type ApplicationInfo = {
  readonly id: string;
  readonly name: string;
  readonly coresGranted?: number | undefined;
  readonly maxCores?: number | undefined;
  readonly coresPerExecutor?: number | undefined;
  readonly memoryPerExecutorMB?: number | undefined;
  /** Newest first. */
  readonly attempts: readonly ApplicationAttemptInfo[];
};

export type Counts = Readonly<Record<string, number>>;
export type JobStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'UNKNOWN';
export type JobData = {
  readonly jobId: number;
  readonly name: string;
  readonly description?: string | undefined;
  readonly submissionTimeMs?: number | undefined;
  readonly completionTimeMs?: number | undefined;
  readonly stageIds: readonly number[];
  readonly jobGroup?: string | undefined;
  readonly jobTags: readonly string[];
  readonly status: JobStatus;
  readonly numTasks: number;
  readonly numActiveTasks: number;
  readonly numCompletedTasks: number;
  readonly numSkippedTasks: number;
  readonly numFailedTasks: number;
  readonly numKilledTasks: number;
  readonly numCompletedIndices: number;
  readonly numActiveStages: number;
  readonly numCompletedStages: number;
  readonly numSkippedStages: number;
  readonly numFailedStages: number;
  readonly killedTasksSummary: Counts;
  /** Not of the REST API: why it failed, and the SQL execution it belongs to. */
  readonly error?: string | undefined;
  readonly sqlExecutionId?: number | undefined;
};

export type StageStatus = 'ACTIVE' | 'COMPLETE' | 'FAILED' | 'PENDING' | 'SKIPPED';
export type AccumulableData = { readonly id: number; readonly name: string; readonly update?: string | undefined; readonly value: string };

/** Sums over a stage's tasks, by the REST API's names. */
export type StageMetrics = {
  readonly executorDeserializeTime: number;
  readonly executorDeserializeCpuTime: number;
  readonly executorRunTime: number;
  readonly executorCpuTime: number;
  readonly resultSize: number;
  readonly jvmGcTime: number;
  readonly resultSerializationTime: number;
  readonly memoryBytesSpilled: number;
  readonly diskBytesSpilled: number;
  readonly peakExecutionMemory: number;
  readonly inputBytes: number;
  readonly inputRecords: number;
  readonly outputBytes: number;
  readonly outputRecords: number;
  readonly shuffleRemoteBlocksFetched: number;
  readonly shuffleLocalBlocksFetched: number;
  readonly shuffleFetchWaitTime: number;
  readonly shuffleRemoteBytesRead: number;
  readonly shuffleRemoteBytesReadToDisk: number;
  readonly shuffleLocalBytesRead: number;
  readonly shuffleReadBytes: number;
  readonly shuffleReadRecords: number;
  readonly shuffleRemoteReqsDuration: number;
  /** Push-based shuffle; undefined: no task has read merged files. */
  readonly push: PushReadMetrics | undefined;
  readonly shuffleWriteBytes: number;
  readonly shuffleWriteTime: number;
  readonly shuffleWriteRecords: number;
};

export type StageData = StageMetrics & {
  readonly status: StageStatus;
  readonly stageId: number;
  readonly attemptId: number;
  readonly numTasks: number;
  readonly numActiveTasks: number;
  readonly numCompleteTasks: number;
  readonly numFailedTasks: number;
  readonly numKilledTasks: number;
  readonly numCompletedIndices: number;
  readonly submissionTimeMs?: number | undefined;
  readonly firstTaskLaunchedTimeMs?: number | undefined;
  readonly completionTimeMs?: number | undefined;
  readonly failureReason?: string | undefined;
  readonly name: string;
  readonly description?: string | undefined;
  readonly details: string;
  readonly schedulingPool: string;
  readonly rddIds: readonly number[];
  readonly accumulatorUpdates: readonly AccumulableData[];
  readonly executorSummary?: Readonly<Record<string, ExecutorStageSummary>> | undefined;
  readonly speculationSummary?: SpeculationStageSummary | undefined;
  readonly killedTasksSummary: Counts;
  readonly resourceProfileId: number;
  /** Services that merge its map outputs; 0: they are not pushed. */
  readonly shuffleMergers: number;
  readonly peakExecutorMetrics?: ExecutorMetrics | undefined;
};

export type SpeculationStageSummary = {
  readonly numTasks: number;
  readonly numActiveTasks: number;
  readonly numCompletedTasks: number;
  readonly numFailedTasks: number;
  readonly numKilledTasks: number;
};

export type ExecutorStageSummary = {
  readonly taskTime: number;
  readonly failedTasks: number;
  readonly succeededTasks: number;
  readonly killedTasks: number;
  readonly inputBytes: number;
  readonly inputRecords: number;
  readonly outputBytes: number;
  readonly outputRecords: number;
  readonly shuffleRead: number;
  readonly shuffleReadRecords: number;
  readonly shuffleWrite: number;
  readonly shuffleWriteRecords: number;
  readonly memoryBytesSpilled: number;
  readonly diskBytesSpilled: number;
  readonly isExcludedForStage: boolean;
  readonly peakMemoryMetrics?: ExecutorMetrics | undefined;
};

export type TaskStatus = 'RUNNING' | 'GET RESULT' | 'SUCCESS' | 'FAILED' | 'KILLED' | 'UNKNOWN';
export type TaskData = {
  readonly stageId: number;
  readonly stageAttemptId: number;
  readonly taskId: number;
  readonly index: number;
  readonly attempt: number;
  readonly partitionId: number;
  readonly launchTimeMs: number;
  readonly resultFetchStartMs?: number | undefined;
  readonly duration?: number | undefined;
  readonly executorId: string;
  readonly host: string;
  readonly status: TaskStatus;
  readonly taskLocality: string;
  readonly speculative: boolean;
  readonly accumulatorUpdates: readonly AccumulableData[];
  readonly errorMessage?: string | undefined;
  /** By the names of task-metrics.ts. */
  readonly taskMetrics?: TaskMetrics | undefined;
  readonly executorLogs: Readonly<Record<string, string>>;
  readonly schedulerDelay: number;
  readonly gettingResultTime: number;
};

export type Quantiles = readonly number[];
/** By the names of task-metrics.ts, plus what follows from them. */
export type TaskMetricDistributions = {
  readonly quantiles: Quantiles;
  readonly duration: Quantiles;
  readonly gettingResultTime: Quantiles;
  readonly schedulerDelay: Quantiles;
  readonly of: Readonly<Record<MetricColumn, Quantiles>>;
  /** Local and remote: of the task's sums. */
  readonly shuffleReadBytes: Quantiles;
  readonly shuffleTotalBlocks: Quantiles;
};

export type MemoryMetrics = {
  readonly usedOnHeapStorageMemory: number;
  readonly usedOffHeapStorageMemory: number;
  readonly totalOnHeapStorageMemory: number;
  readonly totalOffHeapStorageMemory: number;
};
export type ExecutorSummary = {
  readonly id: string;
  readonly hostPort: string;
  readonly isActive: boolean;
  readonly rddBlocks: number;
  readonly memoryUsed: number;
  readonly diskUsed: number;
  readonly totalCores: number;
  readonly maxTasks: number;
  readonly activeTasks: number;
  readonly failedTasks: number;
  readonly completedTasks: number;
  readonly totalTasks: number;
  readonly totalDuration: number;
  readonly totalGCTime: number;
  readonly totalInputBytes: number;
  readonly totalShuffleRead: number;
  readonly totalShuffleWrite: number;
  readonly maxMemory: number;
  readonly addTimeMs: number;
  readonly removeTimeMs?: number | undefined;
  readonly removeReason?: string | undefined;
  readonly executorLogs: Readonly<Record<string, string>>;
  readonly memoryMetrics?: MemoryMetrics | undefined;
  readonly peakMemoryMetrics?: ExecutorMetrics | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly resourceProfileId: number;
  readonly isExcluded: boolean;
  readonly excludedInStages: readonly number[];
};

export type RddDataDistribution = {
  readonly address: string;
  readonly memoryUsed: number;
  readonly memoryRemaining: number;
  readonly diskUsed: number;
  readonly onHeapMemoryUsed?: number | undefined;
  readonly offHeapMemoryUsed?: number | undefined;
  readonly onHeapMemoryRemaining?: number | undefined;
  readonly offHeapMemoryRemaining?: number | undefined;
};
export type RddPartitionInfo = {
  readonly blockName: string;
  readonly storageLevel: string;
  readonly memoryUsed: number;
  readonly diskUsed: number;
  readonly executors: readonly string[];
};
export type RddStorageInfo = {
  readonly id: number;
  readonly name: string;
  readonly numPartitions: number;
  readonly numCachedPartitions: number;
  readonly storageLevel: string;
  readonly memoryUsed: number;
  readonly diskUsed: number;
  readonly dataDistribution?: readonly RddDataDistribution[] | undefined;
  readonly partitions?: readonly RddPartitionInfo[] | undefined;
};

export type EnvironmentInfo = {
  readonly runtime: { readonly javaVersion: string; readonly javaHome: string; readonly scalaVersion: string };
  readonly sparkProperties: Pairs;
  readonly hadoopProperties: Pairs;
  readonly systemProperties: Pairs;
  readonly metricsProperties: Pairs;
  readonly classpathEntries: Pairs;
  readonly resourceProfiles: readonly {
    readonly id: number;
    readonly executorResources: Readonly<Record<string, { resourceName: string; amount: number }>>;
    readonly taskResources: Readonly<Record<string, { resourceName: string; amount: number }>>;
  }[];
};

export type SqlNode = {
  readonly nodeId: number;
  readonly nodeName: string;
  readonly wholeStageCodegenId?: number | undefined;
  readonly metrics: readonly { readonly name: string; readonly value: string }[];
};
export type SqlExecutionData = {
  readonly id: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  readonly description: string;
  readonly planDescription: string;
  readonly submissionTimeMs: number;
  readonly duration: number;
  readonly runningJobIds: readonly number[];
  readonly successJobIds: readonly number[];
  readonly failedJobIds: readonly number[];
  readonly nodes: readonly SqlNode[];
  readonly edges: readonly { readonly fromId: number; readonly toId: number }[];
};
