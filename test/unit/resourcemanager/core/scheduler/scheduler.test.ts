import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../../src/common/prng.ts';
import type { CapacityConfig } from '../../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { capacityQueues } from '../../../../helpers/capacity-queues.ts';
import type { Application } from '../../../../../src/resourcemanager/core/scheduler/capacity/application.ts';
import { CapacityScheduler } from '../../../../../src/resourcemanager/core/scheduler/capacity/capacity-scheduler.ts';
import { whyWaiting } from '../../../../../src/resourcemanager/core/scheduler/why-waiting.ts';

const TWO = capacityQueues({
  'root.queues': 'a, b',
  'root.a.capacity': 75,
  'root.b.capacity': 25,
  'root.b.maximum-capacity': 50,
  'user-limit-factor': 10,
});
const ONE = capacityQueues({ 'root.queues': 'a', 'root.a.capacity': 100 });

function cluster(queues: CapacityConfig, ...nodes: [number, number][]) {
  const s = new CapacityScheduler(queues);
  const slots = nodes.map(([memoryMb, vcores], i) => {
    const slot = s.addNode({ host: `h${i}`, rack: '/default-rack', capacity: { memoryMb, vcores } });
    s.openNode(slot);
    return slot;
  });
  const placed: { app: Application; slot: number; memoryMb: number; vcores: number }[] = [];
  const run = (most = 1000) =>
    s.schedule(most, ({ app, resource }, slot) => placed.push({ app: app as Application, slot, ...resource }), 0);
  const give = (i: number) => {
    const [c] = placed.splice(i, 1);
    s.release(c!.app, c!.slot, c!, false);
  };
  let seq = 0;
  const app = (path: string, priority = 0) => s.addApp({ seq: ++seq, priority, user: 'ada', queue: s.leafNamed(path)! });
  const ask = (a: Application, count: number, memoryMb = 1024, vcores = 1, more: { askId?: number; hosts?: string[] } = {}) =>
    s.setAsk(a, more.askId ?? 1, { priority: 0, resource: { memoryMb, vcores }, hosts: more.hosts ?? [], count });
  return { s, slots, placed, run, give, app, ask };
}
const largest = { memoryMb: 4096, vcores: 4 };

