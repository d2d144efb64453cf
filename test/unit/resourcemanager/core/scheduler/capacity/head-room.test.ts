// A large request at a queue's maximum, or at its user's limit, is not passed by small ones for ever.
import { describe, expect, it } from 'vitest';
import { World } from './harness.ts';

const HALF = {
  'root.queues': 'a,b',
  'root.a.capacity': 50,
  'root.a.maximum-capacity': 50,
  'root.a.user-limit-factor': 10,
  'root.b.capacity': 50,
};
const PARENT = {
  'root.queues': 'p,b',
  'root.p.capacity': 50,
  'root.p.maximum-capacity': 50,
  'root.b.capacity': 50,
  'root.p.queues': 'x,y',
  'root.p.x.capacity': 25,
  'root.p.y.capacity': 75,
  'user-limit-factor': 10,
};

/** Small containers end one after the other and each is asked for again, as by tasks of a stage. */
function churn(w: World, small: ReturnType<World['app']>, times: number, until: () => boolean): void {
  for (let i = 0; i < times && !until(); i++) {
    const first = w.of(small)[0];
    if (first !== undefined) w.end(first);
    w.ask(small, 8);
    w.run();
  }
}

describe('what is left of a maximum', () => {
  it('is held for the large request that comes first', () => {
    const w = new World(HALF);
    w.node({ mb: 8 * 1024 });
    const small = w.app('a');
    w.ask(small, 8);
    w.run();
    expect(w.of(small)).toHaveLength(4);
    const large = w.app('a', { user: 'bob', priority: 1 });
    w.ask(large, 1, { mb: 3 * 1024 });
    w.run();
    churn(w, small, 20, () => w.of(large).length > 0);
    expect([w.of(large).length, w.of(small).length]).toEqual([1, 1]);
    w.end(w.of(large)[0]!);
    w.run();
    expect(w.of(small)).toHaveLength(4); // and then is for all again
  });

  it('is held in the queue above for the child that has less of its share', () => {
    const w = new World(PARENT);
    w.node({ mb: 8 * 1024 });
    const small = w.app('x');
    w.ask(small, 8);
    w.run();
    const large = w.app('y');
    w.ask(large, 1, { mb: 3 * 1024 });
    w.run();
    churn(w, small, 20, () => w.of(large).length > 0);
    expect(w.of(large)).toHaveLength(1);
  });

  it('is not held against who comes first, nor for what is larger than the maximum or over its user limit', () => {
    const w = new World({ ...HALF, 'root.a.user-limit-factor': 1 });
    w.node({ mb: 8 * 1024 });
    const old = w.app('a');
    w.ask(old, 3);
    w.run();
    const large = w.app('a', { user: 'bob' });
    w.ask(large, 1, { mb: 2 * 1024 });
    w.run();
    w.ask(old, 1);
    expect(w.run()).toBe(1); // older
    const never = w.app('a', { user: 'cleo', priority: 9 });
    w.ask(large, 0);
    w.end(w.of(old)[0]!);
    w.ask(never, 1, { mb: 5 * 1024 });
    w.ask(large, 1, { mb: 1024 });
    expect(w.run()).toBe(1);
    expect(w.of(large)).toHaveLength(1);
  });

  it('is for others when the request for which it is held is taken back', () => {
    const w = new World(HALF);
    w.node({ mb: 8 * 1024 });
    const small = w.app('a');
    w.ask(small, 3);
    w.run();
    const large = w.app('a', { user: 'bob', priority: 1 });
    w.ask(large, 1, { mb: 2 * 1024 });
    w.run();
    w.ask(small, 1);
    expect(w.run()).toBe(0);
    w.ask(large, 0);
    expect(w.run()).toBe(1);
  });
});

describe('the limit of one user', () => {
  it('is not used up by small requests that come after a large one of his', () => {
    const w = new World({ 'root.queues': 'a', 'root.a.capacity': 100, 'root.a.user-limit-factor': 0.5 });
    w.node({ mb: 8 * 1024 });
    const small = w.app('a');
    w.ask(small, 8);
    w.run();
    const large = w.app('a', { priority: 1 });
    w.ask(large, 1, { mb: 3 * 1024 });
    w.run();
    churn(w, small, 20, () => w.of(large).length > 0);
    expect(w.of(large)).toHaveLength(1);
  });
});
