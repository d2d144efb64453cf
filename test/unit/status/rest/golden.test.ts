// The REST API against answers that real Spark 4.0.1 gave (test/fixtures/golden/spark-rest): the events that lead to them are made out of the
// answers themselves, so names, order, types, sums, quantiles and the print must all be Spark's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, test } from 'vitest';
import type { StageInfo } from '../../../../src/status/events.ts';
import type { ExecutorMetrics } from '../../../../src/status/executor-metrics.ts';
import { answerError, restRoutes } from '../../../../src/status/rest/routes.ts';
import { StatusState } from '../../../../src/status/store/status-state.ts';
import { StatusStore } from '../../../../src/status/store/status-store.ts';
import { liveTaskTables } from '../../../../src/status/store/live-task-table.ts';
import { MEMORY_SER, rddInfo, stageInfo, taskEnd } from '../../../helpers/status-events.ts';

const golden = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../fixtures/golden/spark-rest', `${name}.json`), 'utf8').trimEnd();
const parsed = (name: string): any => JSON.parse(golden(name));
const ms = (date: string | undefined): number => (date === undefined ? 0 : Date.parse(date.replace('GMT', 'Z')));

let store: StatusStore;
let server: FastifyInstance;
const BASE = '/api/v1/applications/local-1';

beforeEach(() => {
  store = new StatusStore(new StatusState(liveTaskTables(100_000)), { nowMs: () => 1_795_352_447_770 });
  store.on({
    tag: 'applicationStart',
    name: 'live',
    applicationId: 'local-1',
    atMs: 1,
    user: 'u',
    attemptId: undefined,
    driverLogs: undefined,
  });
  server = fastify();
  server.setErrorHandler((error, _request, reply) => answerError(error, reply));
  const app = { view: store };
  restRoutes(server, { list: () => [store.application()!], find: (id) => (id === 'local-1' ? app : undefined) }, '4.0.1');
});

async function get(path: string): Promise<string> {
  const answer = await server.inject(`${BASE}${path}`);
  expect(answer.statusCode, answer.body).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  return answer.body;
}

function infoOf(stage: any): StageInfo {
  return stageInfo(stage.stageId, {
    name: stage.name,
    numTasks: stage.numTasks,
    rdds: stage.rddIds.map((id: number) => rddInfo(id)),
    details: stage.details,
    submittedAtMs: ms(stage.submissionTime),
    completedAtMs: ms(stage.completionTime),
  });
}

function runTask(stageId: number, task: any): void {
  const m = task.taskMetrics;
  const end = taskEnd(task.taskId, {
    index: task.index,
    attempt: task.attempt,
    partition: task.partitionId,
    launchedAtMs: ms(task.launchTime),
    durationMs: task.duration,
    executorId: task.executorId,
    host: task.host,
    locality: task.taskLocality,
    metrics: {
      executorDeserializeTime: m.executorDeserializeTime,
      executorDeserializeCpuTimeNs: m.executorDeserializeCpuTime,
      executorRunTime: m.executorRunTime,
      executorCpuTimeNs: m.executorCpuTime,
      resultSize: m.resultSize,
      gcTime: m.jvmGcTime,
      resultSerializationTime: m.resultSerializationTime,
      shuffleLocalBlocks: m.shuffleReadMetrics.localBlocksFetched,
      shuffleLocalBytes: m.shuffleReadMetrics.localBytesRead,
      shuffleRecordsRead: m.shuffleReadMetrics.recordsRead,
    },
  });
  store.taskStarted(stageId, 0, end);
  store.taskEnded(stageId, 0, end);
}

const ZEROS: ExecutorMetrics = {};

