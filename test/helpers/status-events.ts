// Events of an application for tests of the status store: whole ones from the few fields that a test cares for.
import type { RddInfo, StageInfo, StorageLevelInfo, TaskEnd, TaskEndReason, TaskInfo } from '../../src/status/events.ts';
import { StatusState, type Retention } from '../../src/status/store/status-state.ts';
import { StatusStore } from '../../src/status/store/status-store.ts';
import { liveTaskTables } from '../../src/status/store/live-task-table.ts';
import { allAlarms } from '../../src/status/alarms/all-alarms.ts';
import { type TaskMetrics, taskMetrics } from '../../src/status/task-metrics.ts';

export const NO_LEVEL: StorageLevelInfo = { useDisk: false, useMemory: false, useOffHeap: false, deserialized: false, replication: 1 };
export const MEMORY_SER: StorageLevelInfo = { ...NO_LEVEL, useMemory: true };

export const rddInfo = (rddId: number, more: Partial<RddInfo> = {}): RddInfo => ({
  rddId,
  name: 'MapPartitionsRDD',
  scope: undefined,
  callSite: 'map at job.ts:1',
  parentIds: [],
  storageLevel: NO_LEVEL,
  barrier: false,
  numPartitions: 4,
  numCachedPartitions: 0,
  memoryBytes: 0,
  diskBytes: 0,
  ...more,
});

export const stageInfo = (stageId: number, more: Partial<StageInfo> = {}): StageInfo => ({
  stageId,
  attemptId: 0,
  name: `count at job.ts:${stageId}`,
  numTasks: 4,
  rdds: [],
  parentIds: [],
  details: '',
  submittedAtMs: undefined,
  completedAtMs: undefined,
  failureReason: undefined,
  accumulables: [],
  resourceProfileId: 0,
  shuffleMergers: 0,
  ...more,
});

export const taskInfo = (taskId: number, more: Partial<TaskInfo> = {}): TaskInfo => ({
  taskId,
  index: taskId,
  attempt: 0,
  partition: more.index ?? taskId,
  launchedAtMs: 1_000,
  executorId: '1',
  host: 'h1',
  locality: 'PROCESS_LOCAL',
  speculative: false,
  ...more,
});

export type End = Partial<Omit<TaskEnd, 'metrics' | 'reason'>> & {
  readonly durationMs?: number;
  readonly metrics?: Partial<TaskMetrics> | undefined;
  readonly reason?: TaskEndReason;
};
export function taskEnd(taskId: number, { durationMs = 100, metrics = {}, reason = { tag: 'Success' }, ...more }: End = {}): TaskEnd {
  const info = taskInfo(taskId, more);
  return {
    finishedAtMs: info.launchedAtMs + durationMs,
    gettingResultAtMs: 0,
    taskType: 'ResultTask',
    accumulables: [],
    ...more,
    ...info,
    reason,
    metrics: taskMetrics(metrics),
  };
}

export class TestApplication {
  nowMs = 1_000;
  readonly store: StatusStore;

  constructor(limits: { retention?: Partial<Retention>; tasks?: number } = {}) {
    const retention = { jobs: 1_000, stages: 1_000, deadExecutors: 100, sqlExecutions: 1_000, ...limits.retention };
    const state = new StatusState(liveTaskTables(limits.tasks ?? 100_000), retention);
    this.store = new StatusStore(state, { nowMs: () => this.nowMs, alarms: allAlarms });
    this.store.on({ tag: 'logStart', sparkVersion: '4.0.1' });
    this.store.on({
      tag: 'applicationStart',
      name: 'test',
      applicationId: 'app-1',
      atMs: 1_000,
      user: 'u',
      attemptId: undefined,
      driverLogs: undefined,
    });
  }

  executor(executorId: string, totalCores = 2, host = 'h1'): this {
    this.store.on({ tag: 'executorAdded', executorId, atMs: 1_000, host, totalCores, logUrls: [], attributes: [], resourceProfileId: 0 });
    return this;
  }

  job(jobId: number, stages: readonly StageInfo[], properties: readonly (readonly [string, string])[] = []): this {
    this.store.on({ tag: 'jobStart', jobId, atMs: this.nowMs, stages, properties });
    return this;
  }

  submit(stage: StageInfo, properties: readonly (readonly [string, string])[] = []): this {
    this.store.on({ tag: 'stageSubmitted', stage: { ...stage, submittedAtMs: this.nowMs }, properties });
    return this;
  }

  complete(stage: StageInfo, failureReason?: string): this {
    this.store.on({
      tag: 'stageCompleted',
      stage: { ...stage, submittedAtMs: stage.submittedAtMs ?? 1_000, completedAtMs: this.nowMs, failureReason },
    });
    return this;
  }

  endJob(jobId: number, error?: string): this {
    this.store.on({ tag: 'jobEnd', jobId, atMs: this.nowMs, error: error === undefined ? undefined : { message: error, stack: '' } });
    return this;
  }

  /** Started and ended. */
  task(stageId: number, taskId: number, end: End = {}, attemptId = 0): this {
    const ended = taskEnd(taskId, end);
    this.store.taskStarted(stageId, attemptId, ended);
    this.store.taskEnded(stageId, attemptId, ended);
    return this;
  }
}
