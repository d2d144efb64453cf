// Dynamic allocation at work: looks at the load when it changes, asks the policy, carries out what it says through the cluster manager. Decides
// nothing (core/allocation-policy.ts does). Made by driver.ts when spark.dynamicAllocation.enabled; executors.ts says who comes and goes.
import type { Clock, Logger, Timers } from '../../../common/ports.ts';
import { AllocationPolicy, type TargetChange } from '../core/allocation-policy.ts';
import { backlogByProfile, loadByExecutor, somebodyWaits } from '../core/backlog.ts';
import { ExecutorMonitor, type HoldingOf } from '../core/executor-monitor.ts';
import type { TaskScheduler } from '../core/task-scheduler.ts';
import type { DynamicSettings } from './allocation-conf.ts';

export type AllocationPorts = {
  readonly tasks: TaskScheduler;
  /** Tasks of a resource profile that one of its executors runs at once. */
  readonly slotsOf: (profileId: number) => number;
  readonly holdingOf: HoldingOf;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly setTarget: (profileId: number, count: number) => void;
  /** Idle ones: their containers are given back, or they are decommissioned. */
  readonly remove: (executorIds: readonly string[]) => void;
};

/** Between two looks, ms: a stage of a million short tasks changes the load at every frame. */
const LOOK_EVERY_MS = 10;
/** setTimeout counts no further. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class AllocationManager {
  readonly #ports: AllocationPorts;
  readonly #monitor: ExecutorMonitor;
  readonly #policy: AllocationPolicy;
  readonly #log: Logger;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #cancelLook: (() => void) | undefined;
  #cancelWake: (() => void) | undefined;
  #stopped = false;

  constructor(settings: DynamicSettings, ports: AllocationPorts) {
    this.#ports = ports;
    this.#log = ports.log.named('ExecutorAllocationManager');
    this.#monitor = new ExecutorMonitor(settings);
    this.#policy = new AllocationPolicy(settings, this.#monitor);
  }

  executorAdded(executorId: string, profileId: number): void {
    this.#monitor.added(executorId, profileId, this.#ports.clock.nowMs());
    this.#ports.log
      .named('ExecutorMonitor')
      .info(`New executor ${executorId} has registered (new total is ${this.#monitor.count(profileId)})`);
    this.loadChanged();
  }

  executorRemoved(executorId: string, reason: string): void {
    this.#monitor.removed(executorId);
    this.#ports.log.named('ExecutorMonitor').info(`Executor ${executorId} is removed. ${reason}`);
    this.loadChanged();
  }

  /** It is being decommissioned, for whatever reason: it counts no more. */
  executorLeaves(executorId: string): void {
    this.#monitor.leaves(executorId);
    this.loadChanged();
  }

  loadChanged(): void {
    if (this.#cancelLook !== undefined || this.#stopped) return;
    const { clock, timers } = this.#ports;
    const waitMs = Math.max(0, this.#lookedAtMs + LOOK_EVERY_MS - clock.nowMs());
    this.#cancelLook = timers.after(waitMs, () => this.#look());
  }

  setRanDry(): void {
    if (!somebodyWaits(this.#ports.tasks)) this.#policy.queueEmptied();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelLook?.();
    this.#cancelWake?.();
  }

  #look(): void {
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    if (this.#stopped) return;
    const { tasks, slotsOf, holdingOf, clock, timers, setTarget, remove } = this.#ports;
    const nowMs = clock.nowMs();
    this.#lookedAtMs = nowMs;
    for (const [executorId, { busy, launches }] of loadByExecutor(tasks)) this.#monitor.seen(executorId, busy > 0, launches, nowMs);
    const loads = [...backlogByProfile(tasks)].map(([profileId, { pending, speculativePending, running }]) => ({
      profileId,
      pending: pending + speculativePending,
      running,
      slotsPerExecutor: slotsOf(profileId),
    }));
    const decision = this.#policy.decide(loads, holdingOf, nowMs);
    for (const change of decision.changes) {
      this.#say(change);
      setTarget(change.profileId, change.target);
    }
    if (decision.remove.length > 0) {
      remove(decision.remove);
      this.#log.info(`Executors ${decision.remove.join(',')} removed due to idle timeout.`);
    }
    this.#cancelWake?.();
    this.#cancelWake = Number.isFinite(decision.wakeAtMs)
      ? timers.after(Math.min(decision.wakeAtMs - nowMs, LONGEST_TIMER_MS), () => this.#look())
      : undefined;
  }

  #say({ profileId, target, delta }: TargetChange): void {
    if (delta > 0)
      this.#log.info(
        `Requesting ${delta} new executor${delta === 1 ? '' : 's'} because tasks are backlogged ` +
          `(new desired total will be ${target} for resource profile id: ${profileId})`,
      );
    else
      this.#log.debug(
        `Lowering target number of executors to ${target} (previously ${target - delta}) for resource profile id: ${profileId} because not all requested executors are actually needed`,
      );
  }
}
