import { expect, test } from 'vitest';
import { taskError } from '../../../../src/runtime/executor/compute/task-error.ts';

const stackOf = (thrown: unknown): string => (taskError(thrown).params as { stack: string }).stack;

test('causes are told after the error, each once, were they a circle', () => {
  const cause = new RangeError('too far');
  const error = new Error('no way', { cause });
  expect(stackOf(error)).toMatch(/^Error: no way\n[\s\S]*\nCaused by: RangeError: too far\n/);
  cause.cause = error;
  expect(stackOf(error).match(/Caused by: /g)).toHaveLength(1);
  error.cause = error;
  expect(stackOf(error)).not.toContain('Caused by');
});
