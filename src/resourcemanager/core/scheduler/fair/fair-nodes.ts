// The nodes as the fair scheduler sees them: the index of free memory and vcores (node-index.ts), countable resources beside it, and
// which slots a host or rack has. It knows no labels: those are the capacity scheduler's.
import { NOTHING, plus, type Resource } from '../../../../common/resource.ts';
import { NodeIndex } from '../node-index.ts';
import type { NodeOffer } from '../scheduler-port.ts';
import type { FairSize } from './fair-sizes.ts';

type Counts = Record<string, number>;

export class FairNodes {
  total: Resource = NOTHING;
  readonly #index = new NodeIndex();
  /** By slot: what is free of countable resources. */
  readonly #others: (Counts | undefined)[] = [];
  readonly #offers: (NodeOffer | undefined)[] = [];
  readonly #byPlace = new Map<string, number[]>();

  add(offer: NodeOffer): number {
    const { memoryMb, vcores, others } = offer.capacity;
    const slot = this.#index.add(memoryMb, vcores);
    this.#offers[slot] = offer;
    this.#others[slot] = others === undefined ? undefined : { ...others };
    for (const place of placesOf(offer)) this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), slot]);
    this.total = plus(this.total, offer.capacity);
    return slot;
  }

  remove(slot: number): void {
    const offer = this.#offers[slot]!;
    this.#index.remove(slot);
    this.#offers[slot] = this.#others[slot] = undefined;
    for (const place of placesOf(offer)) {
      const left = this.#byPlace.get(place)!.filter((s) => s !== slot);
      if (left.length > 0) this.#byPlace.set(place, left);
      else this.#byPlace.delete(place);
    }
    this.total = less(this.total, offer.capacity);
  }

  resize(slot: number, capacity: Resource): void {
    const offer = this.#offers[slot]!;
    this.#index.resize(slot, capacity.memoryMb, capacity.vcores);
    const taken = less(offer.capacity, { memoryMb: 0, vcores: 0, others: this.#others[slot] ?? {} }).others ?? {};
    if (capacity.others !== undefined || offer.capacity.others !== undefined)
      this.#others[slot] = {
        ...less({ memoryMb: 0, vcores: 0, others: capacity.others ?? {} }, { memoryMb: 0, vcores: 0, others: taken }).others,
      };
    this.#offers[slot] = { ...offer, capacity };
    this.total = plus(less(this.total, offer.capacity), capacity);
  }

  open(slot: number): void {
    this.#index.open(slot);
  }

  close(slot: number): void {
    this.#index.close(slot);
  }

  isOpen(slot: number): boolean {
    return this.#index.isOpen(slot);
  }

  free(slot: number): Resource {
    const others = this.#others[slot];
    const plain = { memoryMb: this.#index.freeMb[slot]!, vcores: this.#index.freeVcores[slot]! };
    return others === undefined ? plain : { ...plain, others: { ...others } };
  }

  host(slot: number): string {
    return this.#offers[slot]!.host;
  }

  roomiest(): number {
    return this.#index.roomiest();
  }

  /** sign -1 takes. */
  give(slot: number, { memoryMb, vcores, others }: Resource, sign: 1 | -1): void {
    this.#index.give(slot, sign * memoryMb, sign * vcores);
    if (others === undefined) return;
    const here = (this.#others[slot] ??= {});
    for (const name in others) here[name] = (here[name] ?? 0) + sign * others[name]!;
  }

  fits(slot: number, { memoryMb, vcores, others }: Resource): boolean {
    return this.#index.fits(slot, memoryMb, vcores) && this.#hasOthers(slot, others);
  }

  /** May a container of that size go to that slot now? */
  fitsSize(slot: number, { resource, hosts, racks, strict }: FairSize): boolean {
    if (!this.fits(slot, resource)) return false;
    const offer = this.#offers[slot]!;
    return !strict || hosts.includes(offer.host) || racks.includes(offer.rack);
  }

  /** Its hosts, then its racks, then (unless it is strict) any. @returns a slot, or -1 when none has room */
  slotFor(size: FairSize): number {
    const { resource, hosts, racks, strict } = size;
    for (const place of [...hosts.map((host) => `host ${host}`), ...racks.map((rack) => `rack ${rack}`)])
      for (const slot of this.#byPlace.get(place) ?? []) if (this.fits(slot, resource)) return slot;
    if (strict) return -1;
    const { memoryMb, vcores, others } = resource;
    if (others === undefined) {
      const found = this.#index.find(memoryMb, vcores);
      if (found >= 0) return found;
    }
    for (let k = 0; k < this.#index.size; k++) {
      const at = size.cursor + k;
      const slot = at >= this.#index.size ? at - this.#index.size : at;
      if (this.fits(slot, resource)) {
        size.cursor = slot;
        return slot;
      }
    }
    return -1;
  }

  /** The most of each resource that one node has in all. */
  largest(): Resource {
    let [memoryMb, vcores] = [0, 0];
    for (const offer of this.#offers) {
      memoryMb = Math.max(memoryMb, offer?.capacity.memoryMb ?? 0);
      vcores = Math.max(vcores, offer?.capacity.vcores ?? 0);
    }
    return { memoryMb, vcores };
  }

  #hasOthers(slot: number, others: Readonly<Counts> | undefined): boolean {
    if (others === undefined) return true;
    const here = this.#others[slot];
    for (const name in others) if ((here?.[name] ?? 0) < others[name]!) return false;
    return true;
  }
}

const placesOf = ({ host, rack }: NodeOffer): string[] => [`host ${host}`, `rack ${rack}`];

function less(a: Resource, b: Resource): Resource {
  const others: Counts = { ...a.others };
  for (const name in b.others) others[name] = (others[name] ?? 0) - b.others[name]!;
  const plain = { memoryMb: a.memoryMb - b.memoryMb, vcores: a.vcores - b.vcores };
  return Object.keys(others).length === 0 ? plain : { ...plain, others };
}
