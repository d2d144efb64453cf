// The fair and the fifo scheduler: who gets what, in numbers. Cases named after YARN's are of TestFairScheduler and TestComputeFairShares.
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../../../src/common/prng.ts';
import { resource } from '../../../../../../src/common/resource.ts';
import type { FairApp } from '../../../../../../src/resourcemanager/core/scheduler/fair/fair-asks.ts';
import { fifoConfig } from '../../../../../../src/resourcemanager/core/scheduler/fair/fair-config.ts';
import { fairShares } from '../../../../../../src/resourcemanager/core/scheduler/fair/fair-shares.ts';
import { fairQueues } from '../../../../../helpers/fair-queues.ts';
import { World } from './harness.ts';
import { simSeeds } from '../../../../../helpers/sim-seeds.ts';

const queues = (...names: string[]) => names.map((name) => `<queue name="${name}"/>`).join('');

describe('fair shares', () => {
  it.each([
    // TestComputeFairShares: equal, minimum, maximum, weights, minima above the total.
    [[{}, {}, {}, {}], 40, [10, 10, 10, 10]],
    [[{ max: 50 }, { max: 11 }, { max: 5 }, { max: 0 }], 40, [24, 11, 5, 0]],
    [[{ min: 20 }, { min: 18 }, {}, { min: 2 }], 40, [20, 18, 0, 2]],
    [[{ weight: 2 }, { weight: 1 }, { weight: 1 }, { weight: 0.5 }], 45, [20, 10, 10, 5]],
    [[{ weight: 2, max: 10 }, { max: 11 }, { max: 30 }, { weight: 0.5, max: 20 }], 45, [10, 11, 16, 8]],
    [[{ min: 30 }, { min: 30 }], 40, [30, 30]],
    [[], 40, []],
  ])('%j of %i', (sharers, total, shares) => {
    const found = fairShares(
      sharers.map((s) => ({ weight: 1, min: 0, max: Number.POSITIVE_INFINITY, ...s })),
      total,
    );
    expect(found).toEqual(shares);
  });
});

