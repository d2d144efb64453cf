// Members without order: each knows its place, so that it comes and leaves in O(1) and no table is made anew for it.

/** A member; in at most one bag at a time. */
export type Bagged = { bagAt: number };

export class Bag<T extends Bagged> {
  readonly #members: T[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: T): void {
    member.bagAt = this.#members.push(member) - 1;
  }

  /** The last one takes its place. */
  delete(member: T): void {
    const last = this.#members.pop()!;
    if (last !== member) {
      this.#members[member.bagAt] = last;
      last.bagAt = member.bagAt;
    }
    member.bagAt = -1;
  }

  /** Take a copy before members leave. */
  values(): IterableIterator<T> {
    return this.#members.values();
  }
}
