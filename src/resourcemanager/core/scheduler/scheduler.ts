// The capacity scheduler: asks in, placements out, many thousand in a millisecond. Pure and usable alone (bench/scheduler-core.ts);
// it knows applications as numbers with a queue, nothing of drivers, containers or time. Its owner calls schedule() once per
// turn after whatever changed, with a bound, so that the event loop stays responsive.
//
// An ask that can't be placed is parked where the obstacle is: at its shape (no node has room for it) or at a queue (it is at
// its maximum). It is looked at again only when that obstacle moved. Source: YARN's CapacityScheduler; docs/adr/0004 has the figures.
import { invariant } from '../../../common/invariant.ts';
import { type Ask, chargeDriver, leave, makeReady, park, SchedulerApp, unpark, unready } from './asks.ts';
import { NodeIndex } from './node-index.ts';
import { leavesByName, type Queue, queueTree } from './queue-tree.ts';
import type { QueueConfig } from './queue-config.ts';
import { type SizeClass, SizeClasses } from './size-classes.ts';

export type Place = (ask: Ask, slot: number) => void;

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((x, i) => x === b[i]));

export class Scheduler {
  readonly nodes = new NodeIndex();
  root: Queue;
  leaves: Map<string, Queue>;
  totalMb = 0;
  totalVcores = 0;
  readonly #apps = new Set<SchedulerApp>();
  readonly #sizes = new SizeClasses();
  readonly #wakeQueues = new Set<Queue>();
  readonly #slotsByHost = new Map<string, number[]>();
  #resized = true;

  constructor(queues: QueueConfig) {
    this.root = queueTree(queues);
    this.leaves = leavesByName(this.root);
  }

  // --- nodes

  addNode(host: string, memoryMb: number, vcores: number): number {
    const slot = this.nodes.add(memoryMb, vcores);
    const slots = this.#slotsByHost.get(host);
    if (slots) slots.push(slot);
    else this.#slotsByHost.set(host, [slot]);
    this.#addTotal(memoryMb, vcores);
    return slot;
  }

  /** All containers on it must have been released before. */
  removeNode(host: string, slot: number): void {
    this.#addTotal(-this.nodes.capacityMb[slot]!, -this.nodes.capacityVcores[slot]!);
    this.nodes.remove(slot);
    const slots = this.#slotsByHost.get(host)!.filter((s) => s !== slot);
    if (slots.length > 0) this.#slotsByHost.set(host, slots);
    else this.#slotsByHost.delete(host);
  }

  resizeNode(slot: number, memoryMb: number, vcores: number): void {
    this.#addTotal(memoryMb - this.nodes.capacityMb[slot]!, vcores - this.nodes.capacityVcores[slot]!);
    this.nodes.resize(slot, memoryMb, vcores);
    this.#sizes.nodeHasRoom(this.nodes, slot);
  }

  openNode(slot: number): void {
    if (this.nodes.isOpen(slot)) return;
    this.nodes.open(slot);
    this.#sizes.nodeHasRoom(this.nodes, slot);
  }

  closeNode(slot: number): void {
    this.nodes.close(slot);
  }

  // --- applications and asks

  addApp(seq: number, priority: number, leaf: Queue): SchedulerApp {
    const app = new SchedulerApp(seq, priority, leaf);
    leaf.applications++;
    this.#apps.add(app);
    return app;
  }

  /** What it holds must have been released before. */
  removeApp(app: SchedulerApp): void {
    invariant(app.containers === 0, `application ${app.seq} leaves the scheduler and holds ${app.containers} containers`);
    this.dropAsks(app);
    app.leaf.applications--;
    this.#apps.delete(app);
  }

