// Resources as short lists of numbers, which is what a scheduler counts with: memory in MiB, vcores, then countable resources in the
// order in which they were first seen. A list that is shorter than another has 0 in the places that it does not name.
import { type Resource, resource } from '../../../common/resource.ts';

export type Vector = number[];

const FIRST_OTHER = 2;

/** Which place a countable resource has. One per scheduler; it only grows. */
export class Dimensions {
  readonly #names: string[] = [];

  /** Of the resources that are counted one by one. */
  get names(): readonly string[] {
    return this.#names;
  }

  of({ memoryMb, vcores, others }: Resource): Vector {
    const vector = [memoryMb, vcores];
    for (const name in others) {
      let at = this.#names.indexOf(name);
      if (at < 0) at = this.#names.push(name) - 1;
      while (vector.length <= at + FIRST_OTHER) vector.push(0);
      vector[at + FIRST_OTHER] = others[name]!;
    }
    return vector;
  }

  /** `nameAt` of a place ≥ 2. */
  nameAt(place: number): string {
    return this.#names[place - FIRST_OTHER]!;
  }

  resource(vector: Vector): Resource {
    const [memoryMb = 0, vcores = 0] = vector;
    if (vector.length <= FIRST_OTHER) return resource(memoryMb, vcores);
    const others: Record<string, number> = {};
    for (let d = FIRST_OTHER; d < vector.length; d++) others[this.nameAt(d)] = vector[d]!;
    return resource(memoryMb, vcores, others);
  }
}

export function add(into: Vector, what: Vector, times = 1): void {
  while (into.length < what.length) into.push(0);
  for (let d = 0; d < what.length; d++) into[d]! += what[d]! * times;
}

export function subtract(from: Vector, what: Vector): void {
  while (from.length < what.length) from.push(0);
  for (let d = 0; d < what.length; d++) from[d]! -= what[d]!;
}

/** Whether `used` and `want` together are more than `limit` of anything that is wanted. */
export function exceeds(used: Vector, want: Vector, limit: Vector): boolean {
  for (let d = 0; d < want.length; d++) {
    const amount = want[d]!;
    if (amount > 0 && (d < used.length ? used[d]! : 0) + amount > (d < limit.length ? limit[d]! : 0)) return true;
  }
  return false;
}

export function fitsIn(want: Vector, free: Vector): boolean {
  for (let d = 0; d < want.length; d++) if (want[d]! > (d < free.length ? free[d]! : 0) && want[d]! > 0) return false;
  return true;
}

/** At least as much of everything. */
export function covers(a: Vector, b: Vector): boolean {
  for (let d = 0; d < b.length; d++) if ((d < a.length ? a[d]! : 0) < b[d]!) return false;
  return true;
}

export function isNothing(vector: Vector): boolean {
  for (let d = 0; d < vector.length; d++) if (vector[d] !== 0) return false;
  return true;
}

/** Rounded down, with room for what halves and thirds lose. */
export const floored = (vector: Vector): Vector => vector.map((amount) => Math.floor(amount + 1e-6));

export const scaled = (vector: Vector, factor: number): Vector => vector.map((amount) => amount * factor);

/** The largest part of `total` that `used` takes of anything. */
export function dominant(used: Vector, total: Vector): number {
  let share = 0;
  for (let d = 0; d < used.length; d++) {
    const amount = used[d]!;
    if (amount <= 0) continue;
    const all = d < total.length ? total[d]! : 0;
    share = Math.max(share, all > 0 ? amount / all : Number.POSITIVE_INFINITY);
  }
  return share;
}
