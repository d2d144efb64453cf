import { describe, expect, it } from 'vitest';
import { whyWaiting } from '../../../../../../src/resourcemanager/core/scheduler/why-waiting.ts';
import { World } from './harness.ts';

const LARGEST = { memoryMb: 10_240, vcores: 1000 };
const ONE = { 'root.queues': 'a', 'root.a.capacity': 100 };
const TWO = { 'root.queues': 'a,b', 'root.a.capacity': 50, 'root.b.capacity': 50 };

describe('limits of one user', () => {
  it('shares a queue among its active users, down to minimum-user-limit-percent', () => {
    const w = new World({ ...ONE, 'root.a.minimum-user-limit-percent': 25 });
    w.node({ mb: 8 * 1024 });
    const [ada, bob] = [w.app('a', { user: 'ada' }), w.app('a', { user: 'bob' })];
    w.ask(ada, 20);
    w.run(3);
    w.ask(bob, 20);
    w.run();
    // The one who reaches half may have one more, as in YARN.
    expect([w.of(ada).length, w.of(bob).length]).toEqual([5, 3]);
    expect(
      w.s
        .queues()
        .find((q) => q.path === 'root.a')
        ?.users.map((u) => [u.user, u.used.memoryMb, u.limit.memoryMb]),
    ).toEqual([
      ['ada', 5120, 4096],
      ['bob', 3072, 4096],
    ]);
  });

  it('keeps one user at user-limit-factor times the capacity, says so, and lets go when the factor grows', () => {
    const w = new World(TWO);
    w.node({ mb: 8 * 1024 });
    const ada = w.app('a');
    w.ask(ada, 20);
    expect(w.run()).toBe(5);
    expect(w.obstacle(ada)).toMatchObject({ tag: 'userLimit', user: 'ada', limit: { memoryMb: 4096 }, used: { memoryMb: 5120 } });
    expect(whyWaiting(ada, LARGEST)).toContain('user ada has what one user may have in queue root.a (5120 of 4096 MB');
    const bob = w.app('a', { user: 'bob' });
    w.ask(bob, 1);
    expect(w.run()).toBe(1);
    expect(w.of(bob)).toHaveLength(1);
    w.s.replaceQueues(new World({ ...TWO, 'user-limit-factor': 2 }).s.config);
    expect(w.run()).toBe(2);
  });

  it('gives a user more when another has nothing left that waits', () => {
    const w = new World({ ...ONE, 'root.a.minimum-user-limit-percent': 10 });
    w.node({ mb: 8 * 1024 });
    const [ada, bob] = [w.app('a'), w.app('a', { user: 'bob' })];
    w.ask(ada, 8);
    w.ask(bob, 1, { mb: 9 * 1024 });
    w.run();
    expect(w.of(ada)).toHaveLength(5);
    w.s.dropAsks(bob);
    w.run();
    expect(w.of(ada)).toHaveLength(8);
  });

  /** Two sizes at his limit, of which the first was let go; then it was another queue's turn. */
  function oneLetGo() {
    const w = new World(TWO);
    w.node({ mb: 64 * 1024 });
    const [older, ada, other] = [w.app('a'), w.app('a'), w.app('b')];
    w.ask(ada, 100);
    w.ask(ada, 100, { id: 2, mb: 2048 });
    expect(w.run()).toBe(33);
    for (const one of w.of(ada).slice(0, 5)) w.end(one);
    w.ask(other, 1);
    expect(w.run(1)).toBe(1);
    expect(w.of(other)).toHaveLength(1);
    return { w, older, ada };
  }

  it('lets go the next of his requests when the first one that was let go is taken back', () => {
    const { w, ada } = oneLetGo();
    w.ask(ada, 0);
    expect(w.run()).toBe(3);
    expect(w.of(ada).filter(({ resource }) => resource.memoryMb === 2048)).toHaveLength(3);
  });

  it('lets go a request that comes to stand before the first one that was', () => {
    const { w, older } = oneLetGo();
    w.ask(older, 1, { mb: 2048 });
    expect(w.run(1)).toBe(1);
    expect(w.of(older)).toHaveLength(1);
  });
});

describe('limits of drivers and applications', () => {
  const driver = (w: World, user: string) => {
    const app = w.app('a', { user });
    w.ask(app, 1, { id: 0, forDriver: true });
    return app;
  };

  it('bounds what the drivers of a queue take, and those of one user', () => {
    const w = new World({
      ...ONE,
      'root.a.maximum-am-resource-percent': 0.5,
      'root.a.minimum-user-limit-percent': 50,
      'root.a.user-limit-factor': 1,
    });
    w.node({ mb: 8 * 1024, vcores: 8 });
    const drivers = ['ada', 'ada', 'ada', 'bob', 'bob', 'bob'].map((user) => driver(w, user));
    w.run();
    expect(drivers.map((d) => w.of(d).length)).toEqual([1, 1, 0, 1, 1, 0]);
    expect(w.obstacle(drivers[2]!, 0)).toMatchObject({
      tag: 'driverShare',
      user: 'ada',
      used: { memoryMb: 2048 },
      maximum: { memoryMb: 2048 },
    });
    w.end(w.of(drivers[3]!)[0]!);
    w.run();
    expect(drivers.map((d) => w.of(d).length)).toEqual([1, 1, 0, 0, 1, 1]);
  });

  it('refuses more applications than the cluster, the queue, or one user in it may have', () => {
    const w = new World({ ...TWO, 'maximum-applications': 5, 'root.a.maximum-applications': 3, 'root.a.minimum-user-limit-percent': 34 });
    w.node({ mb: 8 * 1024 });
    w.app('a');
    expect(() => w.app('a')).toThrow('queue root.a has 1 applications of user ada already, and the maximum of one user there is 1');
    w.app('a', { user: 'bob' });
    w.app('a', { user: 'cyd' });
    expect(() => w.app('a', { user: 'dan' })).toThrow('queue root.a has 3 applications already, and its maximum is 3');
    w.app('b');
    w.app('b', { user: 'bob' });
    expect(() => w.app('b', { user: 'cyd' })).toThrow('yarn.scheduler.capacity.maximum-applications is 5');
  });

  it('refuses a driver that is larger than the queue allows', () => {
    const w = new World({ ...ONE, 'root.a.maximum-allocation-mb': 2048 });
    const admit = (memoryMb: number) => w.s.admit({ queue: 'a', user: 'ada', amResource: { memoryMb, vcores: 1 } });
    expect(() => admit(4096)).toThrow('queue root.a allows 2048 MB');
    expect(admit(2048)).toEqual({ queue: 'root.a', priority: 0 });
    expect(w.s.maximumAllocation('root.a')?.memoryMb).toBe(2048);
  });

  it('gives an application without a priority that of its queue', () => {
    const w = new World({ ...ONE, 'root.a.default-application-priority': 4 });
    expect(w.app('a').priority).toBe(4);
    expect(w.app('a', { priority: 2 }).priority).toBe(2);
  });
});

