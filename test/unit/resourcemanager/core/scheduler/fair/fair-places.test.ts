// Where containers of the fair scheduler go: nodes kept for large ones, waiting for hosts and racks; and what the daemon's settings change.
import { describe, expect, it } from 'vitest';
import { fifoConfig } from '../../../../../../src/resourcemanager/core/scheduler/fair/fair-config.ts';
import { whyWaiting } from '../../../../../../src/resourcemanager/core/scheduler/why-waiting.ts';
import { fairQueues } from '../../../../../helpers/fair-queues.ts';
import { World } from './harness.ts';

const AB = '<queue name="a"/><queue name="b"/>';

/** A cluster full of small containers of one queue, of which one ends at a time and is asked for again. */
function crowded(world: World, nodes: number) {
  for (let i = 0; i < nodes; i++) world.node(8192, 8);
  const small = world.app('a');
  world.ask(small, 8 * nodes, 1024);
  world.run();
  const turn = () => {
    world.end(small, 1);
    world.ask(small, 1, 1024);
    world.run();
    world.nowMs += 1000;
  };
  return { small, turn };
}

describe('a large container of the fair scheduler', () => {
  it('gets a node kept for it when small ones went past it, and says so', () => {
    const world = new World(AB);
    const { turn } = crowded(world, 4);
    const large = world.app('b');
    world.ask(large, 1, 6144, 6);
    world.run();
    for (let i = 0; i < 3; i++) turn();
    const { obstacle } = large.asks.get(1)!;
    expect(obstacle).toMatchObject({ tag: 'reserved' });
    expect(whyWaiting(large, { memoryMb: 8192, vcores: 8 })).toMatch(/a node \(h\d+\) is kept for it|node h\d+ is kept for it/);
    const slot = (obstacle as { slot: number }).slot;
    for (let i = 0; i < 40 && large.containers === 0; i++) turn();
    expect(world.placed.find(({ app }) => app === large)!.slot).toBe(slot);
    expect(world.scheduler.reservations.bySlot.size).toBe(0);
  });

  it('waits for ever with reservable-nodes 0: that is what the setting is for', () => {
    const world = new World(fairQueues(AB, { reservableNodes: 0 }));
    const { turn } = crowded(world, 4);
    const large = world.app('b');
    world.ask(large, 1, 6144, 6);
    for (let i = 0; i < 200; i++) turn();
    expect(large.containers).toBe(0);
    expect(large.asks.get(1)!.obstacle).toMatchObject({ tag: 'noNodeFits' });
  });

  it('has no node kept while its application has its due, and more than reservable-nodes of all are never kept', () => {
    const world = new World(fairQueues(AB, { reservableNodes: 0.25 }));
    const { small, turn } = crowded(world, 8);
    world.scheduler.setAsk(small, 2, { priority: 2, resource: { memoryMb: 6144, vcores: 6 }, count: 1, hosts: [] });
    for (let i = 0; i < 5; i++) turn();
    expect(world.scheduler.reservations.bySlot.size).toBe(0); // it has all of the cluster
    const others = Array.from({ length: 6 }, () => world.app('b'));
    for (const [i, app] of others.entries()) world.ask(app, 1, 4096 + 256 * i, 4);
    for (let i = 0; i < 10; i++) turn();
    expect(world.scheduler.reservations.bySlot.size).toBe(2);
  });

  it("is placed elsewhere when room comes there first, and the kept node is everybody's again", () => {
    const world = new World(AB);
    const { turn } = crowded(world, 4);
    const large = world.app('b');
    world.ask(large, 1, 6144, 6);
    for (let i = 0; i < 3; i++) turn();
    const kept = [...world.scheduler.reservations.bySlot.keys()][0]!;
    const fresh = world.node(8192, 8);
    world.run();
    expect(world.placed.find(({ app }) => app === large)!.slot).toBe(fresh);
    expect(world.scheduler.nodes.table.isKept(kept)).toBe(false);
  });

  it.each(['taken back', 'moved', 'gone with its application', 'lost with the node', 'refreshed away'])(
    'leaves no node kept when it is %s',
    (how) => {
      const world = new World(AB);
      const { small, turn } = crowded(world, 4);
      const large = world.app('b');
      world.ask(large, 1, 6144, 6);
      for (let i = 0; i < 3; i++) turn();
      const [slot] = [...world.scheduler.reservations.bySlot.keys()];
      if (how === 'taken back') world.ask(large, 0, 6144, 6);
      else if (how === 'moved') world.scheduler.moveApp(large, { queue: 'root.a' });
      else if (how === 'gone with its application') world.scheduler.removeApp(large);
      else if (how === 'refreshed away') world.scheduler.replaceQueues(fairQueues(AB));
      else world.scheduler.closeNode(slot!);
      expect(world.scheduler.reservations.bySlot.size).toBe(0);
      expect(world.scheduler.nodes.table.isKept(slot!)).toBe(false);
      if (how === 'lost with the node') return;
      world.ask(small, 32, 1024);
      world.run();
      expect(world.placed.reduce((sum, { memoryMb }) => sum + memoryMb, 0)).toBe(4 * 8192); // what was kept is in use
    },
  );

  it('has a node of its own hosts kept when it takes no others', () => {
    const world = new World(AB);
    const { turn } = crowded(world, 4);
    const large = world.app('b');
    world.ask(large, 1, 6144, 6, { hosts: ['h2'], relaxLocality: false });
    for (let i = 0; i < 40 && large.containers === 0; i++) turn();
    expect(world.placed.find(({ app }) => app === large)!.slot).toBe(2);
  });

  it('is not passed for ever by smaller ones of the fifo scheduler either', () => {
    const world = new World(fifoConfig());
    for (let i = 0; i < 2; i++) world.node(8192, 8);
    const [first, other] = [world.app('default'), world.app('default')];
    world.ask(other, 16, 1024);
    world.run();
    world.ask(first, 1, 6144, 6);
    for (let i = 0; i < 30 && first.containers === 0; i++) {
      world.end(other, 1);
      world.ask(other, 1, 1024);
      world.run();
    }
    expect(first.containers).toBe(1);
  });
});

