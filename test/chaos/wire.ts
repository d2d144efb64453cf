// Connections of one kind that are passed on byte for byte, until somebody breaks the wire: cuts it, holds every byte back, delays them, or lets
// one end vanish without the other hearing of it. Where the connections come from is torn-door.ts (TCP) and network.ts (Unix sockets).
import type { Socket } from 'node:net';

/** near has connected, far is who listens. */
type Pair = { readonly near: Socket; readonly far: Socket; id: string | undefined; lone: boolean };
/** By the identity that the near side proves (`executor:3`, `slot:3/0`, `app:…`); undefined: not known yet. */
export type Who = (id: string | undefined) => boolean;

const EVERYBODY: Who = () => true;
/** Where the id begins in a proof of identity (src/rpc/auth.ts): header, kind, nonce, MAC. */
const ID_AT = 5 + 1 + 16 + 32;
const AUTH = 2;

export class Wire {
  readonly #pairs = new Set<Pair>();
  #refuses = false;
  #holds: Who = () => false;
  #delayMs = 0;

  /** Connections that were ever asked for. */
  asked = 0;

  get connections(): number {
    return this.#pairs.size;
  }

  pass(near: Socket, reach: () => Socket): void {
    this.asked++;
    if (this.#refuses) return void near.destroy();
    const pair: Pair = { near, far: reach(), id: undefined, lone: false };
    this.#pairs.add(pair);
    this.#flow(pair, near, pair.far);
    this.#flow(pair, pair.far, near);
    if (this.#holds(undefined)) this.#pause(pair);
  }

  /** Every connection is cut, and none is let in. */
  cut(who: Who = EVERYBODY): void {
    this.#refuses = true;
    for (const { near, far, id } of this.#pairs) {
      if (!who(id)) continue;
      near.destroy();
      far.destroy();
    }
  }

  /** Nothing passes, nobody is told. New connections wait too. */
  hold(who: Who = EVERYBODY): void {
    this.#holds = who;
    for (const pair of this.#pairs) if (who(pair.id)) this.#pause(pair);
  }

  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** One end hears that the connection is gone, the other one only at mend(). */
  cutOneEnd(end: 'near' | 'far', who: Who = EVERYBODY): void {
    for (const pair of this.#pairs) {
      if (!who(pair.id)) continue;
      pair.lone = true;
      this.#pause(pair);
      pair[end].destroy();
    }
  }

  mend(): void {
    this.#refuses = false;
    this.#holds = () => false;
    this.#delayMs = 0;
    for (const { near, far, lone } of this.#pairs) {
      for (const socket of [near, far]) lone ? socket.destroy() : socket.resume();
    }
  }

  close(): void {
    this.cut();
  }

  #pause({ near, far }: Pair): void {
    near.pause();
    far.pause();
  }

  #flow(pair: Pair, from: Socket, to: Socket): void {
    const write = (chunk: Buffer) => {
      if (to.destroyed || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => this.#holds(pair.id) || pair.lone || from.resume());
    };
    from.on('data', (chunk: Buffer) => {
      if (from === pair.near) pair.id ??= idIn(chunk);
      if (this.#delayMs === 0) write(chunk);
      else setTimeout(write, this.#delayMs, chunk);
    });
    from.on('error', () => {});
    from.on('close', () => {
      if (from.destroyed && to.destroyed) this.#pairs.delete(pair);
      if (!pair.lone) setTimeout(() => to.destroySoon(), this.#delayMs);
    });
  }
}

function idIn(chunk: Buffer): string {
  const whole = chunk.length > ID_AT && chunk[5] === AUTH && chunk.readUInt32LE(0) + 5 <= chunk.length;
  return whole ? chunk.toString('utf8', ID_AT, 5 + chunk.readUInt32LE(0)) : '';
}
