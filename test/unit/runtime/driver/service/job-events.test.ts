import { expect, test } from 'vitest';
import { AppError } from '../../../../../src/common/errors.ts';
import { DriverWorld } from '../../../../helpers/driver-world.ts';
import { shuffled, source } from '../core/dag-harness.ts';

const tags = (world: DriverWorld) => world.recorder.heard.map(({ tag }) => tag);

test('a job of one stage: job, stage, tasks, in the order in which they happen', async () => {
  const world = new DriverWorld(2);
  const done = world.submit(7, source(2), [['spark.jobGroup.id', 'nightly']]);
  world.turn();
  world.succeed(world.take(0));
  world.succeed(world.take(1));
  expect(await done).toBeUndefined();
  expect(tags(world)).toEqual(['jobStart', 'stageSubmitted', 'taskStart', 'taskStart', 'taskEnd', 'taskEnd', 'stageCompleted', 'jobEnd']);
  const [start] = world.recorder.of('jobStart');
  expect(start).toMatchObject({ jobId: 7, atMs: 1_000, stages: [{ stageId: 0, attemptId: 0, name: 'count at job.ts:7', numTasks: 2 }] });
  expect(start!.properties).toEqual([
    ['spark.jobGroup.id', 'nightly'],
    ['callSite.short', 'count at job.ts:7'],
  ]);
  expect(world.recorder.of('stageCompleted')[0]!.stage).toMatchObject({
    submittedAtMs: 1_000,
    completedAtMs: 1_010,
    failureReason: undefined,
    details: 'at main (job.ts:1:1)',
  });
  const [first] = world.recorder.of('taskEnd');
  expect(first!.task).toMatchObject({
    index: 0,
    attempt: 0,
    executorId: '1',
    host: 'host1',
    launchedAtMs: 1_000,
    finishedAtMs: 1_005,
    taskType: 'ResultTask',
    reason: { tag: 'Success' },
    locality: 'PROCESS_LOCAL',
  });
  expect(first!.task.metrics).toMatchObject({ executorRunTime: 5, resultSize: 8 });
});

test('a shuffle: the job names both stages, the map tasks are ShuffleMapTasks, the second stage has the first as parent', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, shuffled(1, [source(1), 0]));
  world.turn();
  world.write(world.take(0));
  world.succeed(world.take(0));
  await done;
  const [start] = world.recorder.of('jobStart');
  expect(start!.stages.map(({ stageId, parentIds }) => ({ stageId, parentIds }))).toEqual([
    { stageId: 0, parentIds: [] },
    { stageId: 1, parentIds: [0] },
  ]);
  expect(start!.stages[1]!.rdds).toHaveLength(1);
  expect(start!.stages[1]!.rdds[0]!.parentIds).toEqual([start!.stages[0]!.rdds[0]!.rddId]);
  expect(world.recorder.of('taskEnd').map(({ task }) => task.taskType)).toEqual(['ShuffleMapTask', 'ResultTask']);
});

test('small tasks in one frame: each has its own time, the frame’s end is the last one’s', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, source(40));
  world.turn();
  world.succeed(world.take(0), 0.5); // tasks are known to be short now: batches follow
  while (world.flying.length > 0) world.succeed(world.take(0), 0.5);
  await done;
  const ended = world.recorder.of('taskEnd').map(({ task }) => task);
  expect(ended).toHaveLength(40);
  expect(world.recorder.of('taskStart')).toHaveLength(40);
  expect(ended.reduce((sum, { metrics }) => sum + metrics!.executorRunTime, 0)).toBeGreaterThanOrEqual(15);
  for (const task of ended) expect(task.finishedAtMs).toBeGreaterThanOrEqual(task.launchedAtMs);
  expect(ended.at(-1)!.finishedAtMs).toBe(Math.round(world.nowMs));
});