describe('hosts that are asked for', () => {
  const tuning = { localityThresholdNode: 0.5, localityThresholdRack: 0.5 };
  const four = (world: World) => [
    world.node(2048, 2, { host: 'one', rack: '/r1' }),
    world.node(2048, 2, { host: 'two', rack: '/r1' }),
    world.node(2048, 2, { host: 'three', rack: '/r2' }),
    world.node(2048, 2, { host: 'four', rack: '/r2' }),
  ];
  const beats = (world: World, n: number) => {
    for (let i = 0; i < n; i++) world.scheduler.chance();
    return world.run();
  };

  it('are waited for, then their rack, then any, as locality.threshold.node and .rack say', () => {
    const world = new World(fairQueues('', tuning));
    const [one, two, three, four_] = four(world);
    const app = world.app('default');
    world.ask(app, 1, 2048, 2, { hosts: ['one'] });
    world.run();
    expect(world.placed.at(-1)!.slot).toBe(one);
    world.ask(app, 1, 2048, 2, { hosts: ['one'] });
    expect(world.run()).toBe(0);
    expect(app.asks.get(1)!.obstacle).toEqual({ tag: 'locality', hosts: ['one'], missed: 0, after: 3 });
    expect(beats(world, 2)).toBe(0);
    expect(beats(world, 1)).toBe(1);
    expect(world.placed.at(-1)!.slot).toBe(two); // of the same rack
    world.ask(app, 1, 2048, 2, { hosts: ['one'] });
    world.run();
    expect(beats(world, 3)).toBe(0); // the rack is full: now it waits for the rack
    expect(beats(world, 2)).toBe(0);
    expect(beats(world, 1)).toBe(1);
    expect([three, four_]).toContain(world.placed.at(-1)!.slot);
  });

  it('get it as soon as they have room', () => {
    const world = new World(fairQueues('', tuning));
    const [one] = four(world);
    const [app, other] = [world.app('default'), world.app('default')];
    world.ask(other, 1, 2048, 2, { hosts: ['one'] });
    world.run();
    world.ask(app, 1, 2048, 2, { hosts: ['one'] });
    expect(world.run()).toBe(0);
    world.end(other, 1);
    expect(world.run()).toBe(1);
    expect(world.placed.at(-1)!.slot).toBe(one);
  });

  it('are not waited for without the thresholds, nor when they are not there', () => {
    for (const [config, host] of [
      [fairQueues(''), 'one'],
      [fairQueues('', { localityThresholdNode: 0.5 }), 'one'],
      [fairQueues('', tuning), 'elsewhere'],
    ] as const) {
      const world = new World(config);
      four(world);
      const app = world.app('default');
      world.ask(app, 2, 2048, 2, { hosts: [host] });
      expect(world.run()).toBe(2);
    }
  });
});

describe('settings and limits of the fair scheduler', () => {
  it('sizebasedweight gives more to who wants more', () => {
    const counts = [false, true].map((sizeBasedWeight) => {
      const world = new World(fairQueues('<queue name="q"/>', { sizeBasedWeight }));
      world.node(65_536, 64);
      const [large, little] = [world.app('q'), world.app('q')];
      world.ask(large, 1000, 1024);
      world.ask(little, 30, 1024);
      world.run(40);
      return [large.containers, little.containers];
    });
    expect(counts[0]).toEqual([20, 20]);
    expect(counts[1]![0]).toBeGreaterThan(22); // log2(1 + 1,024,000) to log2(1 + 30,720): 20 to 15
    expect(counts[1]![0]! + counts[1]![1]!).toBe(40);
  });

  it('maxContainerAllocation of a queue counts below it, and is what a queue that is not there yet gets', () => {
    const world = new World(
      '<queue name="a"><maxContainerAllocation>2048 mb, 2 vcores</maxContainerAllocation><queue name="x"/><queue name="y"><maxContainerAllocation>50% memory, 4 vcores</maxContainerAllocation></queue></queue><queue name="b"/><queue name="u" type="parent"><maxContainerAllocation>memory-mb=512</maxContainerAllocation></queue>',
    );
    world.node(8192, 8);
    const of = (path: string) => world.scheduler.maximumAllocation(path);
    expect(of('root.a.x')).toMatchObject({ memoryMb: 2048, vcores: 2 });
    expect(of('root.a.y')).toMatchObject({ memoryMb: 4096, vcores: 4 });
    expect(of('root.b')).toBeUndefined();
    expect(of('root.u.ada')).toMatchObject({ memoryMb: 512, vcores: Number.POSITIVE_INFINITY });
  });

  it('a label is refused in a sentence wherever it is named', () => {
    const world = new World('');
    expect(() => world.scheduler.admit({ user: 'ada', queue: 'default', label: 'gpu' })).toThrow(
      'node label gpu: the fair scheduler knows no node labels, the capacity scheduler does',
    );
    expect(world.scheduler.labelFault('root.default', 'gpu')).toBe(
      'the fair scheduler knows no node labels (yarn.resourcemanager.scheduler.class)',
    );
    expect(world.scheduler.labelFault('root.default', '')).toBeUndefined();
    expect(() => world.scheduler.setLabels([{ name: 'gpu', exclusive: true }])).toThrow('knows no node labels');
    expect(() => world.scheduler.labelNode(0, 'gpu')).toThrow('knows no node labels');
  });
});
