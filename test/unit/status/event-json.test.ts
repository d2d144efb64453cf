import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { RareEvent, StageInfo, TaskEnd, TaskEndReason, TaskInfo } from '../../../src/status/events.ts';
import { EventReader, eventJson, taskEndJson, taskStartJson } from '../../../src/status/event-json.ts';
import { noPushFigures, taskMetrics } from '../../../src/status/task-metrics.ts';
import { type Heard, Recorder } from '../../helpers/driver-world.ts';

const GOLDEN = readFileSync(path.join(import.meta.dirname, '../../fixtures/golden/eventlog.real-4.0.1.jsonl'), 'utf8')
  .trimEnd()
  .split('\n');

function read(...lines: string[]): { heard: Heard[]; reader: EventReader } {
  const recorder = new Recorder();
  const reader = new EventReader(recorder);
  for (const line of lines) reader.line(line);
  return { heard: recorder.heard, reader };
}

function write(event: Heard): string {
  if (event.tag === 'taskStart') return taskStartJson(event.stageId, event.attemptId, event.task);
  if (event.tag === 'taskEnd') return taskEndJson(event.stageId, event.attemptId, event.task);
  return eventJson(event);
}

/** What a real History Server reads but nobody needs, and what we leave out when it is 0. */
const NOT_WRITTEN = ['Task Executor Metrics', 'Peak On Heap Execution Memory', 'Peak Off Heap Execution Memory', 'Updated Blocks'];
function leaner(json: unknown): unknown {
  if (Array.isArray(json)) return json.filter((item) => !String(item?.Name ?? '').startsWith('internal.')).map(leaner);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(
        ([key, value]) =>
          !NOT_WRITTEN.includes(key) && !/^(Shuffle Read|Shuffle Write|Input|Output) Metrics$/.test(key) && value !== undefined,
      )
      .map(([key, value]) => [key, leaner(value)]),
  );
}

test('a log of real Spark 4: every line is understood, and written again it says the same', () => {
  const { heard, reader } = read(...GOLDEN);
  expect([reader.malformed, reader.unknown, heard.length]).toEqual([0, 0, GOLDEN.length]);
  for (const [i, event] of heard.entries()) expect(leaner(JSON.parse(write(event)))).toEqual(leaner(JSON.parse(GOLDEN[i]!)));
});

test('figures of a real task', () => {
  const { heard } = read(...GOLDEN);
  const [first] = heard.filter((event) => event.tag === 'taskEnd');
  expect(first).toMatchObject({
    stageId: 0,
    task: {
      taskType: 'ResultTask',
      finishedAtMs: 1795351727856,
      metrics: { executorDeserializeTime: 58, executorRunTime: 963, executorCpuTimeNs: 37468893, resultSize: 1472, gcTime: 14 },
      accumulables: [],
    },
  });
});