describe('Scheduler', () => {
  it('serves the queue that has least of its capacity first: 3 to 1 for 75 % and 25 %', () => {
    const { placed, run, app, ask } = cluster(TWO, [16_384, 64]);
    const [a, b] = [app('a'), app('b')];
    ask(a, 100);
    ask(b, 100);
    run(8);
    expect(placed.filter((c) => c.app === a)).toHaveLength(6);
    expect(placed.filter((c) => c.app === b)).toHaveLength(2);
  });

  it('stays below the maximum of a queue, says so, and goes on when a container ends', () => {
    const { placed, run, give, app, ask } = cluster(TWO, [4096, 4]);
    const b = app('b');
    ask(b, 3);
    expect(run()).toBe(2);
    expect(whyWaiting(b, largest)).toBe(
      "Waiting for 1 container of 1024 MB and 1 vcore: queue root.b is at its maximum-capacity 50 % (2048 of 2048 MB, 2 of 2 vcores in use). It fits when 1024 MB and 1 vcore in use by queue root.b become free, or when root.b's maximum-capacity is raised to 75 %.",
    );
    give(0);
    expect(run()).toBe(1);
    expect(placed).toHaveLength(2);
  });

  it('leaves room for executors: drivers take half of the queue at most, one always may run, and the others say why they wait', () => {
    const { s, run, app, placed } = cluster(TWO, [8192, 8]);
    const driver = (a: Application, memoryMb = 1024) =>
      s.setAsk(a, 0, { priority: 0, resource: { memoryMb, vcores: 1 }, hosts: [], count: 1, forDriver: true });
    const apps = Array.from({ length: 6 }, () => app('a'));
    for (const a of apps) driver(a);
    driver(app('b'), 2048);
    run();
    expect(placed.map((c) => [c.app.leaf.config.name, c.memoryMb])).toEqual(
      expect.arrayContaining([
        ['a', 1024],
        ['b', 2048],
      ]),
    );
    expect(placed.filter((c) => c.app.leaf.config.name === 'a')).toHaveLength(3);
    expect(whyWaiting(apps[3]!, largest)).toBe(
      "Waiting for 1 container of 1024 MB and 1 vcore: queue root.a runs as many drivers as it may: they use 3072 of 3072 MB and 3 of 3 vcores (maximum-am-resource-percent 0.5). It fits when one of them ends, or when root.a's maximum-am-resource-percent is raised to 0.67.",
    );
    s.setAsk(apps[0]!, 1, { priority: 0, resource: { memoryMb: 1024, vcores: 1 }, hosts: [], count: 2 });
    expect(run()).toBe(2);
    s.replaceQueues(TWO);
    expect(run()).toBe(0);
    const first = placed.find((c) => c.app === apps[0])!;
    s.release(first.app, first.slot, first, true);
    expect(run()).toBe(1);
    expect(placed.at(-1)!.app).toBe(apps[3]);
  });

  it('takes larger priorities first, then the older application', () => {
    const { placed, run, app, ask } = cluster(TWO, [3072, 3]);
    const [old, young, urgent] = [app('a'), app('a'), app('a', 5)];
    for (const x of [young, old, urgent]) ask(x, 1);
    run();
    expect(placed.map((c) => c.app)).toEqual([urgent, old, young]);
  });

  it('binds memory and vcores both', () => {
    const { run, app, ask } = cluster(TWO, [1_000_000, 2], [2048, 100]);
    ask(app('a'), 10);
    expect(run()).toBe(4);
  });

  it('spreads over nodes, and takes a preferred host when it has room', () => {
    const { placed, slots, run, app, ask } = cluster(TWO, [4096, 4], [4096, 4], [4096, 4]);
    const a = app('a');
    ask(a, 3);
    run();
    expect(new Set(placed.map((c) => c.slot)).size).toBe(3);
    ask(a, 2, 1024, 1, { askId: 2, hosts: ['h1'] });
    run();
    expect(placed.slice(3).map((c) => c.slot)).toEqual([slots[1], slots[1]]);
  });

  it('finds the one node that fits, however many others look roomier by their scarcer resource', () => {
    const many = Array.from({ length: 500 }, (): [number, number] => [2048, 64]);
    const { run, app, ask } = cluster(ONE, ...many, [65_536, 4]);
    ask(app('a'), 4, 16_384, 1);
    expect(run()).toBe(4);
  });

  it('parks what fits nowhere and lets others pass', () => {
    const { s, run, app, ask } = cluster(TWO, [4096, 4]);
    const [big, small] = [app('a'), app('a')];
    ask(big, 1, 3072, 5);
    ask(small, 2);
    expect(run()).toBe(2);
    expect(whyWaiting(big, largest)).toContain('it asks for more than the largest node has (4096 MB and 4 vcores)');
    ask(big, 1, 3072, 1);
    expect(run()).toBe(0);
    expect(whyWaiting(big, largest)).toContain(
      'no node has room; the most that one node has free is 2048 MB and 2 vcores (2048 of 4096 MB and 2 of 4 vcores of the cluster are in use)',
    );
    s.openNode(s.addNode({ host: 'new', rack: '/default-rack', capacity: { memoryMb: 4096, vcores: 4 } }));
    expect(run()).toBe(1);
    expect(whyWaiting(big, largest)).toBe('');
  });

  it('places nothing on a closed node', () => {
    const { s, slots, run, app, ask } = cluster(TWO, [4096, 4]);
    s.closeNode(slots[0]!);
    ask(app('a'), 1);
    expect(run()).toBe(0);
    s.openNode(slots[0]!);
    expect(run()).toBe(1);
  });

  it('keeps asks and use when the queues are read anew', () => {
    const { s, run, app, ask } = cluster(TWO, [4096, 4]);
    const b = app('b');
    ask(b, 3);
    run();
    s.replaceQueues(capacityQueues({ 'root.queues': 'a,b', 'root.a.capacity': 50, 'root.b.capacity': 50, 'user-limit-factor': -1 }));
    expect(run()).toBe(1);
    expect(s.root.parts[0]!.taken[0]).toBe(3072);
  });

  it('counts right through ten thousand random steps', () => {
    const p = new Prng(11);
    const { s, placed, run, give, app, ask } = cluster(
      TWO,
      ...Array.from({ length: 20 }, (): [number, number] => [4096 * (1 + p.int(4)), 2 + p.int(8)]),
    );
    const apps = Array.from({ length: 8 }, () => app(p.pick(['a', 'b'])));
    for (let i = 0; i < 10_000; i++) {
      if (p.chance(0.5)) ask(p.pick(apps), p.int(6), 512 * (1 + p.int(6)), 1 + p.int(3), { askId: p.int(3) });
      else if (placed.length > 0) give(p.int(placed.length));
      run(1 + p.int(5));
      for (const q of s.root.all()) expect(q.parts[0]!.isOver([1, 1])).toBe(false);
    }
    for (const a of apps) s.dropAsks(a);
    while (placed.length > 0) give(0);
    expect(s.root.parts[0]!.taken).toEqual([0, 0]);
    expect(s.nodes.freeMb.slice(0, 20)).toEqual(s.nodes.capacityMb.slice(0, 20));
  });
});
