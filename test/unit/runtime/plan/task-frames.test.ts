import { expect, test } from 'vitest';
import { encodeFigures, noFigures } from '../../../../src/runtime/plan/status-metrics.ts';
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

test('what a task cost travels with its status; short tasks share the thread time of their frame', () => {
  const writer = new StatusWriter(3, 2);
  const figures = { ...noFigures(), inputBytes: 2 ** 40, shuffleRecordsWritten: 7, executorCpuTimeNs: 5_000_000, gcTime: 2 };
  writer.body(1, ENDED_BYTES, 20, Buffer.from('body'), encodeFigures(figures));
  writer.number(2, 0.75, 42);
  writer.number(3, 0.75, 43, encodeFigures({ ...noFigures(), inputRecords: 1 }));
  const reader = new StatusReader(writer.finish(1_000_000, 0.5));
  reader.next();
  expect({ body: Buffer.from(reader.body!).toString(), ...reader.metrics() }).toMatchObject({
    body: 'body',
    inputBytes: 2 ** 40,
    shuffleRecordsWritten: 7,
    executorRunTime: 20,
    executorCpuTimeNs: 5_000_000,
    gcTime: 2,
  });
  reader.next();
  expect([reader.value, reader.metrics()]).toMatchObject([
    42,
    { executorRunTime: 0, executorCpuTimeNs: 750_000, resultSize: 8, gcTime: 0 },
  ]);
  reader.next();
  // What was cut off from whole ms comes with the next: the sum stays true.
  expect([reader.value, reader.metrics()]).toMatchObject([43, { executorRunTime: 1, inputRecords: 1, executorCpuTimeNs: 750_000 }]);
  expect(reader.totalMs).toBe(21.5);
});

test('figures that are all 0 take no space', () => {
  expect(encodeFigures(noFigures())).toBeUndefined();
});
