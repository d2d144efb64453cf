import { describe, expect, test } from 'vitest';
import { RunTimes, slowAfterMs } from '../../../../../src/runtime/driver/core/speculation.ts';
import { TaskSet } from '../../../../../src/runtime/driver/core/task-set.ts';
import { source, World } from './dag-harness.ts';

const settings = { intervalMs: 100, multiplier: 3, quantile: 0.9, minRuntimeMs: 100, durationThresholdMs: undefined };
const list = (n: number) => Array.from({ length: n }, (_, i) => i);

function setWith(size: number, done: number, eachMs: number): TaskSet {
  const set = new TaskSet({
    key: 1,
    stageId: 0,
    stageAttempt: 0,
    jobId: 0,
    pool: 'default',
    profileId: 0,
    positions: list(size),
    partitions: list(size),
    baseTaskId: 0,
  });
  set.runTimes = new RunTimes();
  for (let i = 0; i < size; i++) set.launch(i, i, () => 99, 0);
  for (let i = 0; i < done; i++) set.finish(i, i, eachMs);
  return set;
}

describe('when a task counts as slow', () => {
  test.each([
    ['not before the quantile', setWith(10, 8, 1_000), settings, 1, undefined],
    ['then at the multiple of the median', setWith(10, 9, 1_000), settings, 1, 3_000],
    ['never below the least run time', setWith(10, 9, 10), settings, 1, 100],
    ['the quantile is rounded down, and is one task at least', setWith(2, 1, 500), { ...settings, quantile: 0.1 }, 1, 1_500],
    ['a set of one task has nothing to compare with', setWith(1, 0, 0), settings, 1, undefined],
    ['unless a threshold is set', setWith(1, 0, 0), { ...settings, durationThresholdMs: 700 }, 1, 700],
    ['a set that fits into one executor', setWith(4, 0, 0), { ...settings, durationThresholdMs: 700 }, 4, 700],
    ['a larger one waits for the quantile', setWith(4, 0, 0), { ...settings, durationThresholdMs: 700 }, 3, undefined],
    ['which then decides', setWith(4, 3, 1_000), { ...settings, quantile: 0.75, durationThresholdMs: 700 }, 3, 3_000],
  ])('%s', (_, set, how, slots, expected) => {
    expect(slowAfterMs(set, how, slots)).toBe(expected);
  });
});

test('the median of a sample is near the median of all', () => {
  const times = new RunTimes();
  for (let i = 0; i < 100_000; i++) times.add((i * 7_919) % 100_000);
  expect(Math.abs(times.medianMs - 50_000)).toBeLessThan(1_500);
});

function slowWorld(): { w: World; slow: ReturnType<World['next']> } {
  const w = new World(2, { speculation: { ...settings, quantile: 0.5 } });
  w.submit(0, source(4));
  const slow = w.next((task) => task.slot === 0);
  for (let i = 0; i < 3; i++) {
    w.nowMs += 10;
    w.succeed(w.next());
  }
  return { w, slow };
}

describe('a copy of a slow task', () => {
  test('runs on another executor; the first answer counts, the other attempt is killed alone', () => {
    const { w, slow } = slowWorld();
    expect(w.core.speculate(w.nowMs)).toBe(false);
    w.nowMs = 101;
    expect(w.core.speculate(w.nowMs)).toBe(true);
    expect(slow.set.speculativePending).toBe(1);
    w.settle();
    const copy = w.next();
    expect([copy.slot, copy.attempt, copy.partition]).toEqual([1, 1, slow.partition]);
    expect(slow.set.runningCount).toBe(2);
    expect(w.core.speculate(500)).toBe(false); // no third
    expect(w.succeed(copy)).toBe(slow.partition);
    expect(w.killed).toMatchObject([{ slot: 0, taskId: slow.taskId, key: 0, reason: 'another attempt succeeded' }]);
    expect(w.succeed(slow)).toBe(-1);
    expect(w.ended.has(0)).toBe(true);
    expect(w.log.some((line) => line.startsWith('Marking task 0 in stage 0.0 as speculatable because it ran more than 100 ms'))).toBe(true);
  });

  test('goes on alone when the first attempt fails, and the other way round', () => {
    for (const first of ['original', 'copy'] as const) {
      const { w, slow } = slowWorld();
      w.nowMs = 200;
      w.core.speculate(w.nowMs);
      w.settle();
      const copy = w.next();
      w.fail(first === 'original' ? slow : copy);
      expect(w.launched).toHaveLength(0); // it is not pending: the other runs
      expect(w.succeed(first === 'original' ? copy : slow)).toBe(slow.partition);
      expect(w.ended.get(0)).toBeUndefined();
      expect(w.ended.has(0)).toBe(true);
      expect(w.log.join('\n')).toContain(`Lost task 0.${first === 'original' ? 0 : 1} in stage 0.0`);
    }
  });

  test('both fail: the task is pending again, and has failed twice', () => {
    const { w, slow } = slowWorld();
    w.nowMs = 200;
    w.core.speculate(w.nowMs);
    w.settle();
    const copy = w.next();
    w.fail(slow);
    w.fail(copy);
    expect(slow.set.failures[0]).toBe(2);
    expect(w.launched.map(({ attempt }) => attempt)).toEqual([2]);
  });

  test('is not launched on the executor where the task runs', () => {
    const w = new World(0, { speculation: { ...settings, quantile: 0.5 } });
    w.core.tasks.addSlot(0, '1');
    w.core.tasks.addSlot(1, '1');
    w.submit(0, source(2));
    w.succeed(w.next((task) => task.slot === 1));
    w.nowMs = 1_000;
    w.core.speculate(w.nowMs);
    w.settle();
    expect(w.launched).toHaveLength(1);
    w.core.tasks.addSlot(2, '2');
    w.settle();
    expect(w.launched).toHaveLength(2);
  });

  test('needs another host where there are several', () => {
    const w = new World(0, { speculation: { ...settings, quantile: 0.5 } });
    for (const [id, host] of ['a', 'a', 'b'].entries()) w.core.tasks.addSlot(id, String(id), host);
    w.submit(0, source(3));
    w.nowMs = 10;
    for (const at of [1, 2]) w.succeed(w.next((task) => task.slot === at));
    w.nowMs = 1_000;
    w.core.speculate(w.nowMs);
    w.settle();
    expect(w.launched.map(({ slot, attempt }) => [slot, attempt])).toEqual([
      [0, 0],
      [2, 1], // slot 1 is idle, too, but on the same host
    ]);
  });
});

test('an attempt that is killed by hand runs again and has not failed', () => {
  const w = new World(1);
  w.submit(0, source(1));
  const task = w.next();
  expect(w.core.killAttempt(task.taskId, 'by hand')).toBe(true);
  expect(w.core.killAttempt(9_999, 'by hand')).toBe(false);
  w.fail(task, { code: 'TASK_KILLED', params: { reason: 'by hand' } });
  expect(task.set.failures[0]).toBe(0);
  expect(w.launched).toHaveLength(1);
});
