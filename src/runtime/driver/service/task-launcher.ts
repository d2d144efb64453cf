// Hands tasks to slots that have room, a frame at a time. Which tasks go where the core says (core/task-scheduler.ts).
import type { Locality } from '../../../status/events.ts';
import { LaunchWriter } from '../../plan/task-frames.ts';
import type { TaskSet } from '../core/task-set.ts';
import type { LoopState } from './loop-state.ts';
import type { SlotLink } from './slot-link.ts';

/** Spark says of tasks without a preference that they are where they want to be. */
const anywhere = (): Locality => 'PROCESS_LOCAL';

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
    if (this.#state.events.active) this.#tell(slot, set, count, prepared.cachedRdds);
    slot.launch(set.spec.key, prepared.install, writer.finish());
  }

  #tell(slot: SlotLink, set: TaskSet, count: number, cachedRdds: readonly number[]): void {
    const stage = this.#state.core.stageOf(set.spec.key);
    const local = cachedRdds.length === 0 ? anywhere : (index: number) => this.#localityOf(slot, set.spec.partitions[index]!, cachedRdds);
    this.#state.events.launched(slot, set, stage, this.#state.core.tasks.taken, count, local);
  }

  /** Of a task whose partition is cached somewhere. */
  #localityOf(slot: SlotLink, partition: number, cachedRdds: readonly number[]): Locality {
    const at = this.#state.cached.slotOf(cachedRdds, partition);
    const holder = at === undefined || at === slot.id ? slot : this.#state.slots.get(at);
    if (holder === undefined) return 'ANY';
    return holder.executorId === slot.executorId ? 'PROCESS_LOCAL' : holder.host === slot.host ? 'NODE_LOCAL' : 'ANY';
  }
}
