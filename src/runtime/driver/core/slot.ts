// The words of task-scheduler.ts: a slot, what it is told to run, and the settings of scheduling.
import type { LocalityWaits } from './locality.ts';
import type { SchedulingMode } from './pools.ts';
import type { ExclusionOptions } from './set-exclusion.ts';
import type { SpeculationSettings } from './speculation.ts';
import type { TaskSet } from './task-set.ts';

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
  /** Cores that a task of that set takes. */
  cpus: number;
  /** Tasks that were ever launched there. */
  launches: number;
  /** What waits there was asked back: nothing is launched there until it is heard of. */
  stalled: boolean;
  /** Since then its executor is to go: what runs may end, nothing more is launched. undefined: it stays. */
  drainsSinceMs: number | undefined;
};

export const newSlot = (id: number, executorId: string, host: string, profileId: number): Slot => ({
  id,
  executorId,
  host,
  profileId,
  inFlight: 0,
  setKey: 0,
  cpus: 1,
  launches: 0,
  stalled: false,
  drainsSinceMs: undefined,
});

/** Who is told that the load has changed; what it is now he reads (task-load.ts). Called many times a turn: must cost nothing. */
export interface LoadWatcher {
  loadChanged(): void;
  /** The last pending task of a set was launched. */
  setRanDry(): void;
}

export type TaskSchedulerSettings = {
  readonly waits: LocalityWaits;
  readonly mode: SchedulingMode;
  /** Slots that a task takes: spark.task.cpus. */
  readonly taskCpus: number;
  /** undefined: no copies of slow tasks. */
  readonly speculation: SpeculationSettings | undefined;
  /** undefined: executors are used again, whatever failed there. */
  readonly exclusion: ExclusionOptions | undefined;
};

export type Taken = { readonly set: TaskSet; readonly count: number; readonly speculative: boolean };
