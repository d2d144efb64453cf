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

  add({ host, rack, capacity }: NodeOffer): number {
    this.total = plus(this.total, capacity);
    return this.table.add(host, rack, capacity, ALL);
  }

  remove(slot: number): void {
    this.total = minus(this.total, this.#capacity(slot));
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

  /** May a container of that size go to that slot now? */
  fitsSize(slot: number, { vector, hosts, racks, strict }: FairSize): boolean {
    if (!this.table.fits(slot, vector)) return false;
    return !strict || hosts.includes(this.table.hosts[slot]!) || racks.includes(this.table.racks[slot]!);
  }

  /** Its hosts, then its racks, then (unless it is strict) any. @returns a slot, or -1 when none has room */
  slotFor({ vector, hosts, racks, strict, search }: FairSize): number {
    const { table } = this;
    for (const host of hosts) for (const slot of table.onHost(host)) if (table.fits(slot, vector)) return slot;
    for (const rack of racks) for (const slot of table.onRack(rack)) if (table.fits(slot, vector)) return slot;
    return strict ? -1 : search.find();
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
