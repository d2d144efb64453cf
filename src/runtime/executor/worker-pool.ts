// The worker threads of one executor: starts them, replaces one that ended, ends one that does not listen. Used by executor/main.ts, and
// in local mode by the driver's own process (session.ts hands it over). What a worker does is worker-main.ts.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type PoolMetrics, poolMetrics } from './pool-metrics.ts';
import { foldedProfile, type ProfiledWorker, type ThreadState, threadStates } from './thread-profile.ts';
import { isToStop, newFlags, progressOf, RUNNING_TASK, STOP_STAGE, STOP_TASK } from './worker-flags.ts';
import { dumpText, type ReaperSettings, reaperSettings, watch } from './task-reaper.ts';
import { recallTasks } from './task-claims.ts';
import type { FromWorker, MapOutputNews, ToWorker, WorkerData, WorkerSettings } from './worker-settings.ts';

export type HeapLimits = { readonly oldMb: number; readonly youngMb: number };
export type PoolOptions = {
  /** worker.cjs, or worker-main.ts unbundled. */
  readonly workerFile: string;
  readonly slots: number;
  /** undefined: V8's own defaults for the machine. */
  readonly limits: HeapLimits | undefined;
};
export type LostWorker = {
  readonly slot: number;
  readonly code: string;
  readonly params: unknown;
  readonly runningTaskId: number | undefined;
};

/** Workers that end before they are up, in a row, after which it is the program's or machine's fault and not bad luck. */
const MAX_FALSE_STARTS = 3;

/** A kill may come before its task begins: so long after it is looked for again. */
const LATE_START_MS = 1_000;

/** heapMb: V8's limit for the thread, known once it runs. */
type Seat = {
  worker: Worker;
  readonly flags: Uint32Array;
  heapMb: number;
  up: boolean;
  failure: Error | undefined;
  terminated: string | undefined;
  /** A dump of its stack is being taken. */
  isDumped: boolean;
};

