// Who may have a task that waits in a slot: the slot's thread, which begins it, or the driver, which takes it back because the one before it takes
// long. The thread may be deep in user code, so the executor's main thread answers the driver; one word that both change atomically decides.
// Source: none in Spark, which gives a slot one task at a time. The driver's half is driver/service/task-recall.ts.
import { isBefore, placeAfter } from '../plan/slot-order.ts';
import { CLAIMED, RECALLED_TO } from './worker-flags.ts';

/** In CLAIMED: what follows its place was taken back, up to RECALLED_TO. The place itself is in the bits above. */
const RECALLED = 1;
const ONE = 2;

/** On the slot's thread. */
export class TaskClaims {
  readonly #flags: Uint32Array;
  #place = 0;
  #backTo = 0;

  constructor(flags: Uint32Array) {
    this.#flags = flags;
  }

  /** Call once for each task that arrives, in order. @returns false: the driver has taken it back and may have given it to another slot */
  begin(): boolean {
    const place = this.#place;
    this.#place = placeAfter(place, 1);
    if (isBefore(place, this.#backTo)) return false;
    if ((Atomics.add(this.#flags, CLAIMED, ONE) & RECALLED) === 0) {
      this.#backTo = place; // so that it never lies far behind
      return true;
    }
    const backTo = Atomics.load(this.#flags, RECALLED_TO);
    const isMine = !isBefore(place, backTo);
    this.#backTo = isMine ? place : backTo;
    Atomics.store(this.#flags, CLAIMED, (isMine ? this.#place : backTo) * ONE);
    return isMine;
  }
}

/**
 * On another thread of the process.
 * @param sent place after the last task that the slot was sent
 * @returns place of the first task that will not begin; those from there to `sent` are the driver's again. None while an earlier recall is not seen.
 */
export function recallTasks(flags: Uint32Array, sent: number): number {
  for (;;) {
    const word = Atomics.load(flags, CLAIMED);
    if ((word & RECALLED) !== 0) return sent;
    Atomics.store(flags, RECALLED_TO, sent);
    if (Atomics.compareExchange(flags, CLAIMED, word, word | RECALLED) === word) return word >>> 1;
  }
}
