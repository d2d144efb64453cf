import { expect, it } from 'vitest';
import { cause, firstUserLine, headline } from '../../../../src/status/pages/browser/error-lines.ts';

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
