// Which nodes an application has been on: one bit for each node that ever was here. As a set of names it was the most memory of all at 10,000 nodes.
import type { Node } from './entities.ts';

const BITS = 32;

export class NodeSet {
  readonly #words: number[] = [];

  add({ number }: Pick<Node, 'number'>): void {
    const at = Math.floor(number / BITS);
    while (this.#words.length <= at) this.#words.push(0);
    this.#words[at]! |= 1 << (number % BITS);
  }

  has({ number }: Pick<Node, 'number'>): boolean {
    return ((this.#words[Math.floor(number / BITS)] ?? 0) & (1 << (number % BITS))) !== 0;
  }

  /** @param numbered all nodes, by their numbers */
  *of(numbered: readonly Node[]): Generator<Node> {
    for (const [at, word] of this.#words.entries()) {
      if (word === 0) continue;
      for (let bit = 0; bit < BITS; bit++) if ((word & (1 << bit)) !== 0) yield numbered[at * BITS + bit]!;
    }
  }
}