test('tasks that come back unbegun were never started, and start once', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, source(30));
  world.turn();
  world.succeed(world.take(0), 0.2);
  const batch = world.take(0);
  expect(batch.length).toBeGreaterThan(2);
  const [long, ...rest] = batch;
  world.succeed([long!], 0.9);
  world.succeed([rest[0]!], 0.1);
  world.giveBack(rest.slice(1));
  while (world.flying.length > 0) world.succeed(world.take(0), 0.1);
  expect(await done).toBeUndefined();
  const started = world.recorder.of('taskStart').map(({ task }) => task.taskId);
  expect(new Set(started).size).toBe(started.length);
  expect(started).toHaveLength(30);
});

test('a task that follows another is told when nothing was heard of it for a while, and one that came back meanwhile never', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, source(300));
  world.turn();
  while (world.flying.length < 3) world.succeed(world.take(0), 0.1);
  const [long, ...rest] = world.take(0);
  const told = () => world.recorder.of('taskStart').map(({ task }) => task.taskId);
  world.succeed([long!], 20);
  expect(told()).not.toContain(rest[0]!.taskId);
  world.giveBack([rest[0]!]);
  world.nowMs += 60;
  for (const run of world.timers.splice(0)) run();
  world.turn();
  expect(told()).not.toContain(rest[0]!.taskId);
  expect(told()).toContain(rest[1]!.taskId);
  world.succeed(rest.slice(1), 0.1);
  while (world.flying.length > 0) world.succeed(world.take(0), 0.1);
  expect(await done).toBeUndefined();
  expect(new Set(told()).size).toBe(300);
  expect(
    world.recorder
      .of('taskEnd')
      .map(({ task }) => task.taskId)
      .sort(),
  ).toEqual(told().sort());
});

test('a task that was told to have begun and then comes back unbegun has an end, so that nobody shows it as running for ever', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, source(300));
  world.turn();
  while (world.flying.length < 3) world.succeed(world.take(0), 0.1);
  const [long, ...rest] = world.take(0);
  world.succeed([long!], 20);
  world.nowMs += 60;
  for (const run of world.timers.splice(0)) run();
  world.turn();
  const told = () => world.recorder.of('taskStart').map(({ task }) => task.taskId);
  expect(told()).toContain(rest[0]!.taskId);
  world.giveBack([rest[0]!]);
  world.turn();
  world.succeed(rest.slice(1), 0.1);
  while (world.flying.length > 0) world.succeed(world.take(0), 0.1);
  expect(await done).toBeUndefined();
  const ended = world.recorder.of('taskEnd').map(({ task }) => task);
  expect(ended.find(({ taskId }) => taskId === rest[0]!.taskId)?.reason).toEqual({
    tag: 'TaskKilled',
    reason: 'another slot was free before it began',
  });
  expect(ended.map(({ taskId }) => taskId).sort()).toEqual(told().sort());
});

test('a task that throws for good: two attempts with the user’s error, the stage’s reason, the job’s error', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, source(1));
  world.turn();
  world.fail(world.take(0), new RangeError('boo'));
  world.fail(world.take(0), new RangeError('boo'));
  expect(await done).toBeInstanceOf(AppError);
  const ended = world.recorder.of('taskEnd').map(({ task }) => task);
  expect(ended.map(({ attempt, reason }) => ({ attempt, tag: reason.tag }))).toEqual([
    { attempt: 0, tag: 'ExceptionFailure' },
    { attempt: 1, tag: 'ExceptionFailure' },
  ]);
  expect(ended[0]!.reason).toMatchObject({ className: 'RangeError', description: 'boo' });
  expect(world.recorder.of('stageCompleted')[0]!.stage.failureReason).toMatch(/failed 2 times/);
  expect(world.recorder.of('jobEnd')[0]!.error!.message).toMatch(/RangeError: boo/);
});

test('a lost slot ends its running task as ExecutorLostFailure; the task runs elsewhere', async () => {
  const world = new DriverWorld(2);
  const done = world.submit(0, source(1));
  world.turn();
  world.loseSlot(0, 'killed');
  world.succeed(world.take(1));
  expect(await done).toBeUndefined();
  expect(world.recorder.of('taskEnd').map(({ task }) => task.reason)).toEqual([
    { tag: 'ExecutorLostFailure', executorId: '1', causedByApp: true, reason: 'killed' },
    { tag: 'Success' },
  ]);
});

