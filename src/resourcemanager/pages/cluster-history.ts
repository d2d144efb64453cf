// The last hour of the cluster as time lines, a point every 10 s while this ResourceManager is the active one. Kept in memory only: after a restart
// they begin anew.
import { type Sample, SampleRing, sampleOf, type TimeLines } from '../../cluster-pages/model/strip.ts';
import type { Timers } from '../../common/ports.ts';
import type { EventLoop } from '../service/event-loop.ts';
import { clusterStrip } from './cluster-counts.ts';

const SAMPLE_MS = 10_000;
const HOUR_SAMPLES = 360;

export class ClusterHistory {
  readonly #ring = new SampleRing(HOUR_SAMPLES, SAMPLE_MS);
  readonly #listeners = new Set<(sample: Sample) => void>();
  readonly #active: () => EventLoop | undefined;
  readonly stop: () => void;

  /** @param active undefined while this ResourceManager stands by */
  constructor(active: () => EventLoop | undefined, timers: Timers) {
    this.#active = active;
    this.#take();
    this.stop = timers.every(SAMPLE_MS, () => this.#take());
  }

  lines(): TimeLines {
    return this.#ring.lines();
  }

  /** Calls `hear` with each new sample; the answer ends that. */
  onSample(hear: (sample: Sample) => void): () => void {
    this.#listeners.add(hear);
    return () => void this.#listeners.delete(hear);
  }

  isOf(loop: EventLoop): boolean {
    return this.#active() === loop;
  }

  #take(): void {
    const loop = this.#active();
    if (loop === undefined) return;
    const sample = sampleOf(clusterStrip(loop.core.cluster, '', loop.now()));
    this.#ring.add(sample);
    for (const hear of this.#listeners) hear(sample);
  }
}
