// Events → objects of Spark 4's event log: what is not a task. Tasks are write-tasks.ts; the way back is read.ts; the door is event-json.ts.
// Source: Spark 4's JsonProtocol.scala and compat.md §3.3 for what a real History Server needs.
import { redacted } from '../../common/redact.ts';
import type { BlockManagerId, Pairs, RareEvent, RddInfo, SqlPlanInfo, StageInfo, StorageLevelInfo } from '../events.ts';
import { EXECUTOR_METRICS, type ExecutorMetrics } from '../executor-metrics.ts';
import { SCHEDULER, SQL_UI, WAITING } from './words.ts';
import { accumulableJson, stackJson } from './parts.ts';
import { taskInfoJson } from './write-tasks.ts';

type Json = Readonly<Record<string, unknown>>;

const object = (pairs: Pairs): Json => Object.fromEntries(pairs);
/** Local properties may hold what nobody should read. */
const properties = (pairs: Pairs): Json => Object.fromEntries(pairs.map(([key, value]) => [key, redacted(key, value)]));

const levelJson = (level: StorageLevelInfo): Json => ({
  'Use Disk': level.useDisk,
  'Use Memory': level.useMemory,
  'Use Off Heap': level.useOffHeap,
  Deserialized: level.deserialized,
  Replication: level.replication,
});

const rddJson = (rdd: RddInfo): Json => ({
  'RDD ID': rdd.rddId,
  Name: rdd.name,
  ...(rdd.scope && { Scope: JSON.stringify(rdd.scope) }),
  Callsite: rdd.callSite,
  'Parent IDs': rdd.parentIds,
  'Storage Level': levelJson(rdd.storageLevel),
  Barrier: rdd.barrier,
  DeterministicLevel: 'DETERMINATE',
  'Number of Partitions': rdd.numPartitions,
  'Number of Cached Partitions': rdd.numCachedPartitions,
  'Memory Size': rdd.memoryBytes,
  'Disk Size': rdd.diskBytes,
});

const stageJson = (stage: StageInfo): Json => ({
  'Stage ID': stage.stageId,
  'Stage Attempt ID': stage.attemptId,
  'Stage Name': stage.name,
  'Number of Tasks': stage.numTasks,
  'RDD Info': stage.rdds.map(rddJson),
  'Parent IDs': stage.parentIds,
  Details: stage.details,
  ...(stage.submittedAtMs !== undefined && { 'Submission Time': Math.round(stage.submittedAtMs) }),
  ...(stage.completedAtMs !== undefined && { 'Completion Time': Math.round(stage.completedAtMs) }),
  ...(stage.failureReason !== undefined && { 'Failure Reason': stage.failureReason }),
  Accumulables: stage.accumulables.map(accumulableJson),
  'Resource Profile Id': stage.resourceProfileId,
  'Shuffle Push Enabled': stage.shuffleMergers > 0,
  'Shuffle Push Mergers Count': stage.shuffleMergers,
});

/** Spark takes no port 0, which a Unix socket has. */
const blockManagerJson = ({ executorId, host, port }: BlockManagerId): Json => ({
  'Executor ID': executorId,
  Host: host,
  Port: Math.max(1, port),
});

const metricsJson = (metrics: ExecutorMetrics): Json =>
  Object.fromEntries(EXECUTOR_METRICS.map((name) => [name, Math.round(metrics[name] ?? 0)]));

/** Spark keeps sizes as whole MiB or counts; 1.0 is how it writes a task's share of a resource. */
const executorRequests = (resources: readonly (readonly [string, number])[]): Json =>
  Object.fromEntries(
    resources.map(([name, amount]) => [name, { 'Resource Name': name, Amount: Math.round(amount), 'Discovery Script': '', Vendor: '' }]),
  );
const taskRequests = (resources: readonly (readonly [string, number])[]): Json =>
  Object.fromEntries(resources.map(([name, amount]) => [name, { 'Resource Name': name, Amount: amount }]));

const planJson = (plan: SqlPlanInfo): Json => ({
  nodeName: plan.nodeName,
  simpleString: plan.simpleString,
  children: plan.children.map(planJson),
  metadata: plan.metadata,
  metrics: plan.metrics,
});

