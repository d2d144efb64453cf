// Hands tasks to slots that have room, a frame at a time. Which tasks go where the core says (core/task-scheduler.ts).
import { LaunchWriter } from '../../plan/task-frames.ts';
import type { TaskSet } from '../core/task-set.ts';
import type { LoopState } from './loop-state.ts';
import type { SlotLink } from './slot-link.ts';

export class TaskLauncher {
  readonly #state: LoopState;
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
      this.#launch(slot, taken.set, taken.count);
      launched = true;
    }
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
        this.#launch(slot, taken.set, taken.count);
        more = true;
      }
    }
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const wakeMs = this.#state.core.tasks.localityWakeMs(nowMs);
    if (wakeMs !== undefined && this.#state.slots.size > 0)
      this.#cancelWake = this.#state.ports.timers.after(wakeMs + 1, () => this.offerAll());
  }

  #launch(slot: SlotLink, set: TaskSet, count: number): void {
    const prepared = this.#state.prepared.get(set.spec.key)!;
    const writer = new LaunchWriter(set.spec.key, count);
    const { taken } = this.#state.core.tasks;
    for (let i = 0; i < count; i++) {
      const index = taken[i]!;
      const partition = set.spec.partitions[index]!;
      writer.add(set.taskIdOf[index]!, partition, set.attempts[index]! - 1, prepared.payload(partition));
    }
    slot.launch(set.spec.key, prepared.install, writer.finish());
  }
}
