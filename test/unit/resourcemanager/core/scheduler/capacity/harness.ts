// A capacity scheduler with nodes and what it placed, for tests: asks in words, invariants after every step.
import { expect } from 'vitest';
import { minus, NOTHING, plus, type Resource, sameResource } from '../../../../../../src/common/resource.ts';
import { CapacityScheduler } from '../../../../../../src/resourcemanager/core/scheduler/capacity/capacity-scheduler.ts';
import type { Application } from '../../../../../../src/resourcemanager/core/scheduler/capacity/application.ts';
import type { WaitingAsk, Want } from '../../../../../../src/resourcemanager/core/scheduler/scheduler-port.ts';
import { capacityQueues } from '../../../../../helpers/capacity-queues.ts';

export type Placed = { readonly app: Application; readonly slot: number; readonly resource: Resource; readonly isDriver: boolean };
type NodeWords = { mb: number; vcores?: number; label?: string; host?: string; rack?: string; others?: Record<string, number> };
type AskWords = { mb?: number; vcores?: number; others?: Record<string, number> | undefined } & Partial<Omit<Want, 'resource'>> & {
    id?: number;
  };

export class World {
  readonly s: CapacityScheduler;
  readonly placed: Placed[] = [];
  readonly capacity = new Map<number, Resource>();
  nowMs = 0;
  #seq = 0;

  constructor(queues: Readonly<Record<string, unknown>>) {
    this.s = new CapacityScheduler(capacityQueues(queues));
  }

  node({ mb, vcores = 1000, label = '', host = `h${this.capacity.size}`, rack = '/r', others }: NodeWords): number {
    const capacity: Resource = { memoryMb: mb, vcores, others };
    const slot = this.s.addNode({ host, rack, capacity, label });
    this.capacity.set(slot, capacity);
    this.s.openNode(slot);
    return slot;
  }

  /** As the core does: admitted, then added. */
  app(queue: string, { user = 'ada', priority = 0, label = '' } = {}): Application {
    const admitted = this.s.admit({ queue, user, priority, label, create: true });
    return this.s.addApp({ seq: ++this.#seq, user, label, ...admitted });
  }

  ask(app: Application, count: number, { mb = 1024, vcores = 1, others, id = 1, ...more }: AskWords = {}): void {
    this.s.setAsk(app, id, { priority: 0, hosts: [], ...more, count, resource: { memoryMb: mb, vcores, others } });
  }

  run(most = 10_000): number {
    const place = (ask: WaitingAsk, slot: number) => {
      expect(this.s.nodes.isOpen(slot)).toBe(true);
      this.placed.push({ app: ask.app as Application, slot, resource: ask.resource, isDriver: ask.forDriver });
    };
    const before = this.placed.length;
    const n = this.s.schedule(most, place, this.nowMs);
    this.check();
    this.#checkLimits(this.placed.slice(before));
    return n;
  }

  of(app: Application): Placed[] {
    return this.placed.filter((p) => p.app === app);
  }

  end(which: Placed): void {
    this.placed.splice(this.placed.indexOf(which), 1);
    this.s.release(which.app, which.slot, which.resource, which.isDriver);
  }

  obstacle(app: Application, id = 1) {
    return app.asks.get(id)?.obstacle;
  }

  /** No node above its capacity, no queue above its maximum, nothing lost or counted twice. */
  check(): void {
    this.s.check();
    const onNode = new Map<number, Resource>();
    for (const { slot, resource } of this.placed) onNode.set(slot, plus(onNode.get(slot) ?? NOTHING, resource));
    for (const [slot, capacity] of this.capacity) {
      const free = this.s.freeOn(slot);
      expect(sameResource(free, minus(capacity, onNode.get(slot) ?? NOTHING))).toBe(true);
      expect(Math.min(free.memoryMb, free.vcores, ...Object.values(free.others ?? {}))).toBeGreaterThanOrEqual(0);
    }
    for (const queue of this.s.root.all())
      for (const part of queue.parts) {
        const held = this.placed.filter(
          (p) =>
            (p.app.queue === queue.path || p.app.queue.startsWith(`${queue.path}.`)) &&
            this.s.nodes.partitions[p.slot] === part.partition.index,
        );
        const used = minus(this.s.dimensions.resource(part.taken), this.s.dimensions.resource(part.reserved));
        expect(sameResource(used, held.map((p) => p.resource).reduce(plus, NOTHING))).toBe(true);
      }
  }

  /**
   * Who was moved, or whose queue was made smaller, may be above the maximum; whoever was placed may not take his queues there. What he does not
   * ask for is no matter: a queue that lost a node with its gpus has more of them than it may, and still gets memory.
   */
  #checkLimits(fresh: readonly Placed[]): void {
    for (const { app, slot, resource } of fresh) {
      const want = this.s.dimensions.of(resource);
      const index = this.s.nodes.partitions[slot]!;
      if (index !== 0 && !this.s.partitions.all[index]!.exclusive) continue;
      for (let part: (typeof app.leaf.parts)[number] | undefined = app.leaf.parts[index]; part !== undefined; part = part.parent) {
        for (const [d, wanted] of want.entries())
          if (wanted > 0) expect((part.taken[d] ?? 0) - (part.reserved[d] ?? 0)).toBeLessThanOrEqual(part.limit[d] ?? 0);
      }
    }
  }
}
