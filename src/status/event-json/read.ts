// Lines of an event log → events, as Spark 2 to 4 and we write them. What a version leaves out has its old meaning; events that are not
// known are passed over. Tasks are read-tasks.ts; the way there is write.ts; the door is event-json.ts.
import type { BlockManagerId, RareEvent, RddInfo, StageInfo } from '../events.ts';
import { EXECUTOR_METRICS, type ExecutorMetrics } from '../executor-metrics.ts';
import {
  flag,
  type Json,
  list,
  maybeNumber,
  maybeObject,
  maybeText,
  number,
  object,
  objects,
  pairs,
  storageLevel,
  text,
} from './fields.ts';
import { type Reader, SQL_READERS } from './read-sql.ts';
import { readAccumulable, readTaskInfo } from './read-tasks.ts';
import { SCHEDULER, SQL_UI, WAITING } from './words.ts';

function readScope(json: Json): RddInfo['scope'] {
  const given = maybeText(json, 'Scope');
  if (given === undefined) return undefined;
  try {
    const { id, name } = JSON.parse(given) as { id: string; name: string };
    return { id: String(id), name: String(name) };
  } catch {
    return undefined; // a drawing without a frame
  }
}

const readRdd = (json: Json): RddInfo => ({
  rddId: number(json, 'RDD ID'),
  name: text(json, 'Name', ''),
  scope: readScope(json),
  callSite: text(json, 'Callsite', ''),
  parentIds: list(json, 'Parent IDs') as readonly number[],
  storageLevel: storageLevel(object(json, 'Storage Level')),
  barrier: flag(json, 'Barrier'),
  numPartitions: number(json, 'Number of Partitions'),
  numCachedPartitions: number(json, 'Number of Cached Partitions', 0),
  memoryBytes: number(json, 'Memory Size', 0),
  diskBytes: number(json, 'Disk Size', 0),
});

const readStage = (json: Json): StageInfo => ({
  stageId: number(json, 'Stage ID'),
  attemptId: number(json, 'Stage Attempt ID', 0),
  name: text(json, 'Stage Name', ''),
  numTasks: number(json, 'Number of Tasks'),
  rdds: objects(json, 'RDD Info').map(readRdd),
  parentIds: list(json, 'Parent IDs') as readonly number[],
  details: text(json, 'Details', ''),
  submittedAtMs: maybeNumber(json, 'Submission Time'),
  completedAtMs: maybeNumber(json, 'Completion Time'),
  failureReason: maybeText(json, 'Failure Reason'),
  accumulables: objects(json, 'Accumulables').map(readAccumulable),
  resourceProfileId: number(json, 'Resource Profile Id', 0),
  shuffleMergers: number(json, 'Shuffle Push Mergers Count', 0),
});

/** Spark 1 named the stages of a job by number only. */
const bareStage = (stageId: number): StageInfo =>
  readStage({ 'Stage ID': stageId, 'Number of Tasks': 0, 'Stage Name': 'unknown', Details: 'unknown' });

const readBlockManager = (json: Json): BlockManagerId => ({
  executorId: text(json, 'Executor ID'),
  host: text(json, 'Host', ''),
  port: number(json, 'Port', 0),
});

const readMetrics = (json: Json): ExecutorMetrics =>
  Object.fromEntries(EXECUTOR_METRICS.flatMap((name) => (maybeNumber(json, name) ? [[name, json[name] as number]] : [])));

/** What an executor's memory was at most while a task of real Spark ran. @returns undefined: all 0, or not said */
export function readPeaks(taskEnd: Json): ExecutorMetrics | undefined {
  const given = maybeObject(taskEnd, 'Task Executor Metrics');
  const peaks = given && readMetrics(given);
  return peaks !== undefined && Object.keys(peaks).length > 0 ? peaks : undefined;
}

const readStack = (exception: Json): string =>
  objects(exception, 'Stack Trace')
    .map((frame) => `at ${frame['Declaring Class']}.${frame['Method Name']}(${frame['File Name']}:${frame['Line Number']})`)
    .join('\n');

const readResources = (json: Json, name: string) =>
  Object.entries(maybeObject(json, name) ?? {}).map(([resource, request]) => [resource, number(request as Json, 'Amount', 0)] as const);