const stage: StageInfo = {
  stageId: 3,
  attemptId: 1,
  name: 'count at job.ts:4',
  numTasks: 2,
  rdds: [
    {
      rddId: 8,
      name: 'ShuffledRDD',
      scope: { id: '4', name: 'reduceByKey' },
      callSite: 'reduceByKey at job.ts:3',
      parentIds: [7],
      storageLevel: { useDisk: true, useMemory: true, useOffHeap: false, deserialized: true, replication: 2 },
      barrier: true,
      numPartitions: 2,
      numCachedPartitions: 1,
      memoryBytes: 10,
      diskBytes: 20,
    },
  ],
  parentIds: [2],
  details: 'at main (job.ts:4:1)',
  submittedAtMs: 5,
  completedAtMs: 9,
  failureReason: 'no "luck"',
  accumulables: [{ id: 1, name: 'n', update: undefined, value: 7, internal: false, countFailedValues: false, metadata: undefined }],
  resourceProfileId: 0,
  shuffleMergers: 3,
};
const plan = {
  nodeName: 'Project',
  simpleString: 'Project [a]',
  children: [{ nodeName: 'Scan', simpleString: 'Scan', children: [], metadata: { Format: 'csv' }, metrics: [] }],
  metadata: {},
  metrics: [{ name: 'rows', accumulatorId: 4, metricType: 'sum' }],
};
const id = { executorId: '1', host: 'h', port: 7 };
const level = { useDisk: false, useMemory: true, useOffHeap: false, deserialized: true, replication: 1 };
const of = { stageId: 3, attemptId: 1 };
const task: TaskInfo = {
  taskId: 9,
  index: 1,
  attempt: 2,
  partition: 5,
  launchedAtMs: 100,
  executorId: '1',
  host: 'h "x"',
  locality: 'NODE_LOCAL',
  speculative: true,
};
const EVENTS: readonly RareEvent[] = [
  { tag: 'logStart', sparkVersion: '0.1.0' },
  { tag: 'resourceProfileAdded', profile: { id: 1, executorResources: [['cores', 2]], taskResources: [['cpus', 0.5]] } },
  { tag: 'applicationStart', name: 'a', applicationId: 'app', atMs: 1, user: 'u', attemptId: '2', driverLogs: [['stdout', 'http://x']] },
  { tag: 'applicationEnd', atMs: 2, exitCode: 3 },
  {
    tag: 'environmentUpdate',
    runtime: [['Java Version', 'Node.js v24']],
    sparkProperties: [['spark.master', 'local']],
    hadoopProperties: [],
    systemProperties: [['user.dir', '/']],
    metricsProperties: [],
    classpathEntries: [['/x', 'Packages']],
  },
  {
    tag: 'executorAdded',
    executorId: '1',
    atMs: 3,
    host: 'h',
    totalCores: 4,
    logUrls: [['stdout', 'http://y']],
    attributes: [['A', 'b']],
    resourceProfileId: 0,
  },
  { tag: 'executorRemoved', executorId: '1', atMs: 4, reason: 'gone' },
  { tag: 'executorExcluded', executorId: '1', atMs: 5, taskFailures: 2, stage: undefined },
  { tag: 'executorExcluded', executorId: '1', atMs: 5, taskFailures: 2, stage: of },
  { tag: 'executorUnexcluded', executorId: '1', atMs: 6, taskFailures: 0, stage: undefined },
  { tag: 'nodeExcluded', host: 'h', atMs: 7, executorFailures: 3, stage: undefined },
  { tag: 'nodeExcluded', host: 'h', atMs: 7, executorFailures: 3, stage: of },
  { tag: 'nodeUnexcluded', host: 'h', atMs: 8, executorFailures: 0, stage: undefined },
  { tag: 'blockManagerAdded', id, atMs: 9, maxMemoryBytes: 10, maxOnHeapBytes: 8, maxOffHeapBytes: 2 },
  { tag: 'blockManagerRemoved', id, atMs: 10 },
  { tag: 'blockUpdated', id, blockId: 'rdd_8_0', storageLevel: level, memoryBytes: 11, diskBytes: 0 },
  { tag: 'unpersistRdd', rddId: 8 },
  { tag: 'jobStart', jobId: 1, atMs: 12, stages: [stage], properties: [['spark.jobGroup.id', 'g']] },
  { tag: 'jobEnd', jobId: 1, atMs: 13, error: undefined },
  { tag: 'stageSubmitted', stage, properties: [['callSite.short', 'x']] },
  { tag: 'stageCompleted', stage },
  { tag: 'speculativeTaskSubmitted', ...of, index: 1, partition: 5 },
  { tag: 'taskGettingResult', ...of, task, atMs: 14 },
  { tag: 'executorMetricsUpdate', executorId: '1', metrics: { JVMHeapMemory: 5 } },
  { tag: 'stageExecutorMetrics', executorId: '1', ...of, peaks: { MinorGCCount: 6 } },
  {
    tag: 'sqlExecutionStart',
    executionId: 1,
    rootExecutionId: 0,
    description: 'd',
    details: 'e',
    physicalPlanDescription: 'p',
    plan,
    atMs: 15,
    modifiedConfigs: [['a', 'b']],
    jobTags: ['t'],
  },
  { tag: 'sqlAdaptiveUpdate', executionId: 1, physicalPlanDescription: 'q', plan },
  { tag: 'sqlAdaptiveMetrics', executionId: 1, metrics: [{ name: 'duration', accumulatorId: 4, metricType: 'timing' }] },
  { tag: 'sqlDriverAccumUpdates', executionId: 1, updates: [[4, 5]] },
  { tag: 'sqlExecutionEnd', executionId: 1, atMs: 16, errorMessage: undefined },
  { tag: 'waitingForExecutors', atMs: 17, wanted: 2, reason: 'queue is full' },
];

