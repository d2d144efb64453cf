import { describe, expect, test } from 'vitest';
import { barrierFault } from '../../../../../src/runtime/driver/core/barrier.ts';
import type { RddNode } from '../../../../../src/runtime/plan/lineage.ts';
import { narrow, shuffled, source, World } from './dag-harness.ts';

const barrier = (partitions: number): RddNode => ({ ...narrow(source(partitions)), barrier: true });

describe('a barrier stage', () => {
  test('all of its tasks are launched at once, when there are idle slots enough', () => {
    const w = new World(3);
    w.submit(0, source(2));
    w.submit(1, barrier(3));
    expect(w.launched.map((task) => task.set.spec.jobId)).toEqual([0, 0]); // the third slot waits
    w.succeed(w.next());
    expect(w.launched).toHaveLength(1);
    w.succeed(w.next());
    expect(w.launched.map(({ partition, slot }) => [partition, slot])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    w.runAll();
    expect(w.ended.get(1)).toBeUndefined();
    expect(w.ended.has(1)).toBe(true);
  });

  test('one failure ends the others; all run again, and what had answered does not count twice', () => {
    const w = new World(3);
    w.submit(0, barrier(3));
    expect(w.succeed(w.next())).toBe(0);
    w.fail(w.next());
    expect(w.killed).toHaveLength(1);
    w.fail(w.next(), { code: 'TASK_KILLED', params: { reason: 'boo' } });
    expect(w.launched).toHaveLength(0);
    w.fireTimers();
    expect(w.launched.map(({ partition }) => partition)).toEqual([0, 1, 2]);
    expect(w.succeed(w.next())).toBe(-1);
    expect(w.succeed(w.next())).toBe(1);
    expect(w.succeed(w.next())).toBe(2);
    expect(w.ended.get(0)).toBeUndefined();
    expect(w.ended.has(0)).toBe(true);
  });

  test('its map outputs are all made again', () => {
    const w = new World(2);
    w.submit(0, shuffled(1, [barrier(2), 700]));
    w.succeed(w.next(), true);
    w.fail(w.next());
    w.fireTimers();
    expect(w.launched).toHaveLength(2);
    w.runAll();
    expect(w.ended.has(0)).toBe(true);
  });

  test('a lost slot is a failure, whoever is to blame; after the limit the job ends', () => {
    const w = new World(2, { stageMaxAttempts: 2 });
    w.submit(0, barrier(2));
    w.core.slotLost(0, { code: 'EXECUTOR_LOST', params: { executorId: '1', reason: 'killed' } }, 'h', false, 0);
    w.core.tasks.addSlot(7, '3');
    w.settle();
    expect(w.killed).toHaveLength(1);
    w.core.tasks.heard(1, 1);
    w.launched.splice(0);
    w.fireTimers();
    expect(w.launched).toHaveLength(2);
    w.fail(w.next());
    expect(w.ended.get(0)?.message).toContain('has failed the maximum allowable number of times: 2');
    expect(w.ended.get(0)?.message).toContain('Stage failed because a barrier task finished unsuccessfully.');
  });

  test('what it may not be', () => {
    expect(barrierFault(barrier(3), 3, 3)).toBeUndefined();
    expect(barrierFault(barrier(3), 3, 2)).toContain('[SPARK-24819]');
    expect(barrierFault(barrier(3), 1, 3)).toContain('[SPARK-24820][SPARK-24821]'); // take(1)
    expect(barrierFault({ ...barrier(3), partitions: 2 }, 2, 3)).toContain('[SPARK-24820][SPARK-24821]');
  });
});

test('spark.task.cpus: an executor runs no more tasks than its slots allow', () => {
  const w = new World(0, { taskCpus: 2 });
  for (let id = 0; id < 5; id++) w.core.tasks.addSlot(id, id < 4 ? '1' : '2');
  w.submit(0, source(6));
  expect(w.launched.map(({ slot }) => slot)).toEqual([0, 1]); // two of four; one slot alone is too small
  w.runAll();
  expect(w.ended.has(0)).toBe(true);
});
