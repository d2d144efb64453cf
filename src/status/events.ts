// What happens in an application, as data: one type per event of Spark's listener bus. The driver's bus delivers them in order to the status
// store, the event log and the alarms; the history server makes the same events out of a log. Here are the words only: Spark's JSON of each is
// event-json.ts, what becomes of them is store/. Source: Spark's SparkListener.scala.
import type { ExecutorMetrics } from './executor-metrics.ts';
import type { TaskMetrics } from './task-metrics.ts';

/** [name, value] pairs, in order: settings and properties. */
export type Pairs = readonly (readonly [string, string])[];

export type StorageLevelInfo = {
  readonly useDisk: boolean;
  readonly useMemory: boolean;
  readonly useOffHeap: boolean;
  readonly deserialized: boolean;
  readonly replication: number;
};

export type RddInfo = {
  readonly rddId: number;
  /** As the page shows it: the user's name, else the RDD's kind (`ParallelCollectionRDD`). */
  readonly name: string;
  /** The API call that made it, for clusters in the stage's graph: id and name (`reduceByKey`). */
  readonly scope: { readonly id: string; readonly name: string } | undefined;
  readonly callSite: string;
  readonly parentIds: readonly number[];
  readonly storageLevel: StorageLevelInfo;
  readonly barrier: boolean;
  readonly numPartitions: number;
  readonly numCachedPartitions: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
};

export type AccumulableInfo = {
  readonly id: number;
  readonly name: string | undefined;
  /** This task's share; undefined in a stage's list. */
  readonly update: unknown;
  readonly value: unknown;
  readonly internal: boolean;
  readonly countFailedValues: boolean;
  /** `sql` for SQL metrics. */
  readonly metadata?: string | undefined;
};

export type StageInfo = {
  readonly stageId: number;
  readonly attemptId: number;
  /** `reduceByKey at job.ts:14` */
  readonly name: string;
  readonly numTasks: number;
  readonly rdds: readonly RddInfo[];
  readonly parentIds: readonly number[];
  /** The user's stack at the action. */
  readonly details: string;
  readonly submittedAtMs: number | undefined;
  readonly completedAtMs: number | undefined;
  readonly failureReason: string | undefined;
  readonly accumulables: readonly AccumulableInfo[];
  readonly resourceProfileId: number;
  /** Services that merge its map outputs (push-based shuffle), as far as they are chosen. */
  readonly shuffleMergers: number;
};

export type Locality = 'PROCESS_LOCAL' | 'NODE_LOCAL' | 'NO_PREF' | 'RACK_LOCAL' | 'ANY';

/** A task attempt when it is launched. Times are ms since 1970. */
export type TaskInfo = {
  readonly taskId: number;
  /** In its stage, 0 … numTasks - 1. */
  readonly index: number;
  readonly attempt: number;
  readonly partition: number;
  readonly launchedAtMs: number;
  readonly executorId: string;
  readonly host: string;
  readonly locality: Locality;
  readonly speculative: boolean;
};

/** Why a task attempt ended. Source: Spark's TaskEndReason. */
export type TaskEndReason =
  | { readonly tag: 'Success' }
  | { readonly tag: 'Resubmitted' }
  | { readonly tag: 'TaskResultLost' }
  | {
      readonly tag: 'ExceptionFailure';
      readonly className: string;
      readonly description: string;
      /** Frames as text, `at f (job.ts:4:7)`. */
      readonly stack: string;
    }
  | { readonly tag: 'ExecutorLostFailure'; readonly executorId: string; readonly causedByApp: boolean; readonly reason: string }
  | {
      readonly tag: 'FetchFailed';
      readonly shuffleId: number;
      readonly mapId: number;
      readonly mapIndex: number;
      readonly reduceId: number;
      readonly executorId: string;
      readonly host: string;
      readonly message: string;
    }
  | { readonly tag: 'TaskKilled'; readonly reason: string }
  | { readonly tag: 'TaskCommitDenied'; readonly jobId: number; readonly partition: number; readonly attempt: number }
  | { readonly tag: 'UnknownReason' };

export type TaskEnd = TaskInfo & {
  readonly finishedAtMs: number;
  /** When the driver began to fetch an indirect result; 0: never. */
  readonly gettingResultAtMs: number;
  readonly taskType: 'ResultTask' | 'ShuffleMapTask';
  readonly reason: TaskEndReason;
  /** undefined: the task ended with its executor, nothing is known. */
  readonly metrics: TaskMetrics | undefined;
  /** User accumulators with a name, and SQL metrics. Internal ones follow from metrics. */
  readonly accumulables: readonly AccumulableInfo[];
};

export type ResourceProfileInfo = {
  readonly id: number;
  /** `cores`, `memory` (MiB), `offHeap` (MiB), … */
  readonly executorResources: readonly (readonly [name: string, amount: number])[];
  readonly taskResources: readonly (readonly [name: string, amount: number])[];
};

export type BlockManagerId = { readonly executorId: string; readonly host: string; readonly port: number };

