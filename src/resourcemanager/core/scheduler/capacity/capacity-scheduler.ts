// The capacity scheduler: asks in, placements out, many thousand in a millisecond. Pure and usable alone (bench/scheduler-core.ts);
// it knows applications as numbers with a queue and a user, nothing of drivers, containers or time. Its owner calls schedule() once per
// turn after whatever changed, with a bound, so that the event loop stays responsive.
//
// A line of asks (line.ts) that can't be placed is parked where the obstacle is: at its size (no node has room for it), at a queue or
// a user (a limit), at its hosts. It is looked at again only when that obstacle moved, so a full cluster costs nothing. What is done when
// something moved is waking.ts; the steps of counting are standing.ts; what it all works on is capacity-state.ts.
// Source: YARN's CapacityScheduler; docs/adr/0004 has the figures.
import { invariant } from '../../../../common/invariant.ts';
import type { Resource } from '../../../../common/resource.ts';
import type { Applicant, AppOffer, Place, SchedulerPort, WaitingAsk, Want } from '../scheduler-port.ts';
import type { QueueView, UsageSnapshot } from '../scheduler-views.ts';
import { add, type Vector } from '../vectors.ts';
import { admit, labelFault } from './admission.ts';
import { Application } from './application.ts';
import { missingFor } from './auto-queues.ts';
import { CapacityState } from './capacity-state.ts';
import type { CapacityConfig } from './config-types.ts';
import { maximumAllocation } from './limits.ts';
import { Ask, type Line, park } from './line.ts';
import { obstacleOf } from './obstacles.ts';
import type { Partition } from './partition.ts';
import { limitFor, slotFor } from './placing.ts';
import { isOverLimit } from './reservations.ts';
import { sameWant } from './same-want.ts';
import { addPending, charge, chargeAll, comeBack, reweigh, stepAside, uncharge } from './standing.ts';
import { leafInTurn, leafToUse } from './tree.ts';
import { queueViews, snapshotOf } from './views.ts';

export class CapacityScheduler extends CapacityState implements SchedulerPort<CapacityConfig> {
  readonly kind = 'capacity';
  get total(): Resource {
    const sum: Vector = [0, 0];
    for (const { total } of this.partitions.all) add(sum, total);
    return this.dimensions.resource(sum);
  }

  freeOn(slot: number): Resource {
    return this.nodes.freeOn(slot);
  }

  roomiest(): number {
    for (const { index } of this.partitions.all)
      for (const pool of this.nodes.poolsOf(index)) {
        const slot = pool.roomiest();
        if (slot >= 0) return slot;
      }
    return -1;
  }

  labelFault(queue: string, label: string): string | undefined {
    return labelFault(this.leafToBe(queue), this.partitions, label);
  }

  admit(applicant: Applicant): { queue: string; priority: number } {
    if (this.resized) this.fit();
    const queue = this.leaves.has(applicant.queue) ? applicant.queue : this.pathOf(applicant.queue);
    return admit(this, { ...applicant, queue });
  }

  maximumAllocation(queue: string): { readonly memoryMb: number; readonly vcores: number } | undefined {
    return maximumAllocation(this.leafToBe(queue));
  }

  leafAfterRestart(path: string): string {
    return leafToUse(this.root, this.leaves, path, this.mayCreate(path, false));
  }

  addApp(offer: AppOffer): Application {
    const app = new Application(offer, this.leafMade(offer.queue), this.dimensions, this.partitions.all);
    app.leaf.count(app.user, 1);
    this.apps.add(app);
    return app;
  }

  removeApp(app: Application): void {
    invariant(app.containers === 0, `application ${app.seq} leaves the scheduler and holds ${app.containers} containers`);
    this.dropAsks(app);
    app.leaf.count(app.user, -1);
    this.apps.delete(app);
    this.counted(app.leaf);
  }

  moveApp(app: Application, { queue = app.queue, priority = app.priority }: { queue?: string; priority?: number }): void {
    const leaf = this.leafMade(queue);
    const from = app.leaf;
    const asks = [...app.asks.values()];
    for (const ask of asks) this.withdraw(ask);
    this.waking.freed(app.leaf);
    chargeAll(app, -1);
    app.leaf.count(app.user, -1);
    app.leaf = leaf;
    app.priority = priority;
    app.leaf.count(app.user, 1);
    this.counted(from);
    chargeAll(app, 1);
    app.weigh();
    for (const ask of asks) this.stand(ask);
  }

  dropAsks(app: Application): void {
    for (const ask of app.asks.values()) this.forget(ask);
    app.asks.clear();
  }

  setAsk(app: Application, askId: number, want: Want): void {
    const label = want.label ?? (app.label || app.leaf.config.defaultLabel);
    const before = app.asks.get(askId);
    if (before !== undefined && want.count > 0 && sameWant(before, want, label)) {
      addPending(before.line!.part, before.size.vector, want.count - before.count);
      before.count = want.count;
      reweigh(app);
      return;
    }
    if (before !== undefined) {
      this.forget(before);
      app.asks.delete(askId);
    }
    if (want.count <= 0) return reweigh(app);
    const size = this.sizes.use(this.dimensions.of(want.resource), this.partition(label));
    const ask = new Ask(app, askId, { ...want, label }, size, (asked) => obstacleOf(this, asked));
    ask.count = want.count;
    this.findLenders(ask);
    app.asks.set(askId, ask);
    reweigh(app);
    this.stand(ask);
  }

  adopt(app: Application, slot: number, resource: Resource, isDriver: boolean): void {
    const vector = this.dimensions.of(resource);
    this.nodes.take(slot, vector);
    const aside = stepAside(app);
    charge(app, this.partitionOf(slot), vector, isDriver);
    comeBack(aside);
  }

