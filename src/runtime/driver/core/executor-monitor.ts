// Who of the executors is idle, and since when; which of them may go. Pure: the service tells what it sees (allocation-manager.ts), the
// policy asks (allocation-policy.ts). What an executor holds is asked only when its time may have come. Source: Spark's ExecutorMonitor.

/** Why an idle executor may be worth more than its slots. */
export type Holding = {
  /** Cached blocks that no other executor and no service has. */
  readonly cached: boolean;
  /** Map outputs that could not be read without it; `needed`: by a job that runs now. */
  readonly shuffle: 'none' | 'kept' | 'needed';
};
/** @param leaving executors that go in the same decision: nothing is left with them */
export type HoldingOf = (executorId: string, leaving: ReadonlySet<string>) => Holding;

export type IdleTimeouts = { readonly idleMs: number; readonly cachedIdleMs: number; readonly shuffleMs: number };

type Watched = {
  readonly profileId: number;
  /** undefined: it has tasks. */
  idleSinceMs: number | undefined;
  /** Tasks that were ever launched there: what came and went between two looks. */
  launches: number;
  /** It is on its way out and counts no more. */
  leaving: boolean;
};

export class ExecutorMonitor {
  readonly #timeouts: IdleTimeouts;
  readonly #executors = new Map<string, Watched>();

  constructor(timeouts: IdleTimeouts) {
    this.#timeouts = timeouts;
  }

  added(executorId: string, profileId: number, nowMs: number): void {
    this.#executors.set(executorId, { profileId, idleSinceMs: nowMs, launches: 0, leaving: false });
  }

  removed(executorId: string): void {
    this.#executors.delete(executorId);
  }

  /** It is decommissioned or ended, by whomever. */
  leaves(executorId: string): void {
    const known = this.#executors.get(executorId);
    if (known !== undefined) known.leaving = true;
  }

  /** @param launches tasks that were ever launched there */
  seen(executorId: string, busy: boolean, launches: number, nowMs: number): void {
    const known = this.#executors.get(executorId);
    if (known === undefined) return;
    if (busy) known.idleSinceMs = undefined;
    else if (known.idleSinceMs === undefined || known.launches !== launches) known.idleSinceMs = nowMs;
    known.launches = launches;
  }

  /** Executors of a profile that stay. */
  count(profileId: number): number {
    let count = 0;
    for (const [, e] of this.#executors) if (!e.leaving && e.profileId === profileId) count++;
    return count;
  }

  profileOf(executorId: string): number | undefined {
    return this.#executors.get(executorId)?.profileId;
  }

  /**
   * The idle ones, those whose time is over first, then the longest idle.
   * @returns deadlineMs by the shortest timeout: what they hold may give them more (timeoutMs)
   */
  idle(): { executorId: string; deadlineMs: number }[] {
    const idle: { executorId: string; deadlineMs: number }[] = [];
    for (const [executorId, e] of this.#executors)
      if (!e.leaving && e.idleSinceMs !== undefined) idle.push({ executorId, deadlineMs: e.idleSinceMs + this.#timeouts.idleMs });
    return idle.sort((a, b) => a.deadlineMs - b.deadlineMs || Number(a.executorId) - Number(b.executorId));
  }

  /** When it may go for what it holds; Infinity: not while it holds that. */
  deadlineMs(executorId: string, { cached, shuffle }: Holding): number {
    const since = this.#executors.get(executorId)?.idleSinceMs;
    if (since === undefined || shuffle === 'needed') return Number.POSITIVE_INFINITY;
    const { idleMs, cachedIdleMs, shuffleMs } = this.#timeouts;
    if (!cached && shuffle === 'none') return since + idleMs;
    return since + Math.max(cached ? cachedIdleMs : 0, shuffle === 'kept' ? shuffleMs : 0);
  }
}
