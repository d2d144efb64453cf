// `/metrics/prometheus` and `/metrics/json`: the driver's metrics by the names of Spark's metrics system, namespace.instance.Source.metric.
// Of Spark's sources those that mean something here: BlockManager, DAGScheduler, ExecutorMetrics, JVMCPU (the driver's process), LiveListenerBus,
// appStatus, executor. Source: Spark's MetricsSystem, PrometheusServlet, MetricsServlet.
import { EXECUTOR_METRICS, type ExecutorMetrics } from '../executor-metrics.ts';
import type { LiveExecutor } from '../store/entities.ts';
import { METRIC } from '../store/metric-columns.ts';
import type { StatusState } from '../store/status-state.ts';
import { type Family, metricName } from './text-format.ts';

export type Metric = { readonly key: string; readonly type: 'gauges' | 'counters'; readonly value: number };

/** The driver's process at this moment. */
export type ProcessFigures = { readonly cpuNs: number; readonly metrics: ExecutorMetrics };

const MB = 1024 * 1024;

export function driverMetrics(state: StatusState, namespace: string, process: ProcessFigures): Metric[] {
  const gauge = (key: string, value: number): Metric => ({ key: `${namespace}.driver.${key}`, type: 'gauges', value });
  const counter = (key: string, value: number): Metric => ({ key: `${namespace}.driver.${key}`, type: 'counters', value });
  const { totals, taskTotals } = state;
  const stages = [...state.stages.values()];
  const running = [...state.jobs.values()].filter((job) => job.status === 'RUNNING');
  const durations = [...state.jobs.values()]
    .filter((job) => job.completedAtMs !== undefined)
    .sort((a, b) => a.completedAtMs! - b.completedAtMs!);
  const last = durations.at(-1);
  return [
    ...blockManager([...state.executors.values()].filter((e) => e.isActive)).map(([key, value]) => gauge(`BlockManager.${key}`, value)),
    gauge('DAGScheduler.job.activeJobs', running.length),
    gauge('DAGScheduler.job.allJobs', totals.jobs),
    gauge(
      'DAGScheduler.stage.failedStages',
      stages.filter((s) => s.status === 'FAILED' && s.jobs.some((job) => job.status === 'RUNNING')).length,
    ),
    gauge('DAGScheduler.stage.runningStages', stages.filter((s) => s.status === 'ACTIVE').length),
    gauge(
      'DAGScheduler.stage.waitingStages',
      stages.filter((s) => s.status === 'PENDING' && s.jobs.some((job) => job.status === 'RUNNING')).length,
    ),
    ...[...EXECUTOR_METRICS].sort().map((name) => gauge(`ExecutorMetrics.${name}`, process.metrics[name] ?? 0)),
    gauge('JVMCPU.jvmCpuTime', process.cpuNs),
    gauge('LiveListenerBus.queue.appStatus.size', 0), // it hears each turn's events in that turn
    gauge('appStatus.jobDuration', last === undefined ? 0 : last.completedAtMs! - (last.submittedAtMs ?? last.completedAtMs!)),
    counter('LiveListenerBus.numEventsPosted', state.version),
    counter('LiveListenerBus.queue.appStatus.numDroppedEvents', 0),
    counter('appStatus.jobs.failedJobs', totals.failedJobs),
    counter('appStatus.jobs.succeededJobs', totals.succeededJobs),
    counter('appStatus.stages.completedStages', totals.completedStages),
    counter('appStatus.stages.failedStages', totals.failedStages),
    counter('appStatus.stages.skippedStages', totals.skippedStages),
    counter('appStatus.tasks.completedTasks', taskTotals.completed),
    counter('appStatus.tasks.failedTasks', taskTotals.failed),
    counter('appStatus.tasks.killedTasks', taskTotals.killed),
    counter('appStatus.tasks.skippedTasks', taskTotals.skipped),
    ...[...state.executors.values()].flatMap((executor) => executorSource(executor, namespace)),
  ];
}

