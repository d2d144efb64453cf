import { describe, expect, test } from 'vitest';
import { rddInfo, stageInfo, taskEnd, TestApplication } from '../../../helpers/status-events.ts';

const boom = { tag: 'ExceptionFailure', className: 'TypeError', description: 'x is not a function', stack: 'at f (job.ts:4:7)' } as const;

describe('jobs and stages', () => {
  test('a stage whose output was there is skipped when the job ends; its tasks count as skipped', () => {
    const app = new TestApplication().executor('1').job(1, [stageInfo(3), stageInfo(4, { numTasks: 2 })]);
    expect(app.store.job(1)).toMatchObject({ name: 'count at job.ts:4', numTasks: 6, status: 'RUNNING' });
    app.submit(stageInfo(4)).task(4, 0).task(4, 1).complete(stageInfo(4)).endJob(1);
    expect(app.store.job(1)).toMatchObject({
      status: 'SUCCEEDED',
      numSkippedStages: 1,
      numSkippedTasks: 4,
      numCompletedStages: 1,
      numActiveStages: 0,
      numCompletedTasks: 2,
    });
    expect(app.store.stages(['SKIPPED']).map((s) => s.stageId)).toEqual([3]);
    expect(app.store.jobsOfStage(3)).toEqual([1]);
  });

  test('a failed job has its error, its group, description and tags', () => {
    const app = new TestApplication().job(
      0,
      [stageInfo(0)],
      [
        ['spark.jobGroup.id', 'g'],
        ['spark.job.description', 'why'],
        ['spark.job.tags', 'a,b'],
      ],
    );
    app
      .submit(stageInfo(0), [
        ['spark.scheduler.pool', 'p'],
        ['spark.job.description', 'why'],
      ])
      .complete(stageInfo(0), 'lost')
      .endJob(0, 'aborted');
    expect(app.store.job(0)).toMatchObject({ status: 'FAILED', error: 'aborted', jobGroup: 'g', jobTags: ['a', 'b'], numFailedStages: 1 });
    expect(app.store.stage(0, 0)).toMatchObject({ status: 'FAILED', failureReason: 'lost', schedulingPool: 'p', description: 'why' });
  });

  test('an index counts once, whatever attempts and stage attempts it takes', () => {
    const app = new TestApplication()
      .executor('1')
      .job(0, [stageInfo(0)])
      .submit(stageInfo(0));
    app.task(0, 0, { index: 0, reason: boom }).task(0, 1, { index: 0, attempt: 1 }).task(0, 2, { index: 0, attempt: 2 });
    app
      .complete(stageInfo(0), 'fetch failed')
      .submit(stageInfo(0, { attemptId: 1 }))
      .task(0, 3, { index: 0 }, 1)
      .task(0, 4, { index: 1 }, 1);
    expect(app.store.stage(0, 0)).toMatchObject({ numFailedTasks: 1, numCompleteTasks: 2, numCompletedIndices: 1 });
    expect(app.store.job(0)).toMatchObject({ numCompletedTasks: 4, numCompletedIndices: 2, numFailedTasks: 1 });
    expect(app.store.stageAttempts(0).map((s) => s.attemptId)).toEqual([0, 1]);
  });

  test('killed tasks are counted by reason; a commit that was denied is one of them', () => {
    const app = new TestApplication().job(0, [stageInfo(0)]).submit(stageInfo(0));
    app.task(0, 0, { reason: { tag: 'TaskKilled', reason: 'another attempt succeeded' } });
    app.task(0, 1, { reason: { tag: 'TaskKilled', reason: 'another attempt succeeded' } });
    app.task(0, 2, { reason: { tag: 'TaskCommitDenied', jobId: 0, partition: 2, attempt: 1 } });
    const summary = {
      'another attempt succeeded': 2,
      'TaskCommitDenied (Driver denied task commit) for job: 0, partition: 2, attemptNumber: 1': 1,
    };
    expect(app.store.stage(0, 0)).toMatchObject({ numKilledTasks: 3, numFailedTasks: 0, killedTasksSummary: summary });
    expect(app.store.job(0)).toMatchObject({ numKilledTasks: 3, killedTasksSummary: summary });
  });
});