describe('answers of real Spark', () => {
  test('jobs', async () => {
    for (const job of parsed('jobs').reverse()) {
      const infos = job.stageIds.map((id: number) => stageInfo(id, { name: job.name }));
      store.on({ tag: 'jobStart', jobId: job.jobId, atMs: ms(job.submissionTime), stages: infos, properties: [] });
      for (const info of infos) {
        const begun = { ...info, submittedAtMs: 1 };
        store.on({ tag: 'stageSubmitted', stage: begun, properties: [] });
        for (let i = 0; i < 4; i++) runTask(info.stageId, { ...parsed('stages_0_0_taskList')[i], taskId: info.stageId * 4 + i });
        store.on({ tag: 'stageCompleted', stage: { ...begun, completedAtMs: 2 } });
      }
      store.on({ tag: 'jobEnd', jobId: job.jobId, atMs: ms(job.completionTime), error: undefined });
    }
    expect(await get('/jobs')).toBe(golden('jobs'));
    expect(await get('/jobs/1')).toBe(`${golden('jobs').slice(2).split('}, {')[0]}}`);
  });

  test('a stage with its tasks and executors', async () => {
    const stage = parsed('stages_2_0');
    store.on({ tag: 'jobStart', jobId: 1, atMs: 1, stages: [infoOf(stage)], properties: [] });
    store.on({ tag: 'stageSubmitted', stage: infoOf(stage), properties: [] });
    for (const task of Object.values(stage.tasks)) runTask(2, task);
    store.on({ tag: 'stageExecutorMetrics', executorId: 'driver', stageId: 2, attemptId: 0, peaks: ZEROS });
    store.on({ tag: 'stageCompleted', stage: infoOf(stage) });
    // Through JSON.parse, since Spark lists tasks in the order of a hash map. The order of all other fields is compared.
    expect(JSON.stringify(JSON.parse(await get('/stages/2/0')))).toBe(JSON.stringify(stage));
    const listed = golden('stages').slice(2).split('}, {\n  "status"')[0]!;
    expect(await get('/stages')).toBe(`[ ${listed}} ]`);
  });

  test('the tasks of a stage and their quantiles', async () => {
    store.on({ tag: 'stageSubmitted', stage: stageInfo(0, { submittedAtMs: 1 }), properties: [] });
    for (const task of parsed('stages_0_0_taskList')) runTask(0, task);
    expect(await get('/stages/0/0/taskList')).toBe(golden('stages_0_0_taskList'));
    expect(await get('/stages/0/0/taskSummary')).toBe(golden('stages_0_0_taskSummary'));
  });

  test('executors', async () => {
    const [e] = parsed('executors');
    const [host, port] = e.hostPort.split(':');
    store.on({
      tag: 'executorAdded',
      executorId: 'driver',
      atMs: ms(e.addTime),
      host,
      totalCores: 2,
      logUrls: [],
      attributes: [],
      resourceProfileId: 0,
    });
    store.on({
      tag: 'blockManagerAdded',
      id: { executorId: 'driver', host, port: Number(port) },
      atMs: 0,
      maxMemoryBytes: e.maxMemory,
      maxOnHeapBytes: e.maxMemory,
      maxOffHeapBytes: 0,
    });
    store.on({
      tag: 'stageSubmitted',
      stage: stageInfo(0, { submittedAtMs: 1, rdds: [rddInfo(1, { storageLevel: MEMORY_SER })] }),
      properties: [],
    });
    store.on({ tag: 'executorMetricsUpdate', executorId: 'driver', metrics: e.peakMemoryMetrics });
    const sizes = [10_000, 10_000, 10_000, 9_579];
    sizes.forEach((memoryBytes, i) => {
      store.on({
        tag: 'blockUpdated',
        id: { executorId: 'driver', host, port: Number(port) },
        blockId: `rdd_1_${i}`,
        storageLevel: MEMORY_SER,
        memoryBytes,
        diskBytes: 0,
      });
    });
    for (let i = 0; i < 12; i++) {
      const metrics = i === 0 ? { gcTime: 738, inputBytes: 6093, shuffleLocalBytes: 1322, shuffleBytesWritten: 1322 } : {};
      const end = taskEnd(i, { executorId: 'driver', durationMs: 0, metrics });
      store.taskStarted(0, 0, end);
      store.taskEnded(0, 0, end);
    }
    // Of the driver it is how long the application has run.
    const atMs = 1_795_352_447_770 - 53_309;
    store.on({
      tag: 'applicationStart',
      name: 'app',
      applicationId: 'app-1',
      atMs,
      user: 'u',
      attemptId: undefined,
      driverLogs: undefined,
    });
    expect(await get('/executors')).toBe(golden('executors'));
    // Recorded a moment later.
    expect(await get('/allexecutors')).toBe(golden('allexecutors').replace('53695', '53309'));
    expect(await get('/allmiscellaneousprocess')).toBe(golden('allmiscellaneousprocess'));
  });

  test('cached RDDs', async () => {
    const rdd = parsed('storage_rdd_1');
    const [share] = rdd.dataDistribution;
    const id = { executorId: 'driver', host: 'localhost', port: 39591 };
    const total = share.memoryRemaining + 11_925;
    store.on({ tag: 'blockManagerAdded', id, atMs: 1, maxMemoryBytes: total, maxOnHeapBytes: total, maxOffHeapBytes: 0 });
    const info = rddInfo(1, { name: 'PythonRDD', storageLevel: MEMORY_SER });
    store.on({ tag: 'stageSubmitted', stage: stageInfo(0, { rdds: [info] }), properties: [] });
    for (const p of rdd.partitions)
      store.on({ tag: 'blockUpdated', id, blockId: p.blockName, storageLevel: MEMORY_SER, memoryBytes: p.memoryUsed, diskBytes: 0 });
    store.on({
      tag: 'blockUpdated',
      id,
      blockId: 'broadcast_0_piece0',
      storageLevel: MEMORY_SER,
      memoryBytes: 11_925 - 6093,
      diskBytes: 0,
    });
    expect(await get('/storage/rdd/1')).toBe(golden('storage_rdd_1'));
    expect(await get('/storage/rdd')).toBe(golden('storage_rdd'));
  });

  test('the environment', async () => {
    const environment = parsed('environment');
    store.on({
      tag: 'resourceProfileAdded',
      profile: {
        id: 0,
        executorResources: [
          ['cores', 1],
          ['memory', 1024],
          ['offHeap', 0],
        ],
        taskResources: [['cpus', 1]],
      },
    });
    store.on({
      tag: 'environmentUpdate',
      runtime: [
        ['Java Version', environment.runtime.javaVersion],
        ['Java Home', environment.runtime.javaHome],
        ['Scala Version', environment.runtime.scalaVersion],
      ],
      sparkProperties: environment.sparkProperties,
      hadoopProperties: environment.hadoopProperties,
      systemProperties: environment.systemProperties,
      metricsProperties: environment.metricsProperties,
      classpathEntries: environment.classpathEntries,
    });
    expect(await get('/environment')).toBe(golden('environment'));
  });

  test('SQL executions', async () => {
    const node = (nodeName: string, ...children: object[]) => ({ nodeName, simpleString: nodeName, children, metadata: {}, metrics: [] });
    const range = node('WholeStageCodegen (1)', node('HashAggregate', node('Project', node('Range'))));
    const plan = node(
      'AdaptiveSparkPlan',
      node('Sort', node('Exchange', node('HashAggregate', node('ShuffleQueryStage', node('Exchange', range))))),
    );
    for (const sql of parsed('sql')) {
      store.on({
        tag: 'sqlExecutionStart',
        executionId: sql.id,
        rootExecutionId: sql.id,
        description: sql.description,
        details: '',
        physicalPlanDescription: sql.planDescription,
        plan: (sql.id === 0 ? node('Execute CreateViewCommand') : plan) as never,
        atMs: ms(sql.submissionTime),
        modifiedConfigs: [],
        jobTags: [],
      });
    }
    const [first, second] = parsed('sql');
    store.on({ tag: 'sqlExecutionEnd', executionId: 0, atMs: ms(first.submissionTime) + first.duration, errorMessage: '' });
    const running = new RegExp(`"duration" : ${1_795_352_447_770 - ms(second.submissionTime)}`);
    expect((await get('/sql')).replace(running, `"duration" : ${second.duration}`)).toBe(golden('sql'));
    expect(JSON.parse(await get('/sql/1?details=false&planDescription=false'))).toMatchObject({
      planDescription: '',
      nodes: [],
      edges: [],
    });
  });
});
