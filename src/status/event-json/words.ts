// Names that both directions use: Spark's names of events, and of a task's figures in their groups.
// Source: Spark 4's JsonProtocol.scala.
import type { TaskMetricName } from '../task-metrics.ts';

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
/** Left out when all of a group are 0. */
export const FIGURE_GROUPS: readonly (readonly [label: string, figures: Group])[] = [
  [
    'Shuffle Read Metrics',
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