describe('the fair scheduler', () => {
  it('gives queues alike, and applications in a queue alike', () => {
    const world = new World(queues('a', 'b'));
    world.node(12_288, 12);
    const [a1, a2, b] = [world.app('a'), world.app('a'), world.app('b')];
    for (const app of [a1, a2, b]) world.ask(app, 100, 1024);
    expect(world.run()).toBe(12);
    expect([a1.containers, a2.containers, b.containers]).toEqual([3, 3, 6]);
  });

  it('goes by weight, among queues, and among applications by priority', () => {
    const world = new World('<queue name="a"><weight>3</weight></queue><queue name="b"/>');
    world.node(16_384, 16);
    const [a1, a2, b] = [world.app('a'), world.app('a', { priority: 2 }), world.app('b')];
    for (const app of [a1, a2, b]) world.ask(app, 100, 1024);
    world.run();
    expect([a1.containers, a2.containers, b.containers]).toEqual([3, 9, 4]);
  });

  it('fills minima first, and never goes above a maximum', () => {
    const world = new World(
      '<queue name="a"><minResources>8192 mb, 0 vcores</minResources></queue><queue name="b"><weight>9</weight></queue><queue name="c"><maxResources>1024 mb, 9 vcores</maxResources></queue>',
    );
    world.node(12_288, 12);
    const [a, b, c] = [world.app('a'), world.app('b'), world.app('c')];
    for (const app of [a, b, c]) world.ask(app, 100, 1024);
    world.run(8);
    expect([a.containers, b.containers, c.containers]).toEqual([8, 0, 0]);
    world.run();
    expect([a.containers, b.containers, c.containers]).toEqual([8, 3, 1]);
    expect([...c.asks.values()][0]!.obstacle).toMatchObject({ tag: 'queueMaximum', queue: 'root.c', used: { memoryMb: 1024 } });
  });

  it('shares by the dominant resource where the policy is drf, by memory where it is fair', () => {
    // The example of the DRF paper: 9 CPUs and 18 GB; A wants <1 CPU, 4 GB>, B <3 CPU, 1 GB>: three of A's, two of B's.
    for (const [policy, counts] of [
      ['drf', [3, 2]],
      ['fair', [2, 2]],
    ] as const) {
      const world = new World(`<queue name="q"><schedulingPolicy>${policy}</schedulingPolicy></queue>`);
      world.node(18 * 1024, 9);
      const [a, b] = [world.app('q'), world.app('q')];
      world.ask(a, 100, 4096, 1);
      world.ask(b, 100, 1024, 3);
      world.run(5);
      if (policy === 'drf') expect([a.containers, b.containers]).toEqual(counts);
      else expect(b.containers).toBeGreaterThanOrEqual(counts[1]); // by memory alone B comes first until vcores are gone
    }
  });

  it('counts what is countable: a container that wants a gpu waits for one', () => {
    const world = new World('');
    world.node(8192, 8);
    const gpu = world.node(8192, 8, { others: { 'yarn.io/gpu': 1 } });
    const app = world.app('default');
    world.scheduler.setAsk(app, 1, { priority: 1, resource: resource(1024, 1, { 'yarn.io/gpu': 1 }), count: 2, hosts: [] });
    world.run();
    expect(world.placed.map(({ slot }) => slot)).toEqual([gpu]);
    world.scheduler.release(app, gpu, resource(1024, 1, { 'yarn.io/gpu': 1 }), false);
    expect(world.run()).toBe(1);
    expect(world.scheduler.freeOn(gpu)).toEqual({ memoryMb: 7168, vcores: 7 });
  });

  it('runs as many applications as it may, of a queue and of a user, the oldest first', () => {
    const world = new World(
      '<queue name="a"><maxRunningApps>2</maxRunningApps></queue><queue name="b"/><user name="bob"><maxRunningApps>1</maxRunningApps></user>',
    );
    world.node(8192, 8);
    const [a1, a2, a3, b1, b2] = [
      world.app('a'),
      world.app('a'),
      world.app('a'),
      world.app('b', { user: 'bob' }),
      world.app('b', { user: 'bob' }),
    ];
    for (const app of [a1, a2, a3, b1, b2]) world.ask(app, 1, 512);
    world.run();
    expect([a1, a2, a3, b1, b2].map((app) => app.containers)).toEqual([1, 1, 0, 1, 0]);
    expect(a3.asks.get(1)!.obstacle).toEqual({ tag: 'runningApps', of: 'queue', name: 'root.a', running: 2, maximum: 2 });
    expect(b2.asks.get(1)!.obstacle).toEqual({ tag: 'runningApps', of: 'user', name: 'bob', running: 1, maximum: 1 });
    world.end(a1, 1);
    world.scheduler.removeApp(a1);
    world.run();
    expect([a3.containers, b2.containers]).toEqual([1, 0]);
  });

  it('lets drivers have maxAMShare of the fair share, and one always', () => {
    const world = new World('<queue name="a"><maxAMShare>0.25</maxAMShare></queue><queue name="b"/>');
    world.node(16_384, 16);
    const apps = Array.from({ length: 4 }, () => world.app('a'));
    for (const app of apps) world.ask(app, 1, 2048, 1, { forDriver: true });
    world.run();
    expect(apps.map((app) => app.containers)).toEqual([1, 1, 0, 0]); // 4096 of 16384: b has nobody, so a's share is all
    expect(apps[2]!.asks.get(1)!.obstacle).toMatchObject({ tag: 'driverShare', queue: 'root.a', maximum: { memoryMb: 4096 } });
    world.end(apps[0]!, 1);
    world.scheduler.removeApp(apps[0]!);
    world.run();
    expect(apps[2]!.containers).toBe(1);
  });

  it('makes queues for users and forgets them with their last application', () => {
    const world = new World('<queue name="users" type="parent"><maxChildResources>1024 mb, 1 vcores</maxChildResources></queue>');
    world.node(8192, 8);
    const paths = () => world.scheduler.queues().map(({ path }) => path);
    const app = world.app('root.users.ada');
    expect(paths()).toContain('root.users.ada');
    world.ask(app, 3, 1024);
    expect(world.run()).toBe(1);
    world.end(app, 1);
    world.scheduler.removeApp(app);
    expect(paths()).not.toContain('root.users.ada');
    expect(world.scheduler.mayCreate('root.default.ada')).toBe(false);
    expect(() => world.app('root.default.ada')).toThrow('unknown queue: root.default.ada');
  });

  it('goes to the hosts that were asked for, and waits for them when nothing else will do', () => {
    const world = new World('');
    const [one, two] = [world.node(1024, 4, { host: 'one' }), world.node(4096, 4, { host: 'two' })];
    const app = world.app('default');
    world.ask(app, 2, 1024, 1, { hosts: ['one'] });
    world.run();
    expect(world.placed.map(({ slot }) => slot)).toEqual([one, two]);
    const strict = world.app('default');
    world.ask(strict, 1, 1024, 1, { hosts: ['one'], relaxLocality: false });
    world.run();
    expect(strict.asks.get(1)!.obstacle).toEqual({ tag: 'hostsFull', hosts: ['one'] });
    world.end(app, 1);
    world.run();
    expect(world.placed.at(-1)).toMatchObject({ app: strict, slot: one });
  });

  it('says why nothing is placed', () => {
    const world = new World('');
    const app = world.app('default');
    world.ask(app, 1, 4096);
    world.run();
    expect(app.asks.get(1)!.obstacle).toEqual({ tag: 'noNodes', label: '' });
    const slot = world.node(2048, 2);
    world.run();
    expect(app.asks.get(1)!.obstacle).toEqual({ tag: 'tooLarge', label: '', largest: { memoryMb: 2048, vcores: 2 } });
    world.scheduler.resizeNode(slot, resource(8192, 8));
    expect(world.run()).toBe(1);
    expect(() => world.scheduler.admit({ user: 'ada', queue: 'default', label: 'gpu' })).toThrow('knows no node labels');
  });

  it('takes other queues while applications run, and refuses to lose one that is in use', () => {
    const world = new World('<queue name="a"/><queue name="b"><queue name="c"/></queue>');
    world.node(8192, 8);
    const app = world.app('b.c');
    world.ask(app, 8, 1024);
    world.run(2);
    expect(() => world.scheduler.replaceQueues(fairQueues('<queue name="b"/>'))).toThrow('queue root.b.c has applications');
    world.scheduler.replaceQueues(
      fairQueues('<queue name="b"><queue name="c"><maxResources>3072 mb, 8 vcores</maxResources></queue></queue>'),
    );
    world.run();
    expect(app.containers).toBe(3);
    expect(world.scheduler.queues().find(({ path }) => path === 'root')!.partitions[0]!.used.memoryMb).toBe(3072);
  });

  it('moves an application with all that it has', () => {
    const world = new World('<queue name="a"><maxResources>1024 mb, 1 vcores</maxResources></queue><queue name="b"/>');
    world.node(4096, 4);
    const app = world.app('a');
    world.ask(app, 3, 1024);
    world.run();
    world.scheduler.moveApp(app, { queue: 'root.b' });
    world.run();
    const used = Object.fromEntries(world.scheduler.queues().map(({ path, partitions }) => [path, partitions[0]!.used.memoryMb]));
    expect([app.containers, app.queue, used['root.a'], used['root.b']]).toEqual([3, 'root.b', 0, 3072]);
  });
});

