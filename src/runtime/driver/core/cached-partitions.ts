// Which slot holds which cached partition: a deserialised partition belongs to one worker thread. Told by tasks, used for their locality.

export class CachedPartitions {
  /** RDD → partition → slot. */
  readonly #slots = new Map<number, Map<number, number>>();

  /** @param holds false: it had to leave for another */
  note(slot: number, rddId: number, partition: number, holds: boolean): void {
    const known = this.#slots.get(rddId);
    if (!holds) {
      if (known?.get(partition) === slot) known.delete(partition);
    } else if (known) known.set(partition, slot);
    else this.#slots.set(rddId, new Map([[partition, slot]]));
  }

  /** The first of these RDDs that is held somewhere decides. */
  slotOf(rdds: readonly number[], partition: number): number | undefined {
    for (const rddId of rdds) {
      const slot = this.#slots.get(rddId)?.get(partition);
      if (slot !== undefined) return slot;
    }
    return undefined;
  }

  /** Whether the slot holds any. O(cached partitions). */
  holds(slot: number): boolean {
    for (const [, partitions] of this.#slots) for (const [, at] of partitions) if (at === slot) return true;
    return false;
  }

  count(rddId: number): number {
    return this.#slots.get(rddId)?.size ?? 0;
  }

  forget(rddId: number): void {
    this.#slots.delete(rddId);
  }

  slotLost(slot: number): void {
    for (const [, partitions] of this.#slots) for (const [partition, at] of partitions) if (at === slot) partitions.delete(partition);
  }
}
