// Who has a task that waits in a slot: never both, never nobody. A thread and the driver's order meet at every place.
import { expect, test } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import { isBefore, placeAfter } from '../../../../src/runtime/plan/slot-order.ts';
import { recallTasks, TaskClaims } from '../../../../src/runtime/executor/task-claims.ts';
import { newFlags } from '../../../../src/runtime/executor/worker-flags.ts';

test('without a recall every task begins', () => {
  const claims = new TaskClaims(newFlags());
  expect([1, 2, 3].map(() => claims.begin())).toEqual([true, true, true]);
});

test('what has begun stays, what waits does not begin, what is sent later does', () => {
  const flags = newFlags();
  const claims = new TaskClaims(flags);
  claims.begin();
  expect(recallTasks(flags, 4)).toBe(1);
  expect([2, 3, 4, 5, 6].map(() => claims.begin())).toEqual([false, false, false, true, true]);
});

test('a recall of a slot that has begun all it was sent takes nothing', () => {
  const flags = newFlags();
  const claims = new TaskClaims(flags);
  claims.begin();
  expect(recallTasks(flags, 1)).toBe(1);
  expect(claims.begin()).toBe(true);
  expect(recallTasks(flags, 3)).toBe(2);
  expect(claims.begin()).toBe(false);
});

test('a second recall before the first is seen takes nothing more', () => {
  const flags = newFlags();
  const claims = new TaskClaims(flags);
  expect(recallTasks(flags, 2)).toBe(0);
  expect(recallTasks(flags, 5)).toBe(5);
  expect([1, 2, 3, 4, 5].map(() => claims.begin())).toEqual([false, false, true, true, true]);
});

test('every task is begun or taken back, once', () => {
  const prng = new Prng(1);
  const flags = newFlags();
  const claims = new TaskClaims(flags);
  let sent = 0;
  let seen = 0;
  const back = new Set<number>();
  for (let step = 0; step < 20_000; step++) {
    if (prng.chance(0.3)) sent += prng.int(8);
    if (prng.chance(0.1)) for (let at = recallTasks(flags, sent); at < sent; at++) back.add(at);
    if (seen < sent) expect(claims.begin()).toBe(!back.has(seen++));
  }
  expect(back.size).toBeGreaterThan(100);
});

test('places begin anew after 31 bits', () => {
  const last = placeAfter(0, 0x7fff_ffff);
  expect(placeAfter(last, 1)).toBe(0);
  expect([isBefore(last, 0), isBefore(0, last), isBefore(5, 5), isBefore(5, 9)]).toEqual([true, false, false, true]);
});
