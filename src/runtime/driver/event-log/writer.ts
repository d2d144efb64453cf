// The event log as a listener of the bus: what happens is gathered in batches (batch.ts) and handed to a thread of its own (worker-main.ts),
// at the latest twice a second and at the end of every job. Source: Spark's EventLoggingListener.
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../common/errors.ts';
import type { Logger, Timers } from '../../../common/ports.ts';
import { eventJson } from '../../../status/event-json.ts';
import type { RareEvent, StatusListener, TaskEnd, TaskInfo } from '../../../status/events.ts';
import { BatchWriter } from './batch.ts';
import { claimLog, logPath } from './log-files.ts';
import type { LogSettings } from './settings.ts';
import { StagePeaks } from './stage-peaks.ts';
import type { FromLog, ToLog, WorkerData } from './words.ts';

/** Numbers of a batch: some three thousand tasks. */
const BATCH_NUMBERS = 65_536;
const EVERY_MS = 500;
/** So many batches may wait for a slow disk, half a megabyte each; then tasks are left out, and said so. */
const MOST_WAITING = 256;
const COMPLAIN_MS = 60_000;

export type WriterOptions = {
  readonly settings: LogSettings;
  /** event-log.cjs, or worker-main.ts unbundled. */
  readonly workerFile: string;
  readonly log: Logger;
  readonly timers: Timers;
};

export class EventLogWriter implements StatusListener {
  readonly #options: WriterOptions;
  readonly #batch = new BatchWriter(BATCH_NUMBERS);
  readonly #worker: Worker;
  readonly #peaks: StagePeaks | undefined;
  readonly #stopTimer: () => void;
  /** Something came since the file was last asked to have all. */
  #unwritten = false;
  #waiting = 0;
  #dropped = 0;
  #complainedAtMs = Number.NEGATIVE_INFINITY;
  #over = false;
  #ended: (() => void) | undefined;

  /** @throws AppError EVENT_LOG_UNUSABLE */
  constructor(options: WriterOptions) {
    this.#options = options;
    const { settings, workerFile, log, timers } = options;
    try {
      claimLog(settings, settings.overwrite);
    } catch (error) {
      throw new AppError('EVENT_LOG_UNUSABLE', { path: logPath(settings), detail: (error as Error).message }, { cause: error });
    }
    log.info(`Logging events to file:${logPath(settings)}`);
    if (settings.stageMetrics) this.#peaks = new StagePeaks((event) => this.#put(event));
    const { dir, name, zstdLevel, maxFileBytes } = settings;
    const data: WorkerData = { place: { dir, name, zstdLevel, maxFileBytes }, bufferBytes: settings.bufferBytes };
    this.#worker = new Worker(workerFile, { workerData: data, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('online', () => this.#worker.unref());
    this.#worker.on('message', (message: FromLog) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#fail(error.message));
    this.#worker.on('exit', () => this.#ended?.());
    this.#stopTimer = timers.every(EVERY_MS, () => {
      if (this.#unwritten) this.#send(true);
    });
  }

  on(event: RareEvent): void {
    if (event.tag === 'blockUpdated' && !this.#options.settings.blockUpdates) return;
    this.#peaks?.on(event);
    if (event.tag === 'executorMetricsUpdate') return; // Spark's log has their peaks only
    this.#put(event);
    if (event.tag === 'jobEnd' || event.tag === 'environmentUpdate' || event.tag === 'applicationStart') this.#send(true);
  }

  taskStarted(stageId: number, attemptId: number, task: TaskInfo): void {
    if (!this.#hasRoom()) return;
    this.#batch.started(stageId, attemptId, task);
    if (this.#batch.isFull) this.#send(false);
  }

  taskEnded(stageId: number, attemptId: number, task: TaskEnd): void {
    if (!this.#hasRoom()) return;
    this.#batch.ended(stageId, attemptId, task);
    if (this.#batch.isFull) this.#send(false);
  }

  /** Resolves when the log is whole, or is given up. */
  close(): Promise<void> {
    this.#stopTimer();
    if (this.#over) return Promise.resolve();
    this.#worker.ref();
    return new Promise((resolve) => {
      this.#ended = () => {
        this.#over = true;
        resolve();
      };
      this.#send(true, true);
    });
  }

  #put(event: RareEvent): void {
    if (this.#over) return;
    this.#unwritten = true;
    this.#batch.line(eventJson(event));
    if (this.#batch.isFull) this.#send(false);
  }

  #hasRoom(): boolean {
    if (this.#over) return false;
    if (this.#waiting < MOST_WAITING) {
      this.#unwritten = true;
      return true;
    }
    this.#dropped++;
    const nowMs = performance.now();
    if (nowMs - this.#complainedAtMs < COMPLAIN_MS) return false;
    this.#complainedAtMs = nowMs;
    this.#options.log.warn(
      `Dropping events from the event log: its disk can't keep up with the rate at which tasks run. Dropped ${this.#dropped} so far.`,
    );
    return false;
  }

  #send(flush: boolean, end = false): void {
    if (this.#over || (this.#batch.isEmpty && !flush)) return;
    this.#unwritten = !flush;
    const batch = this.#batch.isEmpty ? undefined : this.#batch.take();
    if (batch !== undefined) this.#waiting++;
    const message: ToLog = { batch, flush, end };
    this.#worker.postMessage(message, batch === undefined ? [] : [batch.numbers.buffer as ArrayBuffer]);
  }

  #onMessage(message: FromLog): void {
    if (message.t === 'done') this.#waiting--;
    else if (message.t === 'failed') this.#fail(message.detail);
    else this.#ended?.();
  }

  #fail(detail: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.log.warn(
      `The event log ${logPath(this.#options.settings)} can't be written (${detail}): it ends here, and the application goes on without it.`,
    );
    this.#stopTimer();
    this.#ended?.();
    void this.#worker.terminate();
  }
}