  /** To another leaf, or another place in it, with all that it has. */
  moveApp(app: SchedulerApp, { leaf = app.leaf, priority = app.priority }: { leaf?: Queue; priority?: number }): void {
    for (const ask of app.asks.values()) leave(ask);
    const { usedMb, usedVcores } = app;
    this.#charge(app, -usedMb, -usedVcores, 0);
    app.leaf.chargeDriver(-app.driverMb, -app.driverVcores);
    app.leaf.applications--;
    for (let q: Queue | undefined = app.leaf; q !== undefined; q = q.parent) this.#wakeQueues.add(q);
    Object.assign(app, { leaf, priority });
    leaf.applications++;
    leaf.chargeDriver(app.driverMb, app.driverVcores);
    this.#charge(app, usedMb, usedVcores, 0);
    for (const ask of app.asks.values()) makeReady(ask);
  }

  dropAsks(app: SchedulerApp): void {
    for (const ask of app.asks.values()) this.#forget(ask);
    app.asks.clear();
  }

  /** Sets what is still wanted of one ask, in all. A size or priority other than before makes it another ask. */
  setAsk(
    app: SchedulerApp,
    askId: number,
    want: { priority: number; memoryMb: number; vcores: number; hosts: readonly string[]; count: number; forDriver?: boolean },
  ): void {
    let ask = app.asks.get(askId);
    if (ask !== undefined && (ask.size.memoryMb !== want.memoryMb || ask.size.vcores !== want.vcores || ask.priority !== want.priority)) {
      this.#forget(ask);
      ask = undefined;
    }
    if (ask !== undefined && (want.count <= 0 || !sameList(ask.hosts, want.hosts))) {
      this.#forget(ask);
      ask = undefined;
    }
    if (ask === undefined) {
      app.asks.delete(askId);
      if (want.count <= 0) return;
      const size = this.#sizes.use(want.memoryMb, want.vcores);
      const { priority, hosts, forDriver = false } = want;
      ask = { app, askId, priority, size, forDriver, hosts, count: 0, where: 'idle', parkedIn: undefined, parkedAt: -1 };
      app.asks.set(askId, ask);
    }
    ask.count = want.count;
    if (ask.where === 'idle') makeReady(ask);
  }

  // --- containers

  /** Takes space that is in use already (a container that a node brought along): no limit is asked. */
  adopt(app: SchedulerApp, slot: number, memoryMb: number, vcores: number, isDriver = false): void {
    this.nodes.give(slot, -memoryMb, -vcores);
    this.#charge(app, memoryMb, vcores, 1);
    if (isDriver) chargeDriver(app, memoryMb, vcores);
  }

  release(app: SchedulerApp, slot: number, memoryMb: number, vcores: number, isDriver = false): void {
    this.nodes.give(slot, memoryMb, vcores);
    this.#charge(app, -memoryMb, -vcores, -1);
    if (isDriver) {
      chargeDriver(app, -memoryMb, -vcores);
      if (app.leaf.driversFull.length > 0) this.#wakeQueues.add(app.leaf);
    }
    for (let queue: Queue | undefined = app.leaf; queue !== undefined; queue = queue.parent)
      if (queue.full.length > 0) this.#wakeQueues.add(queue);
    this.#sizes.nodeHasRoom(this.nodes, slot);
  }

