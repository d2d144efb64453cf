// The nodes as the fair scheduler sees them: node-table.ts as one partition (it knows no labels), with resources in place of vectors, and
// where a container of some size goes.
import { minus, NOTHING, plus, type Resource } from '../../../../common/resource.ts';
import { NodeTable } from '../node-table.ts';
import type { NodeOffer } from '../scheduler-port.ts';
import { Dimensions } from '../vectors.ts';
import type { FairSize } from './fair-sizes.ts';

const ALL = 0;

export class FairNodes {
  readonly dimensions = new Dimensions();
  readonly table = new NodeTable(this.dimensions);
  /** Another object whenever it is another amount. */
  total: Resource = NOTHING;
  count = 0;

  add({ host, rack, capacity }: NodeOffer): number {
    this.total = plus(this.total, capacity);
    this.count++;
    return this.table.add(host, rack, capacity, ALL);
  }

  remove(slot: number): void {
    this.total = minus(this.total, this.#capacity(slot));
    this.count--;
    this.table.remove(slot);
  }

  resize(slot: number, capacity: Resource): void {
    this.total = plus(minus(this.total, this.#capacity(slot)), capacity);
    this.table.resize(slot, capacity);
  }

  host(slot: number): string {
    return this.table.hosts[slot]!;
  }

  take(slot: number, what: Resource): void {
    this.table.take(slot, this.dimensions.of(what));
  }

  give(slot: number, what: Resource): void {
    this.table.give(slot, this.dimensions.of(what));
  }

  /** On one of its hosts, or -1. */
  onHosts({ vector, hosts }: FairSize): number {
    for (const host of hosts) for (const slot of this.table.onHost(host)) if (this.table.fits(slot, vector)) return slot;
    return -1;
  }

  onRacks({ vector }: FairSize, racks: Iterable<string>): number {
    for (const rack of racks) for (const slot of this.table.onRack(rack)) if (this.table.fits(slot, vector)) return slot;
    return -1;
  }

  /** On those racks, then (unless it is strict) anywhere, or -1. */
  elsewhere(size: FairSize, racks: readonly string[]): number {
    const slot = this.onRacks(size, racks);
    return slot >= 0 || size.strict ? slot : size.search.find();
  }

  /** The one with the most room of those that could hold it when they are empty, and are kept for nobody; or -1. */
  toKeep({ vector, hosts, racks, strict, search }: FairSize): number {
    if (!strict) return search.roomiest();
    const { table } = this;
    const its = [...hosts.flatMap((host) => table.onHost(host)), ...racks.flatMap((rack) => [...table.onRack(rack)])];
    const may = its.filter((slot) => table.isOpen(slot) && !table.isKept(slot) && table.couldHold(slot, vector));
    return may.reduce((best, slot) => (best < 0 || table.freeMb[slot]! > table.freeMb[best]! ? slot : best), -1);
  }

  roomiest(): number {
    for (const pool of this.table.poolsOf(ALL)) {
      const slot = pool.roomiest();
      if (slot >= 0) return slot;
    }
    return -1;
  }

  /** The most memory and vcores that one node has in all. */
  largest(): Resource {
    let [memoryMb, vcores] = [0, 0];
    for (const slot of this.table.slotsOf(ALL)) {
      memoryMb = Math.max(memoryMb, this.table.capacityMb[slot]!);
      vcores = Math.max(vcores, this.table.capacityVcores[slot]!);
    }
    return { memoryMb, vcores };
  }

  #capacity(slot: number): Resource {
    return this.dimensions.resource(this.table.capacityOf(slot));
  }
}
