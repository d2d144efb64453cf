// What the parts of the driver's loop share: the core, the ports, slots, running jobs, and the stages made ready to travel.
// The parts: driver-loop.ts (the door), task-answers.ts (statuses in), effect-runner.ts (effects out), task-launcher.ts (launches).
import type { Clock, Logger, Timers } from '../../../common/ports.ts';
import type { AccumulableInfo } from '../../../status/events.ts';
import type { TaskEndBody } from '../../plan/task-end.ts';
import { CachedPartitions } from '../core/cached-partitions.ts';
import { DagScheduler, type DagSettings } from '../core/dag-scheduler.ts';
import type { JobSpec, Stage } from '../core/stage.ts';
import type { ResultSource } from './indirect-results.ts';
import { JobEvents } from './job-events.ts';
import type { FinalizeMerge } from './merge-finalizer.ts';
import type { ListenerBus } from './listener-bus.ts';
import type { SlotLink } from './slot-link.ts';
import type { PreparedStage } from './stage-preparer.ts';

export type JobResult = number | Uint8Array | undefined;
export type JobRun = JobSpec & {
  readonly action: unknown;
  readonly onResult: (index: number, result: JobResult) => void;
};

export type LoopPorts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  /** Plans and captures a stage. @throws AppError or the user's own error: the stage's jobs fail with it */
  readonly prepare: (stage: Stage, attempt: number, action: unknown, outputs: DagScheduler['outputs']) => PreparedStage;
  /** Interrupts a running task of a stage that nobody wants any more. */
  readonly kill: (slot: SlotLink, taskId: number, stageKey: number, reason: string, interrupt: boolean) => void;
  /** Tasks that the slot has not begun come back. @returns the place of the first (plan/slot-order.ts); undefined: nobody could be asked */
  readonly recall: (slot: SlotLink) => Promise<number | undefined>;
  /** Accumulator updates of a task that counts; once per task. */
  readonly accumulate: (updates: NonNullable<TaskEndBody['a']>) => void;
  /** Nobody wants the task set of this key any more. */
  readonly setEnded: (key: number) => void;
  /** Ends an executor; another is asked for in its place. */
  readonly replaceExecutor: (executorId: string, reason: string) => void;
  readonly blockAddress: (executorId: string) => string;
  readonly hostOf: (executorId: string) => string;
  /** Results that executors keep. */
  readonly results: ResultSource;
  /** Push-based shuffle: tells the services that a merge is over. Never rejects. @returns what they merged */
  readonly finalizeMerge?: FinalizeMerge | undefined;
  readonly bus: ListenerBus;
  /** Names and values of those among these accumulators that have a name; after they were merged. */
  readonly namedAccumulators: (updates: NonNullable<TaskEndBody['a']>) => readonly AccumulableInfo[];
};

export type RunningJob = JobRun & {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  resultBytes: number;
  resultTasks: number;
};

export class LoopState {
  readonly core: DagScheduler;
  readonly ports: LoopPorts;
  /** Told to listeners. */
  readonly events: JobEvents;
  /** Bytes; 0: no limit. spark.driver.maxResultSize */
  maxResultBytes = 0;
  readonly slots = new Map<number, SlotLink>();
  readonly prepared = new Map<number, PreparedStage>();
  readonly jobs = new Map<number, RunningJob>();
  readonly cached = new CachedPartitions();
  readonly files = new Map<string, string>();

  constructor(settings: DagSettings, ports: LoopPorts) {
    this.core = new DagScheduler(settings);
    this.ports = ports;
    this.events = new JobEvents(ports.bus, () => ports.clock.nowMs(), ports.timers, ports.hostOf);
  }

  nowMs(): number {
    return this.ports.clock.nowMs();
  }
}

/** `host1 executor 3`, as in Spark's messages. */
export const whereIs = (slot: SlotLink): string => `${slot.host} executor ${slot.executorId}`;
