// What a worker's thread spends: its CPU time, and the pauses of its heap's garbage collection. Asking costs a microsecond and more, so tasks
// shorter than a millisecond are measured together (slot-runner.ts). How figures travel is plan/status-metrics.ts.
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { noFigures, type TaskFigures } from '../plan/status-metrics.ts';
import { MAJOR_COUNT, MAJOR_MS, MINOR_COUNT, MINOR_MS } from './worker-flags.ts';

/** Tasks of this length are measured one by one, ms. */
const OWN_MS = 1;

const threadCpuNs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
};

/** What was spent since the last look. */
export class ThreadMeter {
  readonly #observer: PerformanceObserver;
  #cpuNs = threadCpuNs();
  #gcMs = 0;

  readonly #flags: Uint32Array | undefined;
  #minorMs = 0;
  #majorMs = 0;

  /** @param flags where the executor's main thread reads counts and times */
  constructor(flags?: Uint32Array) {
    this.#flags = flags;
    this.#observer = new PerformanceObserver((entries) => this.#count(entries.getEntries()));
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  cpuNs(): number {
    const before = this.#cpuNs;
    this.#cpuNs = threadCpuNs();
    return this.#cpuNs - before;
  }

  /** V8's notes of a pause come with the next turn of the event loop. */
  gcMs(): number {
    this.#count(this.#observer.takeRecords());
    const spent = this.#gcMs;
    this.#gcMs = 0;
    return spent;
  }

  #count(pauses: readonly PerformanceEntry[]): void {
    for (const pause of pauses) {
      const { duration } = pause;
      this.#gcMs += duration;
      const minor = (pause as { detail?: { kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MINOR;
      if (minor) this.#minorMs += duration;
      else this.#majorMs += duration;
      if (this.#flags !== undefined) Atomics.add(this.#flags, minor ? MINOR_COUNT : MAJOR_COUNT, 1);
    }
    if (this.#flags === undefined || pauses.length === 0) return;
    Atomics.store(this.#flags, MINOR_MS, Math.round(this.#minorMs));
    Atomics.store(this.#flags, MAJOR_MS, Math.round(this.#majorMs));
  }

  stop(): void {
    this.#observer.disconnect();
  }
}

/** The tasks of one status frame: long ones have figures of their own, short ones a rate in common. */
export class FrameMeter {
  readonly #thread: Pick<ThreadMeter, 'cpuNs' | 'gcMs'>;
  /** Short tasks since the last look, and of the whole frame. */
  #sinceMs = 0;
  #sharedMs = 0;
  #sharedNs = 0;

  constructor(thread: Pick<ThreadMeter, 'cpuNs' | 'gcMs'>) {
    this.#thread = thread;
    thread.cpuNs(); // what was spent between frames belongs to no task
  }

  /** @returns the task's figures with what its thread spent, or as they were: it is one of the short ones */
  ran(runMs: number, figures: TaskFigures | undefined): TaskFigures | undefined {
    if (runMs < OWN_MS) {
      this.#sinceMs += runMs;
      this.#sharedMs += runMs;
      return figures;
    }
    const cpuNs = this.#thread.cpuNs();
    const own = figures ?? noFigures();
    const share = runMs / (runMs + this.#sinceMs);
    own.executorCpuTimeNs = Math.max(1, Math.round(cpuNs * share));
    own.gcTime = Math.min(Math.round(this.#thread.gcMs()), Math.round(runMs));
    this.#sharedNs += cpuNs * (1 - share);
    this.#sinceMs = 0;
    return own;
  }

  /** For StatusWriter.finish. Call once, at the frame's end. */
  rates(): { cpuNsPerMs: number; gcMsPerMs: number } {
    if (this.#sharedMs === 0) return { cpuNsPerMs: 0, gcMsPerMs: 0 };
    if (this.#sinceMs > 0) this.#sharedNs += this.#thread.cpuNs();
    const gcMs = Math.min(this.#thread.gcMs(), this.#sharedMs);
    return { cpuNsPerMs: this.#sharedNs / this.#sharedMs, gcMsPerMs: gcMs / this.#sharedMs };
  }
}
