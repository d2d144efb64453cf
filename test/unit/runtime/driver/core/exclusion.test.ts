// Limits as in Spark's TaskSetExcludelistSuite and HealthTrackerSuite.
import { describe, expect, test } from 'vitest';
import { HealthTracker } from '../../../../../src/runtime/driver/core/health-tracker.ts';
import { type ExclusionOptions, SetExclusion } from '../../../../../src/runtime/driver/core/set-exclusion.ts';
import { source, World } from './dag-harness.ts';

const DEFAULTS = { attemptsPerExecutor: 1, attemptsPerNode: 2, stageTasksPerExecutor: 2, stageExecutorsPerNode: 2 };
const OPTIONS: ExclusionOptions = {
  inSet: DEFAULTS,
  inApplication: { tasksPerExecutor: 2, executorsPerNode: 2 },
  timeoutMs: 1_000,
  killExcluded: false,
  fetchFailure: 'off',
  unschedulableMs: 500,
};

describe('in a stage', () => {
  test('a task leaves the executor after one failure, the host after two', () => {
    const set = new SetExclusion(DEFAULTS);
    set.failed(0, '1', 'a', 'boo');
    expect([set.barsTask(0, '1', 'a'), set.barsTask(0, '2', 'a'), set.barsTask(1, '1', 'a')]).toEqual([true, false, false]);
    set.failed(0, '2', 'a', 'boo');
    expect([set.barsTask(0, '3', 'a'), set.barsTask(0, '3', 'b')]).toEqual([true, false]);
  });

  test('the stage leaves the executor after two different tasks, the host after two executors', () => {
    const set = new SetExclusion(DEFAULTS);
    expect(set.failed(0, '1', 'a', '')).toEqual([]);
    expect(set.failed(0, '1', 'a', '')).toEqual([]); // the same task
    expect(set.failed(1, '1', 'a', '')).toEqual([{ kind: 'executor', id: '1', failures: 2 }]);
    expect(set.bars('2', 'a')).toBe(false);
    set.failed(2, '2', 'a', '');
    expect(set.failed(3, '2', 'a', '')).toEqual([
      { kind: 'executor', id: '2', failures: 2 },
      { kind: 'node', id: 'a', failures: 2 },
    ]);
    expect([set.bars('9', 'a'), set.bars('9', 'b')]).toEqual([true, false]);
  });
});

describe('in the application', () => {
  const failures = (...of: [executor: string, host: string, task: number][]) => {
    const set = new SetExclusion(DEFAULTS);
    for (const [executor, host, task] of of) set.failed(task, executor, host, '');
    return set;
  };

  test('failures of several stages add up; they are forgotten after the timeout, and so is the exclusion', () => {
    const health = new HealthTracker({ tasksPerExecutor: 2, executorsPerNode: 2, timeoutMs: 1_000 });
    expect(health.setSucceeded({ stageId: 0, stageAttempt: 0 }, failures(['1', 'a', 0]), 0)).toEqual([]);
    expect(health.setSucceeded({ stageId: 1, stageAttempt: 0 }, failures(['1', 'a', 0]), 1_000)).toEqual([]); // the first is old
    expect(health.setSucceeded({ stageId: 2, stageAttempt: 0 }, failures(['1', 'a', 0]), 1_500)).toMatchObject([{ id: '1', failures: 2 }]);
    expect(health.bars('1', 'a')).toBe(true);
    expect(health.expire(2_499)).toEqual([]);
    expect(health.expire(2_500)).toEqual([{ kind: 'executor', id: '1', failures: 0 }]);
    expect(health.bars('1', 'a')).toBe(false);
  });

  test('two executors of a host take the host with them', () => {
    const health = new HealthTracker({ tasksPerExecutor: 1, executorsPerNode: 2, timeoutMs: 1_000 });
    const found = health.setSucceeded({ stageId: 0, stageAttempt: 0 }, failures(['1', 'a', 0], ['2', 'a', 1]), 0);
    expect(found.map(({ id }) => id)).toEqual(['1', '2', 'a']);
    expect([health.bars('7', 'a'), health.bars('7', 'b')]).toEqual([true, false]);
  });

  test('a block that cannot be fetched excludes at once', () => {
    const health = new HealthTracker({ tasksPerExecutor: 9, executorsPerNode: 9, timeoutMs: 1_000 });
    expect(health.fetchFailed('1', 'a', false, 0)).toMatchObject([{ kind: 'executor', id: '1' }]);
    expect(health.fetchFailed('1', 'a', false, 0)).toEqual([]);
    expect(health.fetchFailed('2', 'b', true, 0)).toMatchObject([{ kind: 'node', id: 'b' }]);
  });
});

