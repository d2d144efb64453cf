// The tasks of a set that nobody runs, queued by where they would best run. A task with several good places is in several queues; whoever takes
// it from one leaves dead entries in the others, which are dropped when they come to the front. Which level a set may go to now is
// locality.ts. Source: the pending lists of Spark's TaskSetManager.
import { ANY, type Level, NO_PREF, NODE_LOCAL, PROCESS_LOCAL, RACK_LOCAL } from './locality.ts';

/** Where a task's data lies: in one worker thread's memory, in an executor, on a host, in a rack. One of them. */
export type Preference = { readonly slot?: number; readonly executorId?: string; readonly host?: string; readonly rack?: string };
/** A slot that asks. */
export type Place = { readonly id: number; readonly executorId: string; readonly host: string };

const NONE = -1;
const PENDING = 0;

export class PendingTasks {
  /** Of the task that take() gave last. */
  level: Level = NO_PREF;
  readonly #state: Uint8Array;
  readonly #rackOf: (host: string) => string | undefined;
  /** Tasks without a preference that were never taken: from here to the end. */
  #next = 0;
  /** Those that came back, or whose place is gone. */
  #anywhere: number[] = [];
  /** undefined: no task prefers a place. */
  #preferences: (readonly Preference[])[] | undefined;
  #queues: Map<string | number, number[]> | undefined;
  /** Places that are gone: a task that ran elsewhere when its place went still names it when it comes back. */
  readonly #gone = new Set<string | number>();

  /** @param state by task, 0: pending; the owner changes it when a task is taken */
  constructor(state: Uint8Array, rackOf: (host: string) => string | undefined = () => undefined) {
    this.#state = state;
    this.#rackOf = rackOf;
  }

  /** Call once, before anything is taken. @param of none: the task may go anywhere at once */
  prefer(of: (index: number) => readonly Preference[]): void {
    const size = this.#state.length;
    const preferences = Array.from({ length: size }, (_, index) => of(index));
    if (preferences.every((list) => list.length === 0)) return;
    this.#preferences = preferences;
    this.#queues = new Map();
    for (let index = size - 1; index >= 0; index--) this.add(index); // queues are taken from their end
    this.#next = size;
  }

  get hasPreferences(): boolean {
    return this.#queues !== undefined;
  }

  /** A task that is pending again. */
  add(index: number): void {
    const keys = this.#preferences?.[index]?.map(keyOf).filter((key) => !this.#gone.has(key)) ?? [];
    if (keys.length === 0) {
      this.#anywhere.push(index);
      return;
    }
    for (const key of keys) {
      const queue = this.#queues!.get(key);
      if (queue) queue.push(index);
      else this.#queues!.set(key, [index]);
    }
  }

  /** The place is gone: its tasks lose this preference. */
  forget(key: string | number): void {
    if (this.#queues === undefined) return;
    this.#gone.add(key);
    const queue = this.#queues.get(key) ?? [];
    this.#queues.delete(key);
    for (const index of queue) if (this.#preferences![index]!.every((place) => this.#gone.has(keyOf(place)))) this.#anywhere.push(index);
  }

  /** Whether a pending task would rather run at this level than at a later one. */
  hasAt(level: Level): boolean {
    if (this.#queues === undefined) return false;
    for (const [key, queue] of this.#queues) if (levelOf(key) === level && this.#front(queue) >= 0) return true;
    return false;
  }

  /**
   * @param most the furthest level from the data that the set may go to now
   * @param allowed undefined: every task may run at this place
   * @returns -1 when there is none
   */
  take(place: Place, most: Level, allowed?: (index: number) => boolean): number {
    const queues = this.#queues;
    if (queues !== undefined) {
      const near =
        this.#at(queues.get(place.id), PROCESS_LOCAL, most, allowed) ??
        this.#at(queues.get(`e:${place.executorId}`), PROCESS_LOCAL, most, allowed) ??
        this.#at(queues.get(`h:${place.host}`), NODE_LOCAL, most, allowed);
      if (near !== undefined) return near;
    }
    this.level = NO_PREF;
    const again = this.#pop(this.#anywhere, allowed);
    if (again >= 0) return again;
    const fresh = this.#takeFresh(allowed);
    if (fresh >= 0 || queues === undefined) return fresh;
    const rack = this.#rackOf(place.host);
    const inRack = rack === undefined ? undefined : this.#at(queues.get(`r:${rack}`), RACK_LOCAL, most, allowed);
    if (inRack !== undefined) return inRack;
    return most === ANY ? this.#takeFar(queues, allowed) : NONE;
  }

  #takeFresh(allowed: ((index: number) => boolean) | undefined): number {
    const size = this.#state.length;
    while (this.#next < size) {
      const index = this.#next++;
      if (this.#state[index] !== PENDING) continue;
      if (allowed === undefined || allowed(index)) return index;
      this.#anywhere.push(index);
    }
    return NONE;
  }

  /** From the longest queue: its place is the furthest behind. */
  #takeFar(queues: Map<string | number, number[]>, allowed: ((index: number) => boolean) | undefined): number {
    this.level = ANY;
    const longestFirst = allowed === undefined ? [longest(queues)] : [...queues.values()].sort((a, b) => b.length - a.length);
    for (const queue of longestFirst) {
      const index = queue === undefined ? NONE : this.#pop(queue, allowed);
      if (index >= 0) return index;
    }
    // The longest held dead entries only, and is empty now.
    return allowed === undefined && longest(queues) !== undefined ? this.#takeFar(queues, allowed) : NONE;
  }

  #at(queue: number[] | undefined, level: Level, most: Level, allowed?: (index: number) => boolean): number | undefined {
    if (queue === undefined || level > most) return undefined;
    const index = this.#pop(queue, allowed);
    if (index < 0) return undefined;
    this.level = level;
    return index;
  }

  #front(queue: number[]): number {
    while (queue.length > 0 && this.#state[queue.at(-1)!] !== PENDING) queue.pop();
    return queue.at(-1) ?? NONE;
  }

  #pop(queue: number[], allowed: ((index: number) => boolean) | undefined): number {
    if (allowed === undefined) {
      const index = this.#front(queue);
      if (index >= 0) queue.pop();
      return index;
    }
    for (let at = queue.length - 1; at >= 0; at--) {
      const index = queue[at]!;
      if (this.#state[index] === PENDING && allowed(index)) return queue.splice(at, 1)[0]!;
    }
    return NONE;
  }
}

function longest(queues: Map<string | number, number[]>): number[] | undefined {
  let found: number[] | undefined;
  for (const [, queue] of queues) if (queue.length > (found?.length ?? 0)) found = queue;
  return found;
}

const keyOf = ({ slot, executorId, host, rack }: Preference): string | number =>
  slot ?? (executorId !== undefined ? `e:${executorId}` : host !== undefined ? `h:${host}` : `r:${rack}`);

const levelOf = (key: string | number): Level =>
  typeof key === 'number' || key.startsWith('e:') ? PROCESS_LOCAL : key.startsWith('h:') ? NODE_LOCAL : RACK_LOCAL;
