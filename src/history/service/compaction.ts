// Which logs are compacted when: after a log has got another part, and not again before the next one. Says in the server's log what was done.
// The work is compactor.ts, in the worker thread; what stays is core/compaction.ts.
import type { Logger } from '../../common/ports.ts';
import { type CompactionLimits, partsToCompact } from '../core/compaction.ts';
import type { LogFile } from '../core/log-file.ts';
import { leftovers } from './compactor.ts';
import type { IndexQueue } from './index-queue.ts';

/** The default. */
const NEVER = 2 ** 31 - 1;

export class Compaction {
  readonly #folder: string;
  readonly #limits: CompactionLimits;
  readonly #queue: IndexQueue;
  readonly #logger: Logger;
  /** The last part that each log had when it was tried: Spark's lastIndexToRunCompaction. */
  readonly #tried = new Map<string, string>();

  constructor(folder: string, limits: CompactionLimits, queue: IndexQueue, logger: Logger) {
    this.#folder = folder;
    this.#limits = limits;
    this.#queue = queue;
    this.#logger = logger;
  }

  /** @returns whether the log has other files now */
  async compact(log: LogFile): Promise<boolean> {
    if (this.#limits.maxFilesToRetain >= NEVER) return false; // then not even what another server left is removed
    const last = log.parts.at(-1);
    if (last === undefined || log.fault !== undefined || this.#tried.get(log.key) === last.path) return false;
    try {
      const isWanted = partsToCompact(log.parts, this.#limits.maxFilesToRetain).length > 0;
      if (!isWanted && leftovers(this.#folder, log.key).length === 0) return false;
      this.#tried.set(log.key, last.path);
      const { compacted, removed, reason } = await this.#queue.compact({ folder: this.#folder, log, limits: this.#limits });
      if (compacted !== undefined) this.#logger.info(`Compacted ${log.key}: ${compacted} takes the place of ${removed} files`);
      else if (isWanted) this.#logger.info(`${log.key} is not compacted: ${reason}`);
      return removed > 0;
    } catch (error) {
      this.#logger.warn(`${log.key} can't be compacted, and stays as it is: ${(error as Error).message}`);
      return false;
    }
  }
}
