import { describe, expect, it } from 'vitest';
import { World } from './harness.ts';

const ONE = { 'root.queues': 'a', 'root.a.capacity': 100 };
const GB = 1024;

describe('a node kept for a large container', () => {
  it('is filled by it, however many small ones keep coming', () => {
    const w = new World(ONE);
    for (let i = 0; i < 4; i++) w.node({ mb: 4 * GB });
    const [small, large] = [w.app('a'), w.app('a')];
    w.ask(small, 1000);
    w.run();
    w.ask(large, 1, { mb: 4 * GB });
    for (let round = 0; w.of(large).length === 0; round++) {
      expect(round).toBeLessThan(40);
      w.end(w.of(small)[round % 7]!);
      w.run();
    }
    expect(w.of(small)).toHaveLength(12);
    expect(w.s.reservations.bySlot.size).toBe(0);
  });

  it('is filled by it when the small ones come one by one, each placed as soon as it is asked for', () => {
    const w = new World(ONE);
    w.node({ mb: 4 * GB });
    const [small, large] = [w.app('a'), w.app('a')];
    const one = () => {
      w.ask(small, 1);
      w.run();
    };
    for (let i = 0; i < 4; i++) one();
    w.ask(large, 1, { mb: 3 * GB });
    w.run();
    for (let round = 0; w.of(large).length === 0; round++) {
      expect(round).toBeLessThan(20);
      w.end(w.of(small)[0]!);
      one();
    }
  });

  it('is told as the obstacle, counts for its queue, and is given up when the ask fits elsewhere or is taken back', () => {
    const w = new World(ONE);
    const [first] = [w.node({ mb: 4 * GB }), w.node({ mb: 4 * GB })];
    const [small, large] = [w.app('a'), w.app('a')];
    w.ask(small, 100);
    w.run();
    w.ask(large, 1, { mb: 3 * GB });
    w.run();
    w.end(w.of(small)[0]!);
    w.run();
    expect(w.obstacle(large)).toMatchObject({ tag: 'reserved', free: { memoryMb: 0 } });
    const { slot: kept } = w.obstacle(large) as { slot: number };
    expect(w.s.queues()[0]!.partitions[0]).toMatchObject({ used: { memoryMb: 8 * GB }, reserved: { memoryMb: 3 * GB } });
    // Room for it on the other node first.
    const other = kept === first ? 1 : 0;
    w.s.dropAsks(small);
    for (const p of w.placed.filter(({ slot }) => slot === other)) w.end(p);
    w.run();
    expect(w.of(large).map((p) => p.slot)).toEqual([other]);
    expect(w.s.reservations.bySlot.size).toBe(0);
    expect(w.s.queues()[0]!.partitions[0]!.reserved.memoryMb).toBe(0);
    w.ask(large, 1, { mb: 4 * GB, id: 2 });
    w.ask(small, 9);
    w.end(w.of(small)[0]!);
    w.run();
    w.s.dropAsks(large);
    w.run();
    expect(w.s.reservations.bySlot.size).toBe(0);
  });

  it('is given up when others came into its queue and there is no more for it', () => {
    const w = new World({
      'root.queues': 'a,b',
      'root.a.capacity': 50,
      'root.a.maximum-capacity': 75,
      'root.b.capacity': 50,
      'root.a.user-limit-factor': -1,
      'root.b.user-limit-factor': -1,
    });
    w.node({ mb: 8 * GB });
    const [own, large, coming, small] = [w.app('a'), w.app('a'), w.app('b'), w.app('b')];
    w.ask(own, 4);
    w.ask(coming, 4);
    w.run();
    const slot = w.node({ mb: 8 * GB });
    w.ask(small, 100);
    w.run();
    w.ask(large, 1, { mb: 6 * GB });
    w.run();
    w.end(w.of(small)[0]!);
    w.run();
    expect(w.obstacle(large)).toMatchObject({ tag: 'reserved', slot });
    w.s.moveApp(coming, { queue: 'root.a' });
    w.s.dropAsks(small);
    for (const p of w.of(small)) w.end(p);
    w.run();
    expect(w.of(large)).toEqual([]);
    expect(w.obstacle(large)).toMatchObject({ tag: 'queueMaximum' });
    for (const p of w.of(coming)) w.end(p);
    w.run();
    expect(w.of(large)).toHaveLength(1);
  });

  it('goes with its node', () => {
    const w = new World(ONE);
    const [, second] = [w.node({ mb: 4 * GB }), w.node({ mb: 4 * GB })];
    const [small, large] = [w.app('a'), w.app('a')];
    w.ask(small, 100);
    w.run();
    w.ask(large, 1, { mb: 4 * GB });
    w.run();
    w.end(w.of(small)[0]!);
    w.run();
    const { slot } = w.obstacle(large) as { slot: number };
    w.s.closeNode(slot);
    w.s.dropAsks(small);
    const other = slot === second ? 0 : second;
    for (const p of w.placed.filter((c) => c.slot === other)) w.end(p);
    w.run();
    expect(w.of(large).map((p) => p.slot)).toEqual([other]);
  });
});

