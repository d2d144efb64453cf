// Nodes that the fair scheduler keeps for large containers: else small ones, which fit into every gap, would go first for ever. Kept for an
// application that has less than its due and was passed over; nothing else is placed there until enough of its containers have ended. The ask goes
// on looking meanwhile. Source: YARN's FSAppAttempt.reserve, isReservable and reservable-nodes. Ours is that starving need not have lasted
// for a preemption timeout (without one YARN keeps nothing), and that the part of the nodes is of all that are kept, not of one application's.
import type { FairAsk } from './fair-asks.ts';
import type { FairNodes } from './fair-nodes.ts';
import type { FairSizes } from './fair-sizes.ts';

export class FairReservations {
  readonly bySlot = new Map<number, FairAsk>();
  readonly #nodes: FairNodes;
  readonly #sizes: FairSizes;
  readonly #part: number;
  /** Slots that got enough room for whom they are kept. */
  readonly #ripe = new Set<number>();
  /** Placements when this was looked at last. */
  #lookedAt = -1;

  /** @param part of all nodes that may be kept at once */
  constructor(nodes: FairNodes, sizes: FairSizes, part: number) {
    this.#nodes = nodes;
    this.#sizes = sizes;
    this.#part = part;
  }

  /** Something ended there. @returns whether the node is kept: then it is no news for others */
  nodeHasRoom(slot: number): boolean {
    const ask = this.bySlot.get(slot);
    if (ask === undefined) return false;
    if (this.#nodes.table.isOpen(slot) && this.#nodes.table.hasFree(slot, ask.size.vector)) this.#ripe.add(slot);
    return true;
  }

  /** One whose node has room for it now. */
  takeRipe(): FairAsk | undefined {
    for (const slot of this.#ripe) {
      this.#ripe.delete(slot);
      const ask = this.bySlot.get(slot);
      if (ask !== undefined && this.#nodes.table.isOpen(slot) && this.#nodes.table.hasFree(slot, ask.size.vector)) return ask;
    }
    return undefined;
  }

  /** It is placed, taken back or may not have it any more: the node is like any other again. @returns its slot, or -1 */
  end(ask: FairAsk): number {
    const slot = ask.keptSlot;
    if (slot < 0) return -1;
    ask.keptSlot = -1;
    this.bySlot.delete(slot);
    this.#ripe.delete(slot);
    this.#nodes.table.keep(slot, false);
    return slot;
  }

  endOn(slot: number): void {
    const ask = this.bySlot.get(slot);
    if (ask !== undefined) this.end(ask);
  }

  /** @returns the slots */
  endAll(): number[] {
    return [...this.bySlot.values()].map((ask) => this.end(ask));
  }

  /**
   * Keeps nodes for those who were passed over. O(sizes that wait), and nothing when nothing was placed since.
   * @param may has less than its due, and no limit in its way
   */
  keepForWaiting(nowMs: number, may: (ask: FairAsk) => boolean): void {
    if (this.#part <= 0 || this.#lookedAt === this.#sizes.placements) return;
    this.#lookedAt = this.#sizes.placements;
    const most = Math.max(1, Math.ceil(this.#nodes.count * this.#part));
    for (const size of this.#sizes.blocked) {
      if (this.bySlot.size >= most) return;
      if (size.parked.length === 0 || !this.#sizes.wasPassed(size)) continue;
      const ask = firstOf(size.parked, may);
      const slot = ask === undefined ? -1 : this.#nodes.toKeep(size);
      if (ask === undefined || slot < 0) continue;
      ask.keptSlot = slot;
      ask.keptSinceMs = nowMs;
      this.bySlot.set(slot, ask);
      this.#nodes.table.keep(slot, true);
    }
  }
}

/** Who has the least of his due, then the oldest. */
function firstOf(asks: readonly FairAsk[], may: (ask: FairAsk) => boolean): FairAsk | undefined {
  let first: FairAsk | undefined;
  for (const ask of asks) {
    const { share, seq } = ask.app;
    const isBefore = first === undefined || share < first.app.share || (share === first.app.share && seq < first.app.seq);
    if (isBefore && ask.keptSlot < 0 && may(ask)) first = ask;
  }
  return first;
}