describe('in the scheduler', () => {
  const failAt = (w: World, slot: number) => w.fail(w.next((task) => task.slot === slot));

  test('a task that failed goes elsewhere, and counts for the application once its stage has succeeded', () => {
    const w = new World(2, { exclusion: { ...OPTIONS, inApplication: { tasksPerExecutor: 1, executorsPerNode: 2 }, killExcluded: true } });
    w.submit(0, source(1));
    expect(w.launched[0]!.slot).toBe(0);
    failAt(w, 0);
    expect(w.launched.map(({ slot }) => slot)).toEqual([1]);
    w.runAll();
    expect(w.effects('exclusion')).toMatchObject([{ kind: 'executor', id: '1', excluded: true, stage: undefined }]);
    expect(w.effects('replaceExecutor')).toMatchObject([{ executorId: '1' }]);
    w.submit(1, source(2));
    expect(w.launched.map(({ slot }) => slot)).toEqual([1]); // one at a time
    w.nowMs = 1_000;
    w.settle();
    expect(w.launched.map(({ slot }) => slot)).toEqual([1, 0]);
    expect(w.effects('exclusion').at(-1)).toMatchObject({ id: '1', excluded: false });
  });

  test('no executor is left and all are busy: the job ends, and says why', () => {
    const w = new World(1, { exclusion: OPTIONS });
    w.core.tasks.addSlot(1, '1');
    w.submit(0, source(2));
    failAt(w, 0);
    expect(w.ended.get(0)?.message).toContain(
      'Aborting TaskSet 0.0 because task 0 (partition 0)\ncannot run anywhere due to node and executor excludeOnFailure.',
    );
    expect(w.ended.get(0)?.message).toContain('Most recent failure:\nLost task 0.0 in stage 0.0');
  });

  test('an idle executor is replaced; when nothing comes of it the job ends', () => {
    for (const comes of [true, false]) {
      const w = new World(1, { exclusion: OPTIONS });
      w.submit(0, source(1));
      failAt(w, 0);
      expect(w.effects('replaceExecutor')).toMatchObject([{ executorId: '1' }]);
      if (comes) w.core.tasks.addSlot(7, '2');
      w.nowMs = 500;
      w.settle();
      w.runAll();
      expect(w.ended.get(0)?.message.includes('cannot run anywhere') ?? false).toBe(!comes);
    }
  });

  test('failures that do not count exclude nothing', () => {
    const w = new World(1, { exclusion: OPTIONS });
    w.submit(0, source(1));
    w.fail(w.next(), { code: 'TASK_KILLED', params: { reason: 'by hand' } });
    expect(w.launched).toHaveLength(1);
  });

  test('a slot that is lost with its task counts for its executor', () => {
    const w = new World(2, { exclusion: OPTIONS });
    w.submit(0, source(1));
    w.core.slotLost(0, { code: 'EXECUTOR_OUT_OF_MEMORY', params: { limitMb: 1, detail: '' } }, 'h', true, 0);
    w.core.tasks.addSlot(7, '1');
    w.launched.splice(0);
    w.settle();
    expect(w.launched.map(({ slot }) => slot)).toEqual([1]);
  });
});