test.each(EVENTS.map((event) => [event.tag, event] as const))('%s there and back', (_, event) => {
  const { heard, reader } = read(eventJson(event));
  expect([reader.malformed, reader.unknown]).toEqual([0, 0]);
  expect(heard).toEqual([event]);
});

const REASONS: readonly TaskEndReason[] = [
  { tag: 'Success' },
  { tag: 'Resubmitted' },
  { tag: 'TaskResultLost' },
  { tag: 'ExceptionFailure', className: 'RangeError', description: 'boo\nboo', stack: 'at f (job.ts:4:7)\nat job.ts:9:1' },
  { tag: 'ExecutorLostFailure', executorId: '1', causedByApp: false, reason: 'preempted' },
  { tag: 'FetchFailed', shuffleId: 1, mapId: 2, mapIndex: 3, reduceId: 4, executorId: '1', host: 'h', message: 'gone' },
  { tag: 'TaskKilled', reason: 'another attempt succeeded' },
  { tag: 'TaskCommitDenied', jobId: 1, partition: 2, attempt: 3 },
  { tag: 'UnknownReason' },
];

test.each(REASONS.map((reason) => [reason.tag, reason] as const))('a task that ended with %s there and back', (_, reason) => {
  const end: TaskEnd = {
    ...task,
    finishedAtMs: 150,
    gettingResultAtMs: 120,
    taskType: 'ShuffleMapTask',
    reason,
    metrics: taskMetrics({ executorRunTime: 40, shuffleWriteTimeNs: 7, inputBytes: 3, shuffleLocalBlocks: 1, outputRecords: 2 }),
    accumulables: [{ id: 1, name: 'n', update: 2, value: 7, internal: false, countFailedValues: true, metadata: 'sql' }],
  };
  expect(read(taskEndJson(3, 1, end)).heard).toEqual([{ tag: 'taskEnd', stageId: 3, attemptId: 1, task: end }]);
  const lost = { ...end, metrics: undefined };
  expect(read(taskEndJson(3, 1, lost)).heard).toEqual([
    { tag: 'taskEnd', stageId: 3, attemptId: 1, task: { ...lost, metrics: taskMetrics({}) } },
  ]);
});

test('what a task read of merged files is in its group of shuffle reads, under Spark’s names, and comes back', () => {
  const push = {
    ...noPushFigures(),
    corruptMergedBlockChunks: 1,
    mergedFetchFallbackCount: 2,
    remoteMergedBlocksFetched: 24,
    remoteMergedReqsDuration: 9,
  };
  const end: TaskEnd = {
    ...task,
    finishedAtMs: 150,
    gettingResultAtMs: 120,
    taskType: 'ResultTask',
    reason: { tag: 'Success' },
    metrics: taskMetrics({ executorRunTime: 40, push }),
    accumulables: [],
  };
  const line = taskEndJson(3, 1, end);
  expect(read(line).heard).toEqual([{ tag: 'taskEnd', stageId: 3, attemptId: 1, task: end }]);
  const real = GOLDEN.map((text) => JSON.parse(text)).find((json) => json.Event === 'SparkListenerTaskEnd')['Task Metrics'][
    'Shuffle Read Metrics'
  ];
  const ours = JSON.parse(line)['Task Metrics']['Shuffle Read Metrics'];
  expect(Object.keys(ours['Push Based Shuffle'])).toEqual(Object.keys(real['Push Based Shuffle']));
  expect(Object.keys(ours)).toEqual(Object.keys(real));
});

