// Slots and the task sets that compete for them: who runs what, where, and what becomes of it when a slot is gone. Which set goes
// first is pools.ts. It says "this task ended"; what that means for stages and jobs is dag-scheduler.ts. Source: Spark's TaskSchedulerImpl.
import { invariant } from '../../../common/invariant.ts';
import { batchSize, hasRoom, MAX_BATCH } from './plan-tasks.ts';
import { byAge, Pools, type SchedulingMode } from './pools.ts';
import { RUNNING, type TaskSet } from './task-set.ts';

export type Slot = {
  readonly id: number;
  readonly executorId: string;
  readonly host: string;
  /** Resource profile of its executor; 0: the default one. */
  readonly profileId: number;
  /** Tasks launched there that have not been heard of; all of one set, */
  inFlight: number;
  /** this one. */
  setKey: number;
  /** Tasks that were ever launched there. */
  launches: number;
  /** Its executor is to go: what runs may end, nothing more is launched. */
  draining: boolean;
};

/** Who is told that the load has changed; what it is now he reads (task-load.ts). Called many times a turn: must cost nothing. */
export interface LoadWatcher {
  loadChanged(): void;
  /** The last pending task of a set was launched. */
  setRanDry(): void;
}

export class TaskScheduler {
  readonly slots = new Map<number, Slot>();
  /** By age: the order in which they are offered slots when scheduling is FIFO (pools.ts). */
  readonly sets: TaskSet[] = [];
  readonly pools: Pools;
  /** Indexes of the tasks that the last take() launched. */
  readonly taken = new Uint32Array(MAX_BATCH);
  readonly #byKey = new Map<number, TaskSet>();
  watcher: LoadWatcher | undefined;
  readonly #localityWaitMs: number;
  #nextTaskId = 0;
  readonly #fresh = () => this.#nextTaskId++;

  constructor(localityWaitMs: number, mode: SchedulingMode = 'FIFO') {
    this.#localityWaitMs = localityWaitMs;
    this.pools = new Pools(mode);
  }

  /** First ids for a set of n tasks. */
  reserveTaskIds(count: number): number {
    const base = this.#nextTaskId;
    this.#nextTaskId += count;
    return base;
  }

  set(key: number): TaskSet | undefined {
    return this.#byKey.get(key);
  }

  addSlot(id: number, executorId: string, host = 'localhost', profileId = 0): void {
    invariant(!this.slots.has(id), `slot ${id} is there already`);
    this.slots.set(id, { id, executorId, host, profileId, inFlight: 0, setKey: 0, launches: 0, draining: false });
  }

  add(set: TaskSet): void {
    this.#byKey.set(set.spec.key, set);
    const after = this.sets.findIndex((other) => byAge(other, set) > 0);
    this.sets.splice(after < 0 ? this.sets.length : after, 0, set);
    this.watcher?.loadChanged();
  }

  remove(key: number): void {
    const set = this.#byKey.get(key);
    if (set === undefined) return;
    this.#byKey.delete(key);
    this.sets.splice(this.sets.indexOf(set), 1);
    this.watcher?.loadChanged();
  }

  /**
   * Launches one frame's worth of tasks on a slot, if there are any for it and it has room.
   * @returns the set, with the launched indexes in taken[0 … count - 1]; undefined when nothing is to be done
   */
  take(slotId: number, nowMs: number): { set: TaskSet; count: number } | undefined {
    const slot = this.slots.get(slotId);
    if (slot === undefined || slot.draining) return undefined;
    for (const set of this.pools.order(this.sets)) {
      if (set.zombie || !set.ready || set.pendingCount === 0) continue;
      const want = batchSize(set.averageMs, set.pendingCount, this.slots.size);
      if (!hasRoom(set.averageMs, slot.inFlight, want)) return undefined; // that set has the first claim
      // How long another set's tasks take says nothing about these: a short one must not wait behind a long one.
      if (slot.inFlight > 0 && slot.setKey !== set.spec.key) return undefined;
      const count = this.#pick(set, slot, want, nowMs);
      if (count > 0) return { set, count };
    }
    return undefined;
  }

  /** ms until a task that waits for its slot may go elsewhere; undefined: none waits. */
  localityWakeMs(nowMs: number): number | undefined {
    let soonest: number | undefined;
    for (const set of this.sets) {
      if (set.zombie || !set.ready || !set.waitsForLocality) continue;
      const left = set.lastLocalMs + this.#localityWaitMs - nowMs;
      if (left <= 0) continue; // they may go anywhere already, as soon as a slot has room
      if (soonest === undefined || left < soonest) soonest = left;
    }
    return soonest;
  }

  /** A slot said that `count` tasks are no longer its own, whatever became of their set. */
  heard(slotId: number, count: number): void {
    const slot = this.slots.get(slotId);
    if (slot === undefined) return;
    slot.inFlight = Math.max(0, slot.inFlight - count);
    if (slot.inFlight === 0) this.watcher?.loadChanged();
  }

  /** Its executor is decommissioned. Tasks that wait for this slot may run anywhere. */
  drainSlot(slotId: number): void {
    const slot = this.slots.get(slotId);
    if (slot === undefined) return;
    slot.draining = true;
    for (const set of this.sets) set.forgetSlot(slotId);
  }

  /** Its connection is closed: no more launches. What was in flight is undecided until loseSlot. */
  closeSlot(slotId: number): void {
    this.slots.delete(slotId);
  }

  /** @returns what was in flight there, oldest set and lowest index first */
  loseSlot(slotId: number): { set: TaskSet; index: number }[] {
    this.slots.delete(slotId);
    const lost: { set: TaskSet; index: number }[] = [];
    for (const set of this.sets) {
      set.forgetSlot(slotId);
      if (set.runningCount === 0) continue;
      for (let index = 0; index < set.size; index++)
        if (set.state[index] === RUNNING && set.slotOf[index] === slotId) lost.push({ set, index });
    }
    this.watcher?.loadChanged();
    return lost;
  }

  #pick(set: TaskSet, slot: Slot, want: number, nowMs: number): number {
    let count = 0;
    const anyLocality = nowMs - set.lastLocalMs >= this.#localityWaitMs;
    while (count < want) {
      const index = set.pick(slot.id, anyLocality);
      if (index < 0) break;
      set.launch(index, slot.id, this.#fresh);
      this.taken[count++] = index;
    }
    if (count > 0 && set.isLocal(slot.id)) set.lastLocalMs = nowMs;
    if (count > 0) slot.setKey = set.spec.key;
    slot.inFlight += count;
    slot.launches += count;
    if (count > 0 && this.watcher !== undefined) {
      if (set.pendingCount === 0) this.watcher.setRanDry();
      this.watcher.loadChanged();
    }
    return count;
  }
}
