import { expect, test } from 'vitest';
import { AppError } from '../../../src/common/errors.ts';
import { firstErrorLine } from '../../../src/runtime/first-error.ts';

const isOurs = (line: string) => line.includes('/engine/');
const stack = (error: Error, ...frames: string[]) =>
  Object.assign(error, { stack: [String(error), ...frames.map((f) => `    at ${f}`)].join('\n') });
const line = (error: unknown, story = '') => firstErrorLine(error, story, isOurs);

test('what the program throws: name, first line, and the topmost frame that is its own', () => {
  const error = stack(
    new TypeError('cannot price\nitem 3'),
    'price (/engine/rdd.js:1:1)',
    'check (/home/u/node_modules/zod/index.js:9:9)',
    'async file:///home/u/my app/fail.ts:5:22',
  );
  expect(line(error)).toBe('TypeError: cannot price (fail.ts:5:22)');
  expect(line(stack(new Error(''), 'check (/home/u/node_modules/zod/index.js:9:9)'))).toBe('Error (index.js:9:9)');
  expect(line('a string')).toBe('Error: a string');
  expect(line(new RangeError('x'.repeat(1e6))).length).toBeLessThan(600);
});

test('of a job that was aborted the error of its task counts, with what had failed', () => {
  const cause = stack(new RangeError('no number: three'), 'f (file:///home/u/bad.ts:7:34)');
  const reason = 'Task 2 in stage 0.0 failed 4 times, most recent failure: Lost task 2.3 in stage 0.0\n\nDriver stacktrace:';
  expect(line(new AppError('JOB_ABORTED', { reason }, { cause }))).toBe(
    'RangeError: no number: three (bad.ts:7:34), task 2 in stage 0.0 failed 4 times',
  );
  const often = 'ResultStage 1 has failed the maximum allowable number of times: 4. Most recent failure reason:\nlost';
  expect(line(new AppError('JOB_ABORTED', { reason: often }, { cause }))).toContain(
    ', ResultStage 1 has failed the maximum allowable number of times: 4',
  );
});

test('an operating error: its code, its sentence, and the line of the program', () => {
  const error = stack(new AppError('CONTEXT_STOPPED', {}), 'x (/engine/a.js:1:1)', 'main (/home/u/late.ts:3:1)');
  expect(line(error)).toBe('[CONTEXT_STOPPED] Cannot call methods on a stopped SparkContext. (late.ts:3:1)');
});

test('the place of a syntax error is in the story, not in its stack', () => {
  const error = new SyntaxError('Unexpected token');
  expect(line(error, '/home/u/broken.ts:3\nconst = 1;\n      ^\n')).toBe('SyntaxError: Unexpected token (broken.ts:3)');
});
