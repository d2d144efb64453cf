// Stages and tasks as JSON objects: fields, order and types of Spark's api.scala.
import { EXECUTOR_METRICS, type ExecutorMetrics } from '../executor-metrics.ts';
import { noPushFigures, type TaskMetrics } from '../task-metrics.ts';
import type { AccumulableData, ExecutorStageSummary, StageData, TaskData } from '../store/api-types.ts';
import { JsonMembers, jsonDate, maybeDate } from './java-json.ts';

/** All names, absent ones 0: readers expect a fixed set. */
export const renderPeaks = (peaks: ExecutorMetrics): object => Object.fromEntries(EXECUTOR_METRICS.map((name) => [name, peaks[name] ?? 0]));

const renderAccumulable = ({ id, name, update, value }: AccumulableData): object => ({ id, name, update, value });

/** What a request may ask for besides. */
export type StageExtras = {
  readonly tasks?: Iterable<TaskData> | undefined;
  readonly executorSummary?: StageData['executorSummary'];
  readonly taskMetricsDistributions?: object | undefined;
  readonly executorMetricsDistributions?: object | undefined;
};

export const renderStage = (s: StageData, extras: StageExtras = {}): object => ({
  status: s.status,
  stageId: s.stageId,
  attemptId: s.attemptId,
  numTasks: s.numTasks,
  numActiveTasks: s.numActiveTasks,
  numCompleteTasks: s.numCompleteTasks,
  numFailedTasks: s.numFailedTasks,
  numKilledTasks: s.numKilledTasks,
  numCompletedIndices: s.numCompletedIndices,
  submissionTime: maybeDate(s.submissionTimeMs),
  firstTaskLaunchedTime: maybeDate(s.firstTaskLaunchedTimeMs),
  completionTime: maybeDate(s.completionTimeMs),
  failureReason: s.failureReason,
  executorDeserializeTime: s.executorDeserializeTime,
  executorDeserializeCpuTime: s.executorDeserializeCpuTime,
  executorRunTime: s.executorRunTime,
  executorCpuTime: s.executorCpuTime,
  resultSize: s.resultSize,
  jvmGcTime: s.jvmGcTime,
  resultSerializationTime: s.resultSerializationTime,
  memoryBytesSpilled: s.memoryBytesSpilled,
  diskBytesSpilled: s.diskBytesSpilled,
  peakExecutionMemory: s.peakExecutionMemory,
  inputBytes: s.inputBytes,
  inputRecords: s.inputRecords,
  outputBytes: s.outputBytes,
  outputRecords: s.outputRecords,
  shuffleRemoteBlocksFetched: s.shuffleRemoteBlocksFetched,
  shuffleLocalBlocksFetched: s.shuffleLocalBlocksFetched,
  shuffleFetchWaitTime: s.shuffleFetchWaitTime,
  shuffleRemoteBytesRead: s.shuffleRemoteBytesRead,
  shuffleRemoteBytesReadToDisk: s.shuffleRemoteBytesReadToDisk,
  shuffleLocalBytesRead: s.shuffleLocalBytesRead,
  shuffleReadBytes: s.shuffleReadBytes,
  shuffleReadRecords: s.shuffleReadRecords,
  shuffleCorruptMergedBlockChunks: (s.push ?? PUSHED).corruptMergedBlockChunks,
  shuffleMergedFetchFallbackCount: (s.push ?? PUSHED).mergedFetchFallbackCount,
  shuffleMergedRemoteBlocksFetched: (s.push ?? PUSHED).remoteMergedBlocksFetched,
  shuffleMergedLocalBlocksFetched: (s.push ?? PUSHED).localMergedBlocksFetched,
  shuffleMergedRemoteChunksFetched: (s.push ?? PUSHED).remoteMergedChunksFetched,
  shuffleMergedLocalChunksFetched: (s.push ?? PUSHED).localMergedChunksFetched,
  shuffleMergedRemoteBytesRead: (s.push ?? PUSHED).remoteMergedBytesRead,
  shuffleMergedLocalBytesRead: (s.push ?? PUSHED).localMergedBytesRead,
  shuffleRemoteReqsDuration: s.shuffleRemoteReqsDuration,
  shuffleMergedRemoteReqsDuration: (s.push ?? PUSHED).remoteMergedReqsDuration,
  shuffleWriteBytes: s.shuffleWriteBytes,
  shuffleWriteTime: s.shuffleWriteTime,
  shuffleWriteRecords: s.shuffleWriteRecords,
  name: s.name,
  description: s.description,
  details: s.details,
  schedulingPool: s.schedulingPool,
  rddIds: s.rddIds,
  accumulatorUpdates: s.accumulatorUpdates.map(renderAccumulable),
  tasks: extras.tasks && new JsonMembers(byTaskId(extras.tasks)),
  executorSummary: extras.executorSummary && renderExecutorSummaries(extras.executorSummary),
  speculationSummary: s.speculationSummary && {
    numTasks: s.speculationSummary.numTasks,
    numActiveTasks: s.speculationSummary.numActiveTasks,
    numCompletedTasks: s.speculationSummary.numCompletedTasks,
    numFailedTasks: s.speculationSummary.numFailedTasks,
    numKilledTasks: s.speculationSummary.numKilledTasks,
  },
  killedTasksSummary: s.killedTasksSummary,
  resourceProfileId: s.resourceProfileId,
  peakExecutorMetrics: s.peakExecutorMetrics && renderPeaks(s.peakExecutorMetrics),
  taskMetricsDistributions: extras.taskMetricsDistributions,
  executorMetricsDistributions: extras.executorMetricsDistributions,
  isShufflePushEnabled: s.shuffleMergers > 0,
  shuffleMergersCount: s.shuffleMergers,
});

