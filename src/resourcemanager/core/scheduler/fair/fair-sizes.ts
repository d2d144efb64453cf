// Asks of one size and one choice of hosts together: when no node has room for one, all of them wait for the same thing, and one look
// answers for all. A node that gets room wakes those that fit on it now.
import type { Resource } from '../../../../common/resource.ts';
import { NodeSearch } from '../node-search.ts';
import type { NodeTable } from '../node-table.ts';
import type { Want } from '../scheduler-port.ts';
import { covers, type Vector } from '../vectors.ts';
import type { FairAsk } from './fair-asks.ts';

export type FairSize = {
  readonly key: string;
  /** The key without what tells it from others that want the same. */
  readonly wish: string;
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
  /** How far from its hosts it goes now, and since which chance it has waited at that; -1: it does not wait. Only with locality thresholds. */
  level: LocalityLevel;
  waitsSince: number;
  /** In placements: when one of this size was placed last, or when it began to wait. */
  servedAt: number;
};
export type LocalityLevel = 'host' | 'rack' | 'any';

const MOST_RECENT = 64;
const NEW = { blocked: false, asks: 0, level: 'host', waitsSince: -1 } as const;

export class FairSizes {
  readonly #nodes: NodeTable;
  readonly #sizes = new Map<string, FairSize>();
  readonly #blocked = new Set<FairSize>();
  readonly #woken: FairSize[] = [];
  /** So far: a clock for who was passed over. */
  placements = 0;
  /** What was placed last, and when: also of sizes that nobody wants any more. */
  readonly #recent = new Map<Vector, number>();

  constructor(nodes: NodeTable) {
    this.#nodes = nodes;
  }

  /** The class of it, with one ask more. @param more what else tells it from others */
  use({ resource, hosts, racks = [], relaxLocality = true }: Want, more = ''): FairSize {
    const wish = keyOf(resource, hosts, racks, relaxLocality);
    const key = wish + more;
    let size = this.#sizes.get(key);
    if (size === undefined) {
      const vector = this.#nodes.dimensions.of(resource);
      const search = new NodeSearch(this.#nodes, vector, 0);
      size = { key, wish, resource, vector, search, hosts, racks, strict: !relaxLocality, parked: [], servedAt: this.placements, ...NEW };
      this.#sizes.set(key, size);
    }
    size.asks++;
    return size;
  }

  /** One of it is placed. */
  placed(size: FairSize): void {
    size.servedAt = ++this.placements;
    this.#recent.delete(size.vector);
    this.#recent.set(size.vector, this.placements);
    if (this.#recent.size > MOST_RECENT) this.#recent.delete(this.#recent.keys().next().value!);
  }

  unuse(size: FairSize): void {
    if (--size.asks === 0 && !size.blocked) this.#sizes.delete(size.key);
  }

  /** No node has room for it. */
  block(size: FairSize): void {
    size.blocked = true;
    this.#blocked.add(size);
  }

  get blocked(): Iterable<FairSize> {
    return this.#blocked;
  }

  /** Another size took room since it waits, and one that does not need all of what this one needs. */
  wasPassed(size: FairSize): boolean {
    for (const [vector, placedAt] of this.#recent) if (placedAt > size.servedAt && !covers(vector, size.vector)) return true;
    return false;
  }

  /** O(blocked sizes). */
  wakeIf(fits: (size: FairSize) => boolean): void {
    for (const size of this.#blocked) {
      if (fits(size)) this.wakeNow(size);
    }
  }

  wakeNow(size: FairSize): void {
    if (this.#blocked.delete(size)) this.#woken.push(size);
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
