// Containers by their ids. The place is taken of the number at the id's end, and each container knows the next one at its place: as one comes and
// goes nothing is made, no id is hashed as a text, and no table is made anew for what has left it.
import type { ContainerId } from '../../common/ids.ts';
import type { Container } from './entities.ts';

const FEWEST_PLACES = 8;

export class ContainerTable {
  #places: (Container | undefined)[] = new Array<undefined>(FEWEST_PLACES).fill(undefined);
  size = 0;

  add(container: Container): void {
    if (this.size === this.#places.length) this.#grow();
    this.#put(container);
    this.size++;
  }

  get(id: ContainerId): Container | undefined {
    let at = this.#places[this.#placeOf(id)];
    while (at !== undefined && at.id !== id) at = at.nextThere;
    return at;
  }

  has(id: ContainerId): boolean {
    return this.get(id) !== undefined;
  }

  /** One that is there. */
  delete(container: Container): void {
    const place = this.#placeOf(container.id);
    const first = this.#places[place]!;
    if (first === container) this.#places[place] = container.nextThere;
    else {
      let before = first;
      while (before.nextThere !== container) before = before.nextThere!;
      before.nextThere = container.nextThere;
    }
    container.nextThere = undefined;
    this.size--;
  }

  /** A copy, in the order of their ids. O(n log n) */
  values(): Container[] {
    return this.#all().sort(byId);
  }

  /** Nothing is left. */
  takeAll(): Container[] {
    const all = this.values();
    this.#places.fill(undefined);
    this.size = 0;
    for (const container of all) container.nextThere = undefined;
    return all;
  }

  #all(): Container[] {
    const all: Container[] = [];
    for (let at of this.#places) for (; at !== undefined; at = at.nextThere) all.push(at);
    return all;
  }

  #grow(): void {
    const all = this.#all();
    this.#places = new Array<undefined>(this.#places.length * 2).fill(undefined);
    for (const container of all) this.#put(container);
  }

  #put(container: Container): void {
    const place = this.#placeOf(container.id);
    container.nextThere = this.#places[place];
    this.#places[place] = container;
  }

  /** Of the last digits, of which an id has six at least: numbers that follow one another are in places that do. */
  #placeOf(id: ContainerId): number {
    let number = 0;
    for (let at = id.length - 5; at < id.length; at++) number = number * 10 + id.charCodeAt(at) - 48;
    return number & (this.#places.length - 1);
  }
}

/** Numbers above 999,999 have more digits than those before them. */
const byId = ({ id: a }: Container, { id: b }: Container): number => a.length - b.length || (a < b ? -1 : 1);