describe('tasks', () => {
  test('one that runs has its time so far, no metrics, no delay; when it has ended what is left over is scheduler delay', () => {
    const app = new TestApplication()
      .executor('1')
      .job(0, [stageInfo(0)])
      .submit(stageInfo(0));
    app.store.taskStarted(0, 0, taskEnd(0));
    app.nowMs = 1_250;
    expect(app.store.task(0)).toMatchObject({ status: 'RUNNING', duration: 250, schedulerDelay: 0 });
    expect(app.store.task(0)).not.toHaveProperty('taskMetrics');
    expect(app.store.taskSummary(0, 0, [0.5])).toBeUndefined();
    const { reason: _, ...info } = taskEnd(0);
    app.store.on({ tag: 'taskGettingResult', stageId: 0, attemptId: 0, task: info, atMs: 1_260 });
    expect(app.store.task(0)?.status).toBe('GET RESULT');
    const metrics = { executorRunTime: 200, executorDeserializeTime: 30, resultSerializationTime: 5 };
    app.store.taskEnded(0, 0, taskEnd(0, { durationMs: 300, gettingResultAtMs: 1_260, metrics }));
    expect(app.store.task(0)).toMatchObject({ status: 'SUCCESS', duration: 300, gettingResultTime: 40, schedulerDelay: 25 });
    expect(app.store.executors(true)[0]).toMatchObject({ activeTasks: 0, completedTasks: 1, totalTasks: 1, totalDuration: 300 });
  });

  test('failures say what happened; quantiles are of successes alone', () => {
    const app = new TestApplication().job(0, [stageInfo(0)]).submit(stageInfo(0));
    app.task(0, 0, { reason: boom, metrics: { executorRunTime: 9_000 } });
    for (let i = 1; i <= 4; i++) app.task(0, i, { durationMs: i * 10, metrics: { executorRunTime: i } });
    expect(app.store.task(0)).toMatchObject({ status: 'FAILED', errorMessage: 'TypeError: x is not a function\nat f (job.ts:4:7)' });
    const summary = app.store.taskSummary(0, 0, [1, 0, 0.5])!;
    expect(summary.quantiles).toEqual([0, 0.5, 1]);
    expect(summary.of.executorRunTime).toEqual([1, 3, 4]);
    expect(summary.duration).toEqual([10, 30, 40]);
    expect(app.store.stage(0, 0)?.executorRunTime).toBe(9_010);
  });

  test('pages: sorted, filtered by status, searched, counted', () => {
    const app = new TestApplication().job(0, [stageInfo(0)]).submit(stageInfo(0));
    for (let i = 0; i < 30; i++)
      app.task(0, i, {
        executorId: i % 2 ? '1' : '2',
        host: `host-${i % 2}`,
        metrics: { executorRunTime: 100 - i },
        ...(i === 7 && { reason: boom }),
      });
    const ids = (page: object) => app.store.tasks(0, 0, { offset: 0, length: 3, ...page }).map((t) => t.taskId);
    expect(ids({})).toEqual([0, 1, 2]);
    expect(ids({ offset: 28 })).toEqual([28, 29]);
    expect(ids({ sort: { by: 'executorRunTime', descending: false } })).toEqual([29, 28, 27]);
    expect(ids({ sort: { by: 'executorRunTime', descending: true } })).toEqual([0, 1, 2]);
    expect(ids({ status: ['FAILED'] })).toEqual([7]);
    expect(ids({ search: 'HOST-1' })).toEqual([1, 3, 5]);
    expect(ids({ search: 'not a function' })).toEqual([7]);
    expect(app.store.taskCount(0, 0, { search: 'host-1' })).toBe(15);
    expect(app.store.taskCount(0, 0, {})).toBe(30);
  });

  test('a log that lost parts: ends without starts, starts out of order, unknown stages', () => {
    const app = new TestApplication()
      .executor('1')
      .job(0, [stageInfo(0)])
      .submit(stageInfo(0));
    app.store.taskEnded(0, 0, taskEnd(5));
    app.store.taskStarted(0, 0, taskEnd(3));
    app.store.taskEnded(0, 0, taskEnd(3));
    app.store.taskEnded(0, 0, taskEnd(3)); // twice
    app.store.taskEnded(9, 0, taskEnd(99));
    app.store.on({ tag: 'jobEnd', jobId: 77, atMs: 1, error: undefined });
    app.store.on({ tag: 'stageCompleted', stage: stageInfo(88) });
    expect(app.store.stage(0, 0)).toMatchObject({ numActiveTasks: 0 });
    expect(app.store.task(3)?.status).toBe('SUCCESS');
    expect(app.store.task(5)?.status).toBe('SUCCESS');
    expect(app.store.task(99)).toBeUndefined();
  });

  test('100,000 tasks: older ones go first, memory and answers stay small', () => {
    const app = new TestApplication({ tasks: 1_000 })
      .executor('1')
      .job(0, [stageInfo(0)])
      .submit(stageInfo(0, { numTasks: 100_000 }));
    app.store.taskStarted(0, 0, taskEnd(0)); // runs all the time
    for (let i = 1; i < 5_000; i++) app.task(0, i, { metrics: { executorRunTime: i }, ...(i === 4_999 && { reason: boom }) });
    expect(app.store.stage(0, 0)).toMatchObject({ numCompleteTasks: 4_998, numActiveTasks: 1, executorRunTime: (4_999 * 5_000) / 2 });
    const held = app.store.taskCount(0, 0, {});
    expect(held).toBeGreaterThanOrEqual(1_000);
    expect(held).toBeLessThanOrEqual(1_101);
    expect(app.store.task(0)?.status).toBe('RUNNING');
    expect(app.store.task(1)).toBeUndefined();
    expect(app.store.task(4_999)).toMatchObject({ status: 'FAILED', errorMessage: expect.stringContaining('TypeError') });
    expect(app.store.taskSummary(0, 0, [1])!.of.executorRunTime).toEqual([4_998]);
  });
});

