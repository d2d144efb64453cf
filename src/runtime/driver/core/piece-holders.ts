// Which executors have which pieces of one broadcast variable, and whom to send an asker to. The driver gives a piece away itself only while
// nobody else has it, so it serves each about once, however many executors there are. Who fetches is executor/broadcast-store.ts.

export class PieceHolders {
  readonly #pieces = new Map<number, Set<string>>();
  /** How often an executor was named first: the one that was least is next. */
  readonly #named = new Map<string, number>();

  have(executorId: string, indexes: readonly number[]): void {
    for (const index of indexes) {
      const holders = this.#pieces.get(index);
      if (holders === undefined) this.#pieces.set(index, new Set([executorId]));
      else holders.add(executorId);
    }
  }

  /**
   * @param failed executors that the asker has not got it from; they are not named again to anybody until they say that they have it
   * @returns whom to ask, best first: of the asker's host, then those that were asked least. None: the driver is the one
   */
  holders(asker: string, index: number, failed: readonly string[], isNear: (executorId: string) => boolean): string[] {
    const holders = this.#pieces.get(index);
    if (holders === undefined) return [];
    holders.delete(asker); // it would not ask
    for (const executorId of failed) holders.delete(executorId);
    const rank = (executorId: string) => this.#named.get(executorId) ?? 0;
    const best = [...holders].sort((a, b) => Number(isNear(b)) - Number(isNear(a)) || rank(a) - rank(b));
    if (best.length > 0) this.#named.set(best[0]!, rank(best[0]!) + 1);
    return best;
  }

  executorLost(executorId: string): void {
    for (const holders of this.#pieces.values()) holders.delete(executorId);
    this.#named.delete(executorId);
  }

  clear(): void {
    this.#pieces.clear();
    this.#named.clear();
  }
}
