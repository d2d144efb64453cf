// The local master: task slots are worker threads of the driver's own process. The threads are started by a pool that is handed in (the
// executor's worker-pool.ts), so that entry.ts can begin to start them before the program is even read. Source: LocalSchedulerBackend.
import { randomBytes } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import { AppError } from '../../../common/errors.ts';
import type { Timers } from '../../../common/ports.ts';
import { EXECUTOR_METRICS, type ExecutorMetrics } from '../../../status/executor-metrics.ts';
import type { LocalBlocks } from './block-master.ts';
import type { ApplicationInfo, ClusterEvents, ClusterManager, ThreadState } from './cluster-manager.ts';

export const LOCAL_EXECUTOR = 'driver';

/** What this needs of executor/worker-pool.ts. */
export interface LocalPool {
  readonly slots: number;
  onLost: (lost: { slot: number; code: string; params: unknown; runningTaskId: number | undefined }) => void;
  onBroken: (detail: string) => void;
  blockPort: (slot: number) => MessagePort;
  onConnected: () => void;
  metrics(): Promise<{ metrics: ExecutorMetrics; maxMemoryBytes: number }>;
  connect(settings: unknown): void;
  kill(slot: number, taskId: number, stageKey: number, reason: string, graceMs: number): void;
  recall(slot: number, sent: number): number | undefined;
  setLogLevel(level: string): void;
  threads(): Promise<ThreadState[]>;
  profile(forMs: number): Promise<string>;
  stop(): Promise<void>;
}

export type LocalOptions = {
  readonly pool: LocalPool;
  readonly nowMs: number;
  readonly host: string;
  readonly shuffleDir: string;
  readonly blockDir: string;
  /** The blocks of this process, as an executor has them. */
  readonly startBlocks: (conf: ReadonlyMap<string, string>, master: LocalBlocks) => (slot: number) => MessagePort;
  readonly appDir: string;
  readonly logLevel: () => string;
  readonly filesDir: string;
  readonly timers: Timers;
  readonly heartbeatMs: number;
  readonly cleanUp: () => void;
};

export class LocalBackend implements ClusterManager {
  readonly applicationId: string;
  readonly secret = randomBytes(32).toString('hex');
  readonly expectedSlots: number;
  readonly expectedExecutors = 0;
  readonly elastic = undefined;
  readonly #options: LocalOptions;
  #stopped = false;
  #stopBeat = () => {};

  constructor(options: LocalOptions) {
    this.#options = options;
    // Two that begin in one millisecond have two event logs: thirteen digits of time, then the process.
    this.applicationId = `local-${options.nowMs}${process.pid}`;
    this.expectedSlots = options.pool.slots;
  }

  async start(app: ApplicationInfo, events: ClusterEvents): Promise<void> {
    const { pool, host, shuffleDir, appDir, logLevel, filesDir, timers, heartbeatMs } = this.#options;
    pool.onLost = ({ slot, code, params, runningTaskId }) => events.workerLost(LOCAL_EXECUTOR, slot, code, params, runningTaskId);
    pool.onBroken = (detail) => events.fatal(new AppError('INTERNAL', { detail: `the worker threads can't be started: ${detail}` }));
    pool.blockPort = this.#options.startBlocks(new Map(app.conf), events.localBlocks(LOCAL_EXECUTOR));
    const beat = async () => {
      const { metrics, maxMemoryBytes } = await pool.metrics();
      if (!this.#stopped)
        events.localHeartbeat(
          EXECUTOR_METRICS.map((name) => Math.round(metrics[name] ?? 0)),
          maxMemoryBytes,
        );
    };
    pool.onConnected = () => void beat();
    this.#stopBeat = timers.every(heartbeatMs, () => void beat());
    pool.connect({
      driverAddress: app.driverAddress,
      secret: this.secret,
      executorId: LOCAL_EXECUTOR,
      host,
      applicationId: this.applicationId,
      shuffleDirs: [shuffleDir],
      blockDirs: [this.#options.blockDir],
      appDir,
      workDir: filesDir,
      conf: app.conf,
      logLevel: logLevel(),
    });
  }

  killTask(_executorId: string, slot: number, taskId: number, stageKey: number, reason: string, graceMs: number): boolean {
    this.#options.pool.kill(slot, taskId, stageKey, reason, graceMs);
    return true;
  }

  recallTasks(slot: number, sent: number): number | undefined {
    return this.#options.pool.recall(slot, sent);
  }

  giveUp(): void {
    // A local master's executor is the driver's own process.
  }

  pageAt(): void {
    // Nobody lists a local application.
  }

  threads(): Promise<ThreadState[]> {
    return this.#options.pool.threads();
  }

  profile(forMs: number): Promise<string> {
    return this.#options.pool.profile(forMs);
  }

  setLogLevel(level: string): void {
    this.#options.pool.setLogLevel(level);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopBeat();
    await this.#options.pool.stop();
    this.#options.cleanUp();
  }
}
