// Who is looked at again when something moved: a queue or a user gave back, a user's limit grew, a node got room, chances went by. What
// happened is noted when it happens and looked at once a turn, so that a hundred releases cost one look.
import { chooseHolder, isBlocked } from './head-room.ts';
import type { Locality } from './locality.ts';
import { type Line, type Lot, wake, wakeAll } from './line.ts';
import type { Queue, QueuePart } from './queue.ts';
import type { SizeClass, SizeClasses } from './size-class.ts';
import type { UserPart } from './user-part.ts';
import { firstWaiting } from './waiting.ts';

export class Waking {
  readonly #sizes: SizeClasses;
  readonly #locality: Locality;
  /** Leaves in which something ended. */
  readonly #freed = new Set<Queue>();
  /** Those leaves, and all above them. */
  readonly #above = new Set<QueuePart>();
  /** Since the last look at who is to be woken. */
  hasLetGo = false;
  /** Leaves whose users may have more now. */
  readonly #moved = new Set<QueuePart>();

  constructor(sizes: SizeClasses, locality: Locality) {
    this.#sizes = sizes;
    this.#locality = locality;
  }

  freed(leaf: Queue): void {
    this.#freed.add(leaf);
  }

  /** Nothing is held for it any more: others may have what is left. */
  letGo(line: Line): void {
    const part = line.holds!;
    part.holder = line.holds = undefined;
    this.#freed.add(part.queue);
    this.hasLetGo = true;
  }

  limitMoved(leaf: QueuePart): void {
    if (leaf.limitedUsers.size > 0) this.#moved.add(leaf);
  }

  get isDue(): boolean {
    return this.#moved.size > 0 || this.#freed.size > 0 || this.#sizes.woken.size > 0;
  }

  /** @param mayLook whether a line that waits for a node is to be looked at while others are tried */
  wake(root: Queue, mayLook: (line: Line) => boolean): void {
    for (const size of this.#sizes.woken) {
      for (const line of size.borrowers) if (line.lot !== undefined) wake(line);
      size.borrowers.clear();
      this.next(size, root, mayLook);
    }
    for (const leaf of this.#freed) this.#wakeFreed(leaf);
    this.#freed.clear();
    for (const part of this.#above) {
      if (part.full.lines.length === 0) continue;
      chooseHolder(part);
      wakeWhere(part.full, (line) => !isBlocked(part, line));
    }
    this.#above.clear();
    for (const part of this.#moved) this.#wakeUsers(part);
    this.#moved.clear();
    this.#locality.wakeDue();
    this.hasLetGo = false;
  }

  /**
   * A node got room for a size: of the lines that wait for one it is the turn of the first, and after each look of the next, until there is
   * no room any more. So a node that gets room costs a look at those who come first, not at all who wait.
   */
  next(size: SizeClass, root: Queue, mayLook: (line: Line) => boolean): void {
    if (!this.#sizes.woken.has(size)) return;
    const line = size.isExhausted ? undefined : firstWaiting(root.parts[size.partition.index]!, size, mayLook);
    if (line === undefined) this.#sizes.woken.delete(size);
    else wake(line);
  }

  /** The same of the lines that wait for a user's limit: with what the first one takes he mostly is over it again. */
  nextOf(user: UserPart): void {
    let first: Line | undefined;
    for (const line of user.full.lines)
      if ((first === undefined || line.part.lineBefore(line, first)) && !user.isOverLimit(line.size.vector)) first = line;
    if (first !== undefined) wake(first);
  }

  /** Sizes have changed, of everything. */
  all(root: Queue): void {
    for (const queue of root.all()) {
      for (const part of queue.parts) {
        for (const lot of [part.full, part.driversFull]) wakeAll(lot);
        for (const user of part.users.values()) for (const lot of [user.full, user.driversFull]) wakeAll(lot);
        part.limitedUsers.clear();
      }
    }
  }

  /** Of another tree. */
  forget(): void {
    this.#freed.clear();
    this.#moved.clear();
    this.#sizes.woken.clear();
  }

  #wakeFreed(leaf: Queue): void {
    for (const part of leaf.parts) {
      if (part.driversFull.lines.length > 0) wakeWhere(part.driversFull, (line) => !part.driversWouldExceed(line.size.vector));
      for (const user of part.users.values()) if (user.driversFull.lines.length > 0) wakeAll(user.driversFull);
      this.#wakeUsers(part);
      for (let at: QueuePart | undefined = part; at !== undefined; at = at.parent) this.#above.add(at);
    }
  }

  #wakeUsers(part: QueuePart): void {
    for (const user of part.limitedUsers) {
      this.nextOf(user);
      if (user.full.lines.length === 0) part.limitedUsers.delete(user);
    }
  }
}

function wakeWhere(lot: Lot, now: (line: Lot['lines'][number]) => boolean): void {
  for (let i = lot.lines.length - 1; i >= 0; i--) if (now(lot.lines[i]!)) wake(lot.lines[i]!);
}
