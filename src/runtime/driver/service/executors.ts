// The driver's door for executors: one address, on which executors' main threads (`executor:<id>`) and their slots (`slot:<id>/<n>`) prove
// themselves with the application's secret. Keeps who is there; how they end is executor-losses.ts. Source: CoarseGrainedSchedulerBackend.
import type { Duplex } from 'node:stream';
import { portOf } from '../../../common/address.ts';
import { AppError, type ErrorCode } from '../../../common/errors.ts';
import type { Channel } from '../../../rpc/channel.ts';
import { acceptChannel } from '../../../rpc/connect.ts';
import {
  executorHeartbeat,
  executorLeaving,
  executorMoved,
  executorRegister,
  executorStop,
  logLevelSet,
  slotLost,
  taskKill,
  taskRecall,
} from '../../../rpc/messages/executor.ts';
import { listenFrom, type ListenOptions } from '../../../rpc/listen-from.ts';
import { Peer } from '../../../rpc/peer.ts';
import type { Listener, Transport } from '../../../rpc/transport.ts';
import type { ExecutorExit } from '../core/executor-exit.ts';
import { noteProgress } from '../core/process-rates.ts';
import { ExecutorLosses } from './executor-losses.ts';
import { unref } from './executor-sockets.ts';
import type { Ending, Executor, ExecutorsOptions, ExecutorTable } from './executor-table.ts';
import { serveOutputPlaces } from './output-places.ts';
import { SlotLink } from './slot-link.ts';

export class Executors {
  readonly table: ExecutorTable;
  readonly losses: ExecutorLosses;
  readonly #options: ExecutorsOptions;
  readonly #executors: Map<string, Executor>;
  #listener: Listener | undefined;
  #nextSlotId = 0;
  #stopSweep: (() => void) | undefined;

  constructor(options: ExecutorsOptions) {
    this.#options = options;
    this.table = { options, executors: new Map(), nodes: new Map(), exits: new Map(), stopped: false };
    this.#executors = this.table.executors;
    this.losses = new ExecutorLosses(this.table);
  }

