// The state store on a disk that fills up: some room is kept (a file of its own, platform/disk-reserve.ts) and given free when a commit finds
// none, so that what runs can still end; from then on new applications are refused, until the room can be kept again.
// A commit that fails even so is held back by the event loop, with all that follows from it.
import { AppError } from '../../common/errors.ts';
import type { Logger, Timers } from '../../common/ports.ts';
import type { SaveEffect } from '../core/effects.ts';
import type { RmStore } from '../store/rm-store.ts';

/** Room on the disk that is ours. */
export interface Reserve {
  /** Takes it, if it is not taken. @returns why not, undefined when we have it */
  keep(): string | undefined;
  /** @returns false when there was none */
  free(): boolean;
}

const LOOK_EVERY_MS = 1_000;

export class StoreGuard {
  readonly #store: RmStore;
  readonly #reserve: Reserve | undefined;
  readonly #path: string;
  readonly #logger: Logger;
  readonly #cancel: () => void;
  #refuses: AppError | undefined;

  constructor(
    store: RmStore,
    { reserve, path, timers, logger }: { reserve: Reserve | undefined; path: string; timers: Timers; logger: Logger },
  ) {
    this.#store = store;
    this.#reserve = reserve;
    this.#path = path;
    this.#logger = logger;
    this.#cancel = timers.every(LOOK_EVERY_MS, () => this.#look());
  }

  /** Why new applications are not taken now. */
  get refusesNew(): AppError | undefined {
    return this.#refuses;
  }

  /** @throws AppError STORE_UNWRITABLE when there is no room at all, LEASE_LOST */
  save(effects: readonly SaveEffect[]): void {
    this.withRoom(() => this.#store.save(effects));
  }

  /** For keys that are replaced. */
  get keys(): Pick<RmStore, 'addKey' | 'dropKey'> {
    return this.#store;
  }

  /** Runs a transaction, a second time with the room that was kept. @throws what the last one threw */
  withRoom<T>(transaction: () => T): T {
    try {
      return transaction();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'STORE_UNWRITABLE' || this.#reserve?.free() !== true) throw error;
      this.#refuse(error);
      return transaction();
    }
  }

  close(): void {
    this.#cancel();
  }

  #look(): void {
    const why = this.#reserve?.keep();
    if (why !== undefined) return this.#refuse(new AppError('STORE_UNWRITABLE', { path: this.#path, detail: why }) as AppError);
    if (this.#refuses !== undefined) this.#logger.info('There is room for the state store again: new applications are taken');
    this.#refuses = undefined;
  }

  #refuse(why: AppError): void {
    if (this.#refuses === undefined) this.#logger.error(`${why.message} ${why.hint ?? ''}`);
    this.#refuses = why;
  }
}
