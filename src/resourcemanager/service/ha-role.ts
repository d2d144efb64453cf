// Which of several ResourceManagers this one is, and how that changes. Standing by it looks at the lease; when its holder is gone, has given it
// up, or has not renewed it for a whole lease, it takes over and becomes the active one. An active one that finds another one in its place
// stands by from then on, without another word. docs/adr/0013.
import { AppError } from '../../common/errors.ts';
import type { Clock, Logger, Timers } from '../../common/ports.ts';
import type { Recovered } from '../core/records.ts';
import { type LeaseRow, sameLease } from '../store/lease.ts';
import type { RmStore } from '../store/rm-store.ts';
import type { ActiveRm } from './active-rm.ts';
import { LeaseKeeper } from './lease-keeper.ts';

/** About the process that has the lease. `unknown`: it is on another host. */
export interface HolderProcesses {
  /** This one, as the lease row names it. */
  readonly me: string;
  state(process: string): 'alive' | 'gone' | 'unknown';
  /** SIGKILL. */
  end(process: string): void;
}
export type HaRoleOptions = {
  readonly id: string;
  readonly leaseMs: number;
  readonly automatic: boolean;
  readonly fenceByKill: boolean;
};
/** What becomes of it while it is the active one. */
type Active = Pick<ActiveRm, 'stop' | 'abandon'>;
export type HaRoleParts<A extends Active = ActiveRm> = {
  readonly store: Pick<RmStore, 'lease' | 'takeOver' | 'renewLease' | 'releaseLease'>;
  readonly clock: Clock;
  readonly steadyMs: () => number;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly processes: HolderProcesses;
  readonly newKey: () => string;
  readonly web: () => string;
  readonly activate: (found: Recovered, mayTell: () => void, onFatal: (error: Error) => void) => A;
  /** A defect, or a store that is damaged. */
  readonly onFatal: (error: Error) => void;
};

const LOOKS_PER_LEASE = 10;
/** After it gave the lease back by order: so that another one gets it. */
const LEASES_OF_REST = 3;

export class HaRole<A extends Active = ActiveRm> {
  readonly #parts: HaRoleParts<A>;
  readonly #options: HaRoleOptions;
  #active: A | undefined;
  #keeper: LeaseKeeper | undefined;
  #seen: { readonly row: LeaseRow | undefined; readonly atMs: number } | undefined;
  #contendsFromMs: number;
  #blocked: string | undefined;
  #epoch = -1;
  #sinceMs: number;
  readonly #cancel: () => void;

