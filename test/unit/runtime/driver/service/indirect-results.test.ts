// Results that executors keep: what the driver does between the status that tells of one and the answer. The wire is a stand-in that the test
// answers (test/helpers/driver-world.ts).
import { expect, test } from 'vitest';
import type { AppError } from '../../../../../src/common/errors.ts';
import { loadByExecutor } from '../../../../../src/runtime/driver/core/backlog.ts';
import { DriverWorld } from '../../../../helpers/driver-world.ts';
import { shuffled, source } from '../core/dag-harness.ts';

const MIB = 1 << 20;
/** Promises that were settled have been heard. */
const heard = () => new Promise<void>((resolve) => setImmediate(resolve));

async function come(world: DriverWorld, taskId: number, value: number): Promise<void> {
  world.nowMs += 7;
  world.fetching.get(taskId)!.came({ r: new Uint8Array([value]) });
  await heard();
  world.turn();
}

async function lose(world: DriverWorld, taskId: number, why: string): Promise<void> {
  world.fetching.get(taskId)!.lost(new Error(why));
  await heard();
  world.turn();
}

test('a kept result is fetched, handed on and removed; until then the task is GETTING RESULT and its slot runs others', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, source(2));
  world.turn();
  const [first] = world.take(0, 1);
  world.keep([first!], 8 * MIB, 8);
  const [getting] = world.recorder.of('taskGettingResult');
  expect(getting).toMatchObject({ stageId: 0, attemptId: 0, atMs: 1_005, task: { taskId: 0, launchedAtMs: 1_000 } });
  expect(world.recorder.of('taskEnd')).toEqual([]);
  world.succeed(world.take(0)); // the slot went on
  expect(loadByExecutor(world.loop.core.tasks).get('1')).toMatchObject({ busy: 1 }); // or its executor would be given back
  await come(world, 0, 42);
  expect(world.results).toEqual([
    [1, 1],
    [0, Buffer.from([42])],
  ]);
  expect(world.removed).toEqual([0]);
  expect(loadByExecutor(world.loop.core.tasks).get('1')).toMatchObject({ busy: 0 });
  expect(world.recorder.of('taskEnd').find(({ task }) => task.taskId === 0)!.task).toMatchObject({
    gettingResultAtMs: 1_005,
    finishedAtMs: 1_017,
    reason: { tag: 'Success' },
    metrics: { resultSize: 8 * MIB, executorRunTime: 5 },
  });
  expect(await done).toBeUndefined();
});

test('a result that is lost before it is fetched is TaskResultLost, and its task runs again', async () => {
  const world = new DriverWorld(1);
  const done = world.submit(0, source(1));
  world.turn();
  world.keep(world.take(0), 2 * MIB);
  await lose(world, 0, 'its executor is gone');
  expect(world.recorder.of('taskEnd')[0]!.task).toMatchObject({ taskId: 0, reason: { tag: 'TaskResultLost' }, gettingResultAtMs: 1_005 });
  expect(world.log.join('\n')).toContain(
    'Lost task 0.0 in stage 0.0 (TID 0) (host1 executor 1): TaskResultLost (result lost from block manager): taskresult_0 of executor 1: its executor is gone',
  );
  const again = world.take(0);
  expect(again).toMatchObject([{ partition: 0, taskId: 1 }]);
  world.succeed(again);
  expect(await done).toBeUndefined();
});

test('one that is lost again and again ends the job with the reason', async () => {
  const world = new DriverWorld(1); // two failures are too many
  const done = world.submit(0, source(1));
  world.turn();
  world.keep(world.take(0), 2 * MIB);
  await lose(world, 0, 'gone');
  world.keep(world.take(0), 2 * MIB);
  await lose(world, 1, 'gone again');
  expect((await done)!.message).toContain('Task 0 in stage 0.0 failed 2 times, most recent failure');
  expect((await done)!.message).toContain('TaskResultLost (result lost from block manager): taskresult_1 of executor 1: gone again');
});

test('the end of its worker means nothing to a task that has run: its result is fetched all the same', async () => {
  const world = new DriverWorld(2);
  const done = world.submit(0, source(1));
  world.turn();
  world.keep(world.take(0), 2 * MIB);
  world.loseSlot(0, 'process.exit');
  await come(world, 0, 5);
  expect(await done).toBeUndefined();
  expect(world.results).toEqual([[0, Buffer.from([5])]]);
  expect(world.flying).toEqual([]); // nothing ran twice
});

