import { describe, expect, test } from 'vitest';
import { findSlow, RunTimes, type SpeculationSettings, slowAfter } from '../../../../../src/runtime/driver/core/speculation.ts';
import { TaskSet } from '../../../../../src/runtime/driver/core/task-set.ts';
import { noteProgress, ProcessRates } from '../../../../../src/runtime/driver/core/process-rates.ts';
import type { Slot } from '../../../../../src/runtime/driver/core/slot.ts';
import { source, World } from './dag-harness.ts';

const settings: SpeculationSettings = {
  intervalMs: 100,
  multiplier: 3,
  quantile: 0.9,
  minRuntimeMs: 100,
  durationThresholdMs: undefined,
  efficiency: undefined,
  decommissionKillMs: undefined,
};
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
    expect(slowAfter(set, how, slots)?.ms).toBe(expected);
  });
});

describe('a slow task that reads as fast as the others', () => {
  const efficiency = { rateMultiplier: 0.75, longRunFactor: 2 };
  const how = { ...settings, efficiency };
  /** Nine tasks read 1,000 records a second each; slow after 3 s. */
  const world = (read: number[], atMs: number) => {
    const set = setWith(10, 9, 1_000);
    set.rates = new ProcessRates();
    for (let i = 0; i < 9; i++) set.rates.succeeded(i, read[i] ?? 1_000, 1_000);
    return { set, slow: (more: Partial<SpeculationSettings> = {}) => findSlow(set, { ...how, ...more }, 1, atMs, () => undefined).indexes };
  };

  test.each([
    ['reads fast enough', 2_400, 3_200, []],
    ['reads less than three quarters of the average', 2_399, 3_200, [9]],
    ['has run for twice the threshold', 60_000, 6_001, [9]],
    ['has told nothing', 0, 3_200, [9]],
  ])('%s', (_, records, atMs, expected) => {
    const { set, slow } = world([], atMs);
    noteProgress([set], { runningTaskIds: [-1, 9, 700], recordsRead: [5, records, 5] }, atMs);
    expect(slow()).toEqual(expected);
  });

  test('is copied all the same when the stage reads nothing, when the rules are off, or when a fixed threshold says so', () => {
    const nothing = world(
      Array.from({ length: 9 }, () => 0),
      3_200,
    );
    nothing.set.rates!.runs(9, 1_000_000, 3_200);
    expect(nothing.slow()).toEqual([9]);
    const off = world([], 3_200);
    off.set.rates!.runs(9, 1_000_000, 3_200);
    expect(off.slow()).toEqual([]);
    expect(off.slow({ efficiency: undefined })).toEqual([9]);
    const fixed = setWith(2, 0, 0);
    fixed.rates = new ProcessRates();
    fixed.rates.succeeded(7, 10, 1_000);
    fixed.rates.runs(0, 1_000, 800);
    fixed.rates.runs(1, 1_000, 800);
    expect(findSlow(fixed, { ...how, durationThresholdMs: 700 }, 2, 800, () => undefined).indexes).toEqual([0, 1]);
  });

  test('the average is of all records in all the time, and what ended is forgotten', () => {
    const rates = new ProcessRates();
    rates.runs(1, 50, 100);
    expect([rates.of(1), rates.average]).toEqual([500, Number.POSITIVE_INFINITY]);
    rates.runs(1, 0, 200); // a slot that says nothing takes nothing back
    expect(rates.of(1)).toBe(500);
    rates.succeeded(1, 100, 1_000);
    rates.succeeded(2, 800, 2_000);
    expect([rates.of(1), rates.average]).toEqual([0, 300]);
  });

  test('is kept by sets of stages when speculation asks for it', () => {
    const w = new World(1, { speculation: how });
    w.submit(0, source(2));
    expect(w.next().set.rates).toBeDefined();
    const plain = new World(1, { speculation: settings });
    plain.submit(0, source(2));
    expect(plain.next().set.rates).toBeUndefined();
  });
});

describe('a task on an executor that is being left', () => {
  const place = (drainsSinceMs: number | undefined) => () => ({ drainsSinceMs }) as Slot;
  const how = { ...settings, decommissionKillMs: 600 };

  test.each([
    ['would end after the executor does', how, 399, [9]],
    ['ends just in time', how, 400, []],
    ['is on one that stays', how, undefined, []],
    ['nobody ends executors', settings, 399, []],
  ])('%s', (_, given, sinceMs, expected) => {
    // Median: 1,000 ms, launched at 0. It has not run long at all.
    expect(findSlow(setWith(10, 9, 1_000), given, 1, 450, place(sinceMs)).indexes).toEqual(expected);
  });

  test('gets no copy while there is nothing to compare with', () => {
    expect(findSlow(setWith(10, 8, 1_000), how, 1, 450, place(0)).indexes).toEqual([]);
    expect(findSlow(setWith(2, 0, 0), { ...how, durationThresholdMs: 700 }, 2, 450, place(0)).indexes).toEqual([]);
  });

  test('gets a copy elsewhere at once', () => {
    const w = new World(2, { speculation: { ...how, quantile: 0.5 } });
    w.submit(0, source(4));
    const stuck = w.next((task) => task.slot === 0);
    for (let i = 0; i < 3; i++) {
      w.nowMs += 1_000;
      w.succeed(w.next((task) => task.slot === 1));
    }
    w.core.tasks.drainSlot(0, 200);
    expect(w.core.speculate(w.nowMs)).toBe(true);
    w.settle();
    expect(w.next()).toMatchObject({ slot: 1, partition: stuck.partition, attempt: 1 });
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
