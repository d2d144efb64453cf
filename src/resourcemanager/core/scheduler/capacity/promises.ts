// Room that preemption makes: which node's next free room is for which ask. A promise holds nothing back: others may take what is free there
// before there is enough. It says who comes first when something ends, so that what was taken for somebody is given to nobody else.
// Source: YARN's ProportionalCapacityPreemptionPolicy leaves that to chance; the figures behind it are the seeds of preemption.sim.
import type { NodeTable } from '../node-table.ts';
import type { Ask } from './line.ts';

export class Promises {
  readonly #nodes: NodeTable;
  readonly #bySlot = new Map<number, Ask[]>();
  /** Where something has ended since. */
  readonly #ripe = new Set<number>();

  constructor(nodes: NodeTable) {
    this.#nodes = nodes;
  }

  set(rooms: readonly { readonly ask: Ask; readonly slot: number }[]): void {
    this.#bySlot.clear();
    this.#ripe.clear();
    for (const { ask, slot } of rooms) {
      const asks = this.#bySlot.get(slot);
      if (asks === undefined) this.#bySlot.set(slot, [ask]);
      else asks.push(ask);
      this.#ripe.add(slot);
    }
  }

  nodeHasRoom(slot: number): void {
    if (this.#bySlot.has(slot)) this.#ripe.add(slot);
  }

  /** A node that has room for whom it was promised, and the promise is kept by it. @param may whether nothing else is in its way */
  take(may: (ask: Ask, slot: number) => boolean): { readonly ask: Ask; readonly slot: number } | undefined {
    for (const slot of this.#ripe) {
      const asks = this.#bySlot.get(slot) ?? [];
      for (const [i, ask] of asks.entries()) {
        if (ask.line === undefined || !this.#nodes.isOpen(slot) || !this.#nodes.hasFree(slot, ask.size.vector) || !may(ask, slot)) continue;
        asks.splice(i, 1);
        if (asks.length === 0) this.#bySlot.delete(slot);
        return { ask, slot };
      }
      this.#ripe.delete(slot);
    }
    return undefined;
  }
}
