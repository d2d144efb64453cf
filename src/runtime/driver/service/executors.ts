// The driver's door for executors: one address, on which executors' main threads (`executor:<id>`) and their slots (`slot:<id>/<n>`) prove
// themselves with the application's secret. Keeps who is there, and finds out why somebody is gone. Source: CoarseGrainedSchedulerBackend.
import { type ErrorCode, sentence } from '../../../common/errors.ts';
import type { Channel } from '../../../rpc/channel.ts';
import { acceptChannel } from '../../../rpc/connect.ts';
import { executorHeartbeat, executorRegister, executorStop, logLevelSet, slotLost, taskKill } from '../../../rpc/messages/executor.ts';
import { Peer } from '../../../rpc/peer.ts';
import type { Listener, Transport } from '../../../rpc/transport.ts';
import { causedByApplication, exitText } from '../core/executor-exit.ts';
import type { ExecutorExit } from '../core/executor-exit.ts';
import type { Ending, Executor, ExecutorsOptions } from './executor-entry.ts';
import { removeSocket, unref } from './executor-sockets.ts';
import { SlotLink } from './slot-link.ts';

/** So long a closed slot waits for the executor's word, and a closed executor for the ResourceManager's, ms. */
const SLOT_REASON_MS = 20_000;
const EXIT_REASON_MS = 3_000;

export class Executors {
  readonly #options: ExecutorsOptions;
  readonly #executors = new Map<string, Executor>();
  readonly #exits = new Map<string, ExecutorExit>();
  #listener: Listener | undefined;
  #nextSlotId = 0;
  #stopSweep: (() => void) | undefined;
  #stopped = false;

  constructor(options: ExecutorsOptions) {
    this.#options = options;
  }

  async listen(transport: Transport, address: string): Promise<string> {
    this.#listener = await transport.listen(address, (stream) => {
      acceptChannel(
        stream,
        'the driver',
        (id) => (/^(executor:\d+|slot:(\d+|driver)\/\d+)$/.test(id) ? this.#options.secretOf() : undefined),
        (channel, id) => this.#accept(channel, id),
      );
    });
    this.#listener.unref?.(); // jobs keep the process alive, not the door (driver.ts)
    const every = Math.max(100, this.#options.networkTimeoutMs / 4);
    this.#stopSweep = this.#options.timers.every(every, () => this.#sweep());
    return this.#listener.address;
  }

  /** A local master's process is an executor without a connection of its own: its slots are threads here. */
  addLocal(id: string, host: string, slots: number): void {
    const local: Executor = {
      id,
      host,
      blockAddress: '',
      outputsAddress: '',
      peer: undefined,
      slots: new Map(),
      lastHeardMs: Number.POSITIVE_INFINITY,
      endings: new Map(),
      gone: false,
    };
    this.#add(local, slots);
  }

  get count(): number {
    return this.#executors.size;
  }

  host(executorId: string): string {
    return this.#executors.get(executorId)?.host ?? 'unknown';
  }

  /** Where its map outputs are asked for. */
  outputsAddress(executorId: string): string {
    return this.#executors.get(executorId)?.outputsAddress ?? '';
  }

  list(): { id: string; host: string; slots: number }[] {
    return [...this.#executors.values()].map((e) => ({ id: e.id, host: e.host, slots: e.slots.size }));
  }

  kill(slot: SlotLink, taskId: number, stageKey: number, reason: string, graceMs: number): void {
    this.#executors.get(slot.executorId)?.peer?.push(taskKill, { slot: slot.number, taskId, stageKey, reason, graceMs });
  }

  setLogLevel(level: string): void {
    for (const [, executor] of this.#executors) executor.peer?.push(logLevelSet, { level });
  }

  /** From the executor, or from the pool of a local master. */
  workerLost(executorId: string, slotNumber: number, ending: Ending): void {
    const executor = this.#executors.get(executorId);
    if (executor === undefined || executor.gone) return;
    const slot = executor.slots.get(slotNumber);
    if (slot === undefined) executor.endings.set(slotNumber, ending);
    else this.#endSlot(executor, slot, ending);
  }

  /** The cluster manager says that the container has ended. */
  exited(executorId: string, exit: ExecutorExit): void {
    const executor = this.#executors.get(executorId);
    if (executor === undefined)
      this.#exits.set(executorId, exit); // it never came, or was given up before
    else this.#lose(executor, exit);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopSweep?.();
    for (const [, executor] of this.#executors) executor.peer?.push(executorStop, { reason: 'the application has ended' });
    await new Promise<void>((resolve) => setImmediate(resolve)); // the words above leave in this turn
    await this.#listener?.close();
  }

  #accept(channel: Channel, id: string): void {
    unref(channel);
    const [kind, rest] = id.split(':') as [string, string];
    if (kind === 'executor') {
      this.#acceptExecutor(new Peer(channel, `executor ${rest}`), rest);
      return;
    }
    const [executorId, number] = rest.split('/') as [string, string];
    const executor = this.#executors.get(executorId);
    if (executor === undefined || executor.gone) {
      channel.destroy('its executor is not registered');
      return;
    }
    this.#addSlot(executor, Number(number), channel);
  }

  #acceptExecutor(peer: Peer, id: string): void {
    let executor: Executor | undefined;
    peer.serve(executorRegister, (request) => {
      executor = {
        id,
        host: request.host,
        blockAddress: request.blockAddress,
        outputsAddress: request.shuffleService ?? request.blockAddress,
        peer,
        slots: new Map(),
        lastHeardMs: this.#options.clock.nowMs(),
        endings: new Map(),
        gone: false,
      };
      this.#add(executor, request.slots);
      this.#options.log
        .named('CoarseGrainedSchedulerBackend')
        .info(`Registered executor (${request.host}, pid ${request.pid}) with ID ${id}, ResourceProfileId 0`);
      return this.#options.welcome();
    });
    peer.on(executorHeartbeat, () => {
      if (executor) executor.lastHeardMs = this.#options.clock.nowMs();
    });
    peer.on(slotLost, ({ slot, code, params, runningTaskId }) =>
      this.workerLost(id, slot, { code: code as ErrorCode, params: JSON.parse(params), runningTaskId }),
    );
    peer.onClose = (reason) => {
      if (executor !== undefined) this.#disconnected(executor, reason);
    };
  }

  #add(executor: Executor, slots: number): void {
    this.#executors.set(executor.id, executor);
    this.#options.events.executorAdded({ executorId: executor.id, host: executor.host, slots });
    this.#options.onChange();
  }