type Exclusion = Extract<RareEvent, { tag: 'executorExcluded' | 'executorUnexcluded' | 'nodeExcluded' | 'nodeUnexcluded' }>;
const excluded = (event: Exclusion): Json => {
  const kind = event.tag.charAt(0).toUpperCase() + event.tag.slice(1);
  const ends = event.tag === 'executorUnexcluded' || event.tag === 'nodeUnexcluded';
  const who =
    'host' in event
      ? { hostId: event.host, ...(!ends && { executorFailures: event.executorFailures }) }
      : { executorId: event.executorId, ...(!ends && { taskFailures: event.taskFailures }) };
  return {
    Event: `${SCHEDULER}SparkListener${kind}${event.stage === undefined ? '' : 'ForStage'}`,
    time: event.atMs,
    ...who,
    ...(event.stage && { stageId: event.stage.stageId, stageAttemptId: event.stage.attemptId }),
  };
};

/** One event's object; JSON.stringify makes the line of it. */
export function eventObject(event: RareEvent): Json {
  switch (event.tag) {
    case 'logStart':
      return { Event: 'SparkListenerLogStart', 'Spark Version': event.sparkVersion };
    case 'resourceProfileAdded':
      return {
        Event: 'SparkListenerResourceProfileAdded',
        'Resource Profile Id': event.profile.id,
        'Executor Resource Requests': executorRequests(event.profile.executorResources),
        'Task Resource Requests': taskRequests(event.profile.taskResources),
      };
    case 'applicationStart':
      return {
        Event: 'SparkListenerApplicationStart',
        'App Name': event.name,
        'App ID': event.applicationId,
        Timestamp: event.atMs,
        User: event.user,
        ...(event.attemptId !== undefined && { 'App Attempt ID': event.attemptId }),
        ...(event.driverLogs && { 'Driver Logs': object(event.driverLogs) }),
      };
    case 'applicationEnd':
      return {
        Event: 'SparkListenerApplicationEnd',
        Timestamp: event.atMs,
        ...(event.exitCode !== undefined && { ExitCode: event.exitCode }),
      };
    case 'environmentUpdate':
      return {
        Event: 'SparkListenerEnvironmentUpdate',
        'JVM Information': object(event.runtime),
        'Spark Properties': object(event.sparkProperties),
        'Hadoop Properties': object(event.hadoopProperties),
        'System Properties': object(event.systemProperties),
        'Metrics Properties': object(event.metricsProperties),
        'Classpath Entries': object(event.classpathEntries),
      };
    case 'executorAdded':
      return {
        Event: 'SparkListenerExecutorAdded',
        Timestamp: event.atMs,
        'Executor ID': event.executorId,
        'Executor Info': {
          Host: event.host,
          'Total Cores': event.totalCores,
          'Log Urls': object(event.logUrls),
          Attributes: object(event.attributes),
          Resources: {},
          'Resource Profile Id': event.resourceProfileId,
        },
      };
    case 'executorRemoved':
      return {
        Event: 'SparkListenerExecutorRemoved',
        Timestamp: event.atMs,
        'Executor ID': event.executorId,
        'Removed Reason': event.reason,
      };
    case 'executorExcluded':
    case 'executorUnexcluded':
    case 'nodeExcluded':
    case 'nodeUnexcluded':
      return excluded(event);
    case 'blockManagerAdded':
      return {
        Event: 'SparkListenerBlockManagerAdded',
        'Block Manager ID': blockManagerJson(event.id),
        'Maximum Memory': Math.round(event.maxMemoryBytes),
        Timestamp: event.atMs,
        'Maximum Onheap Memory': Math.round(event.maxOnHeapBytes),
        'Maximum Offheap Memory': Math.round(event.maxOffHeapBytes),
      };
    case 'blockManagerRemoved':
      return { Event: 'SparkListenerBlockManagerRemoved', 'Block Manager ID': blockManagerJson(event.id), Timestamp: event.atMs };
    case 'blockUpdated':
      return {
        Event: 'SparkListenerBlockUpdated',
        'Block Updated Info': {
          'Block Manager ID': blockManagerJson(event.id),
          'Block ID': event.blockId,
          'Storage Level': levelJson(event.storageLevel),
          'Memory Size': Math.round(event.memoryBytes),
          'Disk Size': Math.round(event.diskBytes),
        },
      };
    case 'unpersistRdd':
      return { Event: 'SparkListenerUnpersistRDD', 'RDD ID': event.rddId };
    case 'jobStart':
      return {
        Event: 'SparkListenerJobStart',
        'Job ID': event.jobId,
        'Submission Time': Math.round(event.atMs),
        'Stage Infos': event.stages.map(stageJson),
        'Stage IDs': event.stages.map(({ stageId }) => stageId),
        Properties: properties(event.properties),
      };
    case 'jobEnd': {
      const failed = event.error && {
        Result: 'JobFailed',
        Exception: { Message: event.error.message, 'Stack Trace': stackJson(event.error.stack) },
      };
      return {
        Event: 'SparkListenerJobEnd',
        'Job ID': event.jobId,
        'Completion Time': Math.round(event.atMs),
        'Job Result': failed ?? { Result: 'JobSucceeded' },
      };
    }
    case 'stageSubmitted':
      return { Event: 'SparkListenerStageSubmitted', 'Stage Info': stageJson(event.stage), Properties: properties(event.properties) };
    case 'stageCompleted':
      return { Event: 'SparkListenerStageCompleted', 'Stage Info': stageJson(event.stage) };
    case 'speculativeTaskSubmitted':
      return {
        Event: `${SCHEDULER}SparkListenerSpeculativeTaskSubmitted`,
        stageId: event.stageId,
        stageAttemptId: event.attemptId,
        taskIndex: event.index,
        partitionId: event.partition,
      };
    case 'taskGettingResult':
      return {
        Event: 'SparkListenerTaskGettingResult',
        'Stage ID': event.stageId,
        'Stage Attempt ID': event.attemptId,
        'Task Info': JSON.parse(taskInfoJson(event.task, event.atMs, 0, undefined, [])),
      };
    case 'executorMetricsUpdate':
      return {
        Event: 'SparkListenerExecutorMetricsUpdate',
        'Executor ID': event.executorId,
        'Metrics Updated': [],
        'Executor Metrics Updated': [{ 'Stage ID': -1, 'Stage Attempt ID': -1, 'Executor Metrics': metricsJson(event.metrics) }],
      };
    case 'stageExecutorMetrics':
      return {
        Event: 'SparkListenerStageExecutorMetrics',
        'Executor ID': event.executorId,
        'Stage ID': event.stageId,
        'Stage Attempt ID': event.attemptId,
        'Executor Metrics': metricsJson(event.peaks),
      };
    default:
      return sqlObject(event);
  }
}