export type SqlPlanInfo = {
  readonly nodeName: string;
  readonly simpleString: string;
  readonly children: readonly SqlPlanInfo[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly metrics: readonly { readonly name: string; readonly accumulatorId: number; readonly metricType: string }[];
};

/** Everything but single tasks: rare, so objects may be rich. */
export type RareEvent =
  | { readonly tag: 'logStart'; readonly sparkVersion: string }
  | { readonly tag: 'resourceProfileAdded'; readonly profile: ResourceProfileInfo }
  | {
      readonly tag: 'applicationStart';
      readonly name: string;
      readonly applicationId: string;
      readonly atMs: number;
      readonly user: string;
      readonly attemptId: string | undefined;
      readonly driverLogs: Pairs | undefined;
    }
  | { readonly tag: 'applicationEnd'; readonly atMs: number; readonly exitCode: number | undefined }
  | {
      readonly tag: 'environmentUpdate';
      /** Node's version and home stand where Spark has Java's. */
      readonly runtime: Pairs;
      readonly sparkProperties: Pairs;
      readonly hadoopProperties: Pairs;
      readonly systemProperties: Pairs;
      readonly metricsProperties: Pairs;
      readonly classpathEntries: Pairs;
    }
  | {
      readonly tag: 'executorAdded';
      readonly executorId: string;
      readonly atMs: number;
      readonly host: string;
      readonly totalCores: number;
      readonly logUrls: Pairs;
      readonly attributes: Pairs;
      readonly resourceProfileId: number;
      readonly hostPort?: string | undefined;
    }
  | { readonly tag: 'executorRemoved'; readonly executorId: string; readonly atMs: number; readonly reason: string }
  | {
      readonly tag: 'executorExcluded' | 'executorUnexcluded';
      readonly executorId: string;
      readonly atMs: number;
      /** Failures that led to it; 0 when it ends. */
      readonly taskFailures: number;
      /** undefined: for the whole application. */
      readonly stage: { readonly stageId: number; readonly attemptId: number } | undefined;
    }
  | {
      readonly tag: 'nodeExcluded' | 'nodeUnexcluded';
      readonly host: string;
      readonly atMs: number;
      readonly executorFailures: number;
      readonly stage: { readonly stageId: number; readonly attemptId: number } | undefined;
    }
  | {
      readonly tag: 'blockManagerAdded';
      readonly id: BlockManagerId;
      readonly atMs: number;
      readonly maxMemoryBytes: number;
      readonly maxOnHeapBytes: number;
      readonly maxOffHeapBytes: number;
    }
  | { readonly tag: 'blockManagerRemoved'; readonly id: BlockManagerId; readonly atMs: number }
  | {
      readonly tag: 'blockUpdated';
      readonly id: BlockManagerId;
      /** `rdd_3_0`, `broadcast_1_piece0`, … */
      readonly blockId: string;
      /** Neither memory nor disk: the block is gone from there. */
      readonly storageLevel: StorageLevelInfo;
      readonly memoryBytes: number;
      readonly diskBytes: number;
    }
  | { readonly tag: 'unpersistRdd'; readonly rddId: number }
  | {
      readonly tag: 'jobStart';
      readonly jobId: number;
      readonly atMs: number;
      readonly stages: readonly StageInfo[];
      /** spark.jobGroup.id, spark.job.description, spark.job.tags, spark.scheduler.pool, spark.sql.execution.id, callSite.short, … */
      readonly properties: Pairs;
    }
  | {
      readonly tag: 'jobEnd';
      readonly jobId: number;
      readonly atMs: number;
      readonly error: { readonly message: string; readonly stack: string } | undefined;
    }
  | { readonly tag: 'stageSubmitted'; readonly stage: StageInfo; readonly properties: Pairs }
  /** failureReason says whether it failed. */
  | { readonly tag: 'stageCompleted'; readonly stage: StageInfo }
  | {
      readonly tag: 'speculativeTaskSubmitted';
      readonly stageId: number;
      readonly attemptId: number;
      readonly index: number;
      readonly partition: number;
    }
  | {
      readonly tag: 'taskGettingResult';
      readonly stageId: number;
      readonly attemptId: number;
      readonly task: TaskInfo;
      readonly atMs: number;
    }
  /** Periodic, from heartbeats: figures of the executor now. */
  | { readonly tag: 'executorMetricsUpdate'; readonly executorId: string; readonly metrics: ExecutorMetrics }
  /** Peaks of an executor while a stage ran. */
  | {
      readonly tag: 'stageExecutorMetrics';
      readonly executorId: string;
      readonly stageId: number;
      readonly attemptId: number;
      readonly peaks: ExecutorMetrics;
    }
  | {
      readonly tag: 'sqlExecutionStart';
      readonly executionId: number;
      readonly rootExecutionId: number | undefined;
      readonly description: string;
      readonly details: string;
      readonly physicalPlanDescription: string;
      readonly plan: SqlPlanInfo;
      readonly atMs: number;
      readonly modifiedConfigs: Pairs;
      readonly jobTags: readonly string[];
    }
  | {
      readonly tag: 'sqlAdaptiveUpdate';
      readonly executionId: number;
      readonly physicalPlanDescription: string;
      readonly plan: SqlPlanInfo;
    }
  /** Metrics that no plan has told of yet, before tasks tell their values: of what an adaptive plan has become. */
  | { readonly tag: 'sqlAdaptiveMetrics'; readonly executionId: number; readonly metrics: SqlPlanInfo['metrics'] }
  | {
      readonly tag: 'sqlDriverAccumUpdates';
      readonly executionId: number;
      readonly updates: readonly (readonly [id: number, value: number])[];
    }
  | { readonly tag: 'sqlExecutionEnd'; readonly executionId: number; readonly atMs: number; readonly errorMessage: string | undefined }
  /** Our own: executors that the cluster manager has not granted, in its words; undefined: none are waited for. Real Spark skips it. */
  | { readonly tag: 'waitingForExecutors'; readonly atMs: number; readonly wanted: number; readonly reason: string | undefined };

/**
 * Who hears what happens. Tasks come apart from the rest, many a turn: their objects are made once and may be kept, never changed.
 * Called on the driver's thread between turns of its loop, or by the reader of a log: a listener must be quick, and must not throw.
 */
export interface StatusListener {
  on(event: RareEvent): void;
  taskStarted(stageId: number, attemptId: number, task: TaskInfo): void;
  taskEnded(stageId: number, attemptId: number, task: TaskEnd): void;
}
