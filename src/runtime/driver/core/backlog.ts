// What waits for slots and what has them, in figures: for dynamic allocation, status pages and progress. Counted when asked, over the task sets
// that are open. Source: the listener of Spark's ExecutorAllocationManager.
import type { TaskScheduler } from './task-scheduler.ts';

export type Backlog = {
  /** Tasks that nobody runs yet; those of stages that wait for their parents are not among them. */
  pending: number;
  /** Attempts that were launched and have not ended. */
  running: number;
  /** Copies of slow tasks that wait for a slot. */
  speculativePending: number;
};

/** By resource profile. One without open task sets is not there. */
export function backlogByProfile({ sets }: TaskScheduler): Map<number, Backlog> {
  const found = new Map<number, Backlog>();
  for (const set of sets) {
    let of = found.get(set.spec.profileId);
    if (of === undefined) found.set(set.spec.profileId, (of = { pending: 0, running: 0, speculativePending: 0 }));
    of.running += set.runningCount;
    if (set.zombie) continue;
    of.pending += set.pendingCount;
    of.speculativePending += set.speculativePending;
  }
  return found;
}

export const somebodyWaits = ({ sets }: TaskScheduler): boolean =>
  sets.some((set) => !set.zombie && set.pendingCount + set.speculativePending > 0);

/** launches: tasks that were ever launched on the slots that it has now. */
export type ExecutorLoad = { slots: number; busy: number; launches: number };

/** By executor: its slots, and how many of them have tasks in flight. One that keeps results for the driver is busy, too. */
export function loadByExecutor({ slots, results }: TaskScheduler): Map<string, ExecutorLoad> {
  const found = new Map<string, ExecutorLoad>();
  for (const [, { executorId, inFlight, launches }] of slots) {
    let of = found.get(executorId);
    if (of === undefined) found.set(executorId, (of = { slots: 0, busy: 0, launches: 0 }));
    of.slots++;
    of.launches += launches;
    if (inFlight > 0) of.busy++;
  }
  for (const [executorId, of] of found) if (of.busy === 0 && results.of(executorId) > 0) of.busy = 1;
  return found;
}