  constructor(parts: HaRoleParts<A>, options: HaRoleOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#contendsFromMs = options.automatic ? 0 : Number.POSITIVE_INFINITY;
    this.#sinceMs = parts.clock.nowMs();
    this.#cancel = parts.timers.every(options.leaseMs / LOOKS_PER_LEASE, () => this.look());
    this.look();
    if (this.#active === undefined) parts.logger.info(`${options.id} stands by: ${this.#seen?.row?.owner || 'nobody'} has the lease`);
  }

  get active(): A | undefined {
    return this.#active;
  }

  state() {
    const row = this.#active === undefined ? this.#parts.store.lease() : undefined;
    return {
      id: this.#options.id,
      state: this.#active === undefined ? ('standby' as const) : ('active' as const),
      sinceMs: this.#sinceMs,
      epoch: this.#active === undefined ? (row?.epoch ?? 0) : this.#epoch,
      owner: this.#active === undefined ? (row?.owner ?? '') : this.#options.id,
      web: this.#active === undefined ? (row?.web ?? '') : this.#parts.web(),
      fault: this.#blocked,
    };
  }

  /** Standing by: sees whether the lease is to be had. */
  look(): void {
    if (this.#active !== undefined) return;
    const { store, steadyMs, onFatal } = this.#parts;
    try {
      const row = store.lease();
      if (this.#seen === undefined || !sameLease(row, this.#seen.row)) this.#seen = { row, atMs: steadyMs() };
      if (steadyMs() >= this.#contendsFromMs && this.#isFree()) this.#takeOver();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'STORE_UNWRITABLE') return onFatal(error as Error);
      this.#cannotTake(error as AppError<'STORE_UNWRITABLE'>);
    }
  }

  /** @throws AppError HA_TRANSITION_REFUSED */
  transition(to: 'active' | 'standby'): 'active' | 'standby' {
    const { steadyMs } = this.#parts;
    const { id, leaseMs, automatic } = this.#options;
    if (to === 'standby') {
      if (this.#active === undefined) return 'standby';
      this.#giveUp();
      this.#contendsFromMs = automatic ? steadyMs() + LEASES_OF_REST * leaseMs : Number.POSITIVE_INFINITY;
      return 'standby';
    }
    if (this.#active !== undefined) return 'active';
    this.look();
    if (this.#active === undefined && this.#isFree()) {
      this.#contendsFromMs = 0;
      this.look();
    }
    if (this.#active !== undefined) return 'active';
    const owner = this.#seen?.row?.owner ?? '';
    throw new AppError('HA_TRANSITION_REFUSED', {
      id,
      reason: this.#blocked ?? `${owner} is the active one: yarn rmadmin -transitionToStandby ${owner} first`,
    });
  }

  /** SIGTERM: what is to be saved is saved, and whoever stands by need not wait. */
  stop(): void {
    this.#cancel();
    if (this.#active !== undefined) this.#giveUp();
  }

  #isFree(): boolean {
    const { row, atMs } = this.#seen!;
    if (row === undefined || row.owner === '') return true;
    return this.#parts.processes.state(row.process) === 'gone' || this.#parts.steadyMs() - atMs >= this.#options.leaseMs;
  }

  #takeOver(): void {
    const { store, clock, steadyMs, logger, newKey, processes, web, timers, activate, onFatal } = this.#parts;
    const { id, leaseMs } = this.#options;
    const before = this.#seen!.row;
    const at = { steadyMs: steadyMs(), wallMs: clock.nowMs() };
    const found = store.takeOver(clock.nowMs(), newKey, { owner: id, process: processes.me, web: web() }, (row) => sameLease(row, before));
    if (found === undefined) return; // somebody was quicker
    this.#blocked = undefined;
    this.#epoch = found.epoch;
    this.#sinceMs = clock.nowMs();
    logger.warn(`${id} is the active ResourceManager from now on, in epoch ${found.epoch}${before?.owner ? ` after ${before.owner}` : ''}`);
    const onLost = (error: AppError) => this.#lost(error);
    const keeper = new LeaseKeeper(
      { renew: () => store.renewLease(web()), steadyMs, wallMs: () => clock.nowMs(), timers, leaseMs, onLost },
      at,
    );
    this.#keeper = keeper;
    try {
      this.#active = activate(
        found,
        () => keeper.mustHold(),
        (error) => (error instanceof AppError && error.code === 'LEASE_LOST' ? this.#lost(error) : onFatal(error)),
      );
    } catch (error) {
      this.#standBy(); // it has the lease and does not renew it: tried again in a lease's time, by whoever is first
      throw error;
    }
  }

  /** Another one is active. */
  #lost(error: AppError): void {
    if (this.#active === undefined) return;
    this.#parts.logger.error(`${error.message} ${this.#options.id} stands by from now on.`);
    const active = this.#active;
    this.#standBy();
    active.abandon();
  }

  #giveUp(): void {
    const active = this.#active!;
    try {
      active.stop();
      this.#parts.store.releaseLease();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#parts.logger.error(error.message);
    }
    this.#standBy();
    active.abandon();
  }

  #standBy(): void {
    this.#keeper?.stop();
    this.#keeper = undefined;
    this.#active = undefined;
    this.#seen = undefined;
    this.#sinceMs = this.#parts.clock.nowMs();
  }

  /** The lease has run out and the store is locked: its holder was stopped in the middle of a commit. Or there is no room on the disk. */
  #cannotTake(error: AppError<'STORE_UNWRITABLE'>): void {
    const { logger, processes } = this.#parts;
    const holder = this.#seen?.row;
    if (this.#blocked !== error.message) logger.error(`${this.#options.id} can't take over: ${error.message}`);
    this.#blocked = error.message;
    const locked = error.params.detail.startsWith('SQLITE_BUSY');
    if (!locked || !this.#options.fenceByKill || holder === undefined || processes.state(holder.process) !== 'alive') return;
    logger.warn(`${holder.owner} (process ${holder.process}) has not renewed its lease and keeps the state store locked: it is ended`);
    processes.end(holder.process);
  }
}
