// Sends executors away in good order: no new tasks, the running ones end, cached blocks are handed on to others, then the container is given
// back. Who is sent away and why: dynamic allocation, a signal that the executor got, a node that is taken out (executor-control.ts). The
// executor's part is executor/decommission.ts. Source: CoarseGrainedSchedulerBackend.decommissionExecutors, BlockManagerDecommissioner.
import type { Logger, Timers } from '../../../common/ports.ts';
import { executorDecommission } from '../../../rpc/messages/executor.ts';
import { loadByExecutor } from '../core/backlog.ts';
import type { TaskScheduler } from '../core/task-scheduler.ts';
import type { Executor } from './executor-table.ts';
import type { Executors } from './executors.ts';

export type DecommissionSettings = {
  /** Whether blocks are handed on at all. */
  readonly migrate: boolean;
  readonly reattemptMs: number;
  /** undefined: it has all the time. */
  readonly forceKillMs: number | undefined;
};

export type DecommissionerPorts = {
  readonly executors: Executors;
  readonly tasks: TaskScheduler;
  /** No more launches on this slot. */
  readonly drain: (slotId: number) => void;
  /** Its container, when all is done. */
  readonly release: (executorId: string) => void;
  readonly timers: Timers;
  readonly log: Logger;
};

/** asked: it hands on its blocks now; left: blocks that nobody took the last time. */
type Leaving = {
  readonly executor: Executor;
  asked: boolean;
  idleWhenAsked: boolean;
  left: number;
  attempts: number;
  cancelForce: () => void;
};

/** Source: spark.storage.decommission.maxReplicationFailuresPerBlock. */
const MOST_ATTEMPTS = 3;

export class Decommissioner {
  readonly #settings: DecommissionSettings;
  readonly #ports: DecommissionerPorts;
  readonly #log: Logger;
  readonly #leaving = new Map<string, Leaving>();

  constructor(settings: DecommissionSettings, ports: DecommissionerPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#log = ports.log.named('CoarseGrainedSchedulerBackend');
  }

  get busy(): boolean {
    return this.#leaving.size > 0;
  }

  /** Those that are there and do not leave already. @returns them */
  begin(executorIds: readonly string[], reason: string): string[] {
    const { executors, drain, timers } = this.#ports;
    const { forceKillMs, migrate } = this.#settings;
    const begun = executorIds.flatMap((id) => {
      const executor = executors.table.executors.get(id);
      return executor === undefined || executor.leaving !== undefined || executor.peer === undefined ? [] : [executor];
    });
    if (begun.length === 0) return [];
    this.#log.info(`Decommission executors: ${begun.map(({ id }) => id).join(', ')}`);
    for (const executor of begun) {
      executor.leaving = reason; // all of them, or one would take the blocks of the next
      executors.table.options.blocks.retiring.add(executor.id);
    }
    for (const executor of begun) {
      for (const [, slot] of executor.slots) drain(slot.id);
      const cancelForce = forceKillMs === undefined ? () => {} : timers.after(forceKillMs, () => this.#force(executor.id, forceKillMs));
      this.#leaving.set(executor.id, { executor, asked: false, idleWhenAsked: !migrate, left: 0, attempts: 0, cancelForce });
      executors.table.options.onExecutor({ tag: 'executorLeaves', executorId: executor.id });
      if (migrate) this.#ask(executor.id);
    }
    this.look();
    return begun.map(({ id }) => id);
  }

  /** The executor has handed on what it could. @param left blocks that nobody took */
  moved(executorId: string, blocks: number, left: number): void {
    const leaving = this.#leaving.get(executorId);
    if (leaving === undefined) return;
    leaving.asked = false;
    leaving.left = left;
    this.#log.info(`Executor ${executorId} has handed on ${blocks} blocks${left > 0 ? `; ${left} found no place` : ''}`);
    this.look();
  }

  /** The load has changed: tasks may have ended. */
  look(): void {
    if (this.#leaving.size === 0) return;
    const loads = loadByExecutor(this.#ports.tasks);
    for (const [executorId, leaving] of [...this.#leaving]) {
      if (leaving.executor.gone) this.#forget(executorId, leaving);
      else if (leaving.asked || (loads.get(executorId)?.busy ?? 0) > 0) continue;
      else if (!leaving.idleWhenAsked) this.#ask(executorId);
      else if (leaving.left > 0 && leaving.attempts < MOST_ATTEMPTS && this.#somebodyStays()) this.#askLater(executorId, leaving);
      else this.#end(executorId, leaving, leaving.executor.leaving!);
    }
  }

  /** What was cached by tasks that ran on is handed on in a second round, when all have ended. */
  #ask(executorId: string): void {
    const leaving = this.#leaving.get(executorId)!;
    leaving.asked = true;
    leaving.attempts++;
    leaving.idleWhenAsked = (loadByExecutor(this.#ports.tasks).get(executorId)?.busy ?? 0) === 0;
    leaving.executor.peer?.push(executorDecommission, { reason: leaving.executor.leaving! });
  }

  #askLater(executorId: string, leaving: Leaving): void {
    leaving.asked = true; // or every look would begin another wait
    this.#ports.timers.after(this.#settings.reattemptMs, () => {
      if (this.#leaving.get(executorId) === leaving && !leaving.executor.gone) this.#ask(executorId);
    });
  }

  readonly #somebodyStays = (): boolean => [...this.#ports.executors.table.executors.values()].some((e) => e.leaving === undefined);

  #force(executorId: string, afterMs: number): void {
    const leaving = this.#leaving.get(executorId);
    if (leaving === undefined) return;
    this.#log.warn(`Executor ${executorId} is not done with its decommissioning after ${afterMs} ms: it is ended`);
    this.#end(executorId, leaving, `${leaving.executor.leaving!}, ended after ${afterMs} ms`);
  }

  #end(executorId: string, leaving: Leaving, reason: string): void {
    this.#forget(executorId, leaving);
    this.#ports.executors.retire(executorId, `Executor decommission: ${reason}`);
    this.#ports.release(executorId);
  }

  #forget(executorId: string, leaving: Leaving): void {
    leaving.cancelForce();
    this.#ports.executors.table.options.blocks.retiring.delete(executorId);
    this.#leaving.delete(executorId);
  }
}
