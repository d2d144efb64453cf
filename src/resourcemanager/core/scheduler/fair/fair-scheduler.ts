// The fair scheduler, and the fifo one, which is the same with one queue in which the oldest goes first. Asks in, placements out. Whose
// turn it is comes from heaps (O(log queues + log applications) a placement); an ask that can't be placed is parked where its obstacle
// is and looked at again only when that moved. The queue tree is fair-tree.ts. Source: YARN's FairScheduler, FSLeafQueue.assignContainer.
import { invariant } from '../../../../common/invariant.ts';
import { type Resource, resource } from '../../../../common/resource.ts';
import type { Obstacle } from '../obstacle.ts';
import { noLabels, refuseLabels } from './no-labels.ts';
import type { Applicant, AppOffer, Label, NodeOffer, Place, SchedulerPort, Want } from '../scheduler-port.ts';
import type { QueueView, UsageSnapshot } from '../scheduler-views.ts';
import { FairApp, FairAsk, leave, makeReady, park, readyAgain, unready } from './fair-asks.ts';
import type { FairConfig } from './fair-config.ts';
import { FairNodes } from './fair-nodes.ts';
import { type FairQueue, fullQueue, leafInTurn } from './fair-queue.ts';
import { FairSizes, keyOf } from './fair-sizes.ts';
import { admit, refuseLostQueues } from './fair-admission.ts';
import { charge, chargeDriver, weigh } from './fair-charge.ts';
import { FairTree } from './fair-tree.ts';
import { obstacleOf, queueViews, usageOf } from './fair-views.ts';
import { RunLimits } from './run-limits.ts';

export class FairScheduler implements SchedulerPort<FairConfig> {
  readonly kind: FairConfig['kind'];
  readonly nodes = new FairNodes();
  tree: FairTree;
  readonly limits: RunLimits;
  readonly apps = new Set<FairApp>();
  readonly #sizes = new FairSizes(this.nodes.table);
  readonly #wakeQueues = new Set<FairQueue>();
  #total: Resource | undefined;
  #sharesStale = true;
  #someoneEnded = false;

  constructor(config: FairConfig) {
    this.kind = config.kind;
    this.tree = new FairTree(config);
    this.limits = new RunLimits(config);
  }

  get total(): Resource {
    return this.nodes.total;
  }

  addNode(offer: NodeOffer): number {
    return this.nodes.add(offer);
  }

  /** All containers on it must have been released before. */
  removeNode(slot: number): void {
    this.nodes.remove(slot);
  }

  resizeNode(slot: number, capacity: Resource): void {
    this.nodes.resize(slot, capacity);
    this.#roomOn(slot);
  }

  openNode(slot: number): void {
    if (this.nodes.table.isOpen(slot)) return;
    this.nodes.table.open(slot);
    this.#roomOn(slot);
  }

  closeNode(slot: number): void {
    this.nodes.table.close(slot);
  }

  freeOn(slot: number): Resource {
    return this.nodes.table.freeOn(slot);
  }

  roomiest(): number {
    return this.nodes.roomiest();
  }

  chance(): void {}
  labels = (): readonly Label[] => [];
  setLabels = (labels: readonly Label[]): void => refuseLabels(this.kind, labels[0]?.name ?? '');
  labelNode = (_slot: number, label: string): void => refuseLabels(this.kind, label);

  labelFault = (_queue: string, label: string): string | undefined => (label === '' ? undefined : noLabels(this.kind));
  maximumAllocation = (): undefined => undefined;

  admit(applicant: Applicant): { queue: string; priority: number } {
    return admit(this.tree, this.kind, applicant);
  }

  leafAfterRestart(path: string): string {
    if (this.tree.leaf(path) !== undefined || this.tree.mayCreate(path)) return path;
    return this.tree.leaves()[0]!.path;
  }

  mayCreate(path: string): boolean {
    return this.tree.mayCreate(path);
  }

