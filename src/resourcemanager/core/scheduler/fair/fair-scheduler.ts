// The fair scheduler, and the fifo one, which is the same with one queue in which the oldest goes first. Asks in, placements out. Whose
// turn it is comes from heaps (O(log queues + log applications) a placement); an ask that can't be placed is parked where its obstacle
// is and looked at again only when that moved. The queue tree is fair-tree.ts. Source: YARN's FairScheduler, FSLeafQueue.assignContainer.
import { invariant } from '../../../../common/invariant.ts';
import { type Resource, resource } from '../../../../common/resource.ts';
import type { Applicant, AppOffer, Place, SchedulerPort, Want } from '../scheduler-port.ts';
import type { QueueView, UsageSnapshot } from '../scheduler-views.ts';
import { admit, refuseLostQueues } from './fair-admission.ts';
import { FairApp, FairAsk, leave, makeReady, park, readyAgain, unready } from './fair-asks.ts';
import { charge, chargeDriver, weigh } from './fair-charge.ts';
import type { FairConfig } from './fair-config.ts';
import { type FairQueue, fullQueue, leafInTurn } from './fair-queue.ts';
import { type FairSize, keyOf } from './fair-sizes.ts';
import { starvedNow } from './fair-starved.ts';
import { FairState } from './fair-state.ts';
import { FairTree } from './fair-tree.ts';
import { obstacleOf, queueViews, usageOf } from './fair-views.ts';

export class FairScheduler extends FairState implements SchedulerPort<FairConfig> {
  readonly #wakeQueues = new Set<FairQueue>();
  #total: Resource | undefined;
  #sharesStale = true;
  #someoneEnded = false;

  admit(applicant: Applicant): { queue: string; priority: number } {
    return admit(this.tree, this.kind, applicant);
  }

  addApp(offer: AppOffer): FairApp {
    const app = new FairApp(offer, this.#leafAt(offer.queue), this.sizeBasedWeight);
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
    for (const ask of app.asks.values()) this.roomOn(this.reservations.end(ask));
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
      (want.count <= 0 || ask.priority !== want.priority || ask.size.wish !== keyOf(resource, hosts, racks, relaxLocality))
    ) {
      this.#forget(ask);
      app.asks.delete(askId);
      ask = undefined;
    }
    if (want.count <= 0) return;
    if (ask === undefined) {
      // Who waits for his hosts waits by his own clock.
      const size = this.sizes.use(want, this.locality.delays && hosts.length > 0 ? ` ${app.seq}` : '');
      ask = new FairAsk(app, askId, size, want, (parked) => obstacleOf(this, parked));
      app.asks.set(askId, ask);
    }
    this.#wants(app, (want.count - ask.count) * resource.memoryMb);
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
    this.roomOn(slot);
  }

  schedule(most: number, place: Place, nowMs: number): number {
    this.#refresh();
    let placed = this.#placeKept(most, place);
    this.sizes.wake(readyAgain);
    // A node that need not be kept any more is room for others.
    for (let before = -1; placed < most && placed !== before; this.sizes.wake(readyAgain)) {
      before = placed;
      placed += this.#placeInTurn(most - placed, place);
    }
    if (placed < most) this.#keepNodes(nowMs);
    return placed;
  }

  #placeInTurn(most: number, place: Place): number {
    let placed = 0;
    while (placed < most) {
      const leaf = leafInTurn(this.tree.root);
      if (leaf === undefined) break;
      const ask = leaf.ready.top!.ready[0]!;
      const { size } = ask;
      const limit = this.#limitOf(ask);
      if (limit !== undefined) park(ask, limit);
      else if (size.blocked) park(ask, size.parked);
      else {
        const slot = this.locality.slotFor(size);
        if (slot < 0) {
          this.sizes.block(size);
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
    for (const slot of this.reservations.endAll()) this.roomOn(slot);
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

  /** The list in which it waits for the limit that it would break. */
  #limitOf({ app: { leaf }, size, forDriver }: FairAsk): FairAsk[] | undefined {
    const full = fullQueue(leaf, size.resource);
    if (full !== undefined) return full.full;
    return forDriver && leaf.wouldExceedDrivers(size.resource) ? leaf.driversFull : undefined;
  }

  /** Who has a node kept for him goes there as soon as it has room, whoever's turn it is. */
  #placeKept(most: number, place: Place): number {
    let placed = 0;
    while (placed < most) {
      const ask = this.reservations.takeRipe();
      if (ask === undefined) break;
      const slot = this.reservations.end(ask);
      if (this.#limitOf(ask) === undefined) {
        if (ask.where === 'parked') readyAgain(ask);
        this.#place(ask, slot, place);
        placed++;
      }
      this.roomOn(slot); // what is left there
    }
    return placed;
  }

  #keepNodes(nowMs: number): void {
    let isStarved: ((app: FairApp) => boolean) | undefined;
    this.reservations.keepForWaiting(nowMs, (ask) => {
      if (this.locality.isDelayed(ask.size) || this.#limitOf(ask) !== undefined) return false;
      isStarved ??= starvedNow(this.apps);
      return isStarved(ask.app);
    });
  }

  #place(ask: FairAsk, slot: number, place: Place): void {
    const { app, size } = ask;
    const kept = this.reservations.end(ask);
    this.nodes.table.take(slot, size.vector);
    this.sizes.placed(size);
    app.wantedMb -= size.resource.memoryMb;
    if (--ask.count === 0) unready(ask);
    place(ask, slot);
    charge(app, size.resource, 1, this.total);
    app.containers++;
    if (ask.forDriver) chargeDriver(app.leaf, size.resource, 1, app);
    if (ask.count === 0) {
      app.asks.delete(ask.askId);
      this.#unuse(size);
    }
    this.roomOn(kept);
  }

  #forget(ask: FairAsk): void {
    leave(ask);
    this.roomOn(this.reservations.end(ask));
    this.#wants(ask.app, -ask.count * ask.resource.memoryMb);
    ask.count = 0;
    this.#unuse(ask.size);
  }

  #unuse(size: FairSize): void {
    this.sizes.unuse(size);
    if (size.asks === 0) this.locality.forget(size);
  }

  #wants(app: FairApp, moreMb: number): void {
    app.wantedMb += moreMb;
    if (app.sizeBased && moreMb !== 0) weigh(app, this.total);
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
    for (const size of this.locality.due()) this.sizes.wakeNow(size);
    this.sizes.wake(readyAgain);
    for (const { full, driversFull } of this.#wakeQueues)
      for (const list of [full, driversFull]) while (list.length > 0) readyAgain(list.at(-1)!);
    this.#wakeQueues.clear();
  }
}