describe('node labels', () => {
  const LABELLED = {
    'root.queues': 'a,b',
    'root.a.capacity': 50,
    'root.a.accessible-node-labels': 'gpu',
    'root.a.accessible-node-labels.gpu.capacity': 100,
    'root.b.capacity': 50,
    'root.b.accessible-node-labels': '',
    'user-limit-factor': 10,
  };
  const labelled = (exclusive: boolean) => {
    const w = new World(LABELLED);
    w.s.setLabels([{ name: 'gpu', exclusive }]);
    const plain = w.node({ mb: 2 * GB });
    const gpu = w.node({ mb: 4 * GB, label: 'gpu' });
    return { w, plain, gpu };
  };

  it('take who asks for them and nobody else; mistakes are told', () => {
    const { w, plain, gpu } = labelled(true);
    const [a, b] = [w.app('a', { label: 'gpu' }), w.app('b')];
    w.ask(a, 9);
    w.ask(b, 9);
    w.run();
    expect(new Set(w.of(a).map((p) => p.slot))).toEqual(new Set([gpu]));
    expect(w.of(b).map((p) => p.slot)).toEqual([plain, plain]);
    expect(() => w.app('b', { label: 'gpu' })).toThrow('queue root.b has no access to nodes with label gpu; it has access to no label');
    expect(() => w.app('a', { label: 'gpo' })).toThrow('there is no node label gpo; the labels of the cluster are gpu. Did you mean gpu?');
    expect(() => w.s.setLabels([])).toThrow("1 of the cluster's nodes have it");
    expect(
      w.s
        .queues()
        .find((q) => q.path === 'root.a')
        ?.partitions.map((p) => [p.label, p.used.memoryMb, p.guaranteed.memoryMb]),
    ).toEqual([
      ['', 0, GB],
      ['gpu', 4 * GB, 4 * GB],
    ]);
  });

  it('that are not exclusive lend their idle nodes, and take them for who asks for the label first', () => {
    const { w, gpu } = labelled(false);
    const [a, b] = [w.app('a', { label: 'gpu' }), w.app('b')];
    w.ask(b, 4);
    w.run();
    expect(w.of(b).filter((p) => p.slot === gpu)).toHaveLength(2);
    w.ask(b, 9);
    w.ask(a, 3);
    w.run();
    expect(w.of(a)).toHaveLength(2);
    expect(w.obstacle(a)).toMatchObject({ tag: 'noNodeFits', label: 'gpu' });
    const lent = w.of(b).find((p) => p.slot === gpu)!;
    w.end(lent);
    w.run();
    expect(w.of(a)).toHaveLength(3);
  });

  it('move a node with what runs on it, and wait for one that is not there', () => {
    const { w, plain, gpu } = labelled(true);
    const a = w.app('a');
    w.ask(a, 2);
    w.run();
    const held = w.of(a).map(({ app, resource, isDriver }) => ({ app, resource, isDriver }));
    w.s.labelNode(plain, 'gpu', held);
    w.check();
    expect(
      w.s
        .queues()
        .find((q) => q.path === 'root.a')
        ?.partitions.map((p) => p.used.memoryMb),
    ).toEqual([0, 2 * GB]);
    w.s.labelNode(plain, '', held);
    w.s.labelNode(gpu, '', []);
    w.s.setLabels([]);
    w.check();
    w.ask(a, 1, { label: 'gpu', id: 7 });
    w.run();
    expect(w.obstacle(a, 7)).toMatchObject({ tag: 'noNodes', label: 'gpu' });
  });
});

describe('hosts and racks', () => {
  const spread = (delays: Record<string, number> = {}) => {
    const w = new World({ ...ONE, ...delays });
    const slots = ['h0', 'h1', 'h2', 'h3'].map((host, i) => w.node({ mb: 2 * GB, host, rack: i < 2 ? '/r1' : '/r2' }));
    const filler = w.app('a');
    w.ask(filler, 2, { hosts: ['h0'], id: 9 });
    w.run();
    expect(w.of(filler).map((p) => p.slot)).toEqual([slots[0], slots[0]]);
    return { w, slots, filler };
  };

  it('are waited for, then their rack, then any node', () => {
    const { w, slots } = spread({ 'node-locality-delay': 2, 'rack-locality-additional-delay': 1 });
    const app = w.app('a');
    w.ask(app, 3, { hosts: ['h0'] });
    expect(w.run()).toBe(0);
    expect(w.obstacle(app)).toEqual({ tag: 'locality', hosts: ['h0'], missed: 0, after: 2 });
    w.s.chance();
    expect(w.run()).toBe(0);
    w.s.chance();
    expect(w.run()).toBe(1);
    expect(w.of(app)[0]!.slot).toBe(slots[1]);
    for (let i = 0; i < 8; i++) {
      w.s.chance();
      w.run();
    }
    expect(w.of(app)).toHaveLength(3);
  });

  it('wake who waits for them when they get room', () => {
    const { w, slots, filler } = spread();
    const app = w.app('a');
    w.ask(app, 1, { hosts: ['h0'] });
    w.run();
    w.end(w.of(filler)[0]!);
    w.run();
    expect(w.of(app).map((p) => p.slot)).toEqual([slots[0]]);
  });

  it('are all that will do where locality is not relaxed', () => {
    const { w, slots, filler } = spread({ 'node-locality-delay': 0 });
    const [strict, rack] = [w.app('a'), w.app('a')];
    w.ask(strict, 1, { hosts: ['h0'], relaxLocality: false });
    w.ask(rack, 3, { racks: ['/r2'], relaxLocality: false });
    w.run();
    expect(w.of(rack).every((p) => p.slot === slots[2] || p.slot === slots[3])).toBe(true);
    for (let i = 0; i < 100; i++) w.s.chance();
    expect(w.run()).toBe(0);
    expect(w.obstacle(strict)).toEqual({ tag: 'hostsFull', hosts: ['h0'] });
    w.end(w.of(filler)[0]!);
    expect(w.run()).toBe(1);
  });

  it('that the cluster does not have are not waited for', () => {
    const { w } = spread();
    const app = w.app('a');
    w.ask(app, 1, { hosts: ['elsewhere'] });
    expect(w.run()).toBe(1);
  });
});
