import { expect, test } from 'vitest';
import { batchSize, hasRoom } from '../../../../../src/runtime/driver/core/plan-tasks.ts';

test('tasks of unknown length and long ones travel singly', () => {
  expect(batchSize(0, 10_000, 2)).toBe(1);
  expect(batchSize(4.5, 10_000, 2)).toBe(1);
  expect(hasRoom(0, 1, 1)).toBe(false);
  expect(hasRoom(50, 1, 1)).toBe(false);
  expect(hasRoom(50, 0, 1)).toBe(true);
});

test('short ones in frames of about 8 ms of work, at most 512, never more than half a fair share', () => {
  expect(batchSize(0.02, 10_000, 2)).toBe(400);
  expect(batchSize(1.1, 10_000, 2)).toBe(8);
  expect(batchSize(4, 10_000, 2)).toBe(2);
  expect(batchSize(1.1, 10, 2)).toBe(3); // the end of a stage stays even
  expect(batchSize(1.1, 3, 2)).toBe(1);
  expect(batchSize(0.0001, 1_000_000, 2)).toBe(512);
  expect(batchSize(0.0001, 100, 2)).toBe(25);
  expect(batchSize(0.0001, 1, 8)).toBe(1);
});

test('two frames are in flight, not three', () => {
  expect(hasRoom(0.02, 100, 100)).toBe(true);
  expect(hasRoom(0.02, 101, 100)).toBe(false);
});
