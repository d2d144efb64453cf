// Slots and the task sets that compete for them: who runs what, where, and what becomes of it when a slot is gone. Which set goes
// first is pools.ts. It says "this task ended"; what that means for stages and jobs is dag-scheduler.ts. Source: Spark's TaskSchedulerImpl.
import { type LoadWatcher, newSlot, type Slot, type Taken, type TaskSchedulerSettings } from './slot.ts';
import { invariant } from '../../../common/invariant.ts';
import { HealthTracker } from './health-tracker.ts';
import { cpusInUse, freePlaces } from './executor-cpus.ts';
import type { LocalityWaits } from './locality.ts';
import { batchSize, hasRoom, MAX_BATCH } from './plan-tasks.ts';
import { byAge, Pools } from './pools.ts';
import { findSlow } from './speculation.ts';
import { ResultsOnTheWay } from './results-on-the-way.ts';
import type { TaskSet } from './task-set.ts';

export type { LoadWatcher, Slot, Taken, TaskSchedulerSettings } from './slot.ts';

/** A barrier stage does not wait for better places. */
const AT_ONCE: LocalityWaits = { process: 0, node: 0, rack: 0 };

export class TaskScheduler {
  readonly slots = new Map<number, Slot>();
  /** By age: the order in which they are offered slots when scheduling is FIFO (pools.ts). */
  readonly sets: TaskSet[] = [];
  readonly pools: Pools;
  /** What the last take() launched: indexes, and the ids and numbers of their attempts. */
  readonly taken = new Uint32Array(MAX_BATCH);
  readonly takenIds = new Uint32Array(MAX_BATCH);
  readonly takenAttempts = new Uint16Array(MAX_BATCH);
  readonly settings: TaskSchedulerSettings;
  /** undefined: nothing is excluded for the whole application. */
  readonly health: HealthTracker | undefined;
  readonly #byKey = new Map<number, TaskSet>();
  watcher: LoadWatcher | undefined;
  readonly results = new ResultsOnTheWay(() => this.watcher?.loadChanged());
  /** Slots that the application will have when all that it wants has come. */
  expectedSlots = 0;
  readonly #closed = new Map<number, Slot>();
  /** By slot: a task of a barrier stage that was launched there and whose frame has not been fetched by take(). */
  readonly #due = new Map<number, { set: TaskSet; index: number }>();
  /** Slots by executor and by host. */
  readonly #executors = new Map<string, number>();
  readonly #hosts = new Map<string, number>();
  /** Some task takes more than a core, so that slots can be idle without a place for a task. */
  #wideTasks = false;
  #nextTaskId = 0;
  readonly #fresh = () => this.#nextTaskId++;

  constructor(settings: TaskSchedulerSettings) {
    this.settings = settings;
    this.pools = new Pools(settings.mode);
    const { exclusion } = settings;
    if (exclusion?.inApplication !== undefined)
      this.health = new HealthTracker({ ...exclusion.inApplication, timeoutMs: exclusion.timeoutMs });
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
    this.slots.set(id, newSlot(id, executorId, host, profileId));
    this.#executors.set(executorId, (this.#executors.get(executorId) ?? 0) + 1);
    this.#hosts.set(host, (this.#hosts.get(host) ?? 0) + 1);
  }