test('spark.driver.maxResultSize is held before a byte is fetched, with what is on its way', async () => {
  const world = new DriverWorld(3);
  world.loop.maxResultBytes = 20 * MIB;
  const done = world.submit(0, source(3));
  world.turn();
  world.keep(world.take(0), 8 * MIB);
  world.keep(world.take(1), 8 * MIB);
  world.keep(world.take(2), 8 * MIB);
  const error = (await done) as AppError;
  expect(error.code).toBe('RESULT_TOO_LARGE');
  expect(error.message).toContain(
    'Total size of serialized results of 3 tasks (24.0 MiB) is bigger than spark.driver.maxResultSize (20.0 MiB)',
  );
  expect([...world.fetching.keys()]).toEqual([0, 1]);
  expect(world.removed).toEqual([2]);
  expect(world.recorder.of('taskEnd').find(({ task }) => task.taskId === 2)!.task.reason).toEqual({
    tag: 'TaskKilled',
    reason: 'Tasks result size has exceeded maxResultSize',
  });
  await come(world, 0, 1);
  await come(world, 1, 1);
  expect(world.removed).toEqual([2, 0, 1]); // what nobody wants any more does not stay with executors
  expect(world.results).toEqual([]);
});

test('one that its executor did not even keep is refused by its size', async () => {
  const world = new DriverWorld(1);
  world.loop.maxResultBytes = MIB;
  const done = world.submit(0, source(1));
  world.turn();
  world.keep(world.take(0), 5 * MIB, 0);
  expect(((await done) as AppError).code).toBe('RESULT_TOO_LARGE');
  expect([world.fetching.size, world.removed.length]).toEqual([0, 0]);
});

test('a lost result does not count towards spark.driver.maxResultSize', async () => {
  const world = new DriverWorld(1);
  world.loop.maxResultBytes = 10 * MIB;
  const done = world.submit(0, source(1));
  world.turn();
  world.keep(world.take(0), 8 * MIB);
  await lose(world, 0, 'gone');
  world.keep(world.take(0), 8 * MIB);
  await come(world, 1, 3);
  expect(await done).toBeUndefined();
});

test('so many are fetched at once as the budget allows; the others wait with their executors', async () => {
  const world = new DriverWorld(3);
  const done = world.submit(0, source(3));
  world.turn();
  for (const slot of [0, 1, 2]) world.keep(world.take(slot), 60 * MIB);
  expect([...world.fetching.keys()]).toEqual([0, 1]);
  await come(world, 1, 1);
  expect([...world.fetching.keys()]).toEqual([0, 1, 2]);
  await come(world, 0, 0);
  await come(world, 2, 2);
  expect(await done).toBeUndefined();
});

test('what a cancelled job was about to fetch is not fetched, and its tasks end as killed', async () => {
  const world = new DriverWorld(2);
  const done = world.submit(0, source(2));
  world.turn();
  world.keep(world.take(0), 100 * MIB);
  world.keep(world.take(1), 100 * MIB);
  world.loop.cancel(0, 'by hand');
  world.turn();
  expect(((await done) as AppError).code).toBe('JOB_CANCELLED');
  expect(world.recorder.of('taskEnd').map(({ task }) => task.reason.tag)).toEqual(['TaskKilled', 'TaskKilled']);
  await come(world, 0, 1);
  expect([...world.fetching.keys()]).toEqual([0]);
  expect(world.removed).toEqual([0, 1]);
});

test('a large map status is fetched likewise, and is no result of the job', async () => {
  const world = new DriverWorld(1);
  world.loop.maxResultBytes = MIB;
  const done = world.submit(0, shuffled(1, [source(1), 0]));
  world.turn();
  world.keep(world.take(0), 3 * MIB);
  world.fetching.get(0)!.came({ s: { mapIndex: 0, mapTaskId: 0, file: '/f0', bytes: [1], records: 1 }, a: [[4, 9]] });
  await heard();
  world.turn();
  expect(world.recorder.of('taskEnd')[0]!.task.accumulables).toMatchObject([{ id: 4, value: 9 }]);
  world.succeed(world.take(0));
  expect(await done).toBeUndefined();
});
