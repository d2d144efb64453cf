// An invented application with everything the pages can show: running, failed and skipped work, hostile names, alarms, lost executors, and a stage
// of 100,000 tasks. Same seed, same data. Times stand still, so that pictures of the pages can be compared.
import { Prng } from '../../src/common/prng.ts';
import type { Answers } from './pages-server.ts';

export const DEMO_APP = 'application_1795867200000_0042';
export const BIG_STAGE = 7;
export const HOSTILE = '<img src=x onerror="window.hurt=1">';
const START = Date.parse('2026-11-28T09:00:00.000Z');
const NOW = START + 15 * 60_000;
const MIB = 1024 * 1024;
const date = (ms: number): string => new Date(ms).toISOString().replace('Z', 'GMT');
const ERROR = `TypeError: Cannot read properties of undefined (reading 'amount')
    at revenueOf (/home/ann/report/src/revenue.ts:41:23)
    at mapPartition (/opt/emberloom/dist/worker.main.cjs:1:48212)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`;
const EXECUTORS = ['1', '2', '3', '4', '5', '6', '7', '8'];
const hostOf = (id: string): string => `worker-${Math.ceil(Number(id) / 2)}`;

type Columns = { launch: number[]; duration: number[]; executor: number[]; state: number[]; phases: number[][] };
const made = new Map<string, Columns>();

/** A stage's tasks, packed on 8 executors of 4 cores each. */
function columnsOf(stageId: number, count: number, meanMs: number): Columns {
  const key = `${stageId}/${count}`;
  const known = made.get(key);
  if (known) return known;
  const random = new Prng(1000 + stageId);
  const free = new Float64Array(EXECUTORS.length * 4);
  const columns: Columns = { launch: [], duration: [], executor: [], state: [], phases: Array.from({ length: 7 }, () => []) };
  for (let i = 0; i < count; i++) {
    let slot = 0;
    for (let s = 1; s < free.length; s++) if (free[s]! < free[slot]!) slot = s;
    const skewed = i === Math.floor(count / 3) && count > 20;
    const duration = Math.max(2, Math.round(meanMs * (0.4 + random.next() * 1.2) * (skewed ? 9 : 1)));
    const launch = Math.round(free[slot]!);
    const share = [0.04, 0.03, 0.16, 0, 0.1, 0.01, 0.02].map((s) => Math.floor(duration * s * (0.5 + random.next())));
    share[3] = duration - share.reduce((n, s) => n + s, 0);
    columns.launch.push(launch);
    columns.duration.push(duration);
    columns.executor.push(slot >> 2);
    columns.state.push(random.next() < 0.0008 || (stageId === 5 && i % 37 === 5) ? 2 : 1);
    for (const [p, phase] of columns.phases.entries()) phase.push(share[p]!);
    free[slot] = launch + duration + 1;
  }
  made.set(key, columns);
  return columns;
}

type Plan = {
  id: number;
  attempt: number;
  name: string;
  tasks: number;
  meanMs: number;
  status: string;
  at: number;
  ms: number;
  failure?: string;
};
const PLANS: readonly Plan[] = Array.from({ length: 40 }, (_, id): Plan => {
  const big = id === BIG_STAGE;
  const tasks = big ? 100_000 : id % 5 === 0 ? 200 : 64;
  const name = `${['textFile', 'reduceByKey', 'join', 'sortByKey', 'collect'][id % 5]} at report.ts:${20 + id * 3}`;
  const status = id === 39 ? 'ACTIVE' : id === 5 ? 'FAILED' : id % 11 === 9 ? 'SKIPPED' : 'COMPLETE';
  return {
    id,
    attempt: 0,
    name: id === 3 ? HOSTILE : name,
    tasks,
    meanMs: big ? 60 : 900,
    status,
    at: START + id * 21_000,
    ms: big ? 190_000 : 14_000,
  };
}).flatMap((p) =>
  p.id === 5
    ? [
        { ...p, failure: `Job aborted due to stage failure: Task 5 failed 4 times; the last failure:\n${ERROR}` },
        { ...p, attempt: 1, status: 'COMPLETE' },
      ]
    : [p],
);

