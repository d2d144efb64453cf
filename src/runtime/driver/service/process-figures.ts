// The driver's own process by the names of Spark's executor metrics: memory, and garbage collections since this was asked for first.
import { constants, PerformanceObserver } from 'node:perf_hooks';
import type { ProcessFigures } from '../../../status/prometheus/sources.ts';

const collections = { minor: 0, minorMs: 0, major: 0, majorMs: 0 };
let watching = false;

export function processFigures(): ProcessFigures {
  if (!watching) watchCollections();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    cpuNs: (user + system) * 1_000,
    metrics: {
      JVMHeapMemory: heapUsed,
      JVMOffHeapMemory: external,
      DirectPoolMemory: arrayBuffers,
      ProcessTreeJVMRSSMemory: rss,
      MinorGCCount: collections.minor,
      MinorGCTime: Math.round(collections.minorMs),
      MajorGCCount: collections.major,
      MajorGCTime: Math.round(collections.majorMs),
      TotalGCTime: Math.round(collections.minorMs + collections.majorMs),
    },
  };
}

function watchCollections(): void {
  watching = true;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { duration } = entry;
      const { detail } = entry as { detail?: unknown };
      const minor = (detail as { kind?: number } | undefined)?.kind === constants.NODE_PERFORMANCE_GC_MINOR;
      collections[minor ? 'minor' : 'major']++;
      collections[minor ? 'minorMs' : 'majorMs'] += duration;
    }
  }).observe({ entryTypes: ['gc'] });
}