  #addSlot(executor: Executor, number: number, channel: Channel): void {
    const before = executor.slots.get(number);
    if (before !== undefined)
      this.#endSlot(executor, before, {
        code: 'EXECUTOR_LOST',
        params: { executorId: executor.id, reason: 'its worker was replaced' },
        runningTaskId: undefined,
      });
    executor.endings.delete(number);
    const slot = new SlotLink(this.#nextSlotId++, executor.id, number, executor.host, channel, this.#options.mostFrameBytes());
    executor.slots.set(number, slot);
    this.#options.broadcasts.serve(new Peer(channel, `slot ${executor.id}/${number}`));
    channel.onClose = (reason) => this.#slotClosed(executor, slot, reason);
    this.#options.loop.addSlot(slot);
    this.#options.onChange();
  }

  /** The reason comes on the executor's own connection, a little later or before. */
  #slotClosed(executor: Executor, slot: SlotLink, reason: string): void {
    if (this.#stopped || executor.slots.get(slot.number) !== slot) return;
    const known = executor.endings.get(slot.number);
    if (known !== undefined) {
      this.#endSlot(executor, slot, known);
      return;
    }
    this.#options.loop.slotClosed(slot.id);
    this.#options.timers.after(executor.peer?.closed ? EXIT_REASON_MS + SLOT_REASON_MS : SLOT_REASON_MS, () => {
      if (executor.gone || executor.peer?.closed) return; // the executor's ending decides for its slots
      this.#endSlot(executor, slot, {
        code: 'EXECUTOR_LOST',
        params: { executorId: executor.id, reason: `the worker's connection was lost (${reason})` },
        runningTaskId: undefined,
      });
    });
  }

  #endSlot(executor: Executor, slot: SlotLink, ending: Ending): void {
    if (executor.slots.get(slot.number) !== slot) return;
    executor.slots.delete(slot.number);
    executor.endings.delete(slot.number);
    slot.channel.onClose = () => {};
    slot.channel.destroy('its worker has ended');
    this.#options.log
      .named('TaskSchedulerImpl')
      .warn(`Worker ${slot.number} of executor ${executor.id} on ${executor.host} ended: ${sentence(ending.code, ending.params as never)}`);
    this.#options.loop.slotLost(slot, ending, ending.code !== 'TASK_KILLED', ending.runningTaskId);
    this.#options.onChange();
  }

  #disconnected(executor: Executor, reason: string): void {
    if (this.#stopped || executor.gone) return;
    for (const [, slot] of executor.slots) this.#options.loop.slotClosed(slot.id);
    const exit = this.#exits.get(executor.id);
    if (exit !== undefined) {
      this.#lose(executor, exit);
      return;
    }
    this.#options.timers.after(EXIT_REASON_MS, () =>
      this.#lose(executor, { exitStatus: undefined, diagnostics: `its connection was lost (${reason})` }),
    );
  }

  #lose(executor: Executor, exit: ExecutorExit): void {
    if (executor.gone || this.#stopped) return;
    executor.gone = true;
    this.#executors.delete(executor.id);
    const reason = exitText(exit);
    this.#options.log.named('TaskSchedulerImpl').error(`Lost executor ${executor.id} on ${executor.host}: ${reason}`);
    const blame = causedByApplication(exit.exitStatus);
    for (const [, slot] of executor.slots) {
      slot.channel.onClose = () => {};
      slot.channel.destroy('its executor has ended');
      this.#options.loop.slotLost(slot, { code: 'EXECUTOR_LOST', params: { executorId: executor.id, reason } }, blame);
    }
    executor.slots.clear();
    executor.peer?.channel.destroy('the executor is lost');
    this.#options.events.executorRemoved(executor.id, reason);
    this.#outputsOf(executor);
    removeSocket(executor.blockAddress);
    if (exit.exitStatus === undefined) this.#options.giveUp(executor.id);
    this.#options.onChange();
  }

  /** Shuffle files outlive their executor. On the driver's own host all readers read them from disk; elsewhere another executor of that host serves them. */
  #outputsOf(executor: Executor): void {
    if (executor.outputsAddress !== executor.blockAddress) return; // the shuffle service has them
    const heir = [...this.#executors.values()].find((other) => other.host === executor.host);
    if (heir !== undefined) this.#options.loop.core.outputs.moveServer(executor.id, heir.id, heir.blockAddress);
    else if (executor.host !== this.#options.sharedHost) this.#options.loop.outputsLost((output) => output.executorId === executor.id);
  }

  #sweep(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const [, executor] of this.#executors) {
      const silentMs = nowMs - executor.lastHeardMs;
      if (silentMs > this.#options.networkTimeoutMs) {
        this.#lose(executor, { exitStatus: undefined, diagnostics: `Executor heartbeat timed out after ${Math.round(silentMs)} ms` });
      }
    }
  }
}
