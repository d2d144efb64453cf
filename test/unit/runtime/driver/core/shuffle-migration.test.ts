// Which map outputs go where when executors leave: in turns, within limits, around those who are full or gone, and to the fallback storage last.
import { expect, test } from 'vitest';
import { MapOutputTracker } from '../../../../../src/runtime/driver/core/map-output-tracker.ts';
import {
  type MigrationLimits,
  type Receiver,
  ShuffleMigration,
  type Transfer,
} from '../../../../../src/runtime/driver/core/shuffle-migration.ts';
import type { MapOutput } from '../../../../../src/runtime/plan/stage-install.ts';

const outputOf = (executorId: string, mapIndex: number): MapOutput => ({
  ...{ mapIndex, mapTaskId: 100 + mapIndex, executorId, host: 'h', blockAddress: `at ${executorId}`, bytes: [1], records: 1 },
  file: `/node-of-${executorId}/shuffle_0_${mapIndex}`,
});
const receivers = (...ids: string[]): Receiver[] => ids.map((executorId) => ({ executorId, folders: [`/node-of-${executorId}`] }));
const movedTo = ({ output, to }: Transfer) => ({ tag: 'moved', output: outputOf(to ?? 'fallback', output.mapIndex) }) as const;

function world(outputs: number, limits: Partial<MigrationLimits> = {}) {
  const tracker = new MapOutputTracker();
  tracker.registerShuffle(0, outputs);
  for (let i = 0; i < outputs; i++) tracker.register(0, outputOf('1', i));
  const migration = new ShuffleMigration({ transfersAtOnce: 8, maxFailures: 3, fallback: false, ...limits }, tracker);
  migration.begin('1', ({ executorId }) => executorId === '1');
  const moveAll = (to: Receiver[]) => {
    for (let begun = migration.plan(to); begun.length > 0; begun = migration.plan(to))
      for (const transfer of begun) migration.ended(transfer, movedTo(transfer));
  };
  return { tracker, migration, moveAll };
}

test('one at a time to each receiver, in turns, until all have moved; then nothing is to do', () => {
  const { tracker, migration, moveAll } = world(5);
  expect(migration.settled('1')).toBeUndefined();
  const begun = migration.plan(receivers('2', '3'));
  expect(begun.map(({ to }) => to)).toEqual(['2', '3']);
  expect(migration.plan(receivers('2', '3'))).toEqual([]);
  for (const transfer of begun) expect(migration.ended(transfer, movedTo(transfer))).toBe(true);
  moveAll(receivers('2', '3'));
  expect(migration.settled('1')).toEqual({ moved: 5, left: 0 });
  expect(
    tracker
      .outputs(0)
      .outputs.map(({ executorId }) => executorId)
      .sort(),
  ).toEqual(['2', '2', '2', '3', '3']); // prettier-ignore
});

test('never more at once than maxThreads; outputs that come meanwhile are found', () => {
  const { tracker, migration, moveAll } = world(4, { transfersAtOnce: 2 });
  expect(migration.plan(receivers('2', '3', '4'))).toHaveLength(2);
  expect(migration.plan(receivers('2', '3', '4'))).toEqual([]);
  const other = world(4, { transfersAtOnce: 2 });
  other.moveAll(receivers('2'));
  other.tracker.registerShuffle(1, 1);
  other.tracker.register(1, { ...outputOf('1', 0), mapTaskId: 7 });
  expect(other.migration.settled('1')).toBeUndefined();
  other.moveAll(receivers('2'));
  expect(other.migration.settled('1')).toEqual({ moved: 5, left: 0 });
  expect(tracker.isComplete(0)).toBe(true);
  moveAll(receivers('2'));
});

test('somebody who is full or gone is asked no more, and the next one takes it', () => {
  for (const tag of ['full', 'gone'] as const) {
    const { migration } = world(2);
    const [first] = migration.plan(receivers('2'));
    migration.ended(first!, { tag });
    const next = migration.plan(receivers('2', '3'));
    expect(next.map(({ to }) => to)).toEqual(['3']);
  }
});

