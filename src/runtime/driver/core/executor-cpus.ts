// The cores of executors that tasks take: an executor has as many as slots, and a task may take several (spark.task.cpus, resource profiles).
// Asked for by task-scheduler.ts, and only where some task takes more than one, or where tasks start together.
import type { Slot } from './slot.ts';

export function cpusInUse(slots: ReadonlyMap<number, Slot>, executorId: string): number {
  let used = 0;
  for (const [, slot] of slots) if (slot.executorId === executorId && slot.inFlight > 0) used += slot.cpus;
  return used;
}

/** How many more tasks of so many cores each executor can run now. @param executors slots of each */
export function freePlaces(slots: ReadonlyMap<number, Slot>, executors: ReadonlyMap<string, number>, cpus: number): Map<string, number> {
  const free = new Map(executors);
  for (const [, slot] of slots) if (slot.inFlight > 0) free.set(slot.executorId, free.get(slot.executorId)! - slot.cpus);
  for (const [executorId, cores] of free) free.set(executorId, Math.floor(cores / cpus));
  return free;
}
