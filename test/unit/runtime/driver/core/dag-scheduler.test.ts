import { describe, expect, test } from 'vitest';
import type { RddNode } from '../../../../../src/runtime/plan/lineage.ts';
import { narrow, shuffled, source, World } from './dag-harness.ts';

describe('jobs and stages', () => {
  test('a job without a shuffle is one stage; it ends when every partition has answered', () => {
    const w = new World();
    w.submit(0, narrow(source(3)));
    const positions = [w.succeed(w.next()), w.succeed(w.next()), w.succeed(w.next())];
    expect(positions.sort()).toEqual([0, 1, 2]);
    expect(w.ended.get(0)).toBeUndefined();
    expect(w.ended.has(0)).toBe(true);
  });

  test('a job of no partitions ends at once', () => {
    const w = new World();
    w.submit(0, source(0));
    expect(w.ended.has(0)).toBe(true);
  });

  test('the map stage runs first, and only once for two jobs: the second skips it', () => {
    const w = new World();
    const rdd = shuffled(2, [source(3), 100]);
    w.submit(0, rdd);
    expect(w.launched.map((t) => t.stageId)).toEqual([0, 0]); // two slots
    w.runAll();
    expect(w.ended.has(0)).toBe(true);
    w.submit(1, rdd);
    expect(w.launched.every((t) => t.set.spec.jobId === 1)).toBe(true);
    expect(w.launched.map((t) => w.core.stageOf(t.key)!.dependency)).toEqual([undefined, undefined]);
    w.runAll();
    expect(w.ended.has(1)).toBe(true);
  });

  test('two jobs at once share a running map stage', () => {
    const w = new World(1);
    const rdd = shuffled(1, [source(2), 100]);
    w.submit(0, rdd);
    w.submit(1, rdd);
    w.runAll();
    expect([...w.ended.keys()].sort()).toEqual([0, 1]);
    expect(w.log.filter((line) => line.startsWith('Submitting ShuffleMapStage'))).toHaveLength(1);
  });

  test('a diamond of many levels is walked once per stage, not once per path', () => {
    const w = new World(4);
    let rdd = source(2);
    for (let level = 0; level < 40; level++) rdd = shuffled(2, [rdd, 200 + 2 * level], [narrow(rdd), 201 + 2 * level]);
    w.submit(0, rdd);
    w.runAll();
    expect(w.ended.has(0)).toBe(true);
  });

  test('a lineage of 10,000 shuffles, as loops make them, neither overflows the stack nor takes the square of its length', () => {
    const w = new World(2);
    let rdd = source(1);
    for (let level = 0; level < 10_000; level++) rdd = shuffled(1, [rdd, 1_000 + level]);
    w.submit(0, rdd);
    w.runAll();
    w.submit(1, rdd); // all but the last stage is skipped
    w.runAll();
    expect([...w.ended.values()]).toEqual([undefined, undefined]);
    expect(w.log.length).toBeLessThan(100_000);
  });

  test("a job's short tasks never queue behind another job's task, which may be long", () => {
    const w = new World(2);
    w.submit(0, source(1));
    const long = w.next();
    w.submit(1, source(20));
    w.submit(2, source(1));
    const short = w.next((t) => t.set.spec.jobId === 1);
    short.set.observe(0.01);
    w.succeed(short);
    while (w.launched.some((t) => t.slot !== long.slot)) w.succeed(w.next((t) => t.slot !== long.slot));
    expect(w.launched).toEqual([]);
    expect([...w.ended.keys()]).toEqual([1, 2]);
    w.succeed(long);
    expect(w.ended.has(0)).toBe(true);
  });

  test('only the asked partitions run, and positions count in the request', () => {
    const w = new World(1);
    w.submit(0, source(10), [7, 3]);
    const first = w.next();
    expect([first.partition, w.succeed(first)]).toEqual([7, 0]);
    const second = w.next();
    expect([second.partition, w.succeed(second)]).toEqual([3, 1]);
  });
});