export class WorkerPool {
  /** Every slot is connected for the first time. */
  onConnected: () => void = () => {};
  #connected = 0;
  onLost: (lost: LostWorker) => void = () => {};
  /** A killed task does not end: spark.task.reaper.enabled. */
  onSlowKill: (text: string) => void = () => {};
  /** A task has written a map output, where WorkerSettings.pushes. */
  onMapOutput: (output: MapOutputNews) => void = () => {};
  /** Workers can't be started at all. */
  onBroken: (detail: string) => void = () => {};
  /** The way to the executor's blocks for a slot's thread; set before connect(). */
  blockPort: (slot: number) => MessagePort = () => new MessageChannel().port2;
  readonly #options: PoolOptions;
  readonly #seats: Seat[] = [];
  #settings: WorkerSettings | undefined;
  #reaper: ReaperSettings | undefined;
  #falseStarts = 0;
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    for (let slot = 0; slot < options.slots; slot++) this.#seats.push(this.#start(slot));
  }

  get slots(): number {
    return this.#options.slots;
  }

  get limits(): HeapLimits | undefined {
    return this.#options.limits;
  }

  /** The executor belongs to an application now: workers connect to its driver. */
  connect(settings: WorkerSettings): void {
    this.#settings = settings;
    this.#reaper = reaperSettings(settings.conf);
    for (const [slot, seat] of this.#seats.entries()) this.#connect(seat.worker, settings, slot);
  }

  setLogLevel(level: string): void {
    for (const seat of this.#seats) post(seat.worker, { t: 'logLevel', level });
  }

  /**
   * Sets the interrupt flag; a worker that still runs what is to end after graceMs is ended.
   * @param stageKey 0: this task alone; else every task of the stage that the slot has
   */
  kill(slot: number, taskId: number, stageKey: number, reason: string, graceMs: number): void {
    const seat = this.#seats[slot];
    if (seat === undefined) return;
    if (stageKey === 0) {
      // One that waits behind another has not begun: it comes back unbegun when that one takes long. Else it may begin just now.
      if (!this.#interrupt(slot, seat, taskId, reason, graceMs))
        setTimeout(() => this.#interrupt(slot, seat, taskId, reason, graceMs), Math.min(graceMs, LATE_START_MS)).unref();
      return;
    }
    Atomics.store(seat.flags, STOP_STAGE, stageKey);
    this.#endAfter(slot, seat, reason, graceMs, () => Atomics.load(seat.flags, STOP_STAGE) === stageKey && isToStop(seat.flags));
  }

  /** What the slot has not begun does not begin. @param sent, @returns places: task-claims.ts; undefined: no such slot */
  recall(slot: number, sent: number): number | undefined {
    const flags = this.#seats[slot]?.flags;
    return flags && recallTasks(flags, sent);
  }

  /** @returns false when the slot runs something else */
  #interrupt(slot: number, seat: Seat, taskId: number, reason: string, graceMs: number): boolean {
    const runs = () => Atomics.load(seat.flags, RUNNING_TASK) === taskId + 1;
    if (!runs()) return false;
    Atomics.store(seat.flags, STOP_TASK, taskId + 1);
    this.#endAfter(slot, seat, reason, graceMs, runs);
    return true;
  }

  #endAfter(slot: number, seat: Seat, reason: string, graceMs: number, stillRuns: () => boolean): void {
    const taskId = this.runningTask(slot);
    watch({
      stillRuns: () => this.#seats[slot] === seat && stillRuns(),
      graceMs,
      pollMs: this.#reaper?.pollMs,
      say: (ranMs) => {
        this.onSlowKill(`Killed task ${taskId} is still running after ${ranMs} ms (${reason})`);
        if (this.#reaper?.dumps && !seat.isDumped) void this.#dump(slot, seat, taskId);
      },
      end: () => {
        seat.terminated = reason;
        void seat.worker.terminate();
      },
    });
  }

  /** One at a time: a glance at a thread of a busy machine may take longer than the polling interval. */
  async #dump(slot: number, seat: Seat, taskId: number | undefined): Promise<void> {
    seat.isDumped = true;
    const [thread] = await threadStates([{ worker: seat.worker, slot, taskId }]);
    seat.isDumped = false;
    this.onSlowKill(dumpText(taskId, thread));
  }

  /** Cached objects of all slots to other executors; a slot that runs a task answers when it has ended. */
  async handOn(): Promise<{ blocks: number; left: number }> {
    const moved = await Promise.all(
      this.#seats.map(
        ({ worker }) =>
          new Promise<{ blocks: number; left: number }>((resolve) => {
            const hear = (message: FromWorker) => {
              if (message.t !== 'handedOn') return;
              worker.off('message', hear);
              resolve(message);
            };
            worker.on('message', hear);
            worker.once('exit', () => resolve({ blocks: 0, left: 0 })); // what it held is gone with it
            post(worker, { t: 'handOn' });
          }),
      ),
    );
    return moved.reduce((a, b) => ({ blocks: a.blocks + b.blocks, left: a.left + b.left }), { blocks: 0, left: 0 });
  }

  /** Task id that the slot runs at this instant. */
  runningTask(slot: number): number | undefined {
    const word = this.#seats[slot] === undefined ? 0 : Atomics.load(this.#seats[slot].flags, RUNNING_TASK);
    return word === 0 ? undefined : word - 1;
  }

  /** What slots run at this instant, and the records that each task has read so far. */
  progress(): { runningTaskIds: number[]; recordsRead: number[] } {
    const runningTaskIds = this.#seats.map((_, slot) => this.runningTask(slot) ?? -1);
    return { runningTaskIds, recordsRead: runningTaskIds.map((id, slot) => (id < 0 ? 0 : progressOf(this.#seats[slot]!.flags, id))) };
  }

  /** For the heartbeat. */
  metrics(): Promise<PoolMetrics> {
    return poolMetrics(this.#seats);
  }

  /** What each slot's thread does at this instant. */
  threads(): Promise<ThreadState[]> {
    return threadStates(this.#profiled());
  }

  /** @returns folded stacks of all slots */
  profile(forMs: number): Promise<string> {
    return foldedProfile(this.#profiled(), forMs);
  }

  #profiled(): ProfiledWorker[] {
    return this.#seats.map(({ worker }, slot) => ({ worker, slot, taskId: this.runningTask(slot) }));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#seats.map((seat) => seat.worker.terminate()));
  }

  #start(slot: number): Seat {
    const { limits } = this.#options;
    const flags = newFlags();
    const data: WorkerData = { flags };
    const worker = new Worker(this.#options.workerFile, {
      workerData: data,
      execArgv: [],
      ...(limits && { resourceLimits: { maxOldGenerationSizeMb: limits.oldMb, maxYoungGenerationSizeMb: limits.youngMb } }),
    });
    worker.unref();
    const seat: Seat = { worker, flags, heapMb: limits?.oldMb ?? 0, up: false, failure: undefined, terminated: undefined, isDumped: false };
    worker.on('message', (message: FromWorker) => {
      if (message.t === 'up') {
        seat.up = true;
        worker.unref(); // again: Node 24 refs the thread's ports once more while it starts
        this.#falseStarts = 0;
      } else if (message.t === 'connected') {
        if (++this.#connected === this.#options.slots) this.onConnected();
      } else if (message.t === 'mapOutput') this.onMapOutput(message);
      else if (message.t === 'failed') seat.failure = new Error(message.detail);
    });
    worker.on('online', () => {
      seat.heapMb = worker.resourceLimits?.maxOldGenerationSizeMb ?? seat.heapMb;
    });
    worker.on('error', (error) => {
      seat.failure = error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', (code) => this.#ended(slot, seat, code));
    return seat;
  }

  #ended(slot: number, seat: Seat, exitCode: number): void {
    if (this.#stopped) return;
    if (!seat.up && ++this.#falseStarts >= MAX_FALSE_STARTS) {
      this.onBroken(seat.failure?.stack ?? `worker threads end with code ${exitCode} at once`);
      return;
    }
    const word = Atomics.load(seat.flags, RUNNING_TASK);
    const fresh = this.#start(slot);
    this.#seats[slot] = fresh;
    if (this.#settings !== undefined) this.#connect(fresh.worker, this.#settings, slot);
    this.onLost({ slot, ...this.#whyEnded(seat, exitCode), runningTaskId: word === 0 ? undefined : word - 1 });
  }

  #connect(worker: Worker, settings: WorkerSettings, slot: number): void {
    const blocks = this.blockPort(slot);
    worker.postMessage({ t: 'connect', settings, slot, blocks } satisfies ToWorker, [blocks]);
  }

  #whyEnded(seat: Seat, exitCode: number): { code: string; params: unknown } {
    const { failure } = seat;
    if (seat.terminated !== undefined) return { code: 'TASK_KILLED', params: { reason: seat.terminated } };
    if (failure !== undefined && (failure as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return { code: 'EXECUTOR_OUT_OF_MEMORY', params: { limitMb: seat.heapMb, detail: failure.message } };
    }
    if (failure !== undefined)
      return { code: 'TASK_FAILED', params: { name: failure.name, message: failure.message, stack: failure.stack ?? failure.message } };
    const message = `process.exit(${exitCode}) was called in a task`;
    return {
      code: 'TASK_FAILED',
      params: { name: 'Error', message, stack: `Error: ${message}: it ends the task's worker, not the application` },
    };
  }
}

const post = (worker: Worker, message: ToWorker): void => worker.postMessage(message);
