import { describe, expect, it } from 'vitest';
import { World } from './harness.ts';

const SHARED = { 'root.queues': 'a', 'root.a.capacity': 100, 'root.a.minimum-user-limit-percent': 25 };
const WEIGHTED = { ...SHARED, 'root.a.user-settings.ada.weight': 3 };

const limits = (w: World) =>
  Object.fromEntries(w.s.queues().flatMap((q) => q.users.map((u) => [u.user, [u.weight, u.used.memoryMb, u.limit.memoryMb]])));

describe('weights of users', () => {
  it('share a queue by weight, not by heads', () => {
    const w = new World(WEIGHTED);
    w.node({ mb: 16 * 1024 });
    const [ada, bob] = [w.app('a'), w.app('a', { user: 'bob' })];
    w.ask(bob, 40);
    w.ask(ada, 40);
    w.run();
    // 4 of 16 GB for each that counts as one: ada 12, bob 4, and whoever has just his limit may have one container more.
    expect(limits(w)).toEqual({ ada: [3, 13 * 1024, 12 * 1024], bob: [1, 3 * 1024, 4 * 1024] });
    expect(w.obstacle(ada)).toMatchObject({ tag: 'userLimit', limit: { memoryMb: 13_056 } });
  });

  it('give others more when one with a weight has nothing left that waits', () => {
    const w = new World({ ...WEIGHTED, 'root.a.minimum-user-limit-percent': 10 });
    w.node({ mb: 16 * 1024 });
    const [ada, bob] = [w.app('a'), w.app('a', { user: 'bob' })];
    w.ask(ada, 1, { mb: 32 * 1024 });
    w.ask(bob, 40);
    w.run();
    expect(w.of(bob)).toHaveLength(5);
    w.s.dropAsks(ada);
    w.run();
    expect(w.of(bob)).toHaveLength(16);
  });

  it('count for drivers, too, and leave one container to who weighs nothing', () => {
    const w = new World({ ...SHARED, 'root.a.user-settings.ada.weight': 2, 'root.a.user-settings.bob.weight': 0 });
    w.node({ mb: 16 * 1024 });
    const [ada, bob, cid] = [w.app('a'), w.app('a', { user: 'bob' }), w.app('a', { user: 'cid' })];
    for (const app of [ada, bob, cid]) w.ask(app, 20, { forDriver: true });
    w.run();
    // Drivers may have half of the queue, 8 GB: ada two thirds of that, cid one.
    expect([ada, bob, cid].map((app) => w.of(app).length)).toEqual([5, 1, 2]);
  });

  it('come from the queue above, and are refused with their line when they would be more than the whole queue', () => {
    const w = new World({ ...SHARED, 'root.user-settings.first.last.weight': 2, 'root.a.user-settings.bob.weight': 0.5 });
    expect(w.s.leaves.get('a')?.config.userWeights).toEqual(
      new Map([
        ['first.last', 2],
        ['bob', 0.5],
      ]),
    );
    const refused = (more: object, what: RegExp) => expect(() => new World({ ...SHARED, ...more })).toThrow(what);
    refused({ 'root.a.user-settings.ada.weight': 4.1 }, /:4.*weight 4\.1 of user ada.*above 100/s);
    refused({ 'root.a.user-settings.ada.weight': 'much' }, /:4.*expected a number of at least 0/s);
    refused({ 'root.a.user-settings.ada.wieght': 1 }, /unknown property .*wieght/);
  });
});

describe('ordering-policy fair, by size', () => {
  const FAIR = { 'root.queues': 'a', 'root.a.capacity': 100, 'root.a.user-limit-factor': -1, 'root.a.ordering-policy': 'fair' };

  /** Two applications of one user, one wants 4 containers, the other 60. @returns what each has of 32 places */
  const placed = (sized: boolean): number[] => {
    const w = new World({ ...FAIR, ...(sized ? { 'root.a.ordering-policy.fair.enable-size-based-weight': true } : {}) });
    w.node({ mb: 32 * 16 });
    const [small, large] = [w.app('a'), w.app('a')];
    w.ask(small, 16, { mb: 16 });
    w.ask(large, 500, { mb: 16 });
    for (let i = 0; i < 24; i++) w.run(1);
    return [w.of(small).length, w.of(large).length];
  };

  it('lets who wants more have more: by the logarithm of what it has and wants', () => {
    expect(placed(false)).toEqual([12, 12]);
    // log2(1 + 16 × 16) = 8.0, log2(1 + 500 × 16) = 13.0
    expect(placed(true)).toEqual([9, 15]);
  });

  it('goes by what is wanted now', () => {
    const w = new World({ ...FAIR, 'root.a.ordering-policy.fair.enable-size-based-weight': true });
    w.node({ mb: 1024 });
    const [one, two] = [w.app('a'), w.app('a')];
    w.ask(one, 1, { mb: 16, id: 1 });
    w.ask(one, 1, { mb: 16, id: 2 });
    w.ask(two, 1, { mb: 16, id: 1 });
    w.run();
    w.ask(one, 10, { mb: 16, id: 1 });
    w.ask(two, 10, { mb: 16, id: 1 });
    w.ask(two, 1000, { mb: 32, id: 2 });
    w.run(4);
    expect([w.of(one).length, w.of(two).length]).toEqual([3, 4]);
    w.ask(two, 0, { mb: 32, id: 2 });
    w.run(2);
    expect([w.of(one).length, w.of(two).length]).toEqual([5, 4]);
  });

  it('is refused where it would do nothing', () => {
    const off = { ...FAIR, 'root.a.ordering-policy': 'fifo', 'root.a.ordering-policy.fair.enable-size-based-weight': true };
    expect(() => new World(off)).toThrow(/needs ordering-policy: fair/);
  });
});
