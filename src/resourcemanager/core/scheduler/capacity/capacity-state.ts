// What the capacity scheduler holds, and the steps that keep its parts in agreement: nodes and partitions, asks into their lines and out
// of them, nodes that are kept, the tree made anew. What its owner calls and how containers are placed is capacity-scheduler.ts.
import { AppError } from '../../../../common/errors.ts';
import { invariant, InvariantError } from '../../../../common/invariant.ts';
import type { Resource } from '../../../../common/resource.ts';
import { NodeTable } from '../node-table.ts';
import type { Held, Label, NodeOffer } from '../scheduler-port.ts';
import { add, Dimensions, subtract } from '../vectors.ts';
import type { Application } from './application.ts';
import { refuseLostQueues, wouldBe } from './admission.ts';
import { carriedOver, madeLeaves, missingFor, withoutQueue, withQueues } from './auto-queues.ts';
import type { CapacityConfig } from './config-types.ts';
import { type Ask, park, unready } from './line.ts';
import { Locality } from './locality.ts';
import { type Partition, Partitions } from './partition.ts';
import type { Queue } from './queue.ts';
import { Promises } from './promises.ts';
import { Reservations } from './reservations.ts';
import { SizeClasses } from './size-class.ts';
import { charge, chargeAll, comeBack, leave, stand, stepAside, uncharge } from './standing.ts';
import { fitTree, leavesByName, queueTree } from './tree.ts';
import { Waking } from './waking.ts';

export class CapacityState {
  readonly dimensions = new Dimensions();
  readonly nodes = new NodeTable(this.dimensions);
  readonly partitions = new Partitions();
  readonly sizes = new SizeClasses(this.nodes);
  readonly locality: Locality;
  readonly reservations = new Reservations(this.nodes, this.partitions, this.sizes);
  readonly promises = new Promises(this.nodes);
  readonly waking: Waking;
  readonly apps = new Set<Application>();
  config: CapacityConfig;
  root: Queue;
  leaves: Map<string, Queue>;
  protected resized = true;
  /** Leaves that were made for applications and have none, with since when: who is idle longest first. */
  readonly #idle = new Map<string, number>();
  /** Not yet there: it is not known what time it is. */
  readonly #emptied = new Set<string>();

  constructor(config: CapacityConfig) {
    this.config = config;
    this.locality = new Locality(this.nodes, config);
    this.waking = new Waking(this.sizes, this.locality);
    this.root = queueTree(config.root, { partitions: this.partitions.all, dimensions: this.dimensions });
    this.leaves = leavesByName(this.root);
  }

  addNode({ host, rack, capacity, label = '' }: NodeOffer): number {
    const partition = this.partition(label);
    const slot = this.nodes.add(host, rack, capacity, partition.index);
    add(partition.total, this.nodes.capacityOf(slot));
    partition.nodes++;
    this.resized = true;
    return slot;
  }

  removeNode(slot: number): void {
    this.reservations.endOn(slot);
    const partition = this.partitionOf(slot);
    subtract(partition.total, this.nodes.capacityOf(slot));
    partition.nodes--;
    this.nodes.remove(slot);
    this.resized = true;
  }

  resizeNode(slot: number, capacity: Resource): void {
    this.reservations.endOn(slot);
    const { total } = this.partitionOf(slot);
    subtract(total, this.nodes.capacityOf(slot));
    this.nodes.resize(slot, capacity);
    add(total, this.nodes.capacityOf(slot));
    this.resized = true;
    this.hasRoom(slot);
  }

  openNode(slot: number): void {
    if (this.nodes.isOpen(slot)) return;
    this.nodes.open(slot);
    this.hasRoom(slot);
  }

  closeNode(slot: number): void {
    this.nodes.close(slot);
    this.reservations.endOn(slot);
  }

  labels(): Label[] {
    return this.partitions.labels();
  }

  setLabels(labels: readonly Label[]): void {
    const kept = new Set(labels.map(({ name }) => name));
    const inUse = this.partitions.all.find(({ index, known, nodes, label }) => index > 0 && known && nodes > 0 && !kept.has(label));
    if (inUse !== undefined)
      throw new AppError('LABEL_INVALID', {
        label: inUse.label,
        reason: `${inUse.nodes} of the cluster's nodes have it; replace it there first`,
      });
    this.partitions.set(labels);
    this.rebuild(this.config);
  }

  labelOf(slot: number): string {
    return this.partitionOf(slot).label;
  }

  labelNode(slot: number, label: string, held: readonly Held[]): void {
    const [from, to] = [this.partitionOf(slot), this.partition(label)];
    if (from === to) return;
    this.reservations.endOn(slot);
    for (const { app, resource, isDriver } of held) {
      const vector = this.dimensions.of(resource);
      const aside = stepAside(app as Application);
      uncharge(app as Application, from, vector, isDriver);
      charge(app as Application, to, vector, isDriver);
      comeBack(aside);
    }
    const capacity = this.nodes.capacityOf(slot);
    subtract(from.total, capacity);
    add(to.total, capacity);
    from.nodes--;
    to.nodes++;
    this.nodes.setPartition(slot, to.index);
    this.resized = true;
    if (this.nodes.isOpen(slot)) this.hasRoom(slot);
    this.locality.lookAgain();
  }

  protected stand(ask: Ask): void {
    const line = stand(ask);
    if (line.lot === line.user.full) this.waking.limitMoved(line.part);
    if (ask.label === '' || (ask.size.partition.known && ask.app.leaf.mayUse(ask.label))) return;
    if (line.lot !== undefined) return;
    unready(line);
    park(line, line.part.forbidden);
  }

