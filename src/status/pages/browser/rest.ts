// The REST API's objects as they arrive: api-types.ts with dates as text and task metrics in groups. Types only; what fetches is use-data.ts.
import type {
  ApplicationAttemptInfo,
  ApplicationInfo,
  ExecutorSummary,
  JobData,
  SqlExecutionData,
  StageData,
  StageMetrics,
  TaskData,
} from '../../store/api-types.ts';

/** Why a job failed is told apart (`jobs/errors` of page-routes.ts). */
export type Job = Omit<JobData, 'submissionTimeMs' | 'completionTimeMs' | 'error'> & {
  readonly submissionTime?: string;
  readonly completionTime?: string;
};
export type Stage = Omit<StageData, 'submissionTimeMs' | 'firstTaskLaunchedTimeMs' | 'completionTimeMs' | 'push' | 'shuffleMergers'> & {
  readonly [name in StagePushFigure]: number;
} & {
  readonly submissionTime?: string;
  readonly firstTaskLaunchedTime?: string;
  readonly completionTime?: string;
};
/** Of push-based shuffle, those that pages show. */
type StagePushFigure =
  | `shuffleMerged${'Remote' | 'Local'}${'Blocks' | 'Chunks'}Fetched`
  | 'shuffleMergedFetchFallbackCount'
  | 'shuffleCorruptMergedBlockChunks';
export type Executor = Omit<ExecutorSummary, 'addTimeMs' | 'removeTimeMs'> & { readonly addTime: string; readonly removeTime?: string };
export type SqlExecution = Omit<SqlExecutionData, 'submissionTimeMs'> & { readonly submissionTime: string };
export type Attempt = Pick<ApplicationAttemptInfo, 'attemptId' | 'sparkUser' | 'completed' | 'appSparkVersion'> & {
  readonly duration: number;
  readonly startTimeEpoch: number;
  readonly endTimeEpoch: number;
  readonly lastUpdatedEpoch: number;
};
export type Application = Omit<ApplicationInfo, 'attempts'> & { readonly attempts: readonly Attempt[] };

export type TaskMetricGroups = Pick<
  StageMetrics,
  | 'executorDeserializeTime'
  | 'executorDeserializeCpuTime'
  | 'executorRunTime'
  | 'executorCpuTime'
  | 'resultSize'
  | 'jvmGcTime'
  | 'resultSerializationTime'
  | 'memoryBytesSpilled'
  | 'diskBytesSpilled'
  | 'peakExecutionMemory'
> & {
  readonly inputMetrics: { readonly bytesRead: number; readonly recordsRead: number };
  readonly outputMetrics: { readonly bytesWritten: number; readonly recordsWritten: number };
  readonly shuffleReadMetrics: {
    readonly remoteBlocksFetched: number;
    readonly localBlocksFetched: number;
    readonly fetchWaitTime: number;
    readonly remoteBytesRead: number;
    readonly localBytesRead: number;
    readonly recordsRead: number;
  };
  readonly shuffleWriteMetrics: { readonly bytesWritten: number; readonly writeTime: number; readonly recordsWritten: number };
};
export type Task = Omit<TaskData, 'launchTimeMs' | 'resultFetchStartMs' | 'taskMetrics'> & {
  readonly launchTime: string;
  readonly taskMetrics?: TaskMetricGroups;
};

type Five = readonly number[];
export type TaskSummary = {
  readonly quantiles: Five;
  readonly duration: Five;
  readonly executorDeserializeTime: Five;
  readonly executorRunTime: Five;
  readonly jvmGcTime: Five;
  readonly resultSerializationTime: Five;
  readonly gettingResultTime: Five;
  readonly schedulerDelay: Five;
  readonly peakExecutionMemory: Five;
  readonly memoryBytesSpilled: Five;
  readonly diskBytesSpilled: Five;
  readonly resultSize: Five;
  readonly inputMetrics: { readonly bytesRead: Five; readonly recordsRead: Five };
  readonly outputMetrics: { readonly bytesWritten: Five; readonly recordsWritten: Five };
  readonly shuffleReadMetrics: {
    readonly readBytes: Five;
    readonly readRecords: Five;
    readonly fetchWaitTime: Five;
    readonly remoteBytesRead: Five;
    readonly totalBlocksFetched: Five;
  };
  readonly shuffleWriteMetrics: { readonly writeBytes: Five; readonly writeRecords: Five; readonly writeTime: Five };
};

export type ThreadDump = readonly {
  readonly threadId: number;
  readonly threadName: string;
  readonly threadState: string;
  readonly stackTrace: { readonly elems: readonly string[] };
  readonly blockedByThreadId?: number;
  readonly blockedByLock?: string;
  readonly holdingLocks?: readonly string[];
}[];