  /**
   * Places up to `most` containers and calls `place` for each, in order, before it counts as used. `place` must not release.
   * @returns how many; fewer than `most` means that nothing more can be placed now
   */
  schedule(most: number, place: Place): number {
    if (this.#resized) this.#fitQueues();
    if (this.#wakeQueues.size > 0 || this.#sizes.anyWoken) this.#wake();
    let placed = 0;
    while (placed < most) {
      const leaf = this.#mostUnderServed();
      if (leaf === undefined) break;
      const app = leaf.ready[0]!;
      const ask = app.ready[0]!;
      const { size } = ask;
      if (size.blocked) {
        park(ask, size.parked);
        continue;
      }
      const full = this.#fullQueue(leaf, size);
      if (full !== undefined) {
        park(ask, full.full);
        continue;
      }
      if (ask.forDriver && leaf.wouldExceedDrivers(size.memoryMb, size.vcores)) {
        park(ask, leaf.driversFull);
        continue;
      }
      const slot = this.#slotFor(ask);
      if (slot < 0) {
        this.#sizes.block(size);
        park(ask, size.parked);
        continue;
      }
      this.nodes.give(slot, -size.memoryMb, -size.vcores);
      if (--ask.count === 0) unready(ask);
      place(ask, slot);
      this.#charge(app, size.memoryMb, size.vcores, 1);
      if (ask.forDriver) chargeDriver(app, size.memoryMb, size.vcores);
      placed++;
      if (ask.count === 0) {
        app.asks.delete(ask.askId);
        this.#sizes.unuse(size);
      }
    }
    return placed;
  }

  /** Takes another queue tree; the caller has checked that every application's leaf is in it. */
  replaceQueues(config: QueueConfig): void {
    const asks: Ask[] = [];
    for (const app of this.#apps)
      for (const ask of app.asks.values()) {
        leave(ask);
        asks.push(ask);
      }
    this.root = queueTree(config);
    this.leaves = leavesByName(this.root);
    this.#wakeQueues.clear();
    for (const app of this.#apps) {
      const leaf = this.leaves.get(app.leaf.path);
      invariant(leaf, `queue ${app.leaf.path} is gone and has applications`);
      app.leaf = leaf;
      leaf.applications++;
      for (let queue: Queue | undefined = leaf; queue !== undefined; queue = queue.parent) queue.charge(app.usedMb, app.usedVcores);
      leaf.chargeDriver(app.driverMb, app.driverVcores);
    }
    this.#fitQueues();
    for (const ask of asks) makeReady(ask);
  }

  // --- inside

  #mostUnderServed(): Queue | undefined {
    let queue = this.root;
    while (!queue.isLeaf) {
      const child = queue.active.top;
      if (child === undefined) return undefined;
      queue = child;
    }
    return queue.ready.length > 0 ? queue : undefined;
  }

  #fullQueue(leaf: Queue, size: SizeClass): Queue | undefined {
    for (let queue: Queue | undefined = leaf; queue !== undefined; queue = queue.parent)
      if (queue.wouldExceed(size.memoryMb, size.vcores)) return queue;
    return undefined;
  }

  #slotFor(ask: Ask): number {
    const { memoryMb, vcores } = ask.size;
    for (const host of ask.hosts)
      for (const slot of this.#slotsByHost.get(host) ?? []) if (this.nodes.fits(slot, memoryMb, vcores)) return slot;
    const found = this.nodes.find(memoryMb, vcores);
    if (found >= 0) return found;
    const scanned = this.nodes.scan(memoryMb, vcores, ask.size.cursor);
    if (scanned >= 0) ask.size.cursor = scanned;
    return scanned;
  }

  #charge(app: SchedulerApp, memoryMb: number, vcores: number, containers: number): void {
    app.usedMb += memoryMb;
    app.usedVcores += vcores;
    app.containers += containers;
    for (let queue: Queue | undefined = app.leaf; queue !== undefined; queue = queue.parent) {
      queue.charge(memoryMb, vcores);
      queue.parent?.active.fix(queue);
    }
  }

  #forget(ask: Ask): void {
    leave(ask);
    ask.count = 0;
    this.#sizes.unuse(ask.size);
  }

  #wake(): void {
    this.#sizes.wake((ask) => this.#readyAgain(ask));
    for (const { full, driversFull } of this.#wakeQueues) {
      while (full.length > 0) this.#readyAgain(full.at(-1)!);
      while (driversFull.length > 0) this.#readyAgain(driversFull.at(-1)!);
    }
    this.#wakeQueues.clear();
  }

  #readyAgain(ask: Ask): void {
    unpark(ask);
    makeReady(ask);
  }

  #addTotal(memoryMb: number, vcores: number): void {
    this.totalMb += memoryMb;
    this.totalVcores += vcores;
    this.#resized = true;
  }

  #fitQueues(): void {
    this.#resized = false;
    for (const queue of this.root.all()) {
      queue.fitTo(this.totalMb, this.totalVcores);
      if (queue.full.length > 0 || queue.driversFull.length > 0) this.#wakeQueues.add(queue);
    }
    for (const queue of this.root.all()) queue.active.rebuild();
  }
}
