// Asks with places of their own: nodes of their hosts first, for a while nothing else, then their racks, then any node; or, with
// relaxLocality false, their hosts and racks only. The while is counted in chances: every heartbeat of a node is one, as in YARN every
// heartbeat offers its node to the applications. Source: YARN's RegularContainerAllocator.canAssign.
import type { NodeTable } from '../node-table.ts';
import type { CapacityConfig } from './config-types.ts';
import { Heap } from '../heap.ts';
import { type Ask, type Line, Lot, park, wake } from './line.ts';

/** A node for the ask; or any will do; or it waits. */
export type LocalChoice = { readonly slot: number } | 'anyNode' | 'waits';

/** When a delayed line is to be looked at again; void when it was meanwhile. */
type Due = { readonly line: Line; readonly at: number; heapAt: number };

export class Locality {
  /** Heartbeats of nodes so far. */
  chances = 0;
  readonly delayed = new Lot('locality', undefined);
  readonly strict = new Lot('hostsFull', undefined);
  readonly #nodes: NodeTable;
  readonly #due = new Heap<Due>((a, b) => a.at < b.at);
  readonly #watchers = new Map<number, Set<Line>>();
  config: Pick<CapacityConfig, 'nodeLocalityDelay' | 'rackLocalityAdditionalDelay'>;

  constructor(nodes: NodeTable, config: CapacityConfig) {
    this.#nodes = nodes;
    this.config = config;
  }

  /** @param nodes in the ask's partition */
  choose(ask: Ask, nodes: number): LocalChoice {
    const hosts = this.#slotsOfHosts(ask);
    for (const slot of hosts) if (this.#nodes.fits(slot, ask.size.vector)) return { slot };
    if (ask.relaxLocality) {
      if (hosts.length > 0 && this.missed(ask) < this.afterForRack(nodes)) return 'waits';
    } else if (ask.racks.length === 0) return 'waits';
    // Where all nodes are in one rack, a node of the rack is any node, and the pools find that without a look at each.
    if (ask.relaxLocality && this.#nodes.rackCount <= 1) return 'anyNode';
    const onRack = this.#onRack(ask);
    if (onRack >= 0) return { slot: onRack };
    if (!ask.relaxLocality) return 'waits';
    return hosts.length > 0 && this.missed(ask) < this.afterForAny(ask, nodes) ? 'waits' : 'anyNode';
  }

  /** How long it waits already. */
  missed(ask: Ask): number {
    if (ask.waitsSince < 0) ask.waitsSince = this.chances;
    return this.chances - ask.waitsSince;
  }

  /** Never more than there are nodes: then each had its chance. */
  afterForRack(nodes: number): number {
    return Math.min(nodes, this.config.nodeLocalityDelay);
  }

  afterForAny(ask: Ask, nodes: number): number {
    const { nodeLocalityDelay, rackLocalityAdditionalDelay } = this.config;
    if (nodeLocalityDelay < 0) return 0;
    if (rackLocalityAdditionalDelay >= 0) return Math.min(nodes, nodeLocalityDelay + rackLocalityAdditionalDelay);
    return Math.min(nodes, ask.count * Math.min(1, (ask.hosts.length + ask.racks.length) / Math.max(1, nodes)));
  }

  /** Until one of its nodes has room or, where others will do, the chances have gone by. */
  park(line: Line, nodes: number): void {
    const ask = line.asks.top!;
    park(line, ask.relaxLocality ? this.delayed : this.strict);
    if (ask.relaxLocality) this.#delay(line, ask, nodes);
    line.watched = [...this.#slotsOfHosts(ask), ...(ask.relaxLocality ? [] : ask.racks.flatMap((rack) => [...this.#nodes.onRack(rack)]))];
    for (const slot of line.watched) {
      const lines = this.#watchers.get(slot);
      if (lines === undefined) this.#watchers.set(slot, new Set([line]));
      else lines.add(line);
    }
  }

  /** It left its lot. */
  forget(line: Line): void {
    for (const slot of line.watched) {
      const lines = this.#watchers.get(slot);
      lines?.delete(line);
      if (lines?.size === 0) this.#watchers.delete(slot);
    }
    line.watched = [];
  }

  nodeHasRoom(slot: number): void {
    for (const line of this.#watchers.get(slot) ?? []) {
      const ask = line.asks.top;
      if (ask === undefined || !this.#nodes.fits(slot, ask.size.vector)) continue;
      this.forget(line);
      if (line.lot === this.delayed || line.lot === this.strict) wake(line);
    }
  }

  /** Another node: it may be what somebody waits for. */
  lookAgain(): void {
    for (const { lines } of [this.delayed, this.strict]) {
      for (const line of [...lines]) {
        this.forget(line);
        wake(line);
      }
    }
  }

  /** Whose chances have gone by. */
  wakeDue(): void {
    for (let due = this.#due.top; due !== undefined && due.at <= this.chances; due = this.#due.top) {
      this.#due.remove(due);
      const { line, at } = due;
      if (line.lot !== this.delayed || line.dueAt !== at) continue;
      this.forget(line);
      wake(line);
    }
  }

  #delay(line: Line, ask: Ask, nodes: number): void {
    const forRack = ask.waitsSince + this.afterForRack(nodes);
    line.dueAt = this.chances < forRack ? forRack : Math.ceil(ask.waitsSince + this.afterForAny(ask, nodes));
    this.#due.push({ line, at: line.dueAt, heapAt: -1 });
  }

  #slotsOfHosts(ask: Ask): readonly number[] {
    if (ask.hostSlotsAt === this.#nodes.version) return ask.hostSlots;
    const { index } = ask.size.partition;
    ask.hostSlots = ask.hosts.flatMap((host) => this.#nodes.onHost(host).filter((slot) => this.#nodes.partitions[slot] === index));
    ask.hostSlotsAt = this.#nodes.version;
    return ask.hostSlots;
  }

  /** Of the racks that it names, and those of its hosts. */
  #racksOf(ask: Ask): Set<string> {
    return new Set([...ask.racks, ...this.#slotsOfHosts(ask).map((slot) => this.#nodes.racks[slot]!)]);
  }

  #onRack(ask: Ask): number {
    for (const rack of this.#racksOf(ask)) {
      for (const slot of this.#nodes.onRack(rack))
        if (this.#nodes.partitions[slot] === ask.size.partition.index && this.#nodes.fits(slot, ask.size.vector)) return slot;
    }
    return -1;
  }
}