test('a stack of JavaScript as Java’s frames, the error of a job', () => {
  const error = { message: 'boo', stack: 'Error: boo\n    at f (/a/job.ts:4:7)\n    at file:///b/c.ts:9:1' };
  const json = JSON.parse(eventJson({ tag: 'jobEnd', jobId: 1, atMs: 2, error }));
  expect(json['Job Result']['Exception']['Stack Trace']).toEqual([
    { 'Declaring Class': 'job', 'Method Name': 'f', 'File Name': 'job.ts', 'Line Number': 4 },
    { 'Declaring Class': 'c', 'Method Name': 'main', 'File Name': 'c.ts', 'Line Number': 9 },
  ]);
});

test('secrets in local properties are not written', () => {
  const line = eventJson({ tag: 'jobStart', jobId: 1, atMs: 1, stages: [], properties: [['my.password', 'hunter2']] });
  expect(line).not.toContain('hunter2');
});

test('older logs: what they leave out has its old meaning', () => {
  const { heard, reader } = read(
    '{"Event":"SparkListenerBlockManagerAdded","Block Manager ID":{"Executor ID":"0","Host":"h","Port":1},"Maximum Memory":5}',
    '{"Event":"SparkListenerJobStart","Job ID":0,"Stage IDs":[4]}',
    '{"Event":"SparkListenerTaskStart","Stage ID":4,"Task Info":{"Task ID":1,"Index":2,"Launch Time":3,"Executor ID":"0","Host":"h","Locality":"ODD"}}',
    '{"Event":"SparkListenerTaskEnd","Stage ID":4,"Task Type":"ResultTask","Task End Reason":{"Reason":"FetchFailed","Shuffle ID":1,"Map ID":2,"Reduce ID":3},"Task Info":{"Task ID":1,"Index":2,"Launch Time":3,"Executor ID":"0","Host":"h","Locality":"ANY","Finish Time":9,"Accumulables":[{"ID":1,"Name":"internal.metrics.peakExecutionMemory","Update":77}]},"Task Metrics":{"Executor Run Time":5}}',
    '{"Event":"org.apache.spark.scheduler.SparkListenerNodeBlacklisted","time":1,"hostId":"h","executorFailures":2}',
  );
  expect([reader.malformed, reader.unknown]).toEqual([0, 0]);
  expect(heard).toMatchObject([
    { tag: 'blockManagerAdded', atMs: 0, maxOnHeapBytes: 5, maxOffHeapBytes: 0 },
    { tag: 'jobStart', stages: [{ stageId: 4, attemptId: 0 }] },
    { tag: 'taskStart', attemptId: 0, task: { attempt: 0, partition: 2, locality: 'ANY' } },
    { tag: 'taskEnd', task: { reason: { tag: 'FetchFailed', mapIndex: 2 }, metrics: { executorRunTime: 5, peakExecutionMemory: 77 } } },
    { tag: 'nodeExcluded', host: 'h' },
  ]);
});

test('unknown events are passed over and counted; a broken line costs that line', () => {
  const { heard, reader } = read(
    '{"Event":"com.example.Mine","x":1}',
    '{"Event":"SparkListenerUnpersistRDD"}',
    '{"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":1,"Number of Tasks":1,"RDD Info":[null]}}',
    '{"Event":"SparkListenerUnp',
    'null',
    '',
    '{"Event":"SparkListenerUnpersistRDD","RDD ID":4}',
  );
  expect([reader.unknown, reader.malformed]).toEqual([1, 4]);
  expect(reader.lastFault).toBeDefined();
  expect(heard).toEqual([{ tag: 'unpersistRdd', rddId: 4 }]);
});

test('a listener’s own error is not the line’s', () => {
  const bad = {
    on: () => {
      throw new Error('disk full');
    },
    taskStarted: () => {},
    taskEnded: () => {},
  };
  expect(() => new EventReader(bad).line('{"Event":"SparkListenerUnpersistRDD","RDD ID":4}')).toThrow('disk full');
});
