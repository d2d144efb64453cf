// Asks of one size together: when no node has room for a size, all asks of it wait for the same thing, and one look answers for all.
import type { Ask } from './asks.ts';
import type { NodeIndex } from './node-index.ts';

/** All asks of one size. */
export type SizeClass = {
  readonly memoryMb: number;
  readonly vcores: number;
  blocked: boolean;
  readonly parked: Ask[];
  asks: number;
  cursor: number;
};

export class SizeClasses {
  readonly #sizes = new Map<number, Map<number, SizeClass>>();
  readonly #blocked: SizeClass[] = [];
  readonly #woken: SizeClass[] = [];

  /** The class of that size, with one ask more. */
  use(memoryMb: number, vcores: number): SizeClass {
    let byVcores = this.#sizes.get(memoryMb);
    if (byVcores === undefined) this.#sizes.set(memoryMb, (byVcores = new Map()));
    let size = byVcores.get(vcores);
    if (size === undefined) byVcores.set(vcores, (size = { memoryMb, vcores, blocked: false, parked: [], asks: 0, cursor: 0 }));
    size.asks++;
    return size;
  }

  unuse(size: SizeClass): void {
    if (--size.asks === 0 && !size.blocked) this.#drop(size);
  }

  /** No node has room for it. */
  block(size: SizeClass): void {
    size.blocked = true;
    this.#blocked.push(size);
  }

  /** A node got room: sizes that fit on it now are worth another look. O(blocked sizes). */
  nodeHasRoom(nodes: NodeIndex, slot: number): void {
    for (let i = this.#blocked.length - 1; i >= 0; i--) {
      const size = this.#blocked[i]!;
      if (!nodes.fits(slot, size.memoryMb, size.vcores)) continue;
      this.#woken.push(size);
      this.#blocked[i] = this.#blocked.at(-1)!;
      this.#blocked.pop();
    }
  }

  get anyWoken(): boolean {
    return this.#woken.length > 0;
  }

  /** @param again takes an ask out of `parked` */
  wake(again: (ask: Ask) => void): void {
    for (const size of this.#woken) {
      size.blocked = false;
      while (size.parked.length > 0) again(size.parked.at(-1)!);
      if (size.asks === 0) this.#drop(size);
    }
    this.#woken.length = 0;
  }

  #drop(size: SizeClass): void {
    const byVcores = this.#sizes.get(size.memoryMb);
    if (byVcores?.get(size.vcores) !== size) return;
    byVcores.delete(size.vcores);
    if (byVcores.size === 0) this.#sizes.delete(size.memoryMb);
  }
}