describe('the fifo scheduler', () => {
  it('serves the oldest, a larger priority before it', () => {
    const world = new World(fifoConfig());
    world.node(4096, 4);
    const [first, second, urgent] = [world.app('default'), world.app('default', { user: 'bob' }), world.app('default', { priority: 5 })];
    for (const app of [first, second, urgent]) world.ask(app, 3, 1024);
    world.run();
    expect([first.containers, second.containers, urgent.containers]).toEqual([1, 0, 3]);
    expect(() => world.app('etl')).toThrow('unknown queue: etl');
  });
});

describe('a fair scheduler under a random load', () => {
  it.each(simSeeds(30))('counts right and starves nobody, seed %i', (seed) => {
    const prng = new Prng(seed);
    const world = new World(
      '<queue name="a"><weight>2</weight><minResources>2048 mb, 2 vcores</minResources></queue><queue name="b"><schedulingPolicy>drf</schedulingPolicy><queue name="x"/><queue name="y"><maxResources>6144 mb, 6 vcores</maxResources></queue></queue><queue name="c"><schedulingPolicy>fifo</schedulingPolicy><maxRunningApps>2</maxRunningApps></queue>',
    );
    for (let i = 0; i < 4; i++) world.node(4096 * (1 + prng.int(2)), 4 * (1 + prng.int(2)));
    const live: FairApp[] = [];
    for (let step = 0; step < 300; step++) {
      const act = prng.int(10);
      if (act < 3) live.push(world.app(prng.pick(['a', 'b.x', 'b.y', 'c', 'ada']), { user: prng.pick(['ada', 'bob']) }));
      const app = live.length > 0 ? prng.pick(live) : undefined;
      if (app !== undefined && act < 7) world.ask(app, 1 + prng.int(6), 512 * (1 + prng.int(4)), 1 + prng.int(2));
      else if (app !== undefined && act === 7 && app.containers > 0) world.end(app, 1);
      else if (app !== undefined && act === 8) {
        world.end(app, app.containers);
        world.scheduler.removeApp(app);
        live.splice(live.indexOf(app), 1);
      } else if (app !== undefined)
        world.scheduler.moveApp(app, { queue: prng.pick(['root.a', 'root.b.x', 'root.c']), priority: prng.int(3) });
      world.run();
      check(world, live);
    }
    for (const app of live) {
      world.end(app, app.containers);
      world.scheduler.removeApp(app);
    }
    for (const { applications, runningApps, used } of world.scheduler.tree.root.all())
      expect([applications, runningApps, used.memoryMb, used.vcores]).toEqual([0, 0, 0, 0]);
  });
});

/** Sums agree, nobody is above his maximum (but by a move), and what waits has a reason that is true. */
function check({ scheduler, placed }: World, live: readonly FairApp[]): void {
  const views = new Map(scheduler.queues().map((view) => [view.path, view]));
  expect(views.get('root')!.partitions[0]!.used.memoryMb).toBe(placed.reduce((sum, { memoryMb }) => sum + memoryMb, 0));
  for (const view of views.values()) {
    const below = [...views.values()].filter(({ parent }) => parent === view.path);
    if (below.length > 0)
      expect(below.reduce((sum, { partitions }) => sum + partitions[0]!.used.memoryMb, 0)).toBe(view.partitions[0]!.used.memoryMb);
  }
  for (const app of live)
    for (const ask of app.asks.values()) {
      const { obstacle } = ask;
      expect(obstacle).toBeDefined();
      if (obstacle!.tag === 'noNodeFits') expect(scheduler.locality.slotFor(ask.size)).toBe(-1);
    }
}