test('a cancelled job kills what runs before its stage ends, once: a late status says nothing more', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, source(1));
  world.turn();
  world.loop.cancel(0, 'by a test');
  world.turn();
  expect(await done).toBeInstanceOf(AppError);
  world.succeed(world.take(0));
  expect(tags(world)).toEqual(['jobStart', 'stageSubmitted', 'taskStart', 'taskEnd', 'stageCompleted', 'jobEnd']);
  expect(world.recorder.of('taskEnd')[0]!.task.reason.tag).toBe('TaskKilled');
});

test('a lost block ends the attempt with its reason, and the next one has its own number', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, shuffled(1, [source(1), 0]));
  world.turn();
  world.write(world.take(0));
  const epoch = world.loop.core.outputs.epoch;
  const lost = { shuffleId: 0, mapIndex: 0, mapTaskId: 0, reduceId: 0, executorId: '1', epoch, detail: 'gone' };
  world.fail(world.take(0), new AppError('FETCH_FAILED', lost));
  for (const run of world.timers.splice(0)) run();
  world.turn();
  world.write(world.take(0));
  world.succeed(world.take(0));
  expect(await done).toBeUndefined();
  const ended = world.recorder.of('stageCompleted').map(({ stage }) => [stage.stageId, stage.attemptId, stage.failureReason !== undefined]);
  expect(ended).toEqual([
    [0, 0, false],
    [1, 0, true],
    [0, 1, false],
    [1, 1, false],
  ]);
  expect(world.recorder.of('taskEnd').find(({ task }) => task.reason.tag === 'FetchFailed')!.task.reason).toMatchObject({ host: 'host1' });
});

test('nobody listens: nothing is made, the job runs all the same', async () => {
  const world = new DriverWorld(1, false);
  const done = world.submit(0, source(3));
  while (world.flying.length > 0) world.succeed(world.take(0));
  expect(await done).toBeUndefined();
  expect(world.recorder.heard).toEqual([]);
});

test('a listener that throws is named once and hurts nobody else', () => {
  const world = new DriverWorld(1);
  class Bad {
    on(): void {
      throw new Error('broken');
    }
    taskStarted(): void {}
    taskEnded(): void {}
  }
  world.bus.add(new Bad());
  world.bus.post({ tag: 'unpersistRdd', rddId: 1 });
  world.bus.post({ tag: 'unpersistRdd', rddId: 2 });
  world.turn();
  expect(tags(world)).toEqual(['unpersistRdd', 'unpersistRdd']);
  expect(world.log.filter((line) => /Bad threw an exception: Error: broken/.test(line))).toHaveLength(1);
});

test('a copy of a slow task: listeners hear of it, and of the attempt that came second', async () => {
  const speculation = {
    intervalMs: 100,
    multiplier: 3,
    quantile: 0.5,
    minRuntimeMs: 100,
    durationThresholdMs: undefined,
    efficiency: undefined,
    decommissionKillMs: undefined,
  };
  const world = new DriverWorld(2, true, { speculation });
  const done = world.submit(0, source(2));
  world.turn();
  world.succeed(world.take(1));
  world.nowMs += 1_000;
  for (const run of world.periodic) run();
  world.turn();
  expect(world.recorder.of('speculativeTaskSubmitted')).toMatchObject([{ stageId: 0, attemptId: 0, index: 0, partition: 0 }]);
  world.succeed(world.take(1));
  expect(await done).toBeUndefined();
  world.fail(world.take(0), new AppError('TASK_KILLED', { reason: 'killed intentionally' }));
  const ends = world.recorder.of('taskEnd').map(({ task }) => [task.index, task.attempt, task.speculative, task.locality, task.reason]);
  expect(ends).toEqual([
    [1, 0, false, 'PROCESS_LOCAL', { tag: 'Success' }],
    [0, 1, true, 'ANY', { tag: 'Success' }],
    [0, 0, false, 'PROCESS_LOCAL', { tag: 'TaskKilled', reason: 'another attempt succeeded' }],
  ]);
});