  protected forget(ask: Ask): void {
    this.withdraw(ask);
    this.sizes.unuse(ask.size);
    for (const size of ask.lenders) this.sizes.unuse(size);
    ask.lenders = [];
  }

  /** Drivers borrow nothing: they would be the first to be sent away. */
  protected findLenders(ask: Ask): void {
    for (const size of ask.lenders) this.sizes.unuse(size);
    const may = ask.label === '' && !ask.forDriver;
    ask.lenders = may ? [...this.partitions.shared()].map((partition) => this.sizes.use(ask.size.vector, partition)) : [];
  }

  protected withdraw(ask: Ask): void {
    if (ask.reservation !== undefined) this.endReservation(ask, true);
    const { line } = ask;
    if (line === undefined) return;
    this.locality.forget(line);
    if (line.holds !== undefined) this.waking.letGo(line);
    if (leave(ask) || line.user.full.lines.length > 0) this.waking.limitMoved(line.part);
  }

  /** @param tell others of the room there; not where it is filled at once */
  protected endReservation(ask: Ask, tell: boolean): void {
    const slot = this.reservations.end(ask);
    if (slot < 0) return;
    this.waking.freed(ask.app.leaf);
    if (tell) this.hasRoom(slot);
  }

  protected hasRoom(slot: number): void {
    this.promises.nodeHasRoom(slot);
    if (this.reservations.nodeHasRoom(slot)) return;
    this.sizes.nodeHasRoom(this.nodes, slot);
    this.locality.nodeHasRoom(slot);
  }

  protected partitionOf(slot: number): Partition {
    return this.partitions.all[this.nodes.partitions[slot]!]!;
  }

  /** A new one makes the tree anew: every queue has a part for each. */
  protected partition(label: string): Partition {
    const before = this.partitions.all.length;
    const found = this.partitions.of(label);
    if (this.partitions.all.length > before) this.rebuild(this.config);
    return found;
  }

  protected leaf(path: string): Queue {
    const leaf = this.leaves.get(path);
    invariant(leaf, `queue ${path} is no leaf`);
    return leaf;
  }

  /** Also one that is still to be made. */
  protected leafToBe(path: string): Queue {
    const refuse = (reason: string): never => {
      throw new InvariantError(reason);
    };
    return this.leaves.get(path) ?? wouldBe(this, path, false, refuse) ?? this.leaf(path);
  }

  /** The leaf there, made if need be: admit() was asked. */
  protected leafMade(path: string): Queue {
    const missing = this.leaves.has(path) ? undefined : missingFor(this.config.root, path, false);
    if (missing !== undefined && 'queues' in missing) this.rebuild({ ...this.config, root: withQueues(this.config.root, missing.queues) });
    return this.leaf(path);
  }

  /** In YARN's mappings `users.ann` is below the one queue that is called users. */
  protected pathOf(name: string): string {
    const [first = '', ...below] = name.split('.');
    if (first === 'root' || below.length === 0) return name;
    const named = [...this.root.all()].filter(({ config }) => config.name === first);
    return named.length === 1 ? [named[0]!.path, ...below].join('.') : name;
  }

  protected counted(leaf: Queue): void {
    if (leaf.config.expires && leaf.applicationCount === 0) this.#emptied.add(leaf.path);
  }

  /** Those without an application for as long as the file says. */
  protected expireQueues(nowMs: number): void {
    for (const path of this.#emptied) {
      this.#idle.delete(path);
      this.#idle.set(path, nowMs);
    }
    this.#emptied.clear();
    let { root } = this.config;
    for (const [path, sinceMs] of this.#idle) {
      const isIdle = this.leaves.get(path)?.applicationCount === 0;
      if (isIdle && nowMs < sinceMs) {
        this.#idle.set(path, nowMs); // the clock was set back: it would stay for as long as that was
        continue;
      }
      if (isIdle && nowMs - sinceMs < this.config.queueExpirationMs) break;
      this.#idle.delete(path);
      if (isIdle) root = withoutQueue(root, path);
    }
    if (root !== this.config.root) this.rebuild({ ...this.config, root });
  }

  /** Queues that were made stay as far as the new file makes such queues. @throws AppError QUEUE_CONFIG_INVALID; nothing has changed then */
  replaceQueues(config: CapacityConfig): void {
    const root = carriedOver(config.root, this.config.root);
    refuseLostQueues(root, this.apps);
    this.rebuild({ ...config, root });
    for (const path of madeLeaves(root)) if (!this.#idle.has(path)) this.counted(this.leaf(path));
  }

  protected fit(): void {
    this.resized = false;
    fitTree(this.root);
    for (const ask of this.reservations.overLimit()) this.endReservation(ask, true);
    this.waking.all(this.root);
    this.locality.lookAgain();
  }

  protected rebuild(config: CapacityConfig): void {
    this.reservations.endAll();
    const asks: Ask[] = [];
    for (const app of this.apps)
      for (const ask of app.asks.values()) {
        this.withdraw(ask);
        asks.push(ask);
      }
    this.config = config;
    this.locality.config = config;
    this.root = queueTree(config.root, { partitions: this.partitions.all, dimensions: this.dimensions });
    this.leaves = leavesByName(this.root);
    this.waking.forget();
    for (const app of this.apps) {
      app.leaf = this.leaf(app.queue);
      app.leaf.count(app.user, 1);
      chargeAll(app, 1);
      app.weigh();
    }
    this.sizes.lookAgain();
    this.fit();
    for (const ask of asks) {
      this.findLenders(ask);
      this.stand(ask);
    }
  }
}
