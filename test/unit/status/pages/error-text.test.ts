import { expect, it } from 'vitest';
import { cause, cellLine, firstUserLine, headline } from '../../../../src/status/pages/browser/error-lines.ts';

const text = `Job aborted due to stage failure: Task 5 failed 4 times; the last failure:
TypeError: Cannot read properties of undefined (reading 'amount')
    at compute (/opt/emberloom/dist/worker.main.cjs:1:48212)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
    at revenueOf (/home/ann/report/src/revenue.ts:41:23)
    at each (/home/ann/report/node_modules/lodash/each.js:1:1)`;

it('shows what happened, why, and the user’s line', () => {
  expect(headline(text)).toBe('Job aborted due to stage failure: Task 5 failed 4 times; the last failure:');
  expect(cause(text)).toBe("TypeError: Cannot read properties of undefined (reading 'amount')");
  expect(firstUserLine(text)).toBe('revenueOf (/home/ann/report/src/revenue.ts:41:23)');
});

it('makes nothing up when no frame is the user’s', () => {
  expect(firstUserLine('Executor heartbeat timed out')).toBeUndefined();
  expect(cause('Executor heartbeat timed out')).toBeUndefined();
  expect(firstUserLine('org.apache.spark.SparkException: x\n\tat org.apache.spark.rdd.RDD.collect(RDD.scala:1)')).toBeUndefined();
});

it('a cell says what filled the heap, not only that something follows', () => {
  const full = "The task's worker ran out of its heap of 341 MB. Worker terminated due to reaching memory limit: JS heap out of memory";
  expect(cellLine(`${full}\nRaise --executor-memory`)).toBe(full);
  expect(cellLine('Terminated due to reaching memory limit:\n  JS heap out of memory\n    at x (a.js:1:1)')).toBe(
    'Terminated due to reaching memory limit: JS heap out of memory',
  );
  expect(cellLine(`Error: ${'word '.repeat(100)}`)).toMatch(/^Error: (word )+…$/);
});
