// Entities as the REST API's objects, field by field as Spark makes them (LiveEntity.scala). Pure; dates stay ms.
import type {
  ApplicationInfo,
  ExecutorStageSummary,
  ExecutorSummary,
  JobData,
  RddStorageInfo,
  StageData,
  StageMetrics,
} from './api-types.ts';
import type { LiveExecutor, LiveExecutorStage, LiveJob, LiveRdd, LiveStage } from './entities.ts';
import { METRIC, pushOf } from './metric-columns.ts';
import type { StatusState } from './status-state.ts';
import { describeLevel } from './storage-levels.ts';
import { accumulableData } from './task-rows.ts';

export function applicationInfo(state: StatusState, nowMs: number): ApplicationInfo | undefined {
  const app = state.application;
  if (app === undefined) return undefined;
  const completed = app.endedAtMs !== undefined;
  const untilMs = app.endedAtMs ?? nowMs;
  return {
    id: app.id,
    name: app.name,
    attempts: [
      {
        ...(app.attemptId !== undefined && { attemptId: app.attemptId }),
        startTimeMs: app.startedAtMs,
        endTimeMs: app.endedAtMs ?? -1,
        lastUpdatedMs: untilMs,
        durationMs: Math.max(0, untilMs - app.startedAtMs),
        sparkUser: app.user,
        completed,
        appSparkVersion: app.sparkVersion || state.sparkVersion,
      },
    ],
  };
}

export function jobData(job: LiveJob): JobData {
  const property = (name: string) => job.properties.get(name);
  const description = property('spark.job.description');
  const group = property('spark.jobGroup.id');
  const sqlId = property('spark.sql.execution.id');
  let indices = 0;
  for (const seen of job.completedIndices.values()) indices += seen.size;
  return {
    jobId: job.jobId,
    name: job.name,
    ...(description !== undefined && { description }),
    ...(job.submittedAtMs !== undefined && { submissionTimeMs: job.submittedAtMs }),
    ...(job.completedAtMs !== undefined && { completionTimeMs: job.completedAtMs }),
    stageIds: job.stageIds,
    ...(group !== undefined && { jobGroup: group }),
    jobTags: (property('spark.job.tags') ?? '').split(',').filter((tag) => tag !== ''),
    status: job.status,
    numTasks: job.numTasks,
    numActiveTasks: job.activeTasks,
    numCompletedTasks: job.completedTasks,
    numSkippedTasks: job.skippedTasks,
    numFailedTasks: job.failedTasks,
    numKilledTasks: job.killedTasks,
    numCompletedIndices: indices,
    numActiveStages: job.activeStages,
    numCompletedStages: job.completedStages.size,
    numSkippedStages: job.skippedStages.size,
    numFailedStages: job.failedStages,
    killedTasksSummary: Object.fromEntries(job.killedSummary),
    ...(job.error !== undefined && { error: job.error }),
    ...(sqlId !== undefined && { sqlExecutionId: Number(sqlId) }),
  };
}

function sums(of: Float64Array): StageMetrics {
  const sum = (name: keyof typeof METRIC) => of[METRIC[name]]!;
  return {
    executorDeserializeTime: sum('executorDeserializeTime'),
    executorDeserializeCpuTime: sum('executorDeserializeCpuTimeNs'),
    executorRunTime: sum('executorRunTime'),
    executorCpuTime: sum('executorCpuTimeNs'),
    resultSize: sum('resultSize'),
    jvmGcTime: sum('gcTime'),
    resultSerializationTime: sum('resultSerializationTime'),
    memoryBytesSpilled: sum('memoryBytesSpilled'),
    diskBytesSpilled: sum('diskBytesSpilled'),
    peakExecutionMemory: sum('peakExecutionMemory'),
    inputBytes: sum('inputBytes'),
    inputRecords: sum('inputRecords'),
    outputBytes: sum('outputBytes'),
    outputRecords: sum('outputRecords'),
    shuffleRemoteBlocksFetched: sum('shuffleRemoteBlocks'),
    shuffleLocalBlocksFetched: sum('shuffleLocalBlocks'),
    shuffleFetchWaitTime: sum('shuffleFetchWaitTime'),
    shuffleRemoteBytesRead: sum('shuffleRemoteBytes'),
    shuffleRemoteBytesReadToDisk: sum('shuffleRemoteBytesToDisk'),
    shuffleLocalBytesRead: sum('shuffleLocalBytes'),
    shuffleReadBytes: sum('shuffleLocalBytes') + sum('shuffleRemoteBytes'),
    shuffleReadRecords: sum('shuffleRecordsRead'),
    shuffleRemoteReqsDuration: sum('shuffleRemoteRequestsDuration'),
    push: pushOf(sum),
    shuffleWriteBytes: sum('shuffleBytesWritten'),
    shuffleWriteTime: sum('shuffleWriteTimeNs'),
    shuffleWriteRecords: sum('shuffleRecordsWritten'),
  };
}

export function stageData(stage: LiveStage): StageData {
  const { info, speculative } = stage;
  const peaks = stage.peaks.get();
  return {
    ...sums(stage.sums),
    status: stage.status,
    stageId: info.stageId,
    attemptId: info.attemptId,
    numTasks: info.numTasks,
    numActiveTasks: stage.activeTasks,
    numCompleteTasks: stage.completedTasks,
    numFailedTasks: stage.failedTasks,
    numKilledTasks: stage.killedTasks,
    numCompletedIndices: stage.completedIndices.size,
    submissionTimeMs: info.submittedAtMs,
    firstTaskLaunchedTimeMs: stage.firstLaunchMs,
    completionTimeMs: info.completedAtMs,
    failureReason: info.failureReason,
    name: info.name,
    description: stage.description,
    details: info.details,
    schedulingPool: stage.schedulingPool,
    rddIds: info.rdds.map((rdd) => rdd.rddId),
    accumulatorUpdates: accumulableData(info.accumulables),
    speculationSummary: speculative && {
      numTasks: speculative.numTasks,
      numActiveTasks: speculative.active,
      numCompletedTasks: speculative.completed,
      numFailedTasks: speculative.failed,
      numKilledTasks: speculative.killed,
    },
    killedTasksSummary: Object.fromEntries(stage.killedSummary),
    resourceProfileId: info.resourceProfileId,
    shuffleMergers: info.shuffleMergers,
    ...(peaks && { peakExecutorMetrics: peaks }),
  };
}

