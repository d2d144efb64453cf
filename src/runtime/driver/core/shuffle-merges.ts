// Push-based shuffle as the driver sees it: which services merge a shuffle, which map outputs have been pushed, and when it is over. A map stage whose
// tasks have ended waits here for its merge (hold), unless the shuffle is small. Who goes on then is merge-endings.ts; the words to the services are
// service/merge-finalizer.ts, what they merged is kept by map-output-tracker.ts. Source: Spark's DAGScheduler.checkAndScheduleShuffleMergeFinalize,
// handleShufflePushCompleted, and YarnSchedulerBackend.getShufflePushMergerLocations.

export type PushRules = {
  readonly finalizeMs: number;
  readonly minBytesToWait: number;
  readonly minCompletedRatio: number;
  readonly mergersMinRatio: number;
  readonly mergersMinStatic: number;
  readonly maxRetainedMergers: number;
  /** Executors that the application may have, and tasks that one of them runs at once: how many services a shuffle wants. */
  readonly maxExecutors: number;
  readonly tasksPerExecutor: number;
};

export type MergeEffect =
  /** Tell the services. awaited: say mergeFinalized with what they merged; else nobody reads it. */
  | { readonly tag: 'finalizeMerge'; readonly shuffleId: number; readonly mergers: readonly string[]; readonly awaited: boolean }
  /** Call mergeTimeUp then. */
  | { readonly tag: 'mergeTimer'; readonly shuffleId: number; readonly afterMs: number };

type Effects = { push(effect: MergeEffect): unknown };

type Merge = {
  /** None: too few services were known, so far. */
  mergers: readonly string[];
  readonly pushed: Set<number>;
  /** OPEN: map tasks run. WAITING: they have ended, blocks are still pushed. FINALIZING: services were told. ENDED: nothing is pushed any more. */
  state: 'OPEN' | 'WAITING' | 'FINALIZING' | 'ENDED';
  maps: number;
};

export class ShuffleMerges {
  readonly rules: PushRules;
  /** Address of each service → its host, the oldest first. */
  readonly #services = new Map<string, string>();
  readonly #merges = new Map<number, Merge>();

  constructor(rules: PushRules) {
    this.rules = rules;
  }

  /** An executor has registered that has this service. */
  serviceSeen(address: string, host: string): void {
    this.#services.set(address, host);
    if (this.#services.size > this.rules.maxRetainedMergers) this.#services.delete(this.#services.keys().next().value!);
  }

  /** It did not answer: not chosen again until an executor registers with it. */
  serviceLost(address: string): void {
    this.#services.delete(address);
  }

  hostOf(address: string): string {
    return this.#services.get(address) ?? '';
  }

  /** Decided when the first map output is to be pushed and there are enough, and fixed then. @returns none: too few yet, or the merge is over */
  mergersFor(shuffleId: number, reducePartitions: number): readonly string[] {
    const merge: Merge = this.#merges.get(shuffleId) ?? { mergers: NONE, pushed: new Set(), state: 'OPEN', maps: Number.POSITIVE_INFINITY };
    this.#merges.set(shuffleId, merge);
    if (merge.state === 'OPEN' && merge.mergers.length === 0) merge.mergers = this.#choose(shuffleId, reducePartitions);
    return merge.state === 'OPEN' || merge.state === 'WAITING' ? merge.mergers : NONE;
  }

  #choose(shuffleId: number, reducePartitions: number): readonly string[] {
    const { maxExecutors, tasksPerExecutor, mergersMinRatio, mergersMinStatic } = this.rules;
    const wanted = Math.min(Math.max(1, Math.ceil(reducePartitions / tasksPerExecutor)), maxExecutors);
    const least = Math.max(mergersMinStatic, Math.floor(wanted * mergersMinRatio));
    if (this.#services.size === 0 || (this.#services.size < wanted && this.#services.size < least)) return NONE;
    const all = [...this.#services.keys()];
    // Another shuffle begins at another service, so that small ones do not all go to the same.
    return Array.from({ length: Math.min(wanted, all.length) }, (_, i) => all[(shuffleId + i) % all.length]!);
  }

  mergers(shuffleId: number): readonly string[] {
    return this.#merges.get(shuffleId)?.mergers ?? NONE;
  }

  /**
   * All map tasks of the shuffle have ended.
   * @returns whether its stage waits for the merge
   */
  hold(shuffleId: number, maps: number, bytes: number, effects: Effects): boolean {
    const merge = this.#merges.get(shuffleId);
    if (merge === undefined || merge.state === 'ENDED') return false;
    if (merge.state !== 'OPEN') return true;
    const { mergers } = merge;
    if (mergers.length === 0 || bytes < this.rules.minBytesToWait) {
      merge.state = 'ENDED';
      if (mergers.length > 0) effects.push({ tag: 'finalizeMerge', shuffleId, mergers, awaited: false });
      return false;
    }
    merge.state = 'WAITING';
    merge.maps = maps;
    if (!this.#finalizeIfPushed(shuffleId, merge, effects)) effects.push({ tag: 'mergeTimer', shuffleId, afterMs: this.rules.finalizeMs });
    return true;
  }

  /** An executor has pushed all of a map output, or given it up. */
  pushed(shuffleId: number, mapIndex: number, effects: Effects): void {
    const merge = this.#merges.get(shuffleId);
    merge?.pushed.add(mapIndex);
    if (merge?.state === 'WAITING') this.#finalizeIfPushed(shuffleId, merge, effects);
  }

  timeUp(shuffleId: number, effects: Effects): void {
    const merge = this.#merges.get(shuffleId);
    if (merge?.state === 'WAITING') this.#finalize(shuffleId, merge, effects);
  }

  /** The services have answered, or their time is up. @returns false: nobody has waited for it */
  finalized(shuffleId: number): boolean {
    const merge = this.#merges.get(shuffleId);
    if (merge?.state !== 'FINALIZING') return false;
    merge.state = 'ENDED';
    return true;
  }

  /** @returns the services that have merged files of it */
  forget(shuffleId: number): readonly string[] {
    const mergers = this.mergers(shuffleId);
    this.#merges.delete(shuffleId);
    return mergers;
  }

  #finalizeIfPushed(shuffleId: number, merge: Merge, effects: Effects): boolean {
    if (merge.pushed.size < merge.maps * this.rules.minCompletedRatio) return false;
    this.#finalize(shuffleId, merge, effects);
    return true;
  }

  #finalize(shuffleId: number, merge: Merge, effects: Effects): void {
    merge.state = 'FINALIZING';
    effects.push({ tag: 'finalizeMerge', shuffleId, mergers: merge.mergers, awaited: true });
  }
}

const NONE: readonly string[] = [];
