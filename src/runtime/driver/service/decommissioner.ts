// Sends executors away in good order: no new tasks, the running ones end, cached blocks and shuffle files (shuffle-migrator.ts) are handed on to
// others, then the container is given back. Who is sent away and why: dynamic allocation, a signal that the executor got, a node that is taken out (executor-control.ts). The
// executor's part is executor/decommission.ts. Source: CoarseGrainedSchedulerBackend.decommissionExecutors, BlockManagerDecommissioner.
import type { Logger, Timers } from '../../../common/ports.ts';
import { executorDecommission } from '../../../rpc/messages/executor.ts';
import { loadByExecutor } from '../core/backlog.ts';
import type { TaskScheduler } from '../core/task-scheduler.ts';
import type { Executor } from './executor-table.ts';
import type { Executors } from './executors.ts';
import type { MigratorSettings, ShuffleMigrator } from './shuffle-migrator.ts';

export type DecommissionSettings = {
  /** Whether cached blocks are handed on. */
  readonly migrate: boolean;
  /** How shuffle files are; undefined: not. */
  readonly shuffles: Omit<MigratorSettings, 'fallbackDir' | 'cleanUp'> | undefined;
  readonly fallbackDir: string | undefined;
  readonly fallbackCleanUp: boolean;
  /** Rounds in which what nobody took is offered again. */
  readonly maxFailures: number;
  readonly reattemptMs: number;
  /** undefined: it has all the time. */
  readonly forceKillMs: number | undefined;
};

export type DecommissionerPorts = {
  readonly executors: Executors;
  readonly tasks: TaskScheduler;
  /** undefined: shuffle files stay. */
  readonly migrator: ShuffleMigrator | undefined;
  /** No more launches on this slot. */
  readonly drain: (slotId: number) => void;
  /** Its container, when all is done. */
  readonly release: (executorId: string) => void;
  readonly timers: Timers;
  readonly log: Logger;
};

/** Why one goes: with `node` all goes that lies on its node; one that is merely idle leaves what others can read without it. */
export type LeavingWhy = 'idle' | 'executor' | 'node';

/** asked: it hands on its blocks now; left: blocks that nobody took the last time. */
type Leaving = {
  readonly executor: Executor;
  asked: boolean;
  idleWhenAsked: boolean;
  left: number;
  attempts: number;
  /** Its shuffle files are moved. */
  readonly shuffles: boolean;
  shuffleRounds: number;
  waits: boolean;
  cancelForce: () => void;
};

export class Decommissioner {
  readonly #settings: DecommissionSettings;
  readonly #ports: DecommissionerPorts;
  readonly #log: Logger;
  readonly #leaving = new Map<string, Leaving>();

  constructor(settings: DecommissionSettings, ports: DecommissionerPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#log = ports.log.named('CoarseGrainedSchedulerBackend');
    ports.migrator?.onChange.push(() => this.look());
  }

  /** When the application has ended. */
  async cleanUp(): Promise<void> {
    await this.#ports.migrator?.stop();
  }

  get busy(): boolean {
    return this.#leaving.size > 0;
  }

  /** Those that are there and do not leave already. @returns them */
  begin(executorIds: readonly string[], reason: string, why: LeavingWhy = 'executor'): string[] {
    const { executors, drain, timers, migrator } = this.#ports;
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
    const together = new Set(begun.map(({ id }) => id));
    for (const executor of begun) {
      for (const [, slot] of executor.slots) drain(slot.id);
      const cancelForce = forceKillMs === undefined ? () => {} : timers.after(forceKillMs, () => this.#force(executor.id, forceKillMs));
      const shuffles = migrator !== undefined && (why !== 'idle' || executors.losses.outputsGoWith(executor.id, together));
      const leaving = { executor, asked: false, idleWhenAsked: !migrate, left: 0, attempts: 0, shuffles, shuffleRounds: 1, waits: false };
      this.#leaving.set(executor.id, { ...leaving, cancelForce });
      executors.table.options.onExecutor({ tag: 'executorLeaves', executorId: executor.id });
      if (migrate) this.#ask(executor.id);
      if (shuffles) migrator.begin(executor, why === 'node');
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
      else if (leaving.left > 0 && leaving.attempts < this.#settings.maxFailures && this.#somebodyStays())
        this.#askLater(executorId, leaving);
      else if (!leaving.shuffles || this.#shufflesMoved(executorId, leaving)) this.#end(executorId, leaving, leaving.executor.leaving!);
    }
  }

  /** @returns false: not yet. What nobody took is offered again, while there is anybody */
  #shufflesMoved(executorId: string, leaving: Leaving): boolean {
    const { migrator, timers } = this.#ports;
    const settled = leaving.waits ? undefined : migrator!.settled(executorId);
    if (settled === undefined) return false;
    if (settled.left > 0 && leaving.shuffleRounds < this.#settings.maxFailures && this.#somebodyStays()) {
      leaving.waits = true;
      leaving.shuffleRounds++;
      timers.after(this.#settings.reattemptMs, () => {
        leaving.waits = false;
        if (this.#leaving.get(executorId) !== leaving) return;
        migrator!.retry(executorId);
        this.look();
      });
      return false;
    }
    const { moved, left } = settled;
    if (moved > 0) this.#log.info(`Executor ${executorId} has handed on ${moved} shuffle files`);
    if (left > 0)
      this.#log.warn(
        `${left} shuffle files of executor ${executorId} found no place elsewhere: they stay, and what can't be read is made again`,
      );
    return true;
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
    if (leaving.shuffles) this.#ports.migrator?.end(executorId);
    this.#ports.executors.table.options.blocks.retiring.delete(executorId);
    this.#leaving.delete(executorId);
  }
}