  addApp({ seq, priority, user, queue }: AppOffer): FairApp {
    const app = new FairApp(seq, priority, user, this.#leafAt(queue));
    this.apps.add(app);
    this.limits.add(app);
    weigh(app, this.total);
    this.#sharesStale = true;
    return app;
  }

  /** What it holds must have been released before. */
  removeApp(app: FairApp): void {
    invariant(app.containers === 0, `application ${app.seq} leaves the scheduler and holds ${app.containers} containers`);
    this.dropAsks(app);
    this.limits.remove(app);
    this.apps.delete(app);
    this.tree.forgetEmpty(app.leaf);
    this.#sharesStale = this.#someoneEnded = true;
  }

  /** To another leaf, or another priority, with all that it has. */
  moveApp(app: FairApp, { queue = app.leaf.path, priority = app.priority }: { queue?: string; priority?: number }): void {
    const from = app.leaf;
    const { driver } = app;
    const used = resource(app.used.memoryMb, app.used.vcores, app.used.others);
    this.limits.withdraw(app);
    charge(app, used, -1, this.total);
    chargeDriver(from, driver, -1);
    for (const up of from.up()) this.#wakeQueues.add(up);
    app.leaf = this.#leafAt(queue);
    app.priority = priority;
    charge(app, used, 1, this.total);
    chargeDriver(app.leaf, driver, 1);
    this.limits.add(app);
    if (from !== app.leaf) this.tree.forgetEmpty(from);
    this.#sharesStale = this.#someoneEnded = true;
  }

  dropAsks(app: FairApp): void {
    for (const ask of app.asks.values()) this.#forget(ask);
    app.asks.clear();
  }

  /** Sets what is still wanted of one ask, in all. Another size, priority or choice of hosts makes it another ask. */
  setAsk(app: FairApp, askId: number, want: Want): void {
    let ask = app.asks.get(askId);
    const { resource, hosts, racks = [], relaxLocality = true } = want;
    if (
      ask !== undefined &&
      (want.count <= 0 || ask.priority !== want.priority || ask.size.key !== keyOf(resource, hosts, racks, relaxLocality))
    ) {
      this.#forget(ask);
      app.asks.delete(askId);
      ask = undefined;
    }
    if (want.count <= 0) return;
    if (ask === undefined) {
      ask = new FairAsk(app, askId, this.#sizes.use(want), want, (parked) => this.#obstacleOf(parked));
      app.asks.set(askId, ask);
    }
    ask.count = want.count;
    if (ask.where === 'idle') makeReady(ask);
  }

  /** Takes space that is in use already: no limit is asked. */
  adopt(app: FairApp, slot: number, resource: Resource, isDriver: boolean): void {
    this.nodes.take(slot, resource);
    charge(app, resource, 1, this.total);
    app.containers++;
    if (isDriver) chargeDriver(app.leaf, resource, 1, app);
  }

  release(app: FairApp, slot: number, resource: Resource, isDriver: boolean): void {
    this.nodes.give(slot, resource);
    charge(app, resource, -1, this.total);
    app.containers--;
    if (isDriver) chargeDriver(app.leaf, resource, -1, app);
    for (const queue of app.leaf.up()) if (queue.full.length + queue.driversFull.length > 0) this.#wakeQueues.add(queue);
    this.#roomOn(slot);
  }

  schedule(most: number, place: Place): number {
    this.#refresh();
    let placed = 0;
    while (placed < most) {
      const leaf = leafInTurn(this.tree.root);
      if (leaf === undefined) break;
      const app = leaf.ready.top!;
      const ask = app.ready[0]!;
      const { size } = ask;
      const full = fullQueue(leaf, size.resource);
      if (full !== undefined) park(ask, full.full);
      else if (size.blocked) park(ask, size.parked);
      else if (ask.forDriver && leaf.wouldExceedDrivers(size.resource)) park(ask, leaf.driversFull);
      else {
        const slot = this.nodes.slotFor(size);
        if (slot < 0) {
          this.#sizes.block(size);
          park(ask, size.parked);
        } else {
          this.#place(ask, slot, place);
          placed++;
        }
      }
    }
    return placed;
  }

  // --- configuration and views

  replaceQueues(config: FairConfig): void {
    const tree = new FairTree(config);
    refuseLostQueues(tree, this.apps);
    const apps = [...this.apps].sort((a, b) => Number(b.runs) - Number(a.runs) || a.seq - b.seq);
    for (const app of apps) this.limits.withdraw(app);
    this.tree = tree;
    this.limits.replace(config);
    this.#wakeQueues.clear();
    for (const app of apps) {
      app.leaf = this.#leafAt(app.leaf.path);
      for (const queue of app.leaf.up()) queue.charge(app.used, 1);
      chargeDriver(app.leaf, app.driver, 1);
      this.limits.add(app);
    }
    this.#total = undefined;
    this.#sharesStale = true;
  }

  queues(): QueueView[] {
    this.#refresh();
    return queueViews(this);
  }

  leafNamed(name: string): string | undefined {
    return this.tree.leaf(name)?.path;
  }

  queueNamed(name: string): string | undefined {
    return (this.tree.find(name) ?? this.tree.leaf(name))?.path;
  }

  usageSnapshot(): UsageSnapshot {
    this.#refresh();
    return usageOf(this);
  }

  // --- inside

  #leafAt(path: string): FairQueue {
    const leaf = this.tree.leaf(path) ?? this.tree.make(path, this.total);
    invariant(leaf.isLeaf, `queue ${path} is no leaf`);
    return leaf;
  }

  #place(ask: FairAsk, slot: number, place: Place): void {
    const { app, size } = ask;
    this.nodes.table.take(slot, size.vector);
    if (--ask.count === 0) unready(ask);
    place(ask, slot);
    charge(app, size.resource, 1, this.total);
    app.containers++;
    if (ask.forDriver) chargeDriver(app.leaf, size.resource, 1, app);
    if (ask.count > 0) return;
    app.asks.delete(ask.askId);
    this.#sizes.unuse(size);
  }

  #forget(ask: FairAsk): void {
    leave(ask);
    ask.count = 0;
    this.#sizes.unuse(ask.size);
  }

  #roomOn(slot: number): void {
    this.#sizes.wakeIf((size) => this.nodes.fitsSize(slot, size));
  }

  #obstacleOf(ask: FairAsk): Obstacle | undefined {
    return obstacleOf(this, ask);
  }

  /** What changed since the last time is taken in: the cluster's size, ends of applications, room. */
  #refresh(): void {
    if (this.#total !== this.total) {
      this.#total = this.total;
      for (const queue of this.tree.root.all()) {
        queue.fitTo(this.total);
        this.#wakeQueues.add(queue);
      }
      for (const app of this.apps) weigh(app, this.total);
      for (const queue of this.tree.root.all()) queue.active.rebuild();
      this.#sharesStale = true;
    }
    if (this.#someoneEnded) this.limits.wake(this.tree.root);
    this.#someoneEnded = false;
    if (this.#sharesStale) {
      this.tree.share(this.total);
      for (const queue of this.tree.root.all()) if (queue.driversFull.length > 0) this.#wakeQueues.add(queue);
    }
    this.#sharesStale = false;
    this.#sizes.wake(readyAgain);
    for (const { full, driversFull } of this.#wakeQueues)
      for (const list of [full, driversFull]) while (list.length > 0) readyAgain(list.at(-1)!);
    this.#wakeQueues.clear();
  }
}