describe('executors and blocks', () => {
  test('an executor that goes takes its blocks along; copies elsewhere stay', () => {
    const level = { useDisk: false, useMemory: true, useOffHeap: false, deserialized: true, replication: 2 };
    const app = new TestApplication().executor('1').executor('2');
    app.submit(stageInfo(0, { rdds: [rddInfo(3, { storageLevel: level })] }));
    const block = (executorId: string, blockId: string) =>
      app.store.on({
        tag: 'blockUpdated',
        id: { executorId, host: 'h1', port: 1 },
        blockId,
        storageLevel: level,
        memoryBytes: 100,
        diskBytes: 0,
      });
    block('1', 'rdd_3_0');
    block('2', 'rdd_3_0');
    block('1', 'rdd_3_1');
    expect(app.store.rdd(3)).toMatchObject({ numCachedPartitions: 2, memoryUsed: 300, storageLevel: 'Memory Deserialized 2x Replicated' });
    app.store.on({ tag: 'executorRemoved', executorId: '1', atMs: 2_000, reason: 'killed' });
    expect(app.store.rdd(3)).toMatchObject({ numCachedPartitions: 1, memoryUsed: 100 });
    expect(app.store.executors(true).map((e) => e.id)).toEqual(['2']);
    expect(app.store.executors(false)[0]).toMatchObject({ isActive: false, removeReason: 'killed', removeTimeMs: 2_000 });
    app.store.on({ tag: 'unpersistRdd', rddId: 3 });
    expect(app.store.rdds()).toEqual([]);
    expect(app.store.executors(true)[0]).toMatchObject({ rddBlocks: 0, memoryUsed: 0 });
  });
});

test('what is too old is forgotten: jobs, stages with their tasks, dead executors', () => {
  const app = new TestApplication({ retention: { jobs: 10, stages: 10, deadExecutors: 2 } });
  for (let i = 0; i < 30; i++) {
    app.nowMs += 10;
    app
      .executor(String(i))
      .job(i, [stageInfo(i)])
      .submit(stageInfo(i))
      .task(i, i)
      .complete(stageInfo(i))
      .endJob(i);
    app.store.on({ tag: 'executorRemoved', executorId: String(i), atMs: app.nowMs, reason: '' });
  }
  expect(app.store.jobs().length).toBeLessThanOrEqual(10);
  expect(app.store.jobs()[0]?.jobId).toBe(29);
  expect(app.store.stages().length).toBeLessThanOrEqual(10);
  expect(app.store.executors(false).length).toBe(2);
  expect(app.store.state.totals.succeededJobs).toBe(30);
});
