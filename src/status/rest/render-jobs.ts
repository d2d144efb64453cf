// Jobs, cached RDDs and SQL executions as JSON objects: fields, order and types of Spark's api.scala.
import type { JobData, RddStorageInfo, SqlExecutionData } from '../store/api-types.ts';
import { jsonDate, maybeDate } from './java-json.ts';

export const renderJob = (job: JobData): object => ({
  jobId: job.jobId,
  name: job.name,
  description: job.description,
  submissionTime: maybeDate(job.submissionTimeMs),
  completionTime: maybeDate(job.completionTimeMs),
  stageIds: job.stageIds,
  jobGroup: job.jobGroup,
  jobTags: job.jobTags,
  status: job.status,
  numTasks: job.numTasks,
  numActiveTasks: job.numActiveTasks,
  numCompletedTasks: job.numCompletedTasks,
  numSkippedTasks: job.numSkippedTasks,
  numFailedTasks: job.numFailedTasks,
  numKilledTasks: job.numKilledTasks,
  numCompletedIndices: job.numCompletedIndices,
  numActiveStages: job.numActiveStages,
  numCompletedStages: job.numCompletedStages,
  numSkippedStages: job.numSkippedStages,
  numFailedStages: job.numFailedStages,
  killedTasksSummary: job.killedTasksSummary,
});

export const renderRdd = (rdd: RddStorageInfo): object => ({
  id: rdd.id,
  name: rdd.name,
  numPartitions: rdd.numPartitions,
  numCachedPartitions: rdd.numCachedPartitions,
  storageLevel: rdd.storageLevel,
  memoryUsed: rdd.memoryUsed,
  diskUsed: rdd.diskUsed,
  dataDistribution: rdd.dataDistribution?.map((share) => ({
    address: share.address,
    memoryUsed: share.memoryUsed,
    memoryRemaining: share.memoryRemaining,
    diskUsed: share.diskUsed,
    onHeapMemoryUsed: share.onHeapMemoryUsed,
    offHeapMemoryUsed: share.offHeapMemoryUsed,
    onHeapMemoryRemaining: share.onHeapMemoryRemaining,
    offHeapMemoryRemaining: share.offHeapMemoryRemaining,
  })),
  partitions: rdd.partitions?.map((partition) => ({
    blockName: partition.blockName,
    storageLevel: partition.storageLevel,
    memoryUsed: partition.memoryUsed,
    diskUsed: partition.diskUsed,
    executors: partition.executors,
  })),
});

/** @param details with nodes and edges; @param plan with the plan's text */
export const renderSql = (sql: SqlExecutionData, details: boolean, plan: boolean): object => ({
  id: sql.id,
  status: sql.status,
  description: sql.description,
  planDescription: plan ? sql.planDescription : '',
  submissionTime: jsonDate(sql.submissionTimeMs),
  duration: sql.duration,
  runningJobIds: sql.runningJobIds,
  successJobIds: sql.successJobIds,
  failedJobIds: sql.failedJobIds,
  nodes: details
    ? sql.nodes.map((node) => ({
        nodeId: node.nodeId,
        nodeName: node.nodeName,
        wholeStageCodegenId: node.wholeStageCodegenId,
        metrics: node.metrics.map(({ name, value }) => ({ name, value })),
      }))
    : [],
  edges: details ? sql.edges.map(({ fromId, toId }) => ({ fromId, toId })) : [],
});
