import { expect, test } from 'vitest';
import { TaskScheduler } from '../../../../../src/runtime/driver/core/task-scheduler.ts';
import { TaskSet } from '../../../../../src/runtime/driver/core/task-set.ts';
import { SETTINGS } from './dag-harness.ts';

function setOf(size: number, jobId = 0, key = 1): TaskSet {
  const partitions = Array.from({ length: size }, (_, p) => p);
  const set = new TaskSet({
    key,
    stageId: key,
    stageAttempt: 0,
    jobId,
    pool: 'default',
    profileId: 0,
    positions: partitions,
    partitions,
    baseTaskId: key * 1000,
  });
  set.ready = true;
  return set;
}

function schedulerWith(...sets: TaskSet[]): TaskScheduler {
  const scheduler = new TaskScheduler(SETTINGS);
  scheduler.addSlot(0, '1');
  scheduler.addSlot(1, '2');
  for (const set of sets) scheduler.add(set);
  return scheduler;
}

const takenBy = (scheduler: TaskScheduler, slot: number, nowMs = 0): number[] => {
  const taken = scheduler.take(slot, nowMs);
  return taken === undefined ? [] : [...scheduler.taken.subarray(0, taken.count)];
};

test('a task goes to the slot that holds its cached partition; others take it after the locality wait', () => {
  const set = setOf(3);
  set.prefer((p) => (p === 2 ? [] : [{ slot: 0 }]));
  const scheduler = schedulerWith(set);
  expect(takenBy(scheduler, 1)).toEqual([2]);
  scheduler.heard(1, 1);
  expect(takenBy(scheduler, 1, 100)).toEqual([]);
  expect(scheduler.localityWakeMs(100)).toBe(2_900);
  expect(takenBy(scheduler, 0, 200)).toEqual([0]); // the wait begins anew
  expect(takenBy(scheduler, 1, 3_000)).toEqual([]);
  expect(takenBy(scheduler, 1, 3_200)).toEqual([1]);
});

test('when the slot is gone its tasks wait for nobody', () => {
  const set = setOf(2);
  set.prefer(() => [{ slot: 0 }]);
  const scheduler = schedulerWith(set);
  scheduler.loseSlot(0);
  expect(takenBy(scheduler, 1)).toHaveLength(1);
});

test('the older job goes first; the younger takes what is left', () => {
  const [young, old] = [setOf(2, 5, 2), setOf(1, 3, 1)];
  const scheduler = schedulerWith(young, old);
  expect(scheduler.take(0, 0)?.set).toBe(old);
  expect(scheduler.take(1, 0)?.set).toBe(young);
});

test('frames grow when tasks turn out to be short, and the estimate falls faster than it rises', () => {
  const set = setOf(1_000);
  set.observe(2);
  set.observe(0.01);
  expect(set.averageMs).toBeLessThan(0.7);
  for (let i = 0; i < 10; i++) set.observe(0.01);
  expect(takenBy(schedulerWith(set), 0).length).toBeGreaterThan(100);
});

test('ids of retries are new; what comes back unbegun keeps its attempt number', () => {
  const set = setOf(1);
  let next = 50;
  const fresh = () => next++;
  expect(set.launch(0, 0, fresh)).toBe(1000);
  set.again(0, 1000);
  expect(set.launch(0, 0, fresh)).toBe(50);
  expect(set.attempts[0]).toBe(2);
  set.giveBack(0, 50);
  expect(set.launch(0, 0, fresh)).toBe(51);
  expect(set.attempts[0]).toBe(2);
  expect(set.runningIndex(50)).toBe(-1);
  expect(set.runningIndex(51)).toBe(0);
});
