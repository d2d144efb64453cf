import { expect, test } from 'vitest';
import {
  ENDED_BYTES,
  ENDED_ERROR,
  ENDED_NOTHING,
  GIVEN_BACK,
  LaunchReader,
  LaunchWriter,
  OP_LAUNCH,
  OP_STATUS,
  opOf,
  StatusReader,
  StatusWriter,
} from '../../../../src/runtime/plan/task-frames.ts';

test('a launch frame carries ids, attempts and payloads, and tells an empty payload from none', () => {
  const writer = new LaunchWriter(7, 1); // grows beyond what was expected
  writer.add(4_000_000_000, 0, 0, undefined);
  writer.add(1, 99, 3, new Uint8Array([1, 2, 3]));
  writer.add(2, 100, 0, new Uint8Array(0));
  const frame = writer.finish();
  expect(opOf(frame)).toBe(OP_LAUNCH);
  const reader = new LaunchReader(frame);
  const seen = [];
  while (reader.next()) seen.push([reader.taskId, reader.partition, reader.attempt, reader.payload && [...reader.payload]]);
  expect([reader.stageKey, reader.count]).toEqual([7, 3]);
  expect(seen).toEqual([
    [4_000_000_000, 0, 0, undefined],
    [1, 99, 3, [1, 2, 3]],
    [2, 100, 0, []],
  ]);
});

test('a status frame carries every kind of ending', () => {
  const writer = new StatusWriter(9, 2);
  writer.number(1, 0.5, -0.1);
  writer.body(2, ENDED_BYTES, 1, new Uint8Array([9]));
  writer.bare(3, ENDED_NOTHING, 0);
  writer.body(4, ENDED_ERROR, 2, new Uint8Array([8, 7]));
  writer.bare(5, GIVEN_BACK, 0);
  const frame = writer.finish();
  expect(opOf(frame)).toBe(OP_STATUS);
  const reader = new StatusReader(new Uint8Array(frame)); // a plain Uint8Array, too
  const seen = [];
  while (reader.next()) seen.push([reader.taskId, reader.kind, reader.runMs, reader.value, reader.body && [...reader.body]]);
  expect(seen).toEqual([
    [1, 0, 0.5, -0.1, undefined],
    [2, ENDED_BYTES, 1, 0, [9]],
    [3, ENDED_NOTHING, 0, 0, undefined],
    [4, ENDED_ERROR, 2, 0, [8, 7]],
    [5, GIVEN_BACK, 0, 0, undefined],
  ]);
});
