// The process itself in figures: for JMX (the names of a JVM's beans, as far as they mean something here) and for Prometheus (the names that its
// client libraries for Node.js use).
import { getHeapStatistics } from 'node:v8';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import type { Family } from '../status/prometheus/text-format.ts';

const MB = 1024 * 1024;
/** Looks so often at how late the event loop is; a histogram in C++. */
const RESOLUTION_MS = 20;

class Figures {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #gc = { count: 0, ms: 0 };
  readonly #observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      this.#gc.count++;
      this.#gc.ms += entry.duration;
    }
  });

  constructor() {
    this.#delay.enable();
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Source: Hadoop's JvmMetrics. */
  jvmMetrics(daemon: string): Record<string, unknown> {
    const { heapUsed, heapTotal, external } = process.memoryUsage();
    return {
      'tag.Context': 'jvm',
      'tag.ProcessName': daemon,
      MemNonHeapUsedM: external / MB,
      MemNonHeapCommittedM: external / MB,
      MemHeapUsedM: heapUsed / MB,
      MemHeapCommittedM: heapTotal / MB,
      MemHeapMaxM: getHeapStatistics().heap_size_limit / MB,
      MemMaxM: getHeapStatistics().heap_size_limit / MB,
      GcCount: this.#gc.count,
      GcTimeMillis: Math.round(this.#gc.ms),
      ThreadsRunnable: 1,
    };
  }

  families(): Family[] {
    const { heapUsed, heapTotal, rss, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const family = (name: string, type: Family['type'], help: string, value: number): Family => ({
      name,
      type,
      help,
      samples: [{ labels: [], value }],
    });
    return [
      family('process_cpu_seconds_total', 'counter', 'Total user and system CPU time spent in seconds.', (user + system) / 1e6),
      family('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', rss),
      family(
        'process_start_time_seconds',
        'gauge',
        'Start time of the process since unix epoch in seconds.',
        Math.round(Date.now() / 1000 - process.uptime()),
      ),
      family('nodejs_heap_size_used_bytes', 'gauge', 'Heap in use in bytes.', heapUsed),
      family('nodejs_heap_size_total_bytes', 'gauge', 'Heap that was taken from the system in bytes.', heapTotal),
      family('nodejs_external_memory_bytes', 'gauge', 'Memory outside the heap that objects hold in bytes.', external),
      family('nodejs_gc_seconds_total', 'counter', 'Time spent in garbage collection in seconds.', this.#gc.ms / 1000),
      family(
        'nodejs_eventloop_lag_p99_seconds',
        'gauge',
        'How late the event loop was, the 99th percentile since the first request.',
        seconds(this.#delay.percentile(99)),
      ),
      family(
        'nodejs_eventloop_lag_max_seconds',
        'gauge',
        'How late the event loop was at most since the first request.',
        seconds(this.#delay.max),
      ),
    ];
  }
}

/** Of nanoseconds, without the time of a look; 0 before the first one. */
const seconds = (ns: number): number => (Number.isFinite(ns) ? Math.max(0, ns / 1e9 - RESOLUTION_MS / 1000) : 0);

let figures: Figures | undefined;
export type ProcessFigures = Figures;
/** One for the process: it begins to look when somebody first asks. */
export const processFigures = (): ProcessFigures => {
  figures ??= new Figures();
  return figures;
};
