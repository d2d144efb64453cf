// How many connections a listener takes: in all, unproven at once, and of one peer. A flood then costs whoever makes it his own
// connections and nobody else's: what is over a limit is closed before a byte of it is read. Times: auth.ts gives each 5 seconds.
import type { Duplex } from 'node:stream';

export type ConnectionLimits = {
  readonly max: number;
  readonly maxUnproven: number;
  /** Of one proved identity. */
  readonly maxPerIdentity: number;
};

export const NO_LIMITS: ConnectionLimits = { max: Infinity, maxUnproven: Infinity, maxPerIdentity: Infinity };
/** Of the unproven places, what one host may have: the others stay for the rest. A Unix socket is one host. */
const SHARE_OF_ONE_HOST = 0.9;

export class ConnectionGate {
  readonly #limits: ConnectionLimits;
  readonly #open = new Set<Duplex>();
  readonly #unproven = new Map<Duplex, string>();
  readonly #perHost = new Map<string, number>();
  readonly #perIdentity = new Map<string, number>();
  /** Turned away since the start. */
  refused = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get counts(): { readonly open: number; readonly unproven: number } {
    return { open: this.#open.size, unproven: this.#unproven.size };
  }

  /** @returns false: it is over a limit and was closed */
  enter(stream: Duplex): boolean {
    const host = hostOf(stream);
    const { max, maxUnproven } = this.#limits;
    const ofHost = this.#perHost.get(host) ?? 0;
    if (
      this.#open.size >= max ||
      this.#unproven.size >= maxUnproven ||
      (host !== LOCAL && ofHost >= Math.max(1, Math.floor(maxUnproven * SHARE_OF_ONE_HOST)))
    ) {
      this.refused++;
      stream.on('error', () => {});
      stream.destroy();
      return false;
    }
    this.#open.add(stream);
    this.#unproven.set(stream, host);
    this.#perHost.set(host, ofHost + 1);
    stream.once('close', () => {
      this.#open.delete(stream);
      this.#settle(stream);
    });
    return true;
  }

  /** It has proved who it is. @returns false: there are too many of that identity; whoever asked says so and closes it */
  proven(stream: Duplex, identity: string): boolean {
    this.#settle(stream);
    const count = (this.#perIdentity.get(identity) ?? 0) + 1;
    if (count > this.#limits.maxPerIdentity) return false;
    this.#perIdentity.set(identity, count);
    const left = () => {
      const now = (this.#perIdentity.get(identity) ?? 1) - 1;
      if (now > 0) this.#perIdentity.set(identity, now);
      else this.#perIdentity.delete(identity);
    };
    if (stream.destroyed) left();
    else stream.once('close', left);
    return true;
  }

  #settle(stream: Duplex): void {
    const host = this.#unproven.get(stream);
    if (host === undefined) return;
    this.#unproven.delete(stream);
    const now = (this.#perHost.get(host) ?? 1) - 1;
    if (now > 0) this.#perHost.set(host, now);
    else this.#perHost.delete(host);
  }
}

export const LOCAL = 'local';

/** The address that a stream comes from, `local` for a Unix socket. */
export function hostOf(stream: Duplex): string {
  const { remoteAddress } = stream as { remoteAddress?: string };
  return remoteAddress === undefined ? LOCAL : remoteAddress.replace(/^::ffff:/, '');
}
