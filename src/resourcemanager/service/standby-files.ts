// What a ResourceManager that stands by goes by when it takes over: the queues, lists of nodes and rights as their files are then, not as they
// were when it was started; the active one was told by yarn rmadmin, and this one was not. They are read all the time, because taking over must
// not wait for a file, and one that is bad then must not stop it: the last good ones hold. Source: YARN's AdminService.refreshAll, which
// transitionToActive runs.
import { AppError } from '../../common/errors.ts';
import type { Logger, Timers } from '../../common/ports.ts';

const LOOK_MS = 1_000;

export type StandbyFilesParts<T> = {
  readonly timers: Timers;
  readonly logger: Logger;
  readonly standsBy: () => boolean;
  /** All of them, or it throws and the ones before hold. */
  readonly read: () => Promise<T>;
};

export class StandbyFiles<T> {
  readonly #parts: StandbyFilesParts<T>;
  #latest: T;
  #fault = '';
  #busy = false;
  readonly stop: () => void;

  constructor(parts: StandbyFilesParts<T>, first: T) {
    this.#parts = parts;
    this.#latest = first;
    this.stop = parts.timers.every(LOOK_MS, () => void this.#look());
  }

  get latest(): T {
    return this.#latest;
  }

  async #look(): Promise<void> {
    const { standsBy, read } = this.#parts;
    if (this.#busy || !standsBy()) return;
    this.#busy = true;
    try {
      this.#latest = await read();
      if (this.#fault !== '') this.#parts.logger.info('What a takeover goes by can be read again');
      this.#fault = '';
    } catch (error) {
      this.#tell(error instanceof AppError ? error.message : (error as Error).stack!);
    } finally {
      this.#busy = false;
    }
  }

  /** Once, not every second. */
  #tell(fault: string): void {
    if (fault !== this.#fault) this.#parts.logger.error(`${fault} A takeover would go by what was read before.`);
    this.#fault = fault;
  }
}
