// What the live stream sends of the cluster, kept for whoever shows it: the strip's fields as they change, and new points of the time lines. Until the
// stream has come, the first answer is asked for as anything else is.
import { useEffect, useState } from 'preact/hooks';
import { startLive } from '../../browser/live.ts';
import { UI_API } from '../page-routes.ts';
import { type ClusterStrip, SAMPLED, type Sample, type SampledName, type TimeLines } from '../model/strip.ts';
import { usePlace, useUi } from './page-links.tsx';
import { asUser } from './user-name.ts';

let facts: Partial<ClusterStrip> = {};
const factListeners = new Set<() => void>();
const sampleListeners = new Set<(sample: Sample) => void>();

/** Once for a page; `root` is where the daemon stands. */
export function startFacts(root: string): void {
  startLive(asUser(`${root}${UI_API}/live`), {
    facts: (changed) => {
      facts = { ...facts, ...(changed as Partial<ClusterStrip>) };
      for (const hear of factListeners) hear();
    },
    sample: (sample) => {
      for (const hear of sampleListeners) hear(sample as Sample);
    },
  });
}

const isWhole = (strip: Partial<ClusterStrip>): strip is ClusterStrip => strip.memory !== undefined && strip.nodes !== undefined;

export function useStrip(): { readonly strip: ClusterStrip | undefined; readonly error: string | undefined } {
  const first = useUi<ClusterStrip>('strip', false);
  const [, again] = useState(0);
  useEffect(() => {
    const hear = (): void => again((n) => n + 1);
    factListeners.add(hear);
    return () => void factListeners.delete(hear);
  }, []);
  const strip = { ...first.data, ...facts };
  return { strip: isWhole(strip) ? strip : undefined, error: first.error };
}

const HOUR_MS = 3_600_000;

export function useLines(): TimeLines | undefined {
  const { root } = usePlace();
  const first = useUi<TimeLines>('lines', false).data;
  const [lines, setLines] = useState<TimeLines>();
  useEffect(() => setLines(first), [first, root]);
  useEffect(() => {
    const hear = (sample: Sample): void => setLines((old) => old && withSample(old, sample));
    sampleListeners.add(hear);
    return () => void sampleListeners.delete(hear);
  }, []);
  return lines;
}

function withSample(lines: TimeLines, sample: Sample): TimeLines {
  if ((lines.atMs.at(-1) ?? 0) >= sample.atMs) return lines;
  const from = lines.atMs.findIndex((at) => at >= sample.atMs - HOUR_MS);
  const add = (column: readonly number[], value: number): number[] => [...column.slice(Math.max(0, from)), value];
  const columns = Object.fromEntries(SAMPLED.map((name) => [name, add(lines[name], sample[name])])) as Record<SampledName, number[]>;
  return { ...lines, ...columns, atMs: add(lines.atMs, sample.atMs) };
}
