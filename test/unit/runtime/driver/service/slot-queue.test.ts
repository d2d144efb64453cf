import { beforeEach, expect, test } from 'vitest';
import type { TaskSet } from '../../../../../src/runtime/driver/core/task-set.ts';
import { SlotQueue } from '../../../../../src/runtime/driver/service/slot-queue.ts';

const setOf = (key: number) =>
  ({ spec: { key, stageId: key, stageAttempt: 0, partitions: [0, 1, 2, 3] }, localityOf: new Uint8Array(4) }) as unknown as TaskSet;
const launched = (...taskIds: number[]) => ({
  indexes: Uint32Array.from(taskIds, (id) => id % 10),
  taskIds: Uint32Array.from(taskIds),
  attempts: Uint16Array.from(taskIds, (id) => id % 10),
  count: taskIds.length,
  speculative: false,
});

let queue: SlotQueue;
beforeEach(() => {
  queue = new SlotQueue('1', 'host1');
  queue.add(setOf(1), 'ResultTask', launched(10, 11, 12, 13));
});

test('tasks taken in their order: each has the start that was told, the last takes the batch away', () => {
  for (const taskId of [10, 11, 12, 13]) {
    const front = queue.front!;
    const info = queue.start(front, 5);
    expect(info.taskId).toBe(taskId);
    expect(queue.take(taskId)).toBe(front);
    expect(front.takenInfo).toBe(info);
  }
  expect(queue.front).toBeUndefined();
});

test('a later one of the batch comes back first: those before it stay, and the front keeps its start', () => {
  const front = queue.front!;
  const info = queue.start(front, 5);
  expect(queue.take(12)).toBe(front);
  expect(front.takenInfo).toBeUndefined();
  expect(queue.start(front, 7, 12)).toMatchObject({ taskId: 12, index: 2, attempt: 2, partition: 2, launchedAtMs: 7 });
  expect(queue.take(10)).toBe(front);
  expect(front.takenInfo).toBe(info);
  expect(queue.start(front, 9)).toMatchObject({ taskId: 11, index: 1, attempt: 1, partition: 1 });
  expect(queue.take(12)).toBeUndefined();
  expect(queue.take(13)).toBe(front);
  expect(queue.take(11)).toBe(front);
  expect(queue.front).toBeUndefined();
});

test('one of a batch behind the front: the front is still the first', () => {
  queue.add(setOf(2), 'ResultTask', launched(20, 21));
  const front = queue.front!;
  const info = queue.start(front, 5);
  expect(queue.take(21)!.key).toBe(2);
  expect(queue.front).toBe(front);
  queue.take(10);
  expect(front.takenInfo).toBe(info);
  for (const taskId of [11, 12, 13]) queue.take(taskId);
  expect(queue.take(20)!.key).toBe(2);
  expect(queue.front).toBeUndefined();
});