  /** @throws AppError SOCKET_IN_USE, SOCKET_PATH_TOO_LONG */
  async listen(transport: Transport, address: string, how: ListenOptions = {}): Promise<string> {
    const accept = (stream: Duplex) => {
      acceptChannel(
        stream,
        'the driver',
        (id) => (/^(executor:\d+|slot:(\d+|driver)\/\d+)$/.test(id) ? this.#options.secretOf() : undefined),
        (channel, id) => this.#accept(channel, id),
      );
    };
    this.#listener = await listenFrom(transport, address, accept, how);
    this.#listener.unref?.(); // jobs keep the process alive, not the door (driver.ts)
    const every = Math.max(100, this.#options.networkTimeoutMs / 4);
    this.#stopSweep = this.#options.timers.every(every, () => this.losses.sweep(every));
    return this.#listener.address;
  }

  /** A local master's process is an executor without a connection of its own: its slots are threads here. */
  addLocal(id: string, host: string, cores: number): void {
    const local: Executor = {
      id,
      host,
      nodeId: '',
      profileId: 0,
      cores,
      blockAddress: '',
      port: process.pid,
      outputsAddress: '',
      shuffleDirs: [],
      peer: undefined,
      slots: new Map(),
      lastHeardMs: Number.POSITIVE_INFINITY,
      endings: new Map(),
      leaving: undefined,
      gone: false,
    };
    this.#add(local);
  }

  /** Its control connection, while it is there. */
  peerOf(executorId: string): Peer | undefined {
    return this.#executors.get(executorId)?.peer;
  }

  get count(): number {
    return this.#executors.size;
  }

  host(executorId: string): string {
    return this.#executors.get(executorId)?.host ?? 'unknown';
  }

  /** Of its address on the pages and in the event log. */
  port(executorId: string): number {
    return this.#executors.get(executorId)?.port ?? 0;
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

  /** @returns place of the first task that the slot will not begin; undefined: it could not be asked */
  async recall({ executorId, number: slot, sent }: SlotLink): Promise<number | undefined> {
    try {
      return (await this.#executors.get(executorId)?.peer?.call(taskRecall, { slot, sent }))?.from;
    } catch {
      return undefined; // its end, or the slot's next word, says what became of them
    }
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
    else this.losses.endSlot(executor, slot, ending);
  }

  /** The cluster manager says that the container has ended. */
  exited(executorId: string, exit: ExecutorExit): void {
    const executor = this.#executors.get(executorId);
    if (executor === undefined)
      this.table.exits.set(executorId, exit); // it never came, or was given up before
    else this.losses.lose(executor, exit);
  }

  /** The driver itself ends it; its container is the caller's to give back. */
  retire(executorId: string, reason: string): void {
    const executor = this.#executors.get(executorId);
    if (executor !== undefined) this.losses.retire(executor, reason);
    else this.table.exits.set(executorId, { exitStatus: 0, diagnostics: reason });
  }

  async stop(): Promise<void> {
    this.table.stopped = true;
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
      const ended = this.table.exits.get(id);
      if (ended !== undefined) throw new AppError('EXECUTOR_LOST', { executorId: id, reason: ended.diagnostics }); // it was given back while it started
      const profileId = this.#options.profileOf(id);
      executor = {
        id,
        host: request.host,
        nodeId: request.nodeId,
        profileId,
        cores: request.slots,
        blockAddress: request.blockAddress,
        port: portOf(request.blockAddress) ?? request.pid,
        outputsAddress: request.shuffleService ?? request.blockAddress,
        shuffleDirs: request.shuffleDirs,
        peer,
        slots: new Map(),
        lastHeardMs: this.#options.clock.nowMs(),
        endings: new Map(),
        leaving: undefined,
        gone: false,
      };
      this.table.nodes.set(request.nodeId, { shuffleDirs: request.shuffleDirs, shuffleService: request.shuffleService });
      this.#add(executor);
      this.#options.log
        .named('CoarseGrainedSchedulerBackend')
        .info(`Registered executor (${request.host}, pid ${request.pid}) with ID ${id}, ResourceProfileId ${profileId}`);
      this.#options.blocks.serve(peer, id, request.host, request.blockAddress);
      this.#options.broadcasts.serve(peer, id, request.host, request.blockAddress);
      this.#options.merges?.accept(peer, request.shuffleService, request.host);
      return this.#options.welcome(profileId);
    });
    peer.on(executorHeartbeat, ({ metrics, maxMemoryBytes, ...progress }) => {
      if (executor === undefined) return;
      executor.lastHeardMs = this.#options.clock.nowMs();
      this.#options.events.heartbeat(executor, metrics, maxMemoryBytes);
      noteProgress(this.#options.loop.core.tasks.sets, progress, executor.lastHeardMs);
    });
    peer.on(executorLeaving, ({ reason }) => this.#options.onExecutor({ tag: 'executorWantsToLeave', executorId: id, reason }));
    peer.on(executorMoved, ({ blocks, left }) => this.#options.onExecutor({ tag: 'executorMoved', executorId: id, blocks, left }));
    peer.on(slotLost, ({ slot, code, params, runningTaskId }) =>
      this.workerLost(id, slot, { code: code as ErrorCode, params: JSON.parse(params), runningTaskId }),
    );
    peer.onClose = (reason) => {
      if (executor !== undefined) this.losses.disconnected(executor, reason);
    };
  }

  #add(executor: Executor): void {
    this.#executors.set(executor.id, executor);
    const { id: executorId, host, port, cores: slots, profileId } = executor;
    this.#options.events.executorAdded({ executorId, host, port, slots, resourceProfileId: profileId });
    this.#options.onExecutor({ tag: 'executorAdded', executorId, profileId });
  }

  #addSlot(executor: Executor, number: number, channel: Channel): void {
    const before = executor.slots.get(number);
    if (before !== undefined)
      this.losses.endSlot(executor, before, {
        code: 'EXECUTOR_LOST',
        params: { executorId: executor.id, reason: 'its worker was replaced' },
        runningTaskId: undefined,
      });
    executor.endings.delete(number);
    const slot = new SlotLink(this.#nextSlotId++, executor.id, number, executor.host, channel, this.#options.mostFrameBytes());
    executor.slots.set(number, slot);
    const peer = new Peer(channel, `slot ${executor.id}/${number}`);
    this.#options.barriers.serve(peer);
    serveOutputPlaces(peer, this.#options.loop.core.outputs);
    channel.onClose = (reason) => this.losses.slotClosed(executor, slot, reason);
    this.#options.loop.addSlot(slot, executor.profileId);
    if (executor.leaving !== undefined) this.#options.loop.drainSlot(slot.id);
  }
}