  add(set: TaskSet): void {
    this.#byKey.set(set.spec.key, set);
    this.#wideTasks ||= set.cpus > 1;
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
   * @returns the set, with what was launched in taken[0 … count - 1]; undefined when nothing is to be done
   */
  take(slotId: number, nowMs: number): Taken | undefined {
    const slot = this.slots.get(slotId);
    if (slot === undefined || slot.stalled || this.#barred(slot)) return undefined;
    const due = this.#due.size > 0 ? this.#dueAt(slot) : undefined;
    if (due !== undefined) return due;
    for (const set of this.pools.order(this.sets)) {
      if (set.zombie || !set.ready || set.executorProfileId !== slot.profileId || set.exclusion?.bars(slot.executorId, slot.host)) continue;
      if (this.#wideTasks && slot.inFlight === 0 && !this.#hasCpus(slot, set)) continue;
      if (set.spec.barrier && set.pendingCount > 0) {
        if (!this.#gather(set, nowMs)) return undefined; // the slots that are idle wait for the others
        return this.#dueAt(slot);
      }
      if (set.pendingCount > 0) {
        const want = batchSize(set.averageMs, set.pendingCount, this.slots.size);
        if (!hasRoom(set.averageMs, slot.inFlight, want)) return undefined; // that set has the first claim
        // How long another set's tasks take says nothing about these: a short one must not wait behind a long one.
        if (slot.inFlight > 0 && slot.setKey !== set.spec.key) return undefined;
        const count = this.#pick(set, slot, want, nowMs);
        if (count > 0) return { set, count, speculative: false };
      }
      if (set.speculativePending > 0 && slot.inFlight === 0 && this.#copy(set, slot, nowMs)) return { set, count: 1, speculative: true };
    }
    return undefined;
  }

  /** ms until a task that waits for its slot may go elsewhere; undefined: none waits. */
  localityWakeMs(nowMs: number): number | undefined {
    let soonest: number | undefined;
    for (const set of this.sets) {
      if (set.zombie || !set.ready) continue;
      const left = set.localityLeftMs(this.settings.waits, nowMs);
      if (left !== undefined && (soonest === undefined || left < soonest)) soonest = left;
    }
    return soonest;
  }

  /** Looks for tasks that run much longer than the others of their set: a copy of each may run. To be called at an interval. */
  findSlow(nowMs: number): { set: TaskSet; indexes: number[]; thresholdMs: number }[] {
    const { speculation } = this.settings;
    if (speculation === undefined) return [];
    const slotsOfExecutor = Math.max(1, ...this.#executors.values());
    const slowOf = (set: TaskSet) => findSlow(set, speculation, slotsOfExecutor, nowMs, (id) => this.place(id));
    return this.sets.map((set) => ({ set, ...slowOf(set) })).filter(({ indexes }) => indexes.length > 0);
  }

  /** A slot said that `count` tasks are no longer its own, whatever became of their set. */
  heard(slotId: number, count: number): void {
    const slot = this.slots.get(slotId);
    if (slot === undefined) return;
    slot.inFlight = Math.max(0, slot.inFlight - count);
    slot.stalled = false;
    if (slot.inFlight === 0) this.watcher?.loadChanged();
  }

  /** Its executor is decommissioned. Tasks that wait for this slot may run anywhere. */
  drainSlot(slotId: number, nowMs: number): void {
    const slot = this.slots.get(slotId);
    if (slot === undefined) return;
    slot.drainsSinceMs ??= nowMs;
    for (const set of this.sets) set.pending.forget(slotId);
  }

  /** Its connection is closed: no more launches. What was in flight is undecided until loseSlot. */
  closeSlot(slotId: number): void {
    const slot = this.slots.get(slotId);
    if (slot === undefined) return;
    this.slots.delete(slotId);
    this.#due.delete(slotId);
    this.#closed.set(slotId, slot);
    const gone: (string | number)[] = [slotId];
    if (oneLess(this.#executors, slot.executorId) === 0) gone.push(`e:${slot.executorId}`);
    if (oneLess(this.#hosts, slot.host) === 0) gone.push(`h:${slot.host}`);
    for (const set of this.sets) for (const place of gone) set.pending.forget(place);
  }

  /** A slot, also when its connection is closed and its ending is not known yet. */
  place(slotId: number): Slot | undefined {
    return this.slots.get(slotId) ?? this.#closed.get(slotId);
  }

  /** Slots on which tasks of the set may be launched, as far as exclusions of the whole set or application tell. */
  usable(set: TaskSet): Slot[] {
    return [...this.slots.values()].filter(
      (slot) => slot.profileId === set.executorProfileId && !this.#barred(slot) && !set.exclusion?.bars(slot.executorId, slot.host),
    );
  }

  #barred({ drainsSinceMs, executorId, host }: Slot): boolean {
    return drainsSinceMs !== undefined || this.health?.bars(executorId, host) === true;
  }

  /** What loseSlot gave was told of. */
  forgetSlot(slotId: number): void {
    this.#closed.delete(slotId);
  }

  /** @returns what was in flight there, oldest set and lowest index first */
  loseSlot(slotId: number): { set: TaskSet; index: number; taskId: number }[] {
    this.closeSlot(slotId);
    const lost: { set: TaskSet; index: number; taskId: number }[] = [];
    for (const set of this.sets)
      for (const { index, taskId, slot } of set.running()) if (slot === slotId) lost.push({ set, index, taskId });
    this.watcher?.loadChanged();
    return lost;
  }

  #pick(set: TaskSet, slot: Slot, want: number, nowMs: number): number {
    let count = 0;
    const { exclusion } = set;
    const allowed =
      exclusion === undefined || exclusion.isEmpty ? undefined : (index: number) => !exclusion.barsTask(index, slot.executorId, slot.host);
    while (count < want) {
      const index = set.pick(slot, this.settings.waits, nowMs, allowed);
      if (index < 0) break;
      this.takenIds[count] = set.launch(index, slot.id, this.#fresh, nowMs, set.pending.level);
      this.takenAttempts[count] = set.attemptOf[index]!;
      this.taken[count++] = index;
    }
    if (count > 0) occupy(slot, set);
    slot.inFlight += count;
    slot.launches += count;
    if (count > 0 && this.watcher !== undefined) {
      if (set.pendingCount === 0) this.watcher.setRanDry();
      this.watcher.loadChanged();
    }
    return count;
  }

  /** An executor runs no more tasks at once than its slots, which are its cores, allow. */
  #hasCpus({ executorId }: Slot, { cpus }: TaskSet): boolean {
    return cpusInUse(this.slots, executorId) + cpus <= this.#executors.get(executorId)!;
  }

  /** Launches all tasks of a barrier stage, if there are idle slots enough. */
  #gather(set: TaskSet, nowMs: number): boolean {
    const free = freePlaces(this.slots, this.#executors, set.cpus);
    const chosen = this.usable(set).filter(({ executorId, inFlight }) => {
      const left = free.get(executorId)!;
      if (inFlight > 0 || left <= 0) return false;
      free.set(executorId, left - 1);
      return true;
    });
    if (chosen.length < set.pendingCount) return false;
    for (const slot of chosen.slice(0, set.pendingCount)) {
      const index = set.pick(slot, AT_ONCE, nowMs);
      if (index < 0) break;
      set.launch(index, slot.id, this.#fresh, nowMs, set.pending.level);
      occupy(slot, set);
      slot.inFlight++;
      slot.launches++;
      this.#due.set(slot.id, { set, index });
    }
    this.watcher?.loadChanged();
    return true;
  }

  /** Whether slots other than the one that was offered have something to fetch now. */
  get othersAreDue(): boolean {
    return this.#due.size > 0;
  }

  #dueAt(slot: Slot): Taken | undefined {
    const due = this.#due.get(slot.id);
    if (due === undefined) return undefined;
    this.#due.delete(slot.id);
    this.taken[0] = due.index;
    this.takenIds[0] = due.set.taskIdOf[due.index]!;
    this.takenAttempts[0] = due.set.attemptOf[due.index]!;
    if (!due.set.zombie) return { set: due.set, count: 1, speculative: false };
    slot.inFlight--; // it was ended before its frame was made
    return undefined;
  }

  /** Spark runs a copy on another host; where all executors are on one host, another executor must do. */
  #copy(set: TaskSet, slot: Slot, nowMs: number): boolean {
    const index = set.pickSlow((task, other) => {
      if (set.exclusion?.barsTask(task, slot.executorId, slot.host)) return false;
      const at = this.slots.get(other);
      return at === undefined || (this.#hosts.size > 1 ? at.host !== slot.host : at.executorId !== slot.executorId);
    });
    if (index < 0) return false;
    const copy = set.launchCopy(index, slot.id, this.#fresh, nowMs);
    this.taken[0] = index;
    this.takenIds[0] = copy.taskId;
    this.takenAttempts[0] = copy.attempt;
    occupy(slot, set);
    slot.inFlight++;
    slot.launches++;
    this.watcher?.loadChanged();
    return true;
  }
}

function occupy(slot: Slot, { spec, cpus }: TaskSet): void {
  slot.setKey = spec.key;
  slot.cpus = cpus;
}

/** @returns how many are left */
function oneLess(counts: Map<string, number>, key: string): number {
  const left = (counts.get(key) ?? 1) - 1;
  if (left === 0) counts.delete(key);
  else counts.set(key, left);
  return left;
}
