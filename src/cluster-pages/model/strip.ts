// The cluster in one glance, and how it was in the last hour. Plain data that crosses to the pages as JSON; who counts is the ResourceManager
// (src/resourcemanager/pages), who sends only what has changed is live-stream.ts. Memory in MiB, times in ms since 1970.

export type Amount = { readonly used: number; readonly total: number };

export type ClusterStrip = {
  readonly nowMs: number;
  readonly version: string;
  readonly startedAtMs: number;
  /** Starts of this cluster's ResourceManager. */
  readonly epoch: number;
  readonly scheduler: string;
  readonly memory: Amount;
  readonly vcores: Amount;
  /** Countable resources by name. */
  readonly others: Readonly<Record<string, Amount>>;
  readonly containers: number;
  /** Asked for and not granted. */
  readonly pendingContainers: number;
  readonly pendingMemoryMb: number;
  /** By state (YarnApplicationState). */
  readonly applications: Readonly<Record<string, number>>;
  /** By state (NodeState). */
  readonly nodes: Readonly<Record<string, number>>;
};

/** For the live stream: the time alone is no change. */
export const withoutTime = ({ nowMs: _, ...rest }: ClusterStrip): Omit<ClusterStrip, 'nowMs'> => rest;

/** What is sampled, and drawn as time lines. */
export const SAMPLED = [
  'memoryUsedMb',
  'memoryTotalMb',
  'vcoresUsed',
  'vcoresTotal',
  'containers',
  'pendingContainers',
  'running',
  'waiting',
  'nodesUp',
  'nodesUnwell',
] as const;
export type SampledName = (typeof SAMPLED)[number];
export type Sample = { readonly atMs: number } & { readonly [name in SampledName]: number };
/** Columns of equal length, oldest first. */
export type TimeLines = { readonly everyMs: number; readonly atMs: readonly number[] } & {
  readonly [name in SampledName]: readonly number[];
};

const UP = new Set(['RUNNING', 'DECOMMISSIONING']);
const OUT = new Set(['DECOMMISSIONED', 'SHUTDOWN']);

export function sampleOf(strip: ClusterStrip): Sample {
  let nodesUp = 0;
  let nodesUnwell = 0;
  for (const [state, n] of Object.entries(strip.nodes)) {
    if (UP.has(state)) nodesUp += n;
    else if (!OUT.has(state)) nodesUnwell += n;
  }
  const apps = strip.applications;
  return {
    atMs: strip.nowMs,
    memoryUsedMb: strip.memory.used,
    memoryTotalMb: strip.memory.total,
    vcoresUsed: strip.vcores.used,
    vcoresTotal: strip.vcores.total,
    containers: strip.containers,
    pendingContainers: strip.pendingContainers,
    running: apps['RUNNING'] ?? 0,
    waiting: (apps['NEW'] ?? 0) + (apps['SUBMITTED'] ?? 0) + (apps['ACCEPTED'] ?? 0),
    nodesUp,
    nodesUnwell,
  };
}

/** The last `size` samples; older ones are written over. 11 numbers each, so an hour at 10 s is 32 KB. */
export class SampleRing {
  readonly everyMs: number;
  readonly #size: number;
  readonly #atMs: Float64Array;
  readonly #columns: ReadonlyMap<SampledName, Float64Array>;
  #count = 0;

  constructor(size: number, everyMs: number) {
    this.everyMs = everyMs;
    this.#size = size;
    this.#atMs = new Float64Array(size);
    this.#columns = new Map(SAMPLED.map((name) => [name, new Float64Array(size)]));
  }

  add(sample: Sample): void {
    const at = this.#count++ % this.#size;
    this.#atMs[at] = sample.atMs;
    for (const [name, column] of this.#columns) column[at] = sample[name];
  }

  lines(): TimeLines {
    const inOrder = (column: Float64Array): number[] => {
      const first = this.#count < this.#size ? 0 : this.#count % this.#size;
      const held = Math.min(this.#count, this.#size);
      return Array.from({ length: held }, (_, i) => column[(first + i) % this.#size]!);
    };
    const columns = Object.fromEntries([...this.#columns].map(([name, column]) => [name, inOrder(column)]));
    return { everyMs: this.everyMs, atMs: inOrder(this.#atMs), ...(columns as { [name in SampledName]: number[] }) };
  }
}

/** The fields that differ, compared as JSON: what a page that has `before` must be told. undefined: nothing. */
export function changedFields<T extends object>(before: T | undefined, after: T): Partial<T> | undefined {
  if (before === undefined) return after;
  const changed = Object.entries(after).filter(([name, value]) => {
    const old = (before as Record<string, unknown>)[name];
    return old !== value && (typeof value !== 'object' || JSON.stringify(old) !== JSON.stringify(value));
  });
  return changed.length === 0 ? undefined : (Object.fromEntries(changed) as Partial<T>);
}
