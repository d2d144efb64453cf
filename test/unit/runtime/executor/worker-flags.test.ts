import { expect, test } from 'vitest';
import { newFlags, progressOf, publishProgress } from '../../../../src/runtime/executor/worker-flags.ts';

test('what a task has read is told of that task alone', () => {
  const flags = newFlags();
  expect(progressOf(flags, 0)).toBe(0);
  publishProgress(flags, 0, 10);
  publishProgress(flags, 0, 25);
  expect([progressOf(flags, 0), progressOf(flags, 1)]).toEqual([25, 0]);
  publishProgress(flags, 1, 3);
  expect([progressOf(flags, 0), progressOf(flags, 1)]).toEqual([0, 3]);
  publishProgress(flags, 1, 2 ** 40); // more than a word holds
  expect(progressOf(flags, 1)).toBe(2 ** 32 - 1);
});
