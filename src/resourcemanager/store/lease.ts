// Who may commit. One row says which ResourceManager is the active one, and in which epoch; every transaction of the store asks it first, so
// one that was stopped and goes on after another has taken over commits nothing. No clock of another machine is believed: a standby
// takes over when it has seen the same `renewals` for a whole lease of its own time. Who looks and renews: service/lease-keeper.ts.
// Source: the fencing token of Chubby (Burrows 2006, "sequencers"); leases observed by change as in Kubernetes' leader election.
import { AppError } from '../../common/errors.ts';
import type { Database, Statement } from '../../common/ports.ts';

export type LeaseHolder = {
  /** Its name, `rm1`; empty: given up. */
  readonly owner: string;
  /** Its process on its host, `host pid startTicks`: for who must end it. */
  readonly process: string;
  /** Where its pages are; empty: nowhere. */
  readonly web: string;
};
export type LeaseRow = LeaseHolder & { readonly epoch: number; readonly renewals: number };

export class Lease {
  readonly #read: Statement;
  readonly #take: Statement;
  readonly #renew: Statement;
  readonly #release: Statement;
  #epoch = -1;

  constructor(db: Database) {
    this.#read = db.prepare('SELECT owner, epoch, renewals, process, web FROM lease WHERE one = 1');
    this.#take = db.prepare(
      `INSERT INTO lease (one, owner, epoch, renewals, process, web) VALUES (1, ?, ?, 0, ?, ?)
       ON CONFLICT (one) DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch, renewals = 0, process = excluded.process, web = excluded.web`,
    );
    this.#renew = db.prepare('UPDATE lease SET renewals = renewals + 1, web = ? WHERE one = 1');
    this.#release = db.prepare("UPDATE lease SET owner = '', renewals = renewals + 1 WHERE one = 1");
  }

  /** @returns undefined before the first ResourceManager of this store */
  read(): LeaseRow | undefined {
    return this.#read.get() as LeaseRow | undefined;
  }

  /** Inside a transaction. From here on whoever had it commits nothing. */
  take(epoch: number, { owner, process, web }: LeaseHolder): void {
    this.#take.run(owner, epoch, process, web);
    this.#epoch = epoch;
  }

  /** Inside a transaction. @throws AppError LEASE_LOST */
  check(): void {
    const row = this.read();
    if (row !== undefined && row.epoch === this.#epoch && row.owner !== '') return;
    throw new AppError('LEASE_LOST', { by: row?.owner || 'nobody', epoch: row?.epoch ?? 0, own: this.#epoch });
  }

  /** Inside a transaction. @throws AppError LEASE_LOST */
  renew(web: string): void {
    this.check();
    this.#renew.run(web);
  }

  /** Inside a transaction: whoever stands by need not wait. @throws AppError LEASE_LOST */
  release(): void {
    this.check();
    this.#release.run();
  }
}

/** Whether nothing has happened between two looks at the lease. */
export const sameLease = (a: LeaseRow | undefined, b: LeaseRow | undefined): boolean =>
  a?.epoch === b?.epoch && a?.renewals === b?.renewals && a?.owner === b?.owner;
