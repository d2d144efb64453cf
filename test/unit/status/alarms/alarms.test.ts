import { describe, expect, test } from 'vitest';
import { waitingForExecutors } from '../../../../src/status/alarms/waiting-for-executors.ts';
import { type End, stageInfo, TestApplication } from '../../../helpers/status-events.ts';

const MB = 1024 * 1024;

/** One stage of these tasks on `cores` slots; `elapsedMs` after its start it has ended, or still runs. */
function stage(
  tasks: readonly End[],
  more: { cores?: number; elapsedMs?: number; numTasks?: number; runs?: boolean } = {},
): TestApplication {
  const app = new TestApplication().executor('1', more.cores ?? 4);
  const info = stageInfo(0, { numTasks: more.numTasks ?? tasks.length });
  app.job(0, [info]).submit(info);
  tasks.forEach((task, i) => app.task(0, i, task));
  app.nowMs += more.elapsedMs ?? 1_000;
  if (more.runs !== true) app.complete(info);
  return app;
}
const kinds = (app: TestApplication): string[] => app.store.alarms().map((alarm) => alarm.kind);
const only = (app: TestApplication) => {
  expect(kinds(app)).toHaveLength(1);
  return app.store.alarms()[0]!;
};
const ran = (ms: number, metrics: End['metrics'] = {}): End => ({ durationMs: ms, metrics: { executorRunTime: ms, ...metrics } });

describe('alarms', () => {
  test('a healthy stage raises none', () => {
    expect(
      kinds(
        stage(
          Array.from({ length: 8 }, () => ran(900, { shuffleLocalBytes: 5 * MB })),
          { elapsedMs: 2_000 },
        ),
      ),
    ).toEqual([]);
  });

  test('skew: one task read most', () => {
    const even = Array.from({ length: 7 }, () => ran(300, { shuffleLocalBytes: MB }));
    const alarm = only(stage([...even, ran(4_000, { shuffleLocalBytes: 40 * MB })], { elapsedMs: 4_000 }));
    expect(alarm).toMatchObject({ kind: 'skew', severity: 'serious', stageId: 0, attemptId: 0 });
    expect(alarm.message).toContain('40.0 MiB, 40 times');
    expect(alarm.advice).toContain('reduceByKey');
  });

  test('spill', () => {
    const alarm = only(
      stage(Array.from({ length: 4 }, () => ran(900, { memoryBytesSpilled: 90 * MB, diskBytesSpilled: 30 * MB, inputBytes: 300 * MB }))),
    );
    expect(alarm).toMatchObject({ kind: 'spill', severity: 'warning' });
    expect(alarm.message).toContain('120.0 MiB to disk');
    expect(alarm.message).toContain('10 %');
    expect(alarm.advice).toContain('spark.executor.memory');
  });

  test('stragglers: one that ended late, one that still runs', () => {
    const quick = Array.from({ length: 7 }, () => ran(500));
    expect(only(stage([...quick, ran(4_000)], { elapsedMs: 4_000 }))).toMatchObject({ kind: 'straggler', severity: 'info' });
    const app = stage(quick, { numTasks: 8, runs: true });
    app.store.taskStarted(0, 0, {
      ...(app.store.state && {
        taskId: 9,
        index: 7,
        attempt: 0,
        partition: 7,
        launchedAtMs: 2_000,
        executorId: '1',
        host: 'h1',
        locality: 'ANY',
        speculative: false,
      }),
    });
    app.nowMs = 12_000;
    const alarm = app.store.alarms().find((a) => a.kind === 'straggler');
    expect(alarm).toMatchObject({ severity: 'serious' });
    expect(alarm!.message).toContain('Task 9 on executor 1 (h1) has run for 10.0 s, 20 times');
    expect(alarm!.advice).toContain('spark.speculation=true');
  });

  test('too small tasks', () => {
    const alarm = only(stage(Array.from({ length: 2_000 }, () => ran(2))));
    expect(alarm).toMatchObject({ kind: 'tinyTasks', severity: 'info' });
    expect(alarm.advice).toContain('coalesce(20)');
  });

  test('too few tasks for the slots', () => {
    const alarm = only(stage([ran(9_000), ran(9_000)], { cores: 8, elapsedMs: 10_000 }));
    expect(alarm).toMatchObject({ kind: 'tooFewTasks', severity: 'warning' });
    expect(alarm.message).toContain('2 tasks for 8 slots: 6 did nothing in 10.0 s');
  });

  test('cores without work', () => {
    const alarm = only(
      stage(
        Array.from({ length: 4 }, () => ran(1_000)),
        { elapsedMs: 10_000 },
      ),
    );
    expect(alarm).toMatchObject({ kind: 'idleCores' });
    expect(alarm.message).toContain('10 %');
  });

  test('garbage collection', () => {
    const alarm = only(
      stage(
        Array.from({ length: 4 }, () => ran(4_000, { gcTime: 1_500 })),
        { elapsedMs: 4_100 },
      ),
    );
    expect(alarm).toMatchObject({ kind: 'gc', severity: 'serious' });
    expect(alarm.message).toContain('38 %');
  });

  test('a large closure', () => {
    const slow: End = { durationMs: 1_000, metrics: { executorRunTime: 500, executorDeserializeTime: 480 } };
    const alarm = only(stage([slow, slow, slow, slow]));
    expect(alarm).toMatchObject({ kind: 'largeClosure' });
    expect(alarm.advice).toContain('sc.broadcast');
  });

  test("waiting for executors, with the ResourceManager's reason", () => {
    const app = new TestApplication();
    app.store.on({ tag: 'waitingForExecutors', atMs: 1_000, wanted: 2, reason: 'queue root.default is full' });
    app.nowMs = 1_500;
    expect(kinds(app)).toEqual([]);
    app.nowMs = 6_000;
    expect(only(app)).toMatchObject({ kind: 'waitingForExecutors', severity: 'serious' });
    expect(only(app).message).toBe('2 executors asked for 5.0 s ago and not granted: queue root.default is full');
    app.store.on({ tag: 'waitingForExecutors', atMs: 6_000, wanted: 0, reason: undefined });
    expect(kinds(app)).toEqual([]);
    expect(waitingForExecutors({ sinceMs: 0, wanted: 1, reason: 'x' }, 3, 5_000)).toMatchObject({ severity: 'warning' });
  });
});
