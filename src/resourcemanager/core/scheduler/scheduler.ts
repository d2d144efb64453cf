// The capacity scheduler: asks in, placements out, many thousand in a millisecond. Pure and usable alone (bench/scheduler-core.ts);
// it knows applications as numbers with a queue, nothing of drivers, containers or time. Its owner calls schedule() once per
// turn after whatever changed, with a bound, so that the event loop stays responsive.
//
// An ask that can't be placed is parked where the obstacle is: at its shape (no node has room for it) or at a queue (it is at
// its maximum). It is looked at again only when that obstacle moved. Source: YARN's CapacityScheduler; docs/adr/0004 has the figures.
import { invariant } from '../../../common/invariant.ts';
import { type Resource, resource } from '../../../common/resource.ts';
import { Ask, chargeDriver, leave, makeReady, park, readyAgain, sameList, SchedulerApp, unready } from './asks.ts';
import { NodeIndex } from './node-index.ts';
import { leafToUse, leavesByName, limitFor, mostUnderServed, type Queue, queueAt, queueTree } from './queue-tree.ts';
import type { CapacityConfig } from './queue-config.ts';
import { admit, refuseLostQueues } from './admission.ts';
import { obstacleOf, queueViews, snapshotOf } from './capacity-views.ts';
import type { Applicant, AppOffer, NodeOffer, Place, SchedulerPort, Want } from './scheduler-port.ts';
import type { QueueView, UsageSnapshot } from './scheduler-views.ts';
import { SizeClasses } from './size-classes.ts';

export class CapacityScheduler implements SchedulerPort<CapacityConfig> {
  readonly kind = 'capacity';
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

  readonly #hostOfSlot: string[] = [];

  constructor(config: CapacityConfig) {
    this.root = queueTree(config.root);
    this.leaves = leavesByName(this.root);
  }

  addNode({ host, capacity: { memoryMb, vcores } }: NodeOffer): number {
    const slot = this.nodes.add(memoryMb, vcores);
    this.#hostOfSlot[slot] = host;
    this.#slotsByHost.set(host, [...(this.#slotsByHost.get(host) ?? []), slot]);
    this.#addTotal(memoryMb, vcores);
    return slot;
  }

  /** All containers on it must have been released before. */
  removeNode(slot: number): void {
    const host = this.#hostOfSlot[slot]!;
    this.#addTotal(-this.nodes.capacityMb[slot]!, -this.nodes.capacityVcores[slot]!);
    this.nodes.remove(slot);
    const slots = this.#slotsByHost.get(host)!.filter((s) => s !== slot);
    if (slots.length > 0) this.#slotsByHost.set(host, slots);
    else this.#slotsByHost.delete(host);
  }

  resizeNode(slot: number, { memoryMb, vcores }: Resource): void {
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

  freeOn(slot: number): Resource {
    return this.nodes.freeOn(slot);
  }

  roomiest(): number {
    return this.nodes.roomiest();
  }

  get total(): Resource {
    return resource(this.totalMb, this.totalVcores);
  }

  admit(applicant: Applicant): { queue: string; priority: number } {
    return admit(this.leaves, applicant);
  }

  leafAfterRestart(path: string): string {
    return leafToUse(this, path).path;
  }

  addApp({ seq, priority, user, queue }: AppOffer): SchedulerApp {
    const leaf = this.leaves.get(queue);
    invariant(leaf, `queue ${queue} is no leaf`);
    const app = new SchedulerApp(seq, priority, user, leaf);
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

  moveApp(app: SchedulerApp, { queue: to = app.queue, priority = app.priority }: { queue?: string; priority?: number }): void {
    const leaf = this.leaves.get(to);
    invariant(leaf, `queue ${to} is no leaf`);
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
  setAsk(app: SchedulerApp, askId: number, want: Want): void {
    const { memoryMb, vcores } = want.resource;
    let ask = app.asks.get(askId);
    if (ask !== undefined && (ask.size.memoryMb !== memoryMb || ask.size.vcores !== vcores || ask.priority !== want.priority)) {
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
      ask = new Ask(app, askId, this.#sizes.use(memoryMb, vcores), want, (parked) => obstacleOf(this, parked));
      app.asks.set(askId, ask);
    }
    ask.count = want.count;
    if (ask.where === 'idle') makeReady(ask);
  }

  /** Takes space that is in use already (a container that a node brought along): no limit is asked. */
  adopt(app: SchedulerApp, slot: number, { memoryMb, vcores }: Resource, isDriver: boolean): void {
    this.nodes.give(slot, -memoryMb, -vcores);
    this.#charge(app, memoryMb, vcores, 1);
    if (isDriver) chargeDriver(app, memoryMb, vcores);
  }

  release(app: SchedulerApp, slot: number, { memoryMb, vcores }: Resource, isDriver: boolean): void {
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
      const leaf = mostUnderServed(this.root);
      if (leaf === undefined) break;
      const app = leaf.ready[0]!;
      const ask = app.ready[0]!;
      const { size } = ask;
      const obstacle = size.blocked ? size.parked : limitFor(leaf, ask);
      if (obstacle !== undefined) {
        park(ask, obstacle);
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

  replaceQueues({ root }: CapacityConfig): void {
    refuseLostQueues(root, this.#apps);
    const asks: Ask[] = [];
    for (const app of this.#apps)
      for (const ask of app.asks.values()) {
        leave(ask);
        asks.push(ask);
      }
    this.root = queueTree(root);
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

  queues(): QueueView[] {
    return queueViews(this.root, this.#apps);
  }

  leafNamed(name: string): string | undefined {
    return this.leaves.get(name)?.path;
  }

  queueNamed(name: string): string | undefined {
    return this.leafNamed(name) ?? queueAt(this.root, name)?.path;
  }

  usageSnapshot(): UsageSnapshot {
    return snapshotOf(this.root, this.total, this.#apps);
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
    this.#sizes.wake(readyAgain);
    for (const { full, driversFull } of this.#wakeQueues) {
      while (full.length > 0) readyAgain(full.at(-1)!);
      while (driversFull.length > 0) readyAgain(driversFull.at(-1)!);
    }
    this.#wakeQueues.clear();
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
