import { expect, test } from 'vitest';
import { planCleaning } from '../../../../src/history/core/clean-plan.ts';
import type { LogFile } from '../../../../src/history/core/log-file.ts';

const log = (key: string, changedAtMs: number, sizeBytes = 10): LogFile => ({
  key,
  inProgress: false,
  parts: [{ path: key, sizeBytes, changedAtMs, codec: 'plain' }],
  sizeBytes,
  changedAtMs,
  fault: undefined,
});
const NO_LIMIT = { maxAgeMs: Number.POSITIVE_INFINITY, maxCount: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };
const keys = (logs: LogFile[]) => logs.map(({ key }) => key);
const all = [log('old', 100), log('new', 900), log('middle', 500), log('running', 50)].map((l) => ({
  log: l,
  isCompleted: l.key !== 'running',
}));

test('nothing goes without a limit', () => expect(planCleaning(all, NO_LIMIT, 1_000)).toEqual([]));
test('by age: also one in progress, which nobody writes any more', () =>
  expect(keys(planCleaning(all, { ...NO_LIMIT, maxAgeMs: 600 }, 1_000))).toEqual(['old', 'running']));
test('exactly as old as allowed stays', () => expect(planCleaning(all, { ...NO_LIMIT, maxAgeMs: 950 }, 1_000)).toEqual([]));
test('by number: the oldest completed ones', () =>
  expect(keys(planCleaning(all, { ...NO_LIMIT, maxCount: 2 }, 1_000))).toEqual(['old', 'middle']));
test('by size', () => expect(keys(planCleaning(all, { ...NO_LIMIT, maxBytes: 35 }, 1_000))).toEqual(['old']));
test('what could not be looked at is left alone', () =>
  expect(
    planCleaning([{ log: { ...log('x', 0), parts: [] }, isCompleted: true }], { maxAgeMs: 1, maxCount: 0, maxBytes: 0 }, 1_000),
  ).toEqual([]));