/** @param tag `executorExcluded` … `nodeUnexcluded` */
const exclusion =
  (tag: 'executorExcluded' | 'executorUnexcluded' | 'nodeExcluded' | 'nodeUnexcluded'): Reader =>
  (json) => {
    const stageId = maybeNumber(json, 'stageId');
    const stage = stageId === undefined ? undefined : { stageId, attemptId: number(json, 'stageAttemptId', 0) };
    const atMs = number(json, 'time');
    return tag === 'nodeExcluded' || tag === 'nodeUnexcluded'
      ? { tag, host: text(json, 'hostId'), atMs, executorFailures: number(json, 'executorFailures', 0), stage }
      : { tag, executorId: text(json, 'executorId'), atMs, taskFailures: number(json, 'taskFailures', 0), stage };
  };

const READERS: Readonly<Record<string, Reader>> = {
  SparkListenerLogStart: (json) => ({ tag: 'logStart', sparkVersion: text(json, 'Spark Version') }),
  SparkListenerResourceProfileAdded: (json) => ({
    tag: 'resourceProfileAdded',
    profile: {
      id: number(json, 'Resource Profile Id'),
      executorResources: readResources(json, 'Executor Resource Requests'),
      taskResources: readResources(json, 'Task Resource Requests'),
    },
  }),
  SparkListenerApplicationStart: (json) => ({
    tag: 'applicationStart',
    name: text(json, 'App Name'),
    applicationId: text(json, 'App ID', ''),
    atMs: number(json, 'Timestamp'),
    user: text(json, 'User', ''),
    attemptId: maybeText(json, 'App Attempt ID'),
    driverLogs: maybeObject(json, 'Driver Logs') && pairs(json, 'Driver Logs'),
  }),
  SparkListenerApplicationEnd: (json) => ({
    tag: 'applicationEnd',
    atMs: number(json, 'Timestamp'),
    exitCode: maybeNumber(json, 'ExitCode'),
  }),
  SparkListenerEnvironmentUpdate: (json) => ({
    tag: 'environmentUpdate',
    runtime: pairs(json, 'JVM Information'),
    sparkProperties: pairs(json, 'Spark Properties'),
    hadoopProperties: pairs(json, 'Hadoop Properties'),
    systemProperties: pairs(json, 'System Properties'),
    metricsProperties: pairs(json, 'Metrics Properties'),
    classpathEntries: pairs(json, 'Classpath Entries'),
  }),
  SparkListenerExecutorAdded: (json) => {
    const info = object(json, 'Executor Info');
    return {
      tag: 'executorAdded',
      executorId: text(json, 'Executor ID'),
      atMs: number(json, 'Timestamp'),
      host: text(info, 'Host'),
      totalCores: number(info, 'Total Cores'),
      logUrls: pairs(info, 'Log Urls'),
      attributes: pairs(info, 'Attributes'),
      resourceProfileId: number(info, 'Resource Profile Id', 0),
    };
  },
  SparkListenerExecutorRemoved: (json) => ({
    tag: 'executorRemoved',
    executorId: text(json, 'Executor ID'),
    atMs: number(json, 'Timestamp'),
    reason: text(json, 'Removed Reason', ''),
  }),
  SparkListenerBlockManagerAdded: (json) => {
    const maxMemoryBytes = number(json, 'Maximum Memory');
    return {
      tag: 'blockManagerAdded',
      id: readBlockManager(object(json, 'Block Manager ID')),
      atMs: number(json, 'Timestamp', 0),
      maxMemoryBytes,
      maxOnHeapBytes: number(json, 'Maximum Onheap Memory', maxMemoryBytes),
      maxOffHeapBytes: number(json, 'Maximum Offheap Memory', 0),
    };
  },
  SparkListenerBlockManagerRemoved: (json) => ({
    tag: 'blockManagerRemoved',
    id: readBlockManager(object(json, 'Block Manager ID')),
    atMs: number(json, 'Timestamp', 0),
  }),
  SparkListenerBlockUpdated: (json) => {
    const info = object(json, 'Block Updated Info');
    return {
      tag: 'blockUpdated',
      id: readBlockManager(object(info, 'Block Manager ID')),
      blockId: text(info, 'Block ID'),
      storageLevel: storageLevel(object(info, 'Storage Level')),
      memoryBytes: number(info, 'Memory Size', 0),
      diskBytes: number(info, 'Disk Size', 0),
    };
  },
  SparkListenerUnpersistRDD: (json) => ({ tag: 'unpersistRdd', rddId: number(json, 'RDD ID') }),
  SparkListenerJobStart: (json) => {
    const stages = objects(json, 'Stage Infos');
    return {
      tag: 'jobStart',
      jobId: number(json, 'Job ID'),
      atMs: number(json, 'Submission Time', 0),
      stages: stages.length > 0 ? stages.map(readStage) : (list(json, 'Stage IDs') as readonly number[]).map(bareStage),
      properties: pairs(json, 'Properties'),
    };
  },
  SparkListenerJobEnd: (json) => {
    const result = object(json, 'Job Result');
    const exception = maybeObject(result, 'Exception') ?? {};
    const failed = text(result, 'Result') !== 'JobSucceeded';
    return {
      tag: 'jobEnd',
      jobId: number(json, 'Job ID'),
      atMs: number(json, 'Completion Time', 0),
      error: failed ? { message: text(exception, 'Message', ''), stack: readStack(exception) } : undefined,
    };
  },
  SparkListenerStageSubmitted: (json) => ({
    tag: 'stageSubmitted',
    stage: readStage(object(json, 'Stage Info')),
    properties: pairs(json, 'Properties'),
  }),
  SparkListenerStageCompleted: (json) => ({ tag: 'stageCompleted', stage: readStage(object(json, 'Stage Info')) }),
  SparkListenerSpeculativeTaskSubmitted: (json) => ({
    tag: 'speculativeTaskSubmitted',
    stageId: number(json, 'stageId'),
    attemptId: number(json, 'stageAttemptId', 0),
    index: number(json, 'taskIndex', -1),
    partition: number(json, 'partitionId', -1),
  }),
  /** Spark does not say the stage; when the task began to give its result is said again at its end. */
  SparkListenerTaskGettingResult: (json) => {
    const stageId = maybeNumber(json, 'Stage ID');
    if (stageId === undefined) return [];
    const info = object(json, 'Task Info');
    const atMs = number(info, 'Getting Result Time', 0);
    return { tag: 'taskGettingResult', stageId, attemptId: number(json, 'Stage Attempt ID', 0), task: readTaskInfo(info), atMs };
  },
  SparkListenerExecutorMetricsUpdate: (json) =>
    objects(json, 'Executor Metrics Updated')
      .filter((update) => number(update, 'Stage ID', -1) === -1)
      .map((update) => ({
        tag: 'executorMetricsUpdate' as const,
        executorId: text(json, 'Executor ID'),
        metrics: readMetrics(object(update, 'Executor Metrics')),
      })),
  SparkListenerStageExecutorMetrics: (json) => ({
    tag: 'stageExecutorMetrics',
    executorId: text(json, 'Executor ID'),
    stageId: number(json, 'Stage ID'),
    attemptId: number(json, 'Stage Attempt ID', 0),
    peaks: readMetrics(object(json, 'Executor Metrics')),
  }),
  SparkListenerExecutorExcluded: exclusion('executorExcluded'),
  SparkListenerExecutorExcludedForStage: exclusion('executorExcluded'),
  SparkListenerExecutorUnexcluded: exclusion('executorUnexcluded'),
  SparkListenerNodeExcluded: exclusion('nodeExcluded'),
  SparkListenerNodeExcludedForStage: exclusion('nodeExcluded'),
  SparkListenerNodeUnexcluded: exclusion('nodeUnexcluded'),
  // Before Spark 3.1; later versions write both names, and the same exclusion twice changes nothing.
  SparkListenerExecutorBlacklisted: exclusion('executorExcluded'),
  SparkListenerExecutorBlacklistedForStage: exclusion('executorExcluded'),
  SparkListenerExecutorUnblacklisted: exclusion('executorUnexcluded'),
  SparkListenerNodeBlacklisted: exclusion('nodeExcluded'),
  SparkListenerNodeBlacklistedForStage: exclusion('nodeExcluded'),
  SparkListenerNodeUnblacklisted: exclusion('nodeUnexcluded'),
  ...SQL_READERS,
  [WAITING]: (json) => ({
    tag: 'waitingForExecutors',
    atMs: number(json, 'Timestamp'),
    wanted: number(json, 'Wanted'),
    reason: maybeText(json, 'Reason'),
  }),
};

/** Events that Spark names by their class. */
const shortName = (name: string): string =>
  name.startsWith(SQL_UI) ? name.slice(SQL_UI.length) : name.startsWith(SCHEDULER) ? name.slice(SCHEDULER.length) : name;

/** @returns undefined for an event that is not known. @throws Malformed */
export function readRare(name: string, json: Json): readonly RareEvent[] | undefined {
  const reader = READERS[shortName(name)];
  if (reader === undefined) return undefined;
  const read = reader(json);
  return Array.isArray(read) ? (read as readonly RareEvent[]) : [read as RareEvent];
}