function* byTaskId(tasks: Iterable<TaskData>): Generator<[string, object]> {
  for (const task of tasks) yield [String(task.taskId), renderTask(task)];
}

export function* renderTasks(tasks: Iterable<TaskData>): Generator<object> {
  for (const task of tasks) yield renderTask(task);
}

const renderExecutorSummaries = (summaries: Readonly<Record<string, ExecutorStageSummary>>): object =>
  Object.fromEntries(
    Object.entries(summaries).map(([id, e]) => [
      id,
      {
        taskTime: e.taskTime,
        failedTasks: e.failedTasks,
        succeededTasks: e.succeededTasks,
        killedTasks: e.killedTasks,
        inputBytes: e.inputBytes,
        inputRecords: e.inputRecords,
        outputBytes: e.outputBytes,
        outputRecords: e.outputRecords,
        shuffleRead: e.shuffleRead,
        shuffleReadRecords: e.shuffleReadRecords,
        shuffleWrite: e.shuffleWrite,
        shuffleWriteRecords: e.shuffleWriteRecords,
        memoryBytesSpilled: e.memoryBytesSpilled,
        diskBytesSpilled: e.diskBytesSpilled,
        isBlacklistedForStage: e.isExcludedForStage,
        peakMemoryMetrics: e.peakMemoryMetrics && renderPeaks(e.peakMemoryMetrics),
        isExcludedForStage: e.isExcludedForStage,
      },
    ]),
  );

export const renderTask = (t: TaskData): object => ({
  taskId: t.taskId,
  index: t.index,
  attempt: t.attempt,
  partitionId: t.partitionId,
  launchTime: jsonDate(t.launchTimeMs),
  resultFetchStart: maybeDate(t.resultFetchStartMs),
  duration: t.duration,
  executorId: t.executorId,
  host: t.host,
  status: t.status,
  taskLocality: t.taskLocality,
  speculative: t.speculative,
  accumulatorUpdates: t.accumulatorUpdates.map(renderAccumulable),
  errorMessage: t.errorMessage,
  taskMetrics: t.taskMetrics && renderTaskMetrics(t.taskMetrics),
  executorLogs: t.executorLogs,
  schedulerDelay: t.schedulerDelay,
  gettingResultTime: t.gettingResultTime,
});

const PUSHED = noPushFigures();

const renderTaskMetrics = (m: TaskMetrics): object => ({
  executorDeserializeTime: m.executorDeserializeTime,
  executorDeserializeCpuTime: m.executorDeserializeCpuTimeNs,
  executorRunTime: m.executorRunTime,
  executorCpuTime: m.executorCpuTimeNs,
  resultSize: m.resultSize,
  jvmGcTime: m.gcTime,
  resultSerializationTime: m.resultSerializationTime,
  memoryBytesSpilled: m.memoryBytesSpilled,
  diskBytesSpilled: m.diskBytesSpilled,
  peakExecutionMemory: m.peakExecutionMemory,
  inputMetrics: { bytesRead: m.inputBytes, recordsRead: m.inputRecords },
  outputMetrics: { bytesWritten: m.outputBytes, recordsWritten: m.outputRecords },
  shuffleReadMetrics: {
    remoteBlocksFetched: m.shuffleRemoteBlocks,
    localBlocksFetched: m.shuffleLocalBlocks,
    fetchWaitTime: m.shuffleFetchWaitTime,
    remoteBytesRead: m.shuffleRemoteBytes,
    remoteBytesReadToDisk: m.shuffleRemoteBytesToDisk,
    localBytesRead: m.shuffleLocalBytes,
    recordsRead: m.shuffleRecordsRead,
    remoteReqsDuration: m.shuffleRemoteRequestsDuration,
    shufflePushReadMetrics: m.push ?? PUSHED,
  },
  shuffleWriteMetrics: {
    bytesWritten: m.shuffleBytesWritten,
    writeTime: m.shuffleWriteTimeNs,
    recordsWritten: m.shuffleRecordsWritten,
  },
});
