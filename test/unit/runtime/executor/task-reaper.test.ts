import { expect, test } from 'vitest';
import { dumpText, reaperSettings } from '../../../../src/runtime/executor/task-reaper.ts';

test('the reaper is off by default; enabled it dumps threads unless it is told not to', () => {
  expect(reaperSettings([])).toBeUndefined();
  expect(reaperSettings([['spark.task.reaper.enabled', 'true']])).toEqual({ pollMs: 10_000, dumps: true });
  const quiet: [string, string][] = [
    ['spark.task.reaper.enabled', 'true'],
    ['spark.task.reaper.pollingInterval', '250'],
    ['spark.task.reaper.threadDump', 'false'],
  ];
  expect(reaperSettings(quiet)).toEqual({ pollMs: 250, dumps: false });
});

test('a dump has the frames of the thread, the innermost first, and says when there are none', () => {
  const stack = ['at spin (job.ts:3)', 'at caller (job.ts:9)'];
  expect(dumpText(7, { slot: 0, taskId: 7, state: 'RUNNABLE', stack })).toBe(
    'Thread dump from task 7: \n\tat spin (job.ts:3)\n\tat caller (job.ts:9)',
  );
  expect(dumpText(7, undefined)).toBe('Thread dump from task 7: its thread waits, or has just ended');
});
