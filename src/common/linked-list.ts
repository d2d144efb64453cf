// Members in the order in which they came, each with its neighbours: one leaves from anywhere in O(1), and no table is made anew for it. A Map
// in which members leave and come again has holes at its beginning, which every look at the first of them walks over.

/** A member; in at most one list at a time. */
export type Linked<T> = { before: T | undefined; after: T | undefined };

export class LinkedList<T extends Linked<T>> {
  first: T | undefined = undefined;
  last: T | undefined = undefined;
  size = 0;

  has(member: T): boolean {
    return member.before !== undefined || this.first === member;
  }

  /** To the end, wherever it was. */
  push(member: T): void {
    if (this.last === member) return;
    this.delete(member);
    member.before = this.last;
    if (this.last === undefined) this.first = member;
    else this.last.after = member;
    this.last = member;
    this.size++;
  }

  /** Nothing when it is not there. */
  delete(member: T): void {
    if (!this.has(member)) return;
    const { before, after } = member;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after === undefined) this.last = before;
    else after.before = before;
    member.before = member.after = undefined;
    this.size--;
  }

  /** The member in hand may leave meanwhile. */
  *[Symbol.iterator](): Generator<T> {
    for (let at = this.first; at !== undefined; ) {
      const { after } = at;
      yield at;
      at = after;
    }
  }
}