function stageOf(p: Plan): Record<string, unknown> {
  const done = p.status === 'SKIPPED' ? 0 : p.status === 'ACTIVE' ? 41 : p.status === 'FAILED' ? 160 : p.tasks;
  const reads = p.id % 5 !== 0;
  const each = (mib: number): number => Math.round(done * mib * MIB);
  return {
    status: p.status,
    stageId: p.id,
    attemptId: p.attempt,
    numTasks: p.tasks,
    numActiveTasks: p.status === 'ACTIVE' ? 12 : 0,
    numCompleteTasks: done,
    numFailedTasks: p.status === 'FAILED' ? 9 : 0,
    numKilledTasks: p.status === 'FAILED' ? 3 : 0,
    numCompletedIndices: done,
    ...(p.status !== 'SKIPPED' && { submissionTime: date(p.at), firstTaskLaunchedTime: date(p.at + 30) }),
    ...(p.status !== 'SKIPPED' && p.status !== 'ACTIVE' && { completionTime: date(p.at + p.ms) }),
    ...(p.failure !== undefined && p.status === 'FAILED' && { failureReason: p.failure }),
    executorRunTime: done * p.meanMs,
    executorCpuTime: done * p.meanMs * 8e5,
    executorDeserializeTime: done * 3,
    resultSize: done * 1400,
    jvmGcTime: done * 11,
    resultSerializationTime: done,
    memoryBytesSpilled: p.id % 5 === 2 ? each(9) : 0,
    diskBytesSpilled: p.id % 5 === 2 ? each(2.4) : 0,
    peakExecutionMemory: each(6),
    inputBytes: reads ? 0 : each(12),
    inputRecords: reads ? 0 : done * 52_000,
    outputBytes: p.id % 5 === 4 ? each(0.4) : 0,
    outputRecords: p.id % 5 === 4 ? done * 900 : 0,
    shuffleReadBytes: reads ? each(3.1) : 0,
    shuffleReadRecords: reads ? done * 18_000 : 0,
    shuffleWriteBytes: p.id % 5 < 3 ? each(2.8) : 0,
    shuffleWriteRecords: p.id % 5 < 3 ? done * 18_000 : 0,
    name: p.name,
    ...(p.id === 12 && { description: `Revenue of ${HOSTILE}` }),
    details: `collect at report.ts:${20 + p.id * 3}\nmain at report.ts:9`,
    schedulingPool: p.id % 2 === 0 ? 'production' : 'default',
    rddIds: [p.id * 3, p.id * 3 + 1],
    accumulatorUpdates: p.id % 5 === 0 ? [{ id: 1, name: 'bad lines', value: '1842' }] : [],
    killedTasksSummary: {},
    resourceProfileId: 0,
  };
}

function taskOf(p: Plan, c: Columns, i: number): Record<string, unknown> {
  const executorId = EXECUTORS[c.executor[i]!]!;
  const failed = c.state[i] === 2;
  const bytes = Math.round(MIB * (2 + ((i * 37) % 29) / 10));
  return {
    taskId: p.id * 1000 + i,
    index: i,
    attempt: 0,
    partitionId: i,
    launchTime: date(p.at + c.launch[i]!),
    duration: c.duration[i],
    executorId,
    host: hostOf(executorId),
    status: failed ? 'FAILED' : 'SUCCESS',
    taskLocality: i % 3 ? 'NODE_LOCAL' : 'PROCESS_LOCAL',
    speculative: i % 97 === 0,
    accumulatorUpdates: [],
    ...(failed && { errorMessage: ERROR }),
    schedulerDelay: c.phases[0]![i],
    gettingResultTime: 0,
    executorLogs: { stdout: `http://${hostOf(executorId)}:8042/logs/stdout`, stderr: `http://${hostOf(executorId)}:8042/logs/stderr` },
    taskMetrics: {
      executorDeserializeTime: c.phases[1]![i],
      executorDeserializeCpuTime: 1e6,
      executorRunTime: c.phases[3]![i],
      executorCpuTime: c.phases[3]![i]! * 1e6,
      resultSize: 1400,
      jvmGcTime: i % 40,
      resultSerializationTime: 1,
      memoryBytesSpilled: p.id % 5 === 2 ? 9 * MIB : 0,
      diskBytesSpilled: p.id % 5 === 2 ? 2.4 * MIB : 0,
      peakExecutionMemory: 6 * MIB,
      inputMetrics: { bytesRead: p.id % 5 === 0 ? bytes * 4 : 0, recordsRead: p.id % 5 === 0 ? 52_000 : 0 },
      outputMetrics: { bytesWritten: 0, recordsWritten: 0 },
      shuffleReadMetrics: {
        remoteBlocksFetched: 4,
        localBlocksFetched: 4,
        fetchWaitTime: 2,
        remoteBytesRead: bytes / 2,
        localBytesRead: bytes / 2,
        recordsRead: 18_000,
      },
      shuffleWriteMetrics: { bytesWritten: bytes, writeTime: 4e6, recordsWritten: 18_000 },
    },
  };
}