type SqlEvent = Extract<
  RareEvent,
  {
    tag:
      | 'sqlExecutionStart'
      | 'sqlAdaptiveUpdate'
      | 'sqlAdaptiveMetrics'
      | 'sqlDriverAccumUpdates'
      | 'sqlExecutionEnd'
      | 'waitingForExecutors';
  }
>;

function sqlObject(event: SqlEvent): Json {
  switch (event.tag) {
    case 'sqlExecutionStart':
      return {
        Event: `${SQL_UI}SparkListenerSQLExecutionStart`,
        executionId: event.executionId,
        ...(event.rootExecutionId !== undefined && { rootExecutionId: event.rootExecutionId }),
        description: event.description,
        details: event.details,
        physicalPlanDescription: event.physicalPlanDescription,
        sparkPlanInfo: planJson(event.plan),
        time: event.atMs,
        modifiedConfigs: object(event.modifiedConfigs),
        jobTags: event.jobTags,
      };
    case 'sqlAdaptiveUpdate':
      return {
        Event: `${SQL_UI}SparkListenerSQLAdaptiveExecutionUpdate`,
        executionId: event.executionId,
        physicalPlanDescription: event.physicalPlanDescription,
        sparkPlanInfo: planJson(event.plan),
      };
    case 'sqlAdaptiveMetrics':
      return { Event: `${SQL_UI}SparkListenerSQLAdaptiveSQLMetricUpdates`, executionId: event.executionId, sqlPlanMetrics: event.metrics };
    case 'sqlDriverAccumUpdates':
      return { Event: `${SQL_UI}SparkListenerDriverAccumUpdates`, executionId: event.executionId, accumUpdates: event.updates };
    case 'sqlExecutionEnd':
      return {
        Event: `${SQL_UI}SparkListenerSQLExecutionEnd`,
        executionId: event.executionId,
        time: event.atMs,
        errorMessage: event.errorMessage ?? '',
      };
    case 'waitingForExecutors':
      return { Event: WAITING, Timestamp: event.atMs, Wanted: event.wanted, ...(event.reason !== undefined && { Reason: event.reason }) };
    default:
      return event satisfies never;
  }
}