  release(app: Application, slot: number, resource: Resource, isDriver: boolean): void {
    const vector = this.dimensions.of(resource);
    this.nodes.give(slot, vector);
    const aside = stepAside(app);
    uncharge(app, this.partitionOf(slot), vector, isDriver);
    comeBack(aside);
    this.waking.freed(app.leaf);
    this.hasRoom(slot);
  }

  promise(rooms: readonly { readonly ask: WaitingAsk; readonly slot: number }[]): void {
    this.promises.set(rooms as readonly { readonly ask: Ask; readonly slot: number }[]);
  }

  keptFor(slot: number): WaitingAsk | undefined {
    return this.reservations.bySlot.get(slot)?.ask;
  }

  chance(): void {
    this.locality.chances++;
  }

  schedule(most: number, place: Place, nowMs: number): number {
    this.expireQueues(nowMs);
    if (this.resized) this.fit();
    let placed = 0;
    for (let more = true; more && placed < most; ) {
      const before = placed;
      placed += this.#placePromised(most - placed, place);
      placed += this.#placeKept(most - placed, place);
      this.waking.wake(this.root, this.#mayLook);
      for (let i = this.partitions.all.length - 1; i >= 0; i--) placed += this.#placeIn(this.partitions.all[i]!, most - placed, place);
      more = (placed > before || this.waking.hasLetGo) && this.waking.isDue;
    }
    this.reservations.keepForWaiting(nowMs);
    return placed;
  }

  queues(): QueueView[] {
    if (this.resized) this.fit();
    return queueViews(this);
  }

  leafNamed(name: string): string | undefined {
    return this.leaves.get(name)?.path;
  }

  queueNamed(name: string): string | undefined {
    const leaf = this.leafNamed(name);
    if (leaf !== undefined) return leaf;
    const full = this.pathOf(name);
    for (const { path } of this.root.all()) if (path === full) return path;
    return undefined;
  }

  mayCreate(name: string, bounded = true): boolean {
    const missing = missingFor(this.config.root, this.pathOf(name), bounded);
    return missing !== undefined && 'queues' in missing;
  }

  usageSnapshot(): UsageSnapshot {
    if (this.resized) this.fit();
    return snapshotOf(this);
  }

  /** What preemption made room for. */
  #placePromised(most: number, place: Place): number {
    let placed = 0;
    while (placed < most) {
      const promised = this.promises.take((ask, slot) =>
        ask.reservation?.slot === slot ? !isOverLimit(ask) : limitFor(ask.line!) === undefined,
      );
      if (promised === undefined) break;
      const { ask, slot } = promised;
      const keeper = this.reservations.bySlot.get(slot)?.ask;
      if (keeper !== undefined) this.endReservation(keeper, false);
      this.#put(ask, slot, place);
      if (keeper !== undefined) this.hasRoom(slot);
      placed++;
    }
    return placed;
  }

  /** Nodes that are free enough by now for whom they are kept. */
  #placeKept(most: number, place: Place): number {
    let placed = 0;
    while (placed < most) {
      const reservation = this.reservations.takeRipe();
      if (reservation === undefined) break;
      const { ask, slot } = reservation;
      const isOver = isOverLimit(ask); // an application came into its queue meanwhile
      this.endReservation(ask, isOver);
      if (isOver) continue;
      this.#put(ask, slot, place);
      placed++;
    }
    return placed;
  }

  /** Labelled partitions come before the default one: who asks for a label goes before those who may borrow its nodes. */
  #placeIn(partition: Partition, most: number, place: Place): number {
    let placed = 0;
    while (placed < most) {
      const part = leafInTurn(this.root, partition.index);
      if (part === undefined) break;
      const line = part.lines.top!;
      const ask = line.asks.top!;
      if (ask.reservation !== undefined && !this.config.continueLooking) {
        park(line, ask.size.parked);
        continue;
      }
      const slot = slotFor(this, line);
      if (slot >= 0) {
        if (ask.reservation !== undefined) this.endReservation(ask, true);
        this.#put(ask, slot, place);
        placed++;
      }
      this.waking.next(ask.size, this.root, this.#mayLook);
      this.waking.nextOf(line.user);
    }
    return placed;
  }

  /** A node is kept for its first ask, and that is all it is to have. */
  readonly #mayLook = (line: Line): boolean => this.config.continueLooking || line.asks.top?.reservation === undefined;

  #put(ask: Ask, slot: number, place: Place): void {
    const { app, size } = ask;
    const partition = this.partitionOf(slot);
    this.nodes.take(slot, size.vector);
    place(ask, slot);
    ask.count--;
    addPending(ask.line!.part, size.vector, -1);
    const aside = stepAside(app);
    charge(app, partition, size.vector, ask.forDriver);
    comeBack(aside);
    this.#served(ask, partition);
    const leaf = app.leaf.parts[partition.index]!;
    if (leaf.limitedUsers.size > 0 && leaf.share > 1) this.waking.limitMoved(leaf);
    if (ask.count > 0) return;
    app.asks.delete(ask.askId);
    this.forget(ask);
  }

  /** Who waits sees by it that others were placed since. */
  #served({ size, lenders }: Ask, partition: Partition): void {
    const placed = partition === size.partition ? size : lenders.find((lender) => lender.partition === partition)!;
    size.servedAt = size.partition.placements;
    placed.servedAt = placed.lastPlacedAt = ++partition.placements;
  }

  /** For tests: a line that could be placed and is not known to its leaf is a defect. */
  check(): void {
    for (const app of this.apps)
      for (const { line } of app.asks.values())
        invariant(line !== undefined && (line.lot !== undefined || line.heapAt >= 0), `an ask of ${app.seq} stands nowhere`);
  }
}
