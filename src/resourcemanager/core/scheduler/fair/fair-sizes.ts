// Asks of one size and one choice of hosts together: when no node has room for one, all of them wait for the same thing, and one look
// answers for all. A node that gets room wakes those that fit on it now.
import type { Resource } from '../../../../common/resource.ts';
import { NodeSearch } from '../node-search.ts';
import type { NodeTable } from '../node-table.ts';
import type { Want } from '../scheduler-port.ts';
import type { Vector } from '../vectors.ts';
import type { FairAsk } from './fair-asks.ts';

export type FairSize = {
  readonly key: string;
  readonly resource: Resource;
  readonly hosts: readonly string[];
  readonly racks: readonly string[];
  /** These hosts and racks or none. */
  readonly strict: boolean;
  blocked: boolean;
  readonly parked: FairAsk[];
  readonly vector: Vector;
  readonly search: NodeSearch;
  asks: number;
};

export class FairSizes {
  readonly #nodes: NodeTable;
  readonly #sizes = new Map<string, FairSize>();
  readonly #blocked = new Set<FairSize>();
  readonly #woken: FairSize[] = [];

  constructor(nodes: NodeTable) {
    this.#nodes = nodes;
  }

  /** The class of it, with one ask more. */
  use({ resource, hosts, racks = [], relaxLocality = true }: Want): FairSize {
    const key = keyOf(resource, hosts, racks, relaxLocality);
    let size = this.#sizes.get(key);
    if (size === undefined) {
      const vector = this.#nodes.dimensions.of(resource);
      const search = new NodeSearch(this.#nodes, vector, 0);
      size = { key, resource, vector, search, hosts, racks, strict: !relaxLocality, blocked: false, parked: [], asks: 0 };
      this.#sizes.set(key, size);
    }
    size.asks++;
    return size;
  }

  unuse(size: FairSize): void {
    if (--size.asks === 0 && !size.blocked) this.#sizes.delete(size.key);
  }

  /** No node has room for it. */
  block(size: FairSize): void {
    size.blocked = true;
    this.#blocked.add(size);
  }

  /** O(blocked sizes). */
  wakeIf(fits: (size: FairSize) => boolean): void {
    for (const size of this.#blocked) {
      if (!fits(size)) continue;
      this.#blocked.delete(size);
      this.#woken.push(size);
    }
  }

  /** @param again takes an ask out of `parked` */
  wake(again: (ask: FairAsk) => void): void {
    for (const size of this.#woken) {
      size.blocked = false;
      while (size.parked.length > 0) again(size.parked.at(-1)!);
      if (size.asks === 0) this.#sizes.delete(size.key);
    }
    this.#woken.length = 0;
  }
}

export function keyOf({ memoryMb, vcores, others }: Resource, hosts: readonly string[], racks: readonly string[], relax: boolean): string {
  const more = others === undefined ? '' : JSON.stringify(Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${memoryMb} ${vcores} ${more} ${hosts.join(',')} ${racks.join(',')} ${relax}`;
}
