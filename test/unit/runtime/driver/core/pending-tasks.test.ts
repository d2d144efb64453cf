// Orders of Spark's TaskSetManager: nearest first, no preference before rack and any, one level further after its wait.
import { expect, test } from 'vitest';
import { ANY, LEVEL_NAMES, LocalityClock, NODE_LOCAL, PROCESS_LOCAL } from '../../../../../src/runtime/driver/core/locality.ts';
import { PendingTasks, type Preference } from '../../../../../src/runtime/driver/core/pending-tasks.ts';

const PLACE = { id: 7, executorId: '1', host: 'a' };

function pendingOf(...preferences: Preference[][]) {
  const state = new Uint8Array(preferences.length);
  const pending = new PendingTasks(state, (host) => (host === 'a' || host === 'b' ? 'r' : undefined));
  pending.prefer((index) => preferences[index]!);
  const take = (most: Parameters<PendingTasks['take']>[1], allowed?: (index: number) => boolean) => {
    const index = pending.take(PLACE, most, allowed);
    if (index >= 0) state[index] = 1;
    return index < 0 ? 'none' : `${index} ${LEVEL_NAMES[pending.level]}`;
  };
  return { state, pending, take };
}

test('slot, executor, host, no preference, rack, any', () => {
  const { take } = pendingOf([{ host: 'z' }], [{ rack: 'r' }], [], [{ host: 'a' }], [{ executorId: '1' }], [{ slot: 7 }]);
  expect(Array.from({ length: 7 }, () => take(ANY))).toEqual([
    '5 PROCESS_LOCAL',
    '4 PROCESS_LOCAL',
    '3 NODE_LOCAL',
    '2 NO_PREF',
    '1 RACK_LOCAL',
    '0 ANY',
    'none',
  ]);
});

test('no further than allowed; a task without a preference is always', () => {
  const { take } = pendingOf([{ host: 'a' }], [{ host: 'z' }], []);
  expect([take(PROCESS_LOCAL), take(PROCESS_LOCAL), take(NODE_LOCAL), take(NODE_LOCAL), take(ANY)]).toEqual([
    '2 NO_PREF',
    'none',
    '0 NODE_LOCAL',
    'none',
    '1 ANY',
  ]);
});

test('a task with several places is taken once, and comes back to all of them', () => {
  const { state, pending, take } = pendingOf([{ slot: 7 }, { host: 'a' }], [{ slot: 7 }]);
  expect(take(ANY)).toBe('0 PROCESS_LOCAL');
  expect(pending.take({ id: 8, executorId: '2', host: 'a' }, NODE_LOCAL)).toBe(-1);
  state[0] = 0;
  pending.add(0);
  expect(pending.take({ id: 8, executorId: '2', host: 'a' }, NODE_LOCAL)).toBe(0);
});

test('a task whose place went while it ran elsewhere waits for nothing when it comes back', () => {
  const { state, pending, take } = pendingOf([{ slot: 3 }], [{ executorId: '9' }, { slot: 7 }]);
  expect([take(ANY), take(ANY)]).toEqual(['1 PROCESS_LOCAL', '0 ANY']);
  pending.forget(3);
  pending.forget('e:9');
  state.fill(0);
  pending.add(0);
  pending.add(1);
  expect([take(PROCESS_LOCAL), take(PROCESS_LOCAL), take(ANY)]).toEqual(['1 PROCESS_LOCAL', '0 NO_PREF', 'none']);
});

test('what may not run here stays for others', () => {
  const { take } = pendingOf([{ slot: 7 }], [], [{ host: 'z' }]);
  expect([take(ANY, () => false), take(ANY, (i) => i === 2), take(ANY, (i) => i === 1), take(ANY)]).toEqual([
    'none',
    '2 ANY',
    '1 NO_PREF',
    '0 PROCESS_LOCAL',
  ]);
});

test('a place that is gone holds nothing back', () => {
  const { pending, take } = pendingOf([{ slot: 3 }], [{ slot: 3 }, { host: 'a' }]);
  pending.forget(3);
  expect([take(PROCESS_LOCAL), take(NODE_LOCAL)]).toEqual(['0 NO_PREF', '1 NODE_LOCAL']);
});

test('a level is waited at only when it has tasks, for its own wait, and anew after each launch there', () => {
  const { state, pending } = pendingOf([{ slot: 3 }], [{ host: 'z' }], [{ slot: 3 }]);
  const waits = { process: 100, node: 50, rack: 10 };
  const clock = new LocalityClock(0);
  expect(clock.allowed(pending, waits, 99)).toBe(PROCESS_LOCAL);
  expect(clock.leftMs(pending, waits, 99)).toBe(1);
  state[0] = 1;
  clock.launched(PROCESS_LOCAL, 99);
  expect(clock.allowed(pending, waits, 198)).toBe(PROCESS_LOCAL);
  expect(clock.allowed(pending, waits, 200)).toBe(NODE_LOCAL); // since 199
  expect(clock.allowed(pending, waits, 248)).toBe(NODE_LOCAL);
  expect(clock.allowed(pending, waits, 249)).toBe(ANY); // no task prefers a rack
  clock.launched(PROCESS_LOCAL, 300);
  expect(clock.allowed(pending, waits, 301)).toBe(PROCESS_LOCAL);
  state[2] = 1;
  expect(clock.allowed(pending, waits, 302)).toBe(NODE_LOCAL);
});

test('when the executor that has the data is gone, its host is still preferred, until nobody is there', () => {
  const { pending, take } = pendingOf([{ executorId: '1' }, { host: 'a' }], [{ executorId: '1' }, { host: 'a' }]);
  pending.forget('e:1');
  expect(pending.hasAt(PROCESS_LOCAL)).toBe(false);
  expect(take(NODE_LOCAL)).toBe('0 NODE_LOCAL');
  pending.forget('h:a');
  expect(take(PROCESS_LOCAL)).toBe('1 NO_PREF');
});