describe('failing tasks', () => {
  test("a task is tried again until its limit; the error has Spark's sentence and the user's stack", () => {
    const w = new World(1, { taskMaxFailures: 3 });
    w.submit(0, source(1));
    w.fail(w.next());
    w.fail(w.next());
    const last = w.next();
    expect(last.attempt).toBe(2);
    w.fail(last);
    expect(w.ended.get(0)!.message).toBe(
      `Job aborted due to stage failure: Task 0 in stage 0.0 failed 3 times, most recent failure: Lost task 0.2 in stage 0.0 (TID ${last.taskId}) (host executor 1): Error: boo\n    at job.ts:3\n\nDriver stacktrace:`,
    );
    expect((w.ended.get(0) as Error).cause).toMatchObject({ name: 'Error', message: 'boo' });
  });

  test('a status of an earlier attempt is late, and counts for nothing', () => {
    const w = new World(1);
    w.submit(0, source(1));
    const first = w.next();
    w.fail(first);
    expect(w.succeed(first)).toBe(-1);
    expect(w.succeed(w.next())).toBe(0);
  });

  test('a slot that is lost gives its tasks to others; only the one that ran is blamed', () => {
    const w = new World(2, { taskMaxFailures: 1 });
    w.submit(0, source(4));
    const lost = w.next((t) => t.slot === 0);
    w.core.slotLost(0, { code: 'EXECUTOR_LOST', params: { executorId: '1', reason: 'gone' } }, 'h executor 1', false, 0);
    w.settle();
    w.runAll();
    expect(w.ended.get(0)).toBeUndefined();
    expect(w.ended.has(0)).toBe(true);
    expect(w.succeed(lost)).toBe(-1);
  });

  test('a blamed loss counts as a failure', () => {
    const w = new World(1, { taskMaxFailures: 1 });
    w.submit(0, source(1));
    w.core.slotLost(0, { code: 'EXECUTOR_OUT_OF_MEMORY', params: { limitMb: 64, detail: '' } }, 'h executor 1', true, 0);
    w.settle();
    expect(w.ended.get(0)!.message).toContain('ran out of its heap of 64 MB');
  });

  test('when a job fails, what still runs of it is killed and its stages are gone', () => {
    const w = new World(2, { taskMaxFailures: 1 });
    w.submit(0, source(2));
    w.fail(w.next());
    expect(w.killed).toHaveLength(1);
    expect(w.core.tasks.sets).toHaveLength(0);
  });

  test('cancelling a job ends it with JOB_CANCELLED, and leaves a stage that another job wants', () => {
    const w = new World(1);
    const rdd = shuffled(1, [source(2), 100]);
    w.submit(0, rdd);
    w.submit(1, rdd);
    w.core.cancelJob(0, 'by test', 0);
    w.settle();
    expect(w.ended.get(0)).toMatchObject({ code: 'JOB_CANCELLED' });
    w.runAll();
    expect(w.ended.get(1)).toBeUndefined();
    expect(w.ended.has(1)).toBe(true);
  });
});

describe('lost shuffle data', () => {
  test('only the lost map output is made again, then the reducers that are missing', () => {
    const w = new World(1);
    w.submit(0, shuffled(2, [source(3), 100]));
    for (let i = 0; i < 3; i++) w.succeed(w.next());
    w.succeed(w.next()); // reduce 0
    w.fetchFailed(w.next(), 100, 1);
    expect(w.launched).toHaveLength(0);
    w.fireTimers();
    expect(w.launched.map((t) => [t.set.name, t.partition])).toEqual([['0.1', 1]]);
    w.succeed(w.next());
    expect(w.launched.map((t) => t.partition)).toEqual([1]);
    w.succeed(w.next());
    expect(w.ended.has(0)).toBe(true);
    expect(w.ended.get(0)).toBeUndefined();
  });

  test('a stage whose data is lost too often fails the job', () => {
    const w = new World(1, { stageMaxAttempts: 2 });
    w.submit(0, shuffled(1, [source(1), 100]));
    w.succeed(w.next());
    w.fetchFailed(w.next(), 100, 0);
    w.fireTimers();
    w.succeed(w.next());
    w.fetchFailed(w.next(), 100, 0);
    expect(w.ended.get(0)!.message).toContain('has failed the maximum allowable number of times: 2');
  });

  test('a disk that held outputs of many shuffles of one stage does not use up its attempts', () => {
    const w = new World(2);
    const parents = [100, 101, 102, 103, 104].map((shuffleId): [RddNode, number] => [source(4), shuffleId]);
    w.submit(0, shuffled(1, ...(parents as [[RddNode, number]])));
    const lost = new Set<string>();
    while (!w.ended.has(0)) {
      const task = w.next();
      const stage = w.core.stageOf(task.key)!;
      if (stage.dependency !== undefined) {
        if (task.set.spec.stageAttempt === 0 && task.slot === 0) lost.add(`${stage.dependency.shuffleId}/${task.partition}`);
        else lost.delete(`${stage.dependency.shuffleId}/${task.partition}`);
        w.succeed(task);
        continue;
      }
      const [shuffleId, mapIndex] = [...lost][0]?.split('/').map(Number) ?? [];
      if (shuffleId === undefined) w.succeed(task);
      else w.fetchFailed(task, shuffleId, mapIndex!);
      w.fireTimers();
    }
    expect(w.ended.get(0)).toBeUndefined();
  });

  test('a report of an old loss does not take an output that was made after it', () => {
    const w = new World(1);
    w.submit(0, shuffled(2, [source(1), 100]));
    const map = w.next();
    w.succeed(map);
    const oldEpoch = w.core.outputs.epoch;
    expect(w.core.outputs.lost(100, 0, oldEpoch)).toBe(true);
    w.core.outputs.register(100, w.output(map));
    expect(w.core.outputs.lost(100, 0, oldEpoch)).toBe(false);
  });

  test('a task of the abandoned attempt that still succeeds is not run again', () => {
    const w = new World(2);
    w.submit(0, shuffled(2, [source(1), 100]));
    w.succeed(w.next());
    const [a, b] = [w.next(), w.next()];
    w.fetchFailed(a, 100, 0);
    expect(w.succeed(b)).toBe(b.partition);
    w.fireTimers();
    w.succeed(w.next()); // the map output again
    expect(w.launched.map((t) => t.partition)).toEqual([a.partition]);
    w.runAll();
    expect(w.ended.has(0)).toBe(true);
  });
});