function blockManager(executors: readonly LiveExecutor[]): [string, number][] {
  const mb = (of: (e: LiveExecutor) => number) => Math.floor(executors.reduce((sum, e) => sum + of(e), 0) / MB);
  const onHeap = (e: LiveExecutor) => e.totalOnHeap ?? 0;
  return [
    ['disk.diskSpaceUsed_MB', mb((e) => e.diskUsed)],
    ['memory.maxMem_MB', mb((e) => e.maxMemory)],
    ['memory.maxOffHeapMem_MB', mb((e) => e.totalOffHeap)],
    ['memory.maxOnHeapMem_MB', mb(onHeap)],
    ['memory.memUsed_MB', mb((e) => e.memoryUsed)],
    ['memory.offHeapMemUsed_MB', mb((e) => e.usedOffHeap)],
    ['memory.onHeapMemUsed_MB', mb((e) => e.usedOnHeap)],
    ['memory.remainingMem_MB', mb((e) => e.maxMemory - e.memoryUsed)],
    ['memory.remainingOffHeapMem_MB', mb((e) => e.totalOffHeap - e.usedOffHeap)],
    ['memory.remainingOnHeapMem_MB', mb((e) => onHeap(e) - e.usedOnHeap)],
  ];
}

/** What tasks of an executor did; the instance is the executor, as in Spark. */
function executorSource(executor: LiveExecutor, namespace: string): Metric[] {
  const key = (name: string) => `${namespace}.${executor.id}.executor.${name}`;
  const sum = (name: keyof typeof METRIC) => executor.sums[METRIC[name]]!;
  const counters: [string, number][] = [
    ['bytesRead', sum('inputBytes')],
    ['bytesWritten', sum('outputBytes')],
    ['cpuTime', sum('executorCpuTimeNs')],
    ['deserializeCpuTime', sum('executorDeserializeCpuTimeNs')],
    ['deserializeTime', sum('executorDeserializeTime')],
    ['diskBytesSpilled', sum('diskBytesSpilled')],
    ['jvmGCTime', sum('gcTime')],
    ['memoryBytesSpilled', sum('memoryBytesSpilled')],
    ['recordsRead', sum('inputRecords')],
    ['recordsWritten', sum('outputRecords')],
    ['resultSerializationTime', sum('resultSerializationTime')],
    ['resultSize', sum('resultSize')],
    ['runTime', sum('executorRunTime')],
    ['shuffleBytesWritten', sum('shuffleBytesWritten')],
    ['shuffleFetchWaitTime', sum('shuffleFetchWaitTime')],
    ['shuffleLocalBlocksFetched', sum('shuffleLocalBlocks')],
    ['shuffleLocalBytesRead', sum('shuffleLocalBytes')],
    ['shuffleRecordsRead', sum('shuffleRecordsRead')],
    ['shuffleRecordsWritten', sum('shuffleRecordsWritten')],
    ['shuffleRemoteBlocksFetched', sum('shuffleRemoteBlocks')],
    ['shuffleRemoteBytesRead', sum('shuffleRemoteBytes')],
    ['shuffleRemoteBytesReadToDisk', sum('shuffleRemoteBytesToDisk')],
    ['shuffleRemoteReqsDuration', sum('shuffleRemoteRequestsDuration')],
    ['shuffleTotalBytesRead', sum('shuffleLocalBytes') + sum('shuffleRemoteBytes')],
    ['shuffleWriteTime', sum('shuffleWriteTimeNs')],
    ['succeededTasks', executor.completedTasks],
  ];
  return [
    { key: key('threadpool.activeTasks'), type: 'gauges', value: executor.activeTasks },
    { key: key('threadpool.completeTasks'), type: 'gauges', value: executor.completedTasks + executor.failedTasks },
    { key: key('threadpool.maxPool_size'), type: 'gauges', value: executor.maxTasks },
    { key: key('threadpool.startedTasks'), type: 'gauges', value: executor.totalTasks },
    ...counters.map(([name, value]): Metric => ({ key: key(name), type: 'counters', value })),
  ];
}

/** A gauge is told twice, as Spark: `_Number` and `_Value`. */
export function metricFamilies(metrics: readonly Metric[]): Family[] {
  return metrics.flatMap(({ key, type, value }): Family[] => {
    const name = `metrics_${metricName(key)}`;
    const samples = [{ labels: [['type', type]] as const, value }];
    const help = `${key} of the driver's metrics system.`;
    if (type === 'counters') return [{ name: `${name}_Count`, help, type: 'counter', samples }];
    return [
      { name: `${name}_Number`, help, type: 'gauge', samples },
      { name: `${name}_Value`, help, type: 'gauge', samples },
    ];
  });
}

/** As Dropwizard's MetricsModule prints them. */
export function metricsJson(metrics: readonly Metric[]): object {
  const of = (type: Metric['type'], field: string) =>
    Object.fromEntries(metrics.filter((m) => m.type === type).map((m) => [m.key, { [field]: m.value }]));
  return { version: '4.0.0', gauges: of('gauges', 'value'), counters: of('counters', 'count'), histograms: {}, meters: {}, timers: {} };
}
