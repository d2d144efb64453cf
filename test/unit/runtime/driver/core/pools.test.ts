// Expected orders follow Spark's FairSchedulingAlgorithm and FIFOSchedulingAlgorithm, case by case.
import { describe, expect, test } from 'vitest';
import { byFairShare, Pools } from '../../../../../src/runtime/driver/core/pools.ts';
import { TaskSet } from '../../../../../src/runtime/driver/core/task-set.ts';
import { source, World } from './dag-harness.ts';

const set = (stageId: number, jobId: number, pool: string, running = 0): TaskSet => {
  const made = new TaskSet({
    key: stageId + 1,
    stageId,
    stageAttempt: 0,
    jobId,
    pool,
    profileId: 0,
    positions: Array.from({ length: 9 }, (_, i) => i),
    partitions: Array.from({ length: 9 }, (_, i) => i),
    baseTaskId: 0,
  });
  for (let i = 0; i < running; i++) made.launch(i, i, () => 99);
  return made;
};

describe('fair shares', () => {
  const of = (name: string, running: number, minShare = 0, weight = 1) => ({ name, running, minShare, weight });
  test.each([
    ['below its minimum goes before above', of('b', 1, 2), of('a', 0)],
    ['both below: the smaller part of the minimum', of('b', 1, 4), of('a', 1, 2)],
    ['neither below: fewer running for the weight', of('b', 3, 0, 4), of('a', 1)],
    ['the minimum reached: the weight counts', of('b', 2, 2, 10), of('a', 3, 3, 1)],
    ['a minimum of one that is not reached', of('b', 0, 1), of('a', 0)],
    ['all alike: by name', of('a', 1), of('b', 1)],
  ])('%s', (_, first, second) => {
    expect(byFairShare(first, second)).toBeLessThan(0);
    expect(byFairShare(second, first)).toBeGreaterThan(0);
  });
});

describe('orders', () => {
  test('FIFO keeps the order of age, whatever the pools', () => {
    const sets = [set(0, 0, 'x', 5), set(1, 0, 'y'), set(2, 1, 'x')];
    expect(new Pools('FIFO').order(sets)).toBe(sets);
  });

  test('FAIR: pools by share; inside a FIFO pool by age, inside a FAIR pool by running tasks, then by name', () => {
    const pools = new Pools('FAIR');
    pools.define([
      { name: 'fifo', mode: 'FIFO', weight: 1, minShare: 0 },
      { name: 'fair', mode: 'FAIR', weight: 10, minShare: 0 },
    ]);
    const sets = [set(0, 0, 'fifo', 3), set(1, 1, 'fair', 2), set(2, 2, 'fair', 1), set(3, 3, 'fifo'), set(4, 4, 'fair', 1)];
    expect(pools.order(sets).map(({ spec }) => spec.stageId)).toEqual([2, 4, 1, 0, 3]);
  });

  test('a minimum share goes before any weight', () => {
    const pools = new Pools('FAIR');
    pools.define([
      { name: 'heavy', mode: 'FIFO', weight: 1000, minShare: 0 },
      { name: 'needy', mode: 'FIFO', weight: 1, minShare: 3 },
    ]);
    expect(pools.order([set(0, 0, 'heavy'), set(1, 1, 'needy', 2)]).map(({ spec }) => spec.stageId)).toEqual([1, 0]);
    expect(pools.order([set(0, 0, 'heavy'), set(1, 1, 'needy', 3)]).map(({ spec }) => spec.stageId)).toEqual([0, 1]);
  });

  test('a pool that no file names is made once, with the defaults', () => {
    const pools = new Pools('FAIR');
    const made: unknown[] = [];
    pools.onUnknown = (spec) => made.push(spec);
    pools.order([set(0, 0, 'new'), set(1, 1, 'default'), set(2, 2, 'new')]);
    expect(made).toEqual([{ name: 'new', mode: 'FIFO', weight: 1, minShare: 0 }]);
  });
});

test('two jobs of one weight share the slots; with FIFO the first has them all', () => {
  for (const [mode, expected] of [
    ['FIFO', [0, 0, 0, 0, 0, 0, 1, 1]],
    ['FAIR', [0, 0, 1, 0, 1, 0, 1, 0]],
  ] as const) {
    const w = new World(2, { mode });
    const order: number[] = [];
    w.submit(0, source(6), undefined, new Map([['spark.scheduler.pool', 'a']]));
    w.submit(1, source(mode === 'FIFO' ? 2 : 3), undefined, new Map([['spark.scheduler.pool', 'b']]));
    while (w.launched.length > 0) {
      const task = w.next();
      order.push(task.set.spec.jobId);
      w.succeed(task);
    }
    expect(order.slice(0, 8)).toEqual(expected);
  }
});

test('cancelStage ends the jobs that need the stage, with words that say so', () => {
  const w = new World(1);
  w.submit(0, source(2));
  w.submit(1, source(2));
  expect(w.core.cancelStage(0, undefined, 0)).toBe(true);
  w.settle();
  expect(w.ended.get(0)?.message).toContain('Job 0 cancelled because Stage 0 was cancelled');
  expect(w.ended.has(1)).toBe(false);
  expect(w.core.cancelStage(99, undefined, 0)).toBe(false);
});
