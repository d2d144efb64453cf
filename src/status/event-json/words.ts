// Names that both directions use: Spark's names of events, and of a task's figures in their groups.
// Source: Spark 4's JsonProtocol.scala.
import type { PushMetricName, TaskMetricName } from '../task-metrics.ts';

export const SQL_UI = 'org.apache.spark.sql.execution.ui.';
export const SCHEDULER = 'org.apache.spark.scheduler.';
/** Ours: real Spark skips events that it does not know. */
export const WAITING = 'EmberloomWaitingForExecutors';

type Group = readonly (readonly [label: string, name: TaskMetricName])[];

/** A real History Server stops at a task without these. */
export const REQUIRED_FIGURES: Group = [
  ['Executor Deserialize Time', 'executorDeserializeTime'],
  ['Executor Deserialize CPU Time', 'executorDeserializeCpuTimeNs'],
  ['Executor Run Time', 'executorRunTime'],
  ['Executor CPU Time', 'executorCpuTimeNs'],
  ['Peak Execution Memory', 'peakExecutionMemory'],
  ['Result Size', 'resultSize'],
  ['JVM GC Time', 'gcTime'],
  ['Result Serialization Time', 'resultSerializationTime'],
  ['Memory Bytes Spilled', 'memoryBytesSpilled'],
  ['Disk Bytes Spilled', 'diskBytesSpilled'],
];
/** In the group of shuffle reads, when a task has them. */
export const PUSH_GROUP = 'Push Based Shuffle';
export const READ_GROUP = 'Shuffle Read Metrics';
export const PUSH_FIGURES: readonly (readonly [label: string, name: PushMetricName])[] = [
  ['Corrupt Merged Block Chunks', 'corruptMergedBlockChunks'],
  ['Merged Fetch Fallback Count', 'mergedFetchFallbackCount'],
  ['Merged Remote Blocks Fetched', 'remoteMergedBlocksFetched'],
  ['Merged Local Blocks Fetched', 'localMergedBlocksFetched'],
  ['Merged Remote Chunks Fetched', 'remoteMergedChunksFetched'],
  ['Merged Local Chunks Fetched', 'localMergedChunksFetched'],
  ['Merged Remote Bytes Read', 'remoteMergedBytesRead'],
  ['Merged Local Bytes Read', 'localMergedBytesRead'],
  ['Merged Remote Requests Duration', 'remoteMergedReqsDuration'],
];
/** Left out when all of a group are 0. */
export const FIGURE_GROUPS: readonly (readonly [label: string, figures: Group])[] = [
  [
    READ_GROUP,
    [
      ['Remote Blocks Fetched', 'shuffleRemoteBlocks'],
      ['Local Blocks Fetched', 'shuffleLocalBlocks'],
      ['Fetch Wait Time', 'shuffleFetchWaitTime'],
      ['Remote Bytes Read', 'shuffleRemoteBytes'],
      ['Remote Bytes Read To Disk', 'shuffleRemoteBytesToDisk'],
      ['Local Bytes Read', 'shuffleLocalBytes'],
      ['Total Records Read', 'shuffleRecordsRead'],
      ['Remote Requests Duration', 'shuffleRemoteRequestsDuration'],
    ],
  ],
  [
    'Shuffle Write Metrics',
    [
      ['Shuffle Bytes Written', 'shuffleBytesWritten'],
      ['Shuffle Write Time', 'shuffleWriteTimeNs'],
      ['Shuffle Records Written', 'shuffleRecordsWritten'],
    ],
  ],
  [
    'Input Metrics',
    [
      ['Bytes Read', 'inputBytes'],
      ['Records Read', 'inputRecords'],
    ],
  ],
  [
    'Output Metrics',
    [
      ['Bytes Written', 'outputBytes'],
      ['Records Written', 'outputRecords'],
    ],
  ],
];
