// Keeps the lease while this ResourceManager is the active one, and knows by its own steady clock until when nobody can have taken it. What
// is told after that is asked for at the store first, so that a process that was stopped (SIGSTOP, a suspended machine) and goes on
// finds out before its first word. The row itself: store/lease.ts; who waits for it: ha-role.ts.
import { AppError } from '../../common/errors.ts';
import type { Timers } from '../../common/ports.ts';

export type LeaseParts = {
  /** @throws AppError LEASE_LOST, STORE_UNWRITABLE */
  readonly renew: () => void;
  /** Two clocks: one that can't be set, and one that goes on while the machine is suspended. */
  readonly steadyMs: () => number;
  readonly wallMs: () => number;
  readonly timers: Timers;
  readonly leaseMs: number;
  readonly onLost: (error: AppError) => void;
};

const RENEWALS_PER_LEASE = 5;
/** Clocks of two processes run at the same pace but for this. */
const DRIFT = 0.05;

export class LeaseKeeper {
  readonly #parts: LeaseParts;
  readonly #cancel: () => void;
  #steadyMs: number;
  #wallMs: number;
  #over = false;

  /** @param at when the lease was about to be taken */
  constructor(parts: LeaseParts, at: { steadyMs: number; wallMs: number }) {
    this.#parts = parts;
    this.#steadyMs = at.steadyMs;
    this.#wallMs = at.wallMs;
    this.#cancel = parts.timers.every(parts.leaseMs / RENEWALS_PER_LEASE, () => this.#renewQuietly());
  }

  /** Cheap while the lease is fresh. @throws AppError LEASE_LOST when another one has taken over, STORE_UNWRITABLE when nobody can say */
  mustHold(): void {
    if (!this.#isFresh()) this.#renew();
  }

  stop(): void {
    this.#over = true;
    this.#cancel();
  }

  /** A wall clock that was set makes this ask once more than needed, or not at all; never believe for too long. */
  #isFresh(): boolean {
    const { steadyMs, wallMs, leaseMs } = this.#parts;
    const limit = leaseMs * (1 - DRIFT);
    const passedMs = Math.max(steadyMs() - this.#steadyMs, wallMs() - this.#wallMs);
    return !this.#over && passedMs < limit;
  }

  #renew(): void {
    const { renew, steadyMs, wallMs } = this.#parts;
    const at = { steadyMs: steadyMs(), wallMs: wallMs() };
    renew();
    this.#steadyMs = at.steadyMs;
    this.#wallMs = at.wallMs;
  }

  #renewQuietly(): void {
    if (this.#over) return;
    try {
      this.#renew();
    } catch (error) {
      if (error instanceof AppError && error.code === 'LEASE_LOST') this.#parts.onLost(error);
      else if (!(error instanceof AppError) || error.code !== 'STORE_UNWRITABLE') throw error; // unwritable: tried again; told nothing when the lease runs out
    }
  }
}
