// Looks for slots that have not been heard of for a while though tasks wait in them: the first takes longer than those before it let expect, and
// the others would wait for it while other slots are idle. They are taken back. Who may have a task is decided in its executor
// (executor/task-claims.ts), what becomes of it in core/recall.ts.
import { takeBack } from '../core/recall.ts';
import type { LoopState } from './loop-state.ts';
import type { SlotLink } from './slot-link.ts';
import type { TaskLauncher } from './task-launcher.ts';

/** A slot that says nothing from one look to the next is asked, ms. */
const LOOK_MS = 50;

export class TaskRecall {
  readonly #state: LoopState;
  readonly #launcher: TaskLauncher;
  /** Statuses that each slot had sent when it was last looked at and tasks waited there. */
  #seen = new Map<SlotLink, number>();
  #isWatching = false;

  constructor(state: LoopState, launcher: TaskLauncher) {
    this.#state = state;
    this.#launcher = launcher;
    launcher.onWaiting = () => this.#watch();
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#state.ports.timers.after(LOOK_MS, () => this.#look());
  }

  #look(): void {
    this.#isWatching = false;
    const seen = new Map<SlotLink, number>();
    for (const [id, slot] of this.#state.slots) {
      const place = this.#state.core.tasks.slots.get(id);
      if (place === undefined || place.inFlight < 2 || place.stalled) continue;
      if (this.#seen.get(slot) !== slot.heard) seen.set(slot, slot.heard);
      else {
        place.stalled = true;
        void this.#recall(slot);
      }
    }
    this.#seen = seen;
    if (seen.size > 0) this.#watch();
  }

  async #recall(slot: SlotLink): Promise<void> {
    const from = await this.#state.ports.recall(slot);
    // A slot that is gone lost all that it had.
    if (from === undefined || this.#state.slots.get(slot.id) !== slot) return;
    const back = takeBack(this.#state.core.tasks, slot.id, from);
    if (back.length === 0) return;
    for (const taskId of back) this.#state.events.givenBack(slot, taskId);
    this.#state.ports.log
      .named('TaskSchedulerImpl')
      .info(`Took ${back.length} tasks back that waited on executor ${slot.executorId} behind one that takes long`);
    this.#launcher.offerAll();
  }
}