export function executorStageSummary(summary: LiveExecutorStage): ExecutorStageSummary {
  const s = sums(summary.sums);
  const peaks = summary.peaks.get();
  return {
    taskTime: summary.taskTime,
    failedTasks: summary.failedTasks,
    succeededTasks: summary.succeededTasks,
    killedTasks: summary.killedTasks,
    inputBytes: s.inputBytes,
    inputRecords: s.inputRecords,
    outputBytes: s.outputBytes,
    outputRecords: s.outputRecords,
    shuffleRead: s.shuffleReadBytes,
    shuffleReadRecords: s.shuffleReadRecords,
    shuffleWrite: s.shuffleWriteBytes,
    shuffleWriteRecords: s.shuffleWriteRecords,
    memoryBytesSpilled: s.memoryBytesSpilled,
    diskBytesSpilled: s.diskBytesSpilled,
    isExcludedForStage: summary.isExcluded,
    ...(peaks && { peakMemoryMetrics: peaks }),
  };
}

/** @param applicationMs how long the application has run: of a driver Spark says this, and its process's collections. Source: AppStatusStore.replaceExec */
export function executorSummary(executor: LiveExecutor, applicationMs?: number): ExecutorSummary {
  const peaks = executor.peaks.get();
  const isDriver = executor.id === 'driver';
  return {
    id: executor.id,
    hostPort: executor.hostPort ?? executor.host,
    isActive: executor.isActive,
    rddBlocks: executor.rddBlocks,
    memoryUsed: executor.memoryUsed,
    diskUsed: executor.diskUsed,
    totalCores: executor.totalCores,
    maxTasks: executor.maxTasks,
    activeTasks: executor.activeTasks,
    failedTasks: executor.failedTasks,
    completedTasks: executor.completedTasks,
    totalTasks: executor.totalTasks,
    totalDuration: isDriver ? (applicationMs ?? executor.totalDuration) : executor.totalDuration,
    totalGCTime: isDriver ? ((peaks && (peaks['TotalGCTime'] ?? 0)) ?? executor.totalGcTime) : executor.totalGcTime,
    totalInputBytes: executor.totalInputBytes,
    totalShuffleRead: executor.totalShuffleRead,
    totalShuffleWrite: executor.totalShuffleWrite,
    maxMemory: executor.maxMemory,
    addTimeMs: executor.addedAtMs,
    removeTimeMs: executor.removedAtMs,
    removeReason: executor.removeReason,
    executorLogs: Object.fromEntries(executor.logUrls),
    ...(executor.totalOnHeap !== undefined && {
      memoryMetrics: {
        usedOnHeapStorageMemory: executor.usedOnHeap,
        usedOffHeapStorageMemory: executor.usedOffHeap,
        totalOnHeapStorageMemory: executor.totalOnHeap,
        totalOffHeapStorageMemory: executor.totalOffHeap,
      },
    }),
    ...(peaks && { peakMemoryMetrics: peaks }),
    attributes: Object.fromEntries(executor.attributes),
    resourceProfileId: executor.resourceProfileId,
    isExcluded: executor.isExcluded,
    excludedInStages: [...executor.excludedInStages].sort((a, b) => a - b),
  };
}

/** @param detailed with where it lies and its partitions */
export function rddStorage(state: StatusState, rdd: LiveRdd, detailed: boolean): RddStorageInfo {
  return {
    id: rdd.info.rddId,
    name: rdd.info.name,
    numPartitions: rdd.info.numPartitions,
    numCachedPartitions: rdd.partitions.size,
    storageLevel: describeLevel(rdd.level),
    memoryUsed: rdd.memoryUsed,
    diskUsed: rdd.diskUsed,
    ...(detailed && {
      dataDistribution: [...rdd.distributions]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([executorId, share]) => {
          const executor = state.executors.get(executorId);
          const onHeap = executor?.totalOnHeap;
          return {
            address: executor?.hostPort ?? executor?.host ?? executorId,
            memoryUsed: share.memoryUsed,
            memoryRemaining: (executor?.maxMemory ?? 0) - (executor?.memoryUsed ?? 0),
            diskUsed: share.diskUsed,
            ...(executor !== undefined &&
              onHeap !== undefined && {
                onHeapMemoryUsed: share.onHeapUsed,
                offHeapMemoryUsed: share.offHeapUsed,
                onHeapMemoryRemaining: onHeap - executor.usedOnHeap,
                offHeapMemoryRemaining: executor.totalOffHeap - executor.usedOffHeap,
              }),
          };
        }),
      partitions: [...rdd.partitions].map(([blockName, partition]) => ({
        blockName,
        storageLevel: describeLevel({
          useDisk: partition.diskUsed > 0,
          useMemory: partition.memoryUsed > 0,
          useOffHeap: rdd.level.useOffHeap,
          deserialized: partition.memoryUsed > 0 && rdd.level.deserialized,
          replication: partition.executors.length,
        }),
        memoryUsed: partition.memoryUsed,
        diskUsed: partition.diskUsed,
        executors: partition.executors,
      })),
    }),
  };
}
