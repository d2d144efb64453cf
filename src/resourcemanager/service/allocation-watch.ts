// The allocations file of the fair scheduler is read again when it has changed, without anybody's asking, as by yarn rmadmin -refreshQueues. Source:
// YARN's AllocationFileLoaderService: a look every 10 s, and a file is left alone until nobody has written to it for 5 s. Ours is that a
// fault is told once, not every 10 s, and that a standby leaves it until it is active.
import { AppError } from '../../common/errors.ts';
import type { Clock, Logger, Timers } from '../../common/ports.ts';

const LOOK_MS = 10_000;
const SETTLED_MS = 5_000;

export type AllocationWatch = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** When the file was changed last; undefined: there is none. */
  readonly modifiedMs: () => number | undefined;
  readonly isActive: () => boolean;
  /** Takes the file whole, or throws and changes nothing. */
  readonly reload: () => Promise<void>;
};

/** @returns what ends it */
export function watchAllocations({ clock, timers, logger, modifiedMs, isActive, reload }: AllocationWatch): () => void {
  let taken = modifiedMs();
  let fault = '';
  let busy = false;
  const look = async (): Promise<void> => {
    const modified = modifiedMs();
    if (busy || modified === taken || !isActive()) return;
    if (modified === undefined) return tell('The allocations file is gone; the queues stay as they are.');
    if (Math.abs(clock.nowMs() - modified) < SETTLED_MS) return;
    busy = true;
    try {
      await reload();
      [taken, fault] = [modified, ''];
      logger.info('The allocations file has changed: the queues were refreshed');
    } catch (error) {
      tell(`${error instanceof AppError ? error.message : (error as Error).stack} The queues stay as they are.`);
    } finally {
      busy = false;
    }
  };
  const tell = (what: string): void => {
    if (what !== fault) logger.error(what);
    fault = what;
  };
  return timers.every(LOOK_MS, () => void look());
}
