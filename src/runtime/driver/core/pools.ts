// Which task set is offered a slot first. FIFO: by job, then stage. FAIR: pools share the slots by weight, those below their minimum share
// first; inside a pool FIFO or FAIR again. The file that names pools is service/fair-pools.ts. Source: Spark's Pool, SchedulingAlgorithm,
// FairSchedulableBuilder.
import type { TaskSet } from './task-set.ts';

export type SchedulingMode = 'FIFO' | 'FAIR';
export type PoolSpec = { readonly name: string; readonly mode: SchedulingMode; readonly weight: number; readonly minShare: number };

/** Jobs that name no pool are here. */
export const DEFAULT_POOL = 'default';

/** What competes for slots: a pool or a task set. */
type Schedulable = { readonly name: string; readonly weight: number; readonly minShare: number; readonly running: number };

/** @returns below 0: a goes first */
export function byFairShare(a: Schedulable, b: Schedulable): number {
  const aNeedy = a.running < a.minShare;
  const bNeedy = b.running < b.minShare;
  if (aNeedy !== bNeedy) return aNeedy ? -1 : 1;
  const ratio = ({ running, minShare, weight }: Schedulable) => (aNeedy ? running / Math.max(minShare, 1) : running / weight);
  return ratio(a) - ratio(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** An older job first, then the stage that was made first, then the older attempt. */
export function byAge({ spec: a }: TaskSet, { spec: b }: TaskSet): number {
  return a.jobId - b.jobId || a.stageId - b.stageId || a.key - b.key;
}

export class Pools {
  readonly mode: SchedulingMode;
  /** A job named a pool that no file names: it was made with Spark's defaults. */
  onUnknown: (spec: PoolSpec) => void = () => {};
  readonly #specs = new Map<string, PoolSpec>();

  constructor(mode: SchedulingMode) {
    this.mode = mode;
    this.define([plain(DEFAULT_POOL)]);
  }

  define(specs: readonly PoolSpec[]): void {
    for (const spec of specs) this.#specs.set(spec.name, spec);
  }

  /** A pool's settings; one that nobody has named is made. In FIFO mode there are no pools. */
  pool(name: string): PoolSpec {
    const known = this.#specs.get(name);
    if (known !== undefined) return known;
    const made = plain(name);
    this.#specs.set(name, made);
    this.onUnknown(made);
    return made;
  }

  specs(): PoolSpec[] {
    return [...this.#specs.values()];
  }

  /** @param sets by age @returns them in the order in which they are offered a slot now */
  order(sets: readonly TaskSet[]): readonly TaskSet[] {
    if (this.mode === 'FIFO' || sets.length < 2) return sets;
    const members = new Map<string, TaskSet[]>();
    for (const set of sets) {
      const own = members.get(set.spec.pool);
      if (own === undefined) members.set(set.spec.pool, [set]);
      else own.push(set);
    }
    const pools = [...members].map(([name, own]) => ({
      ...this.pool(name),
      own,
      running: own.reduce((n, set) => n + set.runningCount, 0),
    }));
    return pools.sort(byFairShare).flatMap(({ mode, own }) => (mode === 'FIFO' ? own : fairly(own)));
  }
}

const fairly = (sets: readonly TaskSet[]): TaskSet[] =>
  sets
    .map((set) => ({ name: `TaskSet_${set.name}`, weight: 1, minShare: 0, running: set.runningCount, set }))
    .sort(byFairShare)
    .map(({ set }) => set);

const plain = (name: string): PoolSpec => ({ name, mode: 'FIFO', weight: 1, minShare: 0 });
