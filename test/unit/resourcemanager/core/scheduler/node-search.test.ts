// Nodes and where the next container fits (node-table.ts, node-pool.ts, node-search.ts): what the index says is compared with a look at all nodes.
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../../src/common/prng.ts';
import { resource } from '../../../../../src/common/resource.ts';
import { NodeSearch } from '../../../../../src/resourcemanager/core/scheduler/node-search.ts';
import { NodeTable } from '../../../../../src/resourcemanager/core/scheduler/node-table.ts';
import { Dimensions } from '../../../../../src/resourcemanager/core/scheduler/vectors.ts';
import { simSeeds } from '../../../../helpers/sim-seeds.ts';

const GPU = 'yarn.io/gpu';
const table = () => new NodeTable(new Dimensions());
function opened(
  nodes: NodeTable,
  memoryMb: number,
  vcores: number,
  more: { gpus?: number; partition?: number; host?: string } = {},
): number {
  const { gpus = 0, partition = 0, host = 'h' } = more;
  const slot = nodes.add(host, '/r', resource(memoryMb, vcores, { [GPU]: gpus }), partition);
  nodes.open(slot);
  return slot;
}
const search = (nodes: NodeTable, memoryMb: number, vcores: number, gpus = 0, partition = 0) =>
  new NodeSearch(nodes, nodes.dimensions.of(resource(memoryMb, vcores, { [GPU]: gpus })), partition);

describe('where the next container fits', () => {
  it('is the node with the most room, so that containers spread', () => {
    const nodes = table();
    const slots = [opened(nodes, 8192, 8), opened(nodes, 8192, 8), opened(nodes, 8192, 8)];
    const find = search(nodes, 1024, 1);
    const found = Array.from({ length: 3 }, () => {
      const slot = find.find();
      nodes.take(slot, [1024, 1]);
      return slot;
    });
    expect(found.toSorted()).toEqual(slots);
  });

  it('is a node without countable resources for who needs none, and only one with them for who does', () => {
    const nodes = table();
    const [gpu, plain] = [opened(nodes, 65_536, 64, { gpus: 2 }), opened(nodes, 4096, 4)];
    expect([search(nodes, 1024, 1).find(), search(nodes, 1024, 1, 1).find(), search(nodes, 1024, 1, 3).find()]).toEqual([plain, gpu, -1]);
    nodes.take(plain, [4096, 4]);
    expect(search(nodes, 1024, 1).find()).toBe(gpu);
  });

  it('is never a node that is closed, kept, of another partition or gone', () => {
    const nodes = table();
    const slot = opened(nodes, 4096, 4);
    const find = search(nodes, 1024, 1);
    nodes.keep(slot, true);
    expect(find.find()).toBe(-1);
    nodes.keep(slot, false);
    nodes.close(slot);
    expect(find.find()).toBe(-1);
    nodes.open(slot);
    nodes.setPartition(slot, 1);
    expect([find.find(), search(nodes, 1024, 1, 0, 1).find()]).toEqual([-1, slot]);
    nodes.setPartition(slot, 0);
    expect(find.find()).toBe(slot);
    nodes.remove(slot);
    expect(find.find()).toBe(-1);
    expect(opened(nodes, 4096, 4)).toBe(slot);
  });

  it('is found by a handful of looks, however scarce one of the resources is', () => {
    const nodes = table();
    const p = new Prng(3);
    for (let i = 0; i < 10_000; i++) {
      const slot = opened(nodes, 65_536 * (1 + p.int(4)), 40 * (1 + p.int(4)));
      nodes.take(slot, [nodes.capacityMb[slot]! - 1024 * p.int(8), p.int(20)]); // memory is nearly gone everywhere
    }
    const finds = [search(nodes, 1024, 1), search(nodes, 2048, 2), search(nodes, 4096, 1)];
    for (let i = 0; i < 3000; i++) {
      const slot = finds[i % 3]!.find();
      expect(slot).toBeGreaterThanOrEqual(0);
      nodes.take(slot, [1024, 1]);
    }
    expect(nodes.probes / 3000).toBeLessThan(16);
  });

  it.each(simSeeds(20))('agrees with a look at all nodes, seed %i', (seed) => {
    const p = new Prng(seed);
    const nodes = table();
    const live: number[] = [];
    const held: { slot: number; what: number[] }[] = [];
    const finds = Array.from({ length: 6 }, () => search(nodes, 512 * (1 + p.int(16)), 1 + p.int(8), p.pick([0, 0, 0, 1, 2]), p.int(2)));
    for (let step = 0; step < 1500; step++) {
      const act = p.int(20);
      const at = live.length > 0 ? p.pick(live) : -1;
      if (act < 3 || at < 0) {
        const more = { gpus: p.pick([0, 0, 1, 4]), partition: p.int(2), host: `h${p.int(5)}` };
        live.push(opened(nodes, 4096 * (1 + p.int(8)), 4 * (1 + p.int(4)), more));
      } else if (act === 3 && !held.some(({ slot }) => slot === at)) {
        nodes.remove(at);
        live.splice(live.indexOf(at), 1);
      } else if (act === 4) nodes.resize(at, resource(4096 * (1 + p.int(9)), 4 * (1 + p.int(5)), { [GPU]: p.int(3) }));
      else if (act === 5) nodes.setPartition(at, p.int(2));
      else if (act === 6) (p.chance(0.5) ? nodes.close : nodes.open).call(nodes, at);
      else if (act === 7) nodes.keep(at, p.chance(0.5));
      else if (act < 12 && held.length > 0) {
        const { slot, what } = held.splice(p.int(held.length), 1)[0]!;
        nodes.give(slot, what);
      } else {
        const find = p.pick(finds);
        const { vector, partition } = find;
        const fit = live.filter(
          (slot) => nodes.partitions[slot] === partition && nodes.isOpen(slot) && !nodes.isKept(slot) && nodes.hasFree(slot, vector),
        );
        const slot = find.find();
        if (fit.length === 0) expect(slot).toBe(-1);
        else expect(fit).toContain(slot);
        if (slot < 0) continue;
        nodes.take(slot, vector);
        held.push({ slot, what: vector });
      }
    }
    for (const { slot, what } of held) nodes.give(slot, what);
    for (const slot of live) expect(nodes.freeOn(slot)).toEqual(nodes.dimensions.resource(nodes.capacityOf(slot)));
  });
});
