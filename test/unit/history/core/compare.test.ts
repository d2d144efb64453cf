import { expect, test } from 'vitest';
import { alignStages, compareRuns } from '../../../../src/history/core/compare.ts';
import type { StageData } from '../../../../src/status/store/api-types.ts';

const stage = (stageId: number, name: string, more: Partial<StageData> = {}): StageData =>
  ({
    stageId,
    attemptId: 0,
    name,
    status: 'COMPLETE',
    numTasks: 4,
    numFailedTasks: 0,
    submissionTimeMs: 0,
    completionTimeMs: 100,
    ...ZERO,
    ...more,
  }) as StageData;
const ZERO = Object.fromEntries(
  [
    'executorRunTime',
    'executorCpuTime',
    'jvmGcTime',
    'inputBytes',
    'outputBytes',
    'shuffleReadBytes',
    'shuffleWriteBytes',
    'memoryBytesSpilled',
    'diskBytesSpilled',
  ].map((name) => [name, 0]),
);
const shown = (left: StageData[], right: StageData[]) =>
  alignStages(left, right).map((p) => `${p.left?.stageId ?? '-'}:${p.right?.stageId ?? '-'} ${p.by}`);

test('stages of the same call are pairs although their lines moved', () => {
  expect(
    shown([stage(0, 'map at job.ts:3'), stage(1, 'collect at job.ts:9')], [stage(5, 'map at job.ts:30'), stage(7, 'collect at job.ts:41')]),
  ).toEqual(['0:5 name', '1:7 name']);
});

test('a stage that only one run has stands alone; others stay pairs', () => {
  const [a, b, c] = ['map at a.ts:1', 'join at a.ts:2', 'count at a.ts:3'] as const;
  expect(shown([stage(0, a), stage(1, c)], [stage(0, a), stage(1, b), stage(2, c)])).toEqual(['0:0 name', '-:1 none', '1:2 name']);
});

test('between pairs by name what is left is paired in order', () => {
  const [a, b] = ['map at a.ts:1', 'count at a.ts:3'] as const;
  expect(shown([stage(0, a), stage(1, 'x'), stage(2, b)], [stage(0, a), stage(1, 'y'), stage(2, b)])).toEqual([
    '0:0 name',
    '1:1 position',
    '2:2 name',
  ]);
});

test('skipped stages and lost attempts do not count; sums are of all that ran', () => {
  const run = (id: string, stages: StageData[]) => ({
    application: {
      id,
      name: id,
      attempts: [{ startTimeMs: 0, endTimeMs: 9, lastUpdatedMs: 9, durationMs: 9, sparkUser: '', completed: true, appSparkVersion: '' }],
    },
    attemptId: undefined,
    stages,
  });
  const left = run('l', [
    stage(0, 'a', { attemptId: 0, status: 'FAILED', shuffleWriteBytes: 5 }),
    stage(0, 'a', { attemptId: 1, shuffleWriteBytes: 10 }),
    stage(1, 'b', { submissionTimeMs: undefined, status: 'SKIPPED' }),
  ]);
  const { stages, ...sides } = compareRuns(left, run('r', [stage(0, 'a', { shuffleWriteBytes: 20 })]));
  expect(stages).toHaveLength(1);
  expect(stages[0]).toMatchObject({
    left: { attemptId: 1, cost: { shuffleWriteBytes: 10 } },
    right: { cost: { shuffleWriteBytes: 20, durationMs: 100 } },
  });
  expect(sides.left.total).toMatchObject({ shuffleWriteBytes: 15, tasks: 8 });
});
