// A fair scheduler for tests: queues written as the allocations file says them, nodes, applications, and what was placed.
import { resource } from '../../../../../../src/common/resource.ts';
import type { FairApp } from '../../../../../../src/resourcemanager/core/scheduler/fair/fair-asks.ts';
import type { FairConfig } from '../../../../../../src/resourcemanager/core/scheduler/fair/fair-config.ts';
import { FairScheduler } from '../../../../../../src/resourcemanager/core/scheduler/fair/fair-scheduler.ts';
import { fairQueues } from '../../../../../helpers/fair-queues.ts';
import type { WaitingAsk } from '../../../../../../src/resourcemanager/core/scheduler/scheduler-port.ts';

export class World {
  readonly scheduler: FairScheduler;
  nowMs = 0;
  readonly placed: { app: FairApp; slot: number; memoryMb: number; vcores: number; forDriver: boolean }[] = [];
  #seq = 0;

  constructor(config: string | FairConfig) {
    this.scheduler = new FairScheduler(typeof config === 'string' ? fairQueues(config) : config);
  }

  node(memoryMb: number, vcores: number, more: { host?: string; rack?: string; others?: Record<string, number> } = {}): number {
    const { host = `h${this.#seq++}`, rack = '/r', others } = more;
    const slot = this.scheduler.addNode({ host, rack, capacity: resource(memoryMb, vcores, others) });
    this.scheduler.openNode(slot);
    return slot;
  }

  app(queue: string, more: { user?: string; priority?: number } = {}): FairApp {
    const { queue: path, priority } = this.scheduler.admit({ user: more.user ?? 'ada', queue, priority: more.priority, create: true });
    return this.scheduler.addApp({ seq: ++this.#seq, priority, user: more.user ?? 'ada', queue: path });
  }

  ask(app: FairApp, count: number, memoryMb: number, vcores = 1, more: object = {}): void {
    this.scheduler.setAsk(app, 1, { priority: 1, resource: resource(memoryMb, vcores), count, hosts: [], ...more });
  }

  run(most = 10_000): number {
    const place = (ask: WaitingAsk, slot: number) => {
      const { memoryMb, vcores } = ask.resource;
      this.placed.push({ app: ask.app as FairApp, slot, memoryMb, vcores, forDriver: ask.forDriver });
    };
    return this.scheduler.schedule(most, place, this.nowMs);
  }

  end(app: FairApp, count: number): void {
    for (let i = 0; i < count; i++) {
      const at = this.placed.findIndex((p) => p.app === app);
      const { slot, memoryMb, vcores, forDriver } = this.placed.splice(at, 1)[0]!;
      this.scheduler.release(app, slot, resource(memoryMb, vcores), forDriver);
    }
  }
}
