// Hands tasks to slots that have room, a frame at a time. Which tasks go where the core says (core/task-scheduler.ts).
import { placeAfter } from '../../plan/slot-order.ts';
import { LaunchWriter } from '../../plan/task-frames.ts';
import type { Taken } from '../core/task-scheduler.ts';
import type { LoopState } from './loop-state.ts';
import type { SlotLink } from './slot-link.ts';

export class TaskLauncher {
  readonly #state: LoopState;
  /** A task was sent to a slot that has not ended another. */
  onWaiting: () => void = () => {};
  #cancelWake: (() => void) | undefined;

  constructor(state: LoopState) {
    this.#state = state;
  }

  offer(slot: SlotLink): boolean {
    const nowMs = this.#state.nowMs();
    let launched = false;
    for (
      let taken = this.#state.core.tasks.take(slot.id, nowMs);
      taken !== undefined;
      taken = this.#state.core.tasks.take(slot.id, nowMs)
    ) {
      this.#launch(slot, taken);
      launched = true;
    }
    if (this.#state.core.tasks.othersAreDue) this.offerAll();
    else if (this.#cancelWake === undefined) this.#wakeLater(nowMs);
    return launched;
  }

  /** One frame per slot and round, so that the first slot does not take what all could share. */
  offerAll(): void {
    const nowMs = this.#state.nowMs();
    for (let more = true; more; ) {
      more = false;
      for (const [, slot] of this.#state.slots) {
        const taken = this.#state.core.tasks.take(slot.id, nowMs);
        if (taken === undefined) continue;
        this.#launch(slot, taken);
        more = true;
      }
    }
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#wakeLater(nowMs);
  }

  /** When tasks that wait for a place near their data may go further. Without slots there is nothing to wake for: a slot that comes asks again. */
  #wakeLater(nowMs: number): void {
    const wakeMs = this.#state.core.tasks.localityWakeMs(nowMs);
    if (wakeMs === undefined || this.#state.slots.size === 0) return;
    this.#cancelWake = this.#state.ports.timers.after(wakeMs + 1, () => {
      this.#cancelWake = undefined;
      this.offerAll();
    });
  }

  #launch(slot: SlotLink, { set, count, speculative }: Taken): void {
    const { core, events } = this.#state;
    const prepared = this.#state.prepared.get(set.spec.key)!;
    const writer = new LaunchWriter(set.spec.key, count);
    const { taken: indexes, takenIds: taskIds, takenAttempts: attempts } = core.tasks;
    for (let i = 0; i < count; i++) {
      const index = indexes[i]!;
      const partition = set.spec.partitions[index]!;
      if (!speculative) set.placeOf[index] = placeAfter(slot.sent, i);
      writer.add(taskIds[i]!, partition, attempts[i]!, prepared.payload(partition));
    }
    slot.sent = placeAfter(slot.sent, count);
    if (core.tasks.slots.get(slot.id)!.inFlight > 1) this.onWaiting();
    if (events.active) events.launched(slot, set, core.stageOf(set.spec.key), { indexes, taskIds, attempts, count, speculative });
    slot.launch(set.spec.key, prepared.install, writer.finish());
  }
}
