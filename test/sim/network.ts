// A seeded network. A line is one direction of one connection: what arrives, arrives in order, as on a socket, but late, and it
// may come twice (sent again by a caller that lost patience) or, for requests and replies, not at all (the caller gave up).
// Pushes are lost only with their connection; connections are cut at random. What is on its way is lost then.
import type { Prng } from '../../src/common/prng.ts';
import type { VirtualTime } from './virtual-time.ts';

export type Faults = { readonly lose: number; readonly repeat: number; readonly slowMs: number };
export const NO_FAULTS: Faults = { lose: 0, repeat: 0, slowMs: 5 };
export type Line = { lastMs: number };
export const newLine = (): Line => ({ lastMs: 0 });

export class Network {
  faults: Faults;
  readonly #time: VirtualTime;
  readonly #prng: Prng;

  constructor(time: VirtualTime, prng: Prng, faults: Faults) {
    this.#time = time;
    this.#prng = prng;
    this.faults = faults;
  }

  /** @param alive asked on arrival: false when the connection is gone */
  send(line: Line, mayBeLost: boolean, alive: () => boolean, deliver: () => void): void {
    if (mayBeLost && this.#prng.chance(this.faults.lose)) return;
    const copies = this.#prng.chance(this.faults.repeat) ? 2 : 1;
    const tail = this.#prng.chance(0.05) ? 20 : 1;
    line.lastMs = Math.max(line.lastMs, this.#time.nowMs + 1 + this.#prng.next() * this.faults.slowMs * tail);
    for (let i = 0; i < copies; i++) {
      this.#time.after(line.lastMs - this.#time.nowMs, () => {
        if (alive()) deliver();
      });
    }
  }
}
