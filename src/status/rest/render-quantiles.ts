// Distributions over a stage's tasks and executors as JSON objects: fields, order and types of Spark's api.scala. Lists are doubles.
import { EXECUTOR_METRICS } from '../executor-metrics.ts';
import type { ExecutorStageSummary, TaskMetricDistributions } from '../store/api-types.ts';
import { at } from '../store/quantiles.ts';

const doubles = (values: readonly number[]): Float64Array => Float64Array.from(values);

export function renderTaskSummary(d: TaskMetricDistributions): object {
  const of = (name: keyof TaskMetricDistributions['of']) => doubles(d.of[name]);
  return {
    quantiles: doubles(d.quantiles),
    duration: doubles(d.duration),
    executorDeserializeTime: of('executorDeserializeTime'),
    executorDeserializeCpuTime: of('executorDeserializeCpuTimeNs'),
    executorRunTime: of('executorRunTime'),
    executorCpuTime: of('executorCpuTimeNs'),
    resultSize: of('resultSize'),
    jvmGcTime: of('gcTime'),
    resultSerializationTime: of('resultSerializationTime'),
    gettingResultTime: doubles(d.gettingResultTime),
    schedulerDelay: doubles(d.schedulerDelay),
    peakExecutionMemory: of('peakExecutionMemory'),
    memoryBytesSpilled: of('memoryBytesSpilled'),
    diskBytesSpilled: of('diskBytesSpilled'),
    inputMetrics: { bytesRead: of('inputBytes'), recordsRead: of('inputRecords') },
    outputMetrics: { bytesWritten: of('outputBytes'), recordsWritten: of('outputRecords') },
    shuffleReadMetrics: {
      readBytes: doubles(d.shuffleReadBytes),
      readRecords: of('shuffleRecordsRead'),
      remoteBlocksFetched: of('shuffleRemoteBlocks'),
      localBlocksFetched: of('shuffleLocalBlocks'),
      fetchWaitTime: of('shuffleFetchWaitTime'),
      remoteBytesRead: of('shuffleRemoteBytes'),
      remoteBytesReadToDisk: of('shuffleRemoteBytesToDisk'),
      totalBlocksFetched: doubles(d.shuffleTotalBlocks),
      remoteReqsDuration: of('shuffleRemoteRequestsDuration'),
      shufflePushReadMetricsDist: {
        corruptMergedBlockChunks: of('corruptMergedBlockChunks'),
        mergedFetchFallbackCount: of('mergedFetchFallbackCount'),
        remoteMergedBlocksFetched: of('remoteMergedBlocksFetched'),
        localMergedBlocksFetched: of('localMergedBlocksFetched'),
        remoteMergedChunksFetched: of('remoteMergedChunksFetched'),
        localMergedChunksFetched: of('localMergedChunksFetched'),
        remoteMergedBytesRead: of('remoteMergedBytesRead'),
        localMergedBytesRead: of('localMergedBytesRead'),
        remoteMergedReqsDuration: of('remoteMergedReqsDuration'),
      },
    },
    shuffleWriteMetrics: {
      writeBytes: of('shuffleBytesWritten'),
      writeRecords: of('shuffleRecordsWritten'),
      writeTime: of('shuffleWriteTimeNs'),
    },
  };
}

/** Over a stage's executors. undefined: none had a task. */
export function renderExecutorDistributions(
  summaries: Readonly<Record<string, ExecutorStageSummary>>,
  quantiles: readonly number[],
): object | undefined {
  const executors = Object.values(summaries);
  if (executors.length === 0) return undefined;
  const sortedQuantiles = [...quantiles].sort((a, b) => a - b);
  const of = (value: (e: ExecutorStageSummary) => number) =>
    doubles(
      at(
        executors.map(value).sort((a, b) => a - b),
        sortedQuantiles,
      ),
    );
  return {
    quantiles: doubles(sortedQuantiles),
    taskTime: of((e) => e.taskTime),
    failedTasks: of((e) => e.failedTasks),
    succeededTasks: of((e) => e.succeededTasks),
    killedTasks: of((e) => e.killedTasks),
    inputBytes: of((e) => e.inputBytes),
    inputRecords: of((e) => e.inputRecords),
    outputBytes: of((e) => e.outputBytes),
    outputRecords: of((e) => e.outputRecords),
    shuffleRead: of((e) => e.shuffleRead),
    shuffleReadRecords: of((e) => e.shuffleReadRecords),
    shuffleWrite: of((e) => e.shuffleWrite),
    shuffleWriteRecords: of((e) => e.shuffleWriteRecords),
    memoryBytesSpilled: of((e) => e.memoryBytesSpilled),
    diskBytesSpilled: of((e) => e.diskBytesSpilled),
    peakMemoryMetrics: Object.fromEntries(EXECUTOR_METRICS.map((name) => [name, of((e) => e.peakMemoryMetrics?.[name] ?? 0)])),
  };
}
