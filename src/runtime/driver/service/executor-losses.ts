// How executors and their slots end: finds out why somebody is gone, tells the driver's loop, and looks after the map outputs that stay behind.
// Who is there is executors.ts. Source: CoarseGrainedSchedulerBackend.removeExecutor, TaskSchedulerImpl.executorLost.
import { sentence } from '../../../common/errors.ts';
import { executorStop } from '../../../rpc/messages/executor.ts';
import { causedByApplication, disconnectionText, type ExecutorExit, lossText } from '../core/executor-exit.ts';
import { removeSocket } from './executor-sockets.ts';
import type { Ending, Executor, ExecutorTable } from './executor-table.ts';
import type { SlotLink } from './slot-link.ts';

/** So long a closed slot waits for the executor's word, and a closed executor for the ResourceManager's, ms. */
const SLOT_REASON_MS = 20_000;
const EXIT_REASON_MS = 3_000;

export class ExecutorLosses {
  readonly #table: ExecutorTable;
  #sweptAtMs: number;

  constructor(table: ExecutorTable) {
    this.#table = table;
    this.#sweptAtMs = table.options.clock.nowMs();
  }

  /** The reason comes on the executor's own connection, a little later or before. */
  slotClosed(executor: Executor, slot: SlotLink, reason: string): void {
    const { options, stopped } = this.#table;
    if (stopped || executor.slots.get(slot.number) !== slot) return;
    const known = executor.endings.get(slot.number);
    if (known !== undefined) {
      this.endSlot(executor, slot, known);
      return;
    }
    options.loop.slotClosed(slot.id);
    options.timers.after(executor.peer?.closed ? EXIT_REASON_MS + SLOT_REASON_MS : SLOT_REASON_MS, () => {
      if (executor.gone || executor.peer?.closed) return; // the executor's ending decides for its slots
      this.endSlot(executor, slot, {
        code: 'EXECUTOR_LOST',
        params: { executorId: executor.id, reason: `the worker's connection was lost (${reason})` },
        runningTaskId: undefined,
      });
    });
  }

  endSlot(executor: Executor, slot: SlotLink, ending: Ending): void {
    const { log, loop } = this.#table.options;
    if (executor.slots.get(slot.number) !== slot) return;
    executor.slots.delete(slot.number);
    executor.endings.delete(slot.number);
    slot.channel.onClose = () => {};
    slot.channel.destroy('its worker has ended');
    log
      .named('TaskSchedulerImpl')
      .warn(`Worker ${slot.number} of executor ${executor.id} on ${executor.host} ended: ${sentence(ending.code, ending.params as never)}`);
    loop.slotLost(slot, ending, ending.code !== 'TASK_KILLED', ending.runningTaskId);
  }

  disconnected(executor: Executor, reason: string): void {
    const { options, stopped, exits } = this.#table;
    if (stopped || executor.gone) return;
    for (const [, slot] of executor.slots) options.loop.slotClosed(slot.id);
    if (executor.leaving === undefined) options.replace(executor.id);
    const exit = exits.get(executor.id);
    if (exit !== undefined) {
      this.lose(executor, exit);
      return;
    }
    executor.disconnected = reason;
    options.timers.after(EXIT_REASON_MS, () => this.lose(executor, { exitStatus: undefined, diagnostics: disconnectionText(reason) }));
  }

