// What a worker's thread spends: its CPU time, and the pauses of its heap's garbage collection. Asking costs a microsecond and more, so tasks
// shorter than a millisecond are measured together (slot-runner.ts). How figures travel is plan/status-metrics.ts.
import { PerformanceObserver } from 'node:perf_hooks';
import { noFigures, type TaskFigures } from '../plan/status-metrics.ts';

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

  constructor() {
    const count = (entries: { getEntries(): { duration: number }[] }) => {
      for (const { duration } of entries.getEntries()) this.#gcMs += duration;
    };
    this.#observer = new PerformanceObserver(count);
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  cpuNs(): number {
    const before = this.#cpuNs;
    this.#cpuNs = threadCpuNs();
    return this.#cpuNs - before;
  }

  /** V8's notes of a pause come with the next turn of the event loop. */
  gcMs(): number {
    for (const { duration } of this.#observer.takeRecords()) this.#gcMs += duration;
    const spent = this.#gcMs;
    this.#gcMs = 0;
    return spent;
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