describe('capacities', () => {
  const guaranteed = (w: World) =>
    Object.fromEntries(
      w.s.queues().map(({ path, partitions }) => [path, [partitions[0]!.guaranteed.memoryMb, partitions[0]!.guaranteed.vcores]]),
    );

  it('are percentages, weights and absolute resources, which shrink with the cluster', () => {
    const w = new World({
      'root.queues': 'a,b',
      'root.a.capacity': '1w',
      'root.a.queues': 'x,y',
      'root.a.x.capacity': 25,
      'root.a.y.capacity': 75,
      'root.b.capacity': '3w',
      'root.b.queues': 'p,q',
      'root.b.p.capacity': '[memory=4096,vcores=4]',
      'root.b.p.maximum-capacity': '[memory=5120,vcores=100]',
      'root.b.q.capacity': '[memory=8g,vcores=4]',
    });
    w.node({ mb: 32 * 1024, vcores: 32 });
    expect(guaranteed(w)).toEqual({
      root: [32_768, 32],
      'root.a': [8192, 8],
      'root.a.x': [2048, 2],
      'root.a.y': [6144, 6],
      'root.b': [24_576, 24],
      'root.b.p': [4096, 4],
      'root.b.q': [8192, 4],
    });
    const p = w.app('p');
    w.ask(p, 10);
    w.run();
    expect(w.of(p)).toHaveLength(5);
    const small = new World({
      'root.queues': 'p,q',
      'root.p.capacity': '[memory=4096,vcores=4]',
      'root.q.capacity': '[memory=12288,vcores=4]',
    });
    small.node({ mb: 8 * 1024, vcores: 32 });
    expect(guaranteed(small)).toMatchObject({ 'root.p': [2048, 4], 'root.q': [6144, 4] });
  });

  it('serve the queue with the higher priority first while both have less than their capacity', () => {
    const w = new World({ ...TWO, 'root.ordering-policy': 'priority-utilization', 'root.b.priority': 5, 'user-limit-factor': 2 });
    w.node({ mb: 8 * 1024 });
    const [a, b] = [w.app('a'), w.app('b')];
    w.ask(a, 8);
    w.ask(b, 8);
    w.run(5);
    expect([w.of(a).length, w.of(b).length]).toEqual([1, 4]);
  });

  it('count countable resources as memory and vcores, and leave nodes that have them to those who ask', () => {
    const w = new World(TWO);
    const [plain, withGpu] = [w.node({ mb: 4096 }), w.node({ mb: 4096, others: { 'yarn.io/gpu': 2 } })];
    const [a, b] = [w.app('a'), w.app('b')];
    w.ask(a, 4);
    w.run();
    expect(w.of(a).map((p) => p.slot)).toEqual([plain, plain, plain, plain]);
    w.ask(b, 4, { others: { 'yarn.io/gpu': 1 } });
    w.run();
    expect(w.of(b).map((p) => p.slot)).toEqual([withGpu, withGpu]);
    expect(w.s.queues().find((q) => q.path === 'root.b')?.partitions[0]).toMatchObject({
      used: { memoryMb: 2048, vcores: 2, others: { 'yarn.io/gpu': 2 } },
      guaranteed: { others: { 'yarn.io/gpu': 1 } },
    });
  });
});

describe('the order inside a leaf', () => {
  it('fair: who has less goes first', () => {
    const w = new World({ ...ONE, 'root.a.ordering-policy': 'fair' });
    w.node({ mb: 8 * 1024 });
    const [first, second] = [w.app('a'), w.app('a')];
    w.ask(first, 8);
    w.run(4);
    w.ask(second, 8);
    w.run(4);
    expect([w.of(first).length, w.of(second).length]).toEqual([4, 4]);
  });

  it('fifo: the older one, but a larger priority before; and it may change while it waits', () => {
    const w = new World(ONE);
    w.node({ mb: 2048 });
    const [first, second, third] = [w.app('a'), w.app('a', { priority: 3 }), w.app('a')];
    for (const app of [first, second, third]) w.ask(app, 1);
    w.s.moveApp(third, { priority: 9 });
    w.run();
    expect(w.placed.map((p) => p.app)).toEqual([third, second]);
    w.s.moveApp(first, { priority: 1 });
    w.end(w.placed[0]!);
    w.run();
    expect(w.placed.map((p) => p.app)).toEqual([second, first]);
  });
});