test('a block that fails three times stays and is said; a retry offers it again, also to those who were full', () => {
  const { migration, moveAll } = world(1);
  for (let i = 0; i < 3; i++) migration.ended(migration.plan(receivers('2'))[0]!, { tag: 'failed' });
  expect(migration.plan(receivers('2', '3'))).toEqual([]);
  expect(migration.settled('1')).toEqual({ moved: 0, left: 1 });
  migration.retry('1');
  expect(migration.settled('1')).toBeUndefined();
  moveAll(receivers('2'));
  expect(migration.settled('1')).toEqual({ moved: 1, left: 0 });
});

test('with nobody to take it, or too many failures, it goes to the fallback storage if there is one', () => {
  const { tracker, migration } = world(2, { fallback: true });
  const begun = migration.plan([]);
  expect(begun.map(({ to }) => to)).toEqual([undefined, undefined]);
  migration.ended(begun[0]!, movedTo(begun[0]!));
  migration.ended(begun[1]!, { tag: 'failed' });
  expect(migration.settled('1')).toEqual({ moved: 1, left: 1 });
  expect(tracker.where(({ executorId }) => executorId === 'fallback')).toHaveLength(1);
  const alone = world(1);
  expect(alone.migration.plan([])).toEqual([]);
  expect(alone.migration.settled('1')).toEqual({ moved: 0, left: 1 });
});

test('nobody gets what lies in its own folder already; two that leave with one folder move each file once', () => {
  const { tracker, migration, moveAll } = world(3);
  expect(migration.plan([{ executorId: '9', folders: ['/node-of-1'] }])).toEqual([]);
  migration.retry('1');
  migration.begin('9', ({ file }) => file.startsWith('/node-of-1/'));
  migration.settled('1');
  const begun = migration.plan(receivers('2', '3'));
  expect(new Set(begun.map(({ output }) => output.mapIndex)).size).toBe(begun.length);
  for (const transfer of begun) migration.ended(transfer, movedTo(transfer));
  moveAll(receivers('2', '3'));
  expect([migration.settled('1'), migration.settled('9')].map((s) => s?.left)).toEqual([0, 0]);
  expect(tracker.where(({ executorId }) => executorId === '1')).toEqual([]);
});

test('an executor whose file is under way in the name of its node is not done before that has ended, well or badly', () => {
  const { migration } = world(2);
  migration.begin('node', ({ file }) => file.startsWith('/node-of-1/'));
  const [own, nodes] = migration.plan(receivers('2'));
  expect([own!.leaver, nodes!.leaver]).toEqual(['1', 'node']);
  migration.ended(own!, movedTo(own!));
  expect(migration.plan(receivers('2'))).toEqual([]);
  expect(migration.settled('1')).toBeUndefined();
  migration.ended(nodes!, { tag: 'failed' });
  expect(migration.settled('1')).toBeUndefined();
  const [again] = migration.plan(receivers('2'));
  migration.ended(again!, movedTo(again!));
  expect(migration.settled('1')).toMatchObject({ left: 0 });
  expect(migration.settled('node')).toMatchObject({ left: 0 });
});

test('what was written anew or given up meanwhile is not overwritten by the copy; old news of a moved one costs nothing', () => {
  const { tracker, migration } = world(2);
  const [transfer] = migration.plan(receivers('2'));
  const told = tracker.epoch;
  tracker.lost(0, transfer!.output.mapIndex, told);
  expect(migration.ended(transfer!, movedTo(transfer!))).toBe(false);
  expect(tracker.has(0, transfer!.output.mapIndex)).toBe(false);
  const [second] = migration.plan(receivers('2'));
  const known = tracker.epoch;
  expect(migration.ended(second!, movedTo(second!))).toBe(true);
  expect(tracker.lost(0, second!.output.mapIndex, known)).toBe(false);
  expect(tracker.changedSince(0, second!.output.mapIndex, known)).toBe(true);
});