function summaryOf(c: Columns): Record<string, unknown> {
  const five = (values: readonly number[]): number[] => {
    const sorted = [...values].sort((a, b) => a - b);
    return [0, 0.25, 0.5, 0.75, 1].map((q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!);
  };
  const flat = (n: number): number[] => [0.2, 0.7, 1, 1.4, 4].map((f) => Math.round(f * n));
  return {
    quantiles: [0, 0.25, 0.5, 0.75, 1],
    duration: five(c.duration),
    executorDeserializeTime: five(c.phases[1]!),
    executorRunTime: five(c.phases[3]!),
    jvmGcTime: flat(11),
    resultSerializationTime: flat(1),
    gettingResultTime: flat(0),
    schedulerDelay: five(c.phases[0]!),
    peakExecutionMemory: flat(6 * MIB),
    memoryBytesSpilled: flat(9 * MIB),
    diskBytesSpilled: flat(2.4 * MIB),
    resultSize: flat(1400),
    inputMetrics: { bytesRead: flat(12 * MIB), recordsRead: flat(52_000) },
    outputMetrics: { bytesWritten: flat(0.4 * MIB), recordsWritten: flat(900) },
    shuffleReadMetrics: {
      readBytes: flat(3.1 * MIB),
      readRecords: flat(18_000),
      fetchWaitTime: flat(2),
      remoteBytesRead: flat(1.5 * MIB),
      totalBlocksFetched: flat(8),
    },
    shuffleWriteMetrics: { writeBytes: flat(2.8 * MIB), writeRecords: flat(18_000), writeTime: flat(4e6) },
  };
}

const JOBS = Array.from({ length: 20 }, (_, jobId) => {
  const stageIds = [jobId * 2, jobId * 2 + 1];
  const plans = stageIds.map((id) => PLANS.find((p) => p.id === id)!);
  const tasks = plans.reduce((n, p) => n + p.tasks, 0);
  const status = jobId === 19 ? 'RUNNING' : jobId === 2 ? 'FAILED' : 'SUCCEEDED';
  const skipped = plans.filter((p) => p.status === 'SKIPPED');
  const skippedTasks = skipped.reduce((n, p) => n + p.tasks, 0);
  const done = status === 'SUCCEEDED' ? tasks - skippedTasks : status === 'FAILED' ? 224 : 90;
  return {
    jobId,
    name: `${['collect', 'count', 'saveAsTextFile'][jobId % 3]} at report.ts:${24 + jobId * 6}`,
    stageIds,
    jobTags: jobId % 6 === 1 ? ['nightly', HOSTILE] : [],
    status,
    ...(jobId % 4 === 1 && { description: jobId === 5 ? HOSTILE : `Revenue by country, part ${jobId}`, jobGroup: 'reports' }),
    submissionTime: date(START + jobId * 42_000),
    ...(status !== 'RUNNING' && { completionTime: date(START + jobId * 42_000 + (jobId === 3 ? 205_000 : 36_000)) }),
    numTasks: tasks,
    numActiveTasks: status === 'RUNNING' ? 12 : 0,
    numCompletedTasks: done,
    numSkippedTasks: skippedTasks,
    numFailedTasks: status === 'FAILED' ? 9 : 0,
    numKilledTasks: status === 'FAILED' ? 3 : 0,
    numCompletedIndices: done,
    numActiveStages: status === 'RUNNING' ? 1 : 0,
    numCompletedStages: status === 'SUCCEEDED' ? 2 - skipped.length : 1,
    numSkippedStages: skipped.length,
    numFailedStages: status === 'FAILED' ? 1 : 0,
    killedTasksSummary: {},
  };
});

function executorOf(id: string): Record<string, unknown> {
  const n = id === 'driver' ? 0 : Number(id);
  const dead = n === 3 || n === 6;
  const memory = 912 * MIB;
  return {
    id,
    hostPort: n === 0 ? 'gateway:40411' : `${hostOf(id)}:${39_000 + n}`,
    isActive: !dead,
    rddBlocks: n * 3,
    memoryUsed: n === 0 ? 0 : Math.round(memory * (0.12 * n)),
    diskUsed: n === 4 ? 220 * MIB : 0,
    totalCores: n === 0 ? 0 : 4,
    maxTasks: n === 0 ? 0 : 4,
    activeTasks: dead || n === 0 ? 0 : n % 4,
    failedTasks: n === 6 ? 9 : 0,
    completedTasks: n === 0 ? 0 : 12_400 + n * 31,
    totalTasks: n === 0 ? 0 : 12_409 + n * 31,
    totalDuration: n * 510_000,
    totalGCTime: n === 5 ? 610_000 : n * 9000,
    totalInputBytes: n * 610 * MIB,
    totalShuffleRead: n * 310 * MIB,
    totalShuffleWrite: n * 290 * MIB,
    isBlacklisted: false,
    maxMemory: memory,
    addTime: date(START + n * 2200),
    ...(dead && {
      removeTime: date(START + n * 60_000),
      removeReason: n === 3 ? 'Container killed on request. Exit code is 143' : 'Executor heartbeat timed out after 125000 ms',
    }),
    executorLogs:
      n === 0 ? {} : { stdout: `http://${hostOf(id)}:8042/logs/${id}/stdout`, stderr: `http://${hostOf(id)}:8042/logs/${id}/stderr` },
    memoryMetrics: {
      usedOnHeapStorageMemory: Math.round(memory * 0.1 * n),
      usedOffHeapStorageMemory: 0,
      totalOnHeapStorageMemory: memory,
      totalOffHeapStorageMemory: 0,
    },
    peakMemoryMetrics: {
      JVMHeapMemory: 380 * MIB + n * 20 * MIB,
      OnHeapExecutionMemory: n * 40 * MIB,
      OnHeapStorageMemory: n * 90 * MIB,
      ProcessTreeOtherRSSMemory: 700 * MIB + n * 30 * MIB,
    },
    attributes: {},
    resources: {},
    resourceProfileId: 0,
    isExcluded: n === 7,
    excludedInStages: [],
  };
}

const RDDS = [
  {
    id: 3,
    name: HOSTILE,
    numPartitions: 200,
    numCachedPartitions: 200,
    storageLevel: 'Memory Deserialized 1x Replicated',
    memoryUsed: 2100 * MIB,
    diskUsed: 0,
  },
  {
    id: 14,
    name: 'orders of 2026',
    numPartitions: 64,
    numCachedPartitions: 41,
    storageLevel: 'Disk Memory Serialized 2x Replicated',
    memoryUsed: 640 * MIB,
    diskUsed: 220 * MIB,
  },
];
const rddOf = (id: number) => {
  const rdd = RDDS.find((r) => r.id === id);
  const live = EXECUTORS.filter((e) => executorOf(e)['isActive']);
  return (
    rdd && {
      ...rdd,
      dataDistribution: live.map((e, i) => ({
        address: `${hostOf(e)}:${39_000 + Number(e)}`,
        memoryUsed: (60 + i * 20) * MIB,
        memoryRemaining: (700 - i * 60) * MIB,
        diskUsed: i * MIB,
      })),
      partitions: Array.from({ length: rdd.numCachedPartitions }, (_, i) => ({
        blockName: `rdd_${id}_${i}`,
        storageLevel: rdd.storageLevel,
        memoryUsed: Math.round(rdd.memoryUsed / rdd.numCachedPartitions),
        diskUsed: 0,
        executors: [live[i % live.length]!],
      })),
    }
  );
};

const graphOf = (stageId: number) => {
  const first = stageId * 4;
  const node = (k: number, name: string, scope: string, parentIds: number[], cached = false) => ({
    id: first + k,
    name,
    callSite: `${scope} at report.ts:${20 + stageId}`,
    scope,
    scopeId: `${stageId}_${scope}`,
    cached,
    barrier: false,
    parentIds,
  });
  const begins = stageId % 2 === 0;
  const rdds = begins
    ? [
        node(0, 'HadoopRDD', 'textFile', []),
        node(1, 'MapPartitionsRDD', 'textFile', [first]),
        node(2, 'MapPartitionsRDD', 'map', [first + 1], true),
      ]
    : [
        node(0, 'ShuffledRDD', 'reduceByKey', [first - 2]),
        node(1, 'MapPartitionsRDD', 'reduceByKey', [first]),
        node(2, stageId === 3 ? HOSTILE : 'MapPartitionsRDD', 'filter', [first + 1]),
      ];
  return { stageId, rdds, parentStageIds: begins ? [] : [stageId - 1] };
};

const ALARMS = [
  {
    kind: 'skew',
    severity: 'serious',
    stageId: BIG_STAGE,
    attemptId: 0,
    message: 'The slowest task took 540 ms, 9 times the median (60 ms): it read 41 times as many records.',
    advice: 'One key has most of the rows. Salt it, or use repartition with more partitions.',
  },
  {
    kind: 'spill',
    severity: 'warning',
    stageId: 12,
    attemptId: 0,
    message: 'Tasks spilled 153.6 MiB to disk: their sorts did not fit into 384 MiB.',
    advice: 'More partitions make each task smaller; or raise spark.executor.memory.',
  },
  {
    kind: 'tinyTasks',
    severity: 'info',
    stageId: BIG_STAGE,
    attemptId: 0,
    message: '100,000 tasks ran 60 ms each at the median.',
    advice: 'Use coalesce: a tenth of the partitions would do.',
  },
  {
    kind: 'waitingForExecutors',
    severity: 'warning',
    stageId: undefined,
    attemptId: undefined,
    message: `2 executors are waited for: queue ${HOSTILE} is full.`,
    advice: 'Wait, ask for smaller executors, or another queue.',
  },
];

const FRAMES = [
  'runTask (executor.ts:88)',
  'compute (mapped-rdd.ts:31)',
  'revenueOf (revenue.ts:41)',
  'parseLine (parse.ts:12)',
  'JSON.parse (native)',
  `${HOSTILE} (evil.ts:1)`,
];
const PROFILE = [
  '# slots=4 samples=20480 idle=1024 intervalUs=1003 silent=;',
  `${FRAMES.slice(0, 3).join(';')} 220`,
  `${FRAMES.slice(0, 4).join(';')} 410`,
  `${FRAMES.slice(0, 5).join(';')} 730`,
  `${FRAMES[0]};writeShuffle (shuffle-writer.ts:60) 160`,
  `${FRAMES[0]};${FRAMES[1]};${FRAMES[5]} 90`,
  '(garbage collector) 120',
].join('\n');
const THREADS = ['main', 'task worker 1', 'task worker 2', 'task worker 3'].map((threadName, i) => ({
  threadId: i,
  threadName,
  threadState: i === 2 ? 'WAITING' : 'RUNNABLE',
  holdingLocks: [],
  stackTrace: {
    elems: [
      'parseLine (/home/ann/report/src/parse.ts:12:9)',
      'revenueOf (/home/ann/report/src/revenue.ts:41:23)',
      'runTask (executor.ts:88:5)',
    ],
  },
}));

export const demoAnswers = (big = 100_000): Answers => {
  const plans = PLANS.map((p) => (p.id === BIG_STAGE ? { ...p, tasks: big } : p));
  const attempt = {
    attemptId: '1',
    sparkUser: 'ann',
    completed: false,
    appSparkVersion: '4.0.1',
    duration: 900_000,
    startTimeEpoch: START,
    endTimeEpoch: -1,
    lastUpdatedEpoch: NOW,
  };
  const application = { id: DEMO_APP, name: 'Nightly revenue report', attempts: [attempt] };
  const sparkProperties = [
    ['spark.app.name', 'Nightly revenue report'],
    ['spark.executor.memory', '2g'],
    ['spark.scheduler.mode', 'FAIR'],
    ['spark.evil', HOSTILE],
    ['spark.ui.killEnabled', 'true'],
  ];
  const environment = {
    runtime: { javaVersion: 'Node.js v24.21.0', javaHome: '/opt/node', scalaVersion: 'V8 13.6' },
    sparkProperties,
    hadoopProperties: [['fs.defaultFS', 'file:///']],
    systemProperties: [['os.name', 'linux']],
    metricsProperties: [],
    classpathEntries: [['/home/ann/report/src/report.ts', 'Added By User']],
    resourceProfiles: [
      {
        id: 0,
        executorResources: { cores: { resourceName: 'cores', amount: 4 } },
        taskResources: { cpus: { resourceName: 'cpus', amount: 1 } },
      },
    ],
  };
  const planOf = (id: string, at: string): Plan | undefined => plans.find((p) => p.id === Number(id) && p.attempt === Number(at));
  const sums = (p: Plan) =>
    Object.fromEntries(
      EXECUTORS.map((e) => [
        e,
        {
          taskTime: (p.tasks * p.meanMs) / 8,
          failedTasks: p.status === 'FAILED' && e === '6' ? 9 : 0,
          succeededTasks: Math.round(p.tasks / 8),
          killedTasks: 0,
          inputBytes: 0,
          inputRecords: 0,
          outputBytes: 0,
          outputRecords: 0,
          shuffleRead: 40 * MIB,
          shuffleReadRecords: 210_000,
          shuffleWrite: 38 * MIB,
          shuffleWriteRecords: 209_000,
          memoryBytesSpilled: 0,
          diskBytesSpilled: 0,
          isExcludedForStage: false,
        },
      ]),
    );
  return (path, query) => {
    if (path === '/api/v1/applications') return [application];
    const own = path.replace(`/history/${DEMO_APP}/1/`, '/').replace(`/history/${DEMO_APP}/`, '/');
    const ui = own.startsWith('/ui/api/') ? own.slice('/ui/api/'.length) : undefined;
    if (ui === 'alarms') return ALARMS;
    if (ui === 'jobs/errors') return { 2: ERROR };
    if (ui === 'pools')
      return ['default', 'production'].map((name, i) => ({
        name,
        schedulingMode: 'FIFO',
        minShare: i * 4,
        weight: 1 + i,
        activeStages: i,
        runningTasks: i * 12,
      }));
    const at = /^stages\/(\d+)\/(\d+)\/(timeline|tasks|executors)$/.exec(ui ?? '');
    if (at) {
      const plan = planOf(at[1]!, at[2]!);
      if (!plan) return undefined;
      if (at[3] === 'executors') return sums(plan);
      const c = columnsOf(plan.id, plan.tasks, plan.meanMs);
      if (at[3] === 'timeline') return { fromMs: plan.at, executors: EXECUTORS, taskId: c.launch.map((_, i) => plan.id * 1000 + i), ...c };
      const wanted = (query.get('status') ?? '').split(',').filter(Boolean);
      const search = query.get('search') ?? '';
      let found = c.launch.map((_, i) => i).filter((i) => wanted.length === 0 || wanted.includes(c.state[i] === 2 ? 'FAILED' : 'SUCCESS'));
      if (search !== '')
        found = found.filter((i) => hostOf(EXECUTORS[c.executor[i]!]!).includes(search) || (c.state[i] === 2 && ERROR.includes(search)));
      if (query.get('sortBy') === 'duration') found.sort((a, b) => c.duration[a]! - c.duration[b]!);
      if (query.get('descending') === 'true') found.reverse();
      const offset = Number(query.get('offset'));
      return { total: found.length, tasks: found.slice(offset, offset + Number(query.get('length'))).map((i) => taskOf(plan, c, i)) };
    }
    const graph = /^stages\/(\d+)\/(graph|jobs)$/.exec(ui ?? '');
    if (graph) return graph[2] === 'graph' ? graphOf(Number(graph[1])) : [Math.floor(Number(graph[1]) / 2)];
    if (/^executors\/[^/]+\/profile$/.test(ui ?? '')) return PROFILE;
    const prefix = `/api/v1/applications/${DEMO_APP}`;
    if (!path.startsWith(prefix)) return undefined;
    const rest = path
      .slice(prefix.length)
      .replace(/^\/1(?=\/|$)/, '')
      .replace(/^\//, '');
    if (rest === '') return application;
    if (rest === 'environment') return environment;
    if (rest === 'jobs') return [...JOBS].reverse();
    if (rest === 'stages') {
      const status = query.get('status')?.toUpperCase();
      return plans
        .filter((p) => status === undefined || p.status === status)
        .map(stageOf)
        .reverse();
    }
    if (rest === 'sql') return [];
    if (rest === 'executors') return ['driver', ...EXECUTORS].map(executorOf).filter((e) => e['isActive']);
    if (rest === 'allexecutors') return ['driver', ...EXECUTORS].map(executorOf);
    if (rest === 'storage/rdd') return RDDS;
    if (/^executors\/[^/]+\/threads$/.test(rest)) return THREADS;
    const one = /^(jobs|storage\/rdd|stages)\/(\d+)(?:\/(\d+)(\/taskSummary)?)?$/.exec(rest);
    if (!one) return undefined;
    if (one[1] === 'jobs') return JOBS.find((j) => j.jobId === Number(one[2]));
    if (one[1] === 'storage/rdd') return rddOf(Number(one[2]));
    if (one[3] === undefined) return plans.filter((p) => p.id === Number(one[2])).map(stageOf);
    const plan = planOf(one[2]!, one[3]);
    if (!plan) return undefined;
    return one[4] ? summaryOf(columnsOf(plan.id, plan.tasks, plan.meanMs)) : stageOf(plan);
  };
};