  lose(executor: Executor, exit: ExecutorExit): void {
    if (executor.gone || this.#table.stopped) return;
    const { leaving } = executor;
    const reason = leaving === undefined ? lossText(exit, executor.disconnected) : `Executor decommission: ${leaving}`;
    const log = this.#table.options.log.named('TaskSchedulerImpl');
    if (leaving === undefined) log.error(`Lost executor ${executor.id} on ${executor.host}: ${reason}`);
    else log.info(`Executor ${executor.id} on ${executor.host} is decommissioned: ${leaving}`);
    this.#remove(executor, reason, leaving === undefined && causedByApplication(exit.exitStatus));
    executor.peer?.channel.destroy('the executor is lost');
    if (exit.exitStatus === undefined) this.#table.options.giveUp(executor.id);
  }

  /** The driver itself ends it; its container is given back by the caller. What runs there runs again elsewhere, and counts for nobody. */
  retire(executor: Executor, reason: string): void {
    if (executor.gone || this.#table.stopped) return;
    this.#table.exits.set(executor.id, { exitStatus: 0, diagnostics: reason });
    executor.peer?.push(executorStop, { reason });
    if (executor.leaving !== undefined)
      this.#table.options.log
        .named('TaskSchedulerImpl')
        .info(`Executor ${executor.id} on ${executor.host} is decommissioned: ${executor.leaving}`);
    this.#remove(executor, reason, false);
  }

  /**
   * Silence for too long is a loss. Time in which this process itself stood still (a program that computes, SIGSTOP) is nobody's silence: what
   * was said meanwhile still lies in the sockets.
   * @param everyMs how long after the one before it was to be called
   */
  sweep(everyMs: number): void {
    const { executors, options } = this.#table;
    const nowMs = options.clock.nowMs();
    const stoodMs = Math.max(0, nowMs - this.#sweptAtMs - everyMs);
    this.#sweptAtMs = nowMs;
    for (const [, executor] of executors) {
      if (executor.lastHeardMs < nowMs) executor.lastHeardMs = Math.min(nowMs, executor.lastHeardMs + stoodMs);
      const silentMs = nowMs - executor.lastHeardMs;
      if (silentMs > options.networkTimeoutMs)
        this.lose(executor, { exitStatus: undefined, diagnostics: `Executor heartbeat timed out after ${Math.round(silentMs)} ms` });
    }
  }

  /** Whether its map outputs could not be read any more without it. @param leaving others that go at the same time */
  outputsGoWith(executorId: string, leaving: ReadonlySet<string>): boolean {
    const executor = this.#table.executors.get(executorId);
    return (
      executor !== undefined && !this.#servedByNode(executor) && this.#heirOf(executor, leaving) === undefined && !this.#onOurHost(executor)
    );
  }

  #remove(executor: Executor, reason: string, blame: boolean): void {
    const { options, executors } = this.#table;
    executor.gone = true;
    executors.delete(executor.id);
    const slots = [...executor.slots.values()];
    executor.slots.clear();
    for (const slot of slots) options.loop.slotClosed(slot.id); // or its neighbour's tasks would be launched there
    for (const slot of slots) {
      slot.channel.onClose = () => {};
      slot.channel.destroy('its executor has ended');
      options.loop.slotLost(slot, { code: 'EXECUTOR_LOST', params: { executorId: executor.id, reason } }, blame);
    }
    this.#bequeath(executor);
    removeSocket(executor.blockAddress);
    options.events.executorRemoved(executor.id, reason);
    options.onExecutor({ tag: 'executorRemoved', executorId: executor.id, reason });
  }

  /** Shuffle files outlive their executor. On the driver's own host all readers read them from disk; elsewhere another executor of that host serves them. */
  #bequeath(executor: Executor): void {
    const { loop } = this.#table.options;
    if (this.#servedByNode(executor)) return;
    const heir = this.#heirOf(executor, new Set());
    if (heir !== undefined) loop.core.outputs.moveServer(executor.id, heir.id, heir.blockAddress);
    else if (!this.#onOurHost(executor)) loop.outputsLost((output) => output.executorId === executor.id);
  }

  readonly #servedByNode = (executor: Executor): boolean => executor.outputsAddress !== executor.blockAddress;
  readonly #onOurHost = (executor: Executor): boolean => executor.host === this.#table.options.sharedHost;

  #heirOf(executor: Executor, leaving: ReadonlySet<string>): Executor | undefined {
    const others = [...this.#table.executors.values()].filter((e) => e !== executor && e.host === executor.host && !leaving.has(e.id));
    return others.find((e) => e.leaving === undefined) ?? others[0];
  }
}
