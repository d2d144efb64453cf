// All features at once, step by step at random, with the harness's invariants after each: no node above its capacity, no queue above its
// maximum, no container lost or counted twice. At the end all that is asked for is given back, and nothing is left.
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../../../src/common/prng.ts';
import type { Application } from '../../../../../../src/resourcemanager/core/scheduler/capacity/application.ts';
import { World } from './harness.ts';
import { inGroups, simSeeds } from '../../../../../helpers/sim-seeds.ts';

const QUEUES = {
  'root.queues': 'a,b,c,d',
  'root.a.capacity': 40,
  'root.a.maximum-capacity': 80,
  'root.a.queues': 'x,y',
  'root.a.x.capacity': '1w',
  'root.a.x.ordering-policy': 'fair',
  'root.a.y.capacity': '2w',
  'root.a.y.minimum-user-limit-percent': 30,
  'root.b.capacity': 40,
  'root.b.maximum-capacity': 60,
  'root.b.user-limit-factor': 2,
  'root.c.capacity': 10,
  'root.d.capacity': 10,
  'root.d.auto-queue-creation-v2.enabled': true,
  'root.d.auto-queue-creation-v2.template.ordering-policy': 'fair',
  'root.d.auto-queue-creation-v2.template.ordering-policy.fair.enable-size-based-weight': true,
  'root.d.accessible-node-labels': '',
  'root.c.maximum-capacity': 30,
  'root.a.accessible-node-labels.gpu.capacity': 100,
  'root.a.x.accessible-node-labels.gpu.capacity': 50,
  'root.a.y.accessible-node-labels.gpu.capacity': 50,
  'root.c.accessible-node-labels': '',
};
const OTHER = {
  ...QUEUES,
  'root.a.capacity': 20,
  'root.b.capacity': 60,
  'root.b.maximum-capacity': 70,
  'root.a.x.ordering-policy': 'fifo',
  'auto-queue-creation-v2.queue-expiration-time': 0,
};

function run(seed: number): number {
  const p = new Prng(seed);
  const w = new World(QUEUES);
  w.s.setLabels([{ name: 'gpu', exclusive: p.chance(0.5) }]);
  for (let i = 0; i < 8; i++) {
    const others: Record<string, number> = p.chance(0.3) ? { 'yarn.io/gpu': 1 + p.int(4) } : {};
    w.node({ mb: 4096 * (1 + p.int(3)), vcores: 4 + p.int(8), label: p.chance(0.3) ? 'gpu' : '', rack: `/r${i % 2}`, others });
  }
  const apps: Application[] = [];
  let placed = 0;
  const steps: (() => void)[] = [
    () =>
      apps.length < 12 &&
      apps.push(
        w.app(p.pick(['x', 'y', 'b', 'c', 'root.d.ada', 'root.d.staff.bob']), { user: p.pick(['ada', 'bob']), priority: p.int(3) }),
      ),
    () => {
      const app = p.pick(apps);
      const hosts = p.chance(0.2) ? [`h${p.int(9)}`] : [];
      const label = p.chance(0.2) && app.queue.startsWith('root.a') ? 'gpu' : undefined;
      const size = { mb: 512 * (1 + p.int(8)), vcores: 1 + p.int(3), others: p.chance(0.2) ? { 'yarn.io/gpu': 1 } : undefined };
      const relaxLocality = hosts.length === 0 || p.chance(0.7);
      w.ask(app, p.int(6), { ...size, hosts, relaxLocality, label, id: p.int(4), forDriver: p.chance(0.1), priority: p.int(2) });
    },
    () => w.placed.length > 0 && w.end(p.pick(w.placed)),
    () => w.placed.length > 0 && w.end(p.pick(w.placed)),
    () => w.s.chance(),
    () => p.chance(0.2) && w.s.moveApp(p.pick(apps), { priority: p.int(4) }),
    () =>
      p.chance(0.1) &&
      w.s.moveApp(p.pick(apps.filter((a) => [...a.asks.values()].every((k) => k.label === '')) ?? apps) ?? apps[0]!, {
        queue: p.pick(['root.b', 'root.d.cid']),
      }),
    () => {
      const slot = p.int(8);
      if (w.s.nodes.isOpen(slot)) w.s.closeNode(slot);
      w.run();
      w.s.openNode(slot);
    },
  ];
  apps.push(w.app('x'), w.app('b'));
  for (let i = 0; i < 250; i++) {
    p.pick(steps)();
    placed += w.run(1 + p.int(20));
    if (i === 120) w.s.replaceQueues(new World(OTHER).s.config);
  }
  for (const app of apps) w.s.dropAsks(app);
  for (const c of [...w.placed]) w.end(c);
  w.run();
  for (const app of apps) w.s.removeApp(app);
  w.run();
  expect([...w.s.leaves.values()].filter(({ config }) => config.dynamic)).toEqual([]);
  expect(w.s.reservations.bySlot.size).toBe(0);
  expect([...w.s.sizes]).toEqual([]);
  for (const queue of w.s.root.all())
    for (const part of queue.parts) {
      for (const vector of [part.taken, part.reserved, part.pending, part.driverUsed]) expect(vector.every((n) => n === 0)).toBe(true);
      expect([part.users.size, part.activeUsers, part.lines.size, part.active.size]).toEqual([0, 0, 0, 0]);
    }
  return placed;
}

describe('the capacity scheduler', () => {
  it.each(inGroups(simSeeds(40), 40))('keeps its promises through random histories, seeds from %i', { timeout: 600_000 }, (...group) => {
    let placed = 0;
    for (const seed of group) {
      try {
        placed += run(seed);
      } catch (error) {
        throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
      }
    }
    expect(placed).toBeGreaterThan(50 * group.length);
  });
});
