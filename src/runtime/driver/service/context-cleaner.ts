// Cleans what the program can't reach any more: persisted RDDs, map outputs of shuffles, broadcasts, and, when asked, checkpoint folders. An RDD's
// node is held by its handle, by every RDD made of it and by every job that runs over it, so when the garbage collector takes the node nobody
// can need its blocks. What cleaning does is handed in (driver.ts). Source: Spark's ContextCleaner.
import type { Logger, Timers } from '../../../common/ports.ts';

export type Cleanable = 'RDD' | 'shuffle' | 'broadcast' | 'checkpoint';
type Held = { readonly what: Cleanable; readonly id: number | string };

export type CleanerOptions = {
  /** spark.cleaner.referenceTracking */
  readonly enabled: boolean;
  /** spark.cleaner.referenceTracking.blocking: one after another, each until all executors have done it. */
  readonly blocking: boolean;
  /** spark.cleaner.referenceTracking.cleanCheckpoints */
  readonly cleanCheckpoints: boolean;
  /** How often garbage is collected for this alone: a driver that does little allocates little, and V8 would wait. */
  readonly periodicGcMs: number;
  readonly collect: () => void;
  readonly clean: Readonly<Record<Cleanable, (id: never) => Promise<void>>>;
  readonly timers: Timers;
  readonly log: Logger;
};

export class ContextCleaner {
  readonly #options: CleanerOptions;
  readonly #registry: FinalizationRegistry<Held>;
  readonly #stopTimer: (() => void) | undefined;
  #queue: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: CleanerOptions) {
    this.#options = options;
    this.#registry = new FinalizationRegistry((held) => this.#collected(held));
    if (options.enabled && options.periodicGcMs > 0) this.#stopTimer = options.timers.every(options.periodicGcMs, options.collect);
  }

  /** @param target whose end is the end of the need; never held by what `id` leads to */
  register(target: object, what: Cleanable, id: number | string): void {
    const { enabled, cleanCheckpoints } = this.#options;
    if (enabled && (what !== 'checkpoint' || cleanCheckpoints)) this.#registry.register(target, { what, id });
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer?.();
  }

  #collected(held: Held): void {
    if (this.#stopped) return;
    if (this.#options.blocking) this.#queue = this.#queue.then(() => this.#clean(held));
    else void this.#clean(held);
  }

  async #clean({ what, id }: Held): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.#options.clean[what](id as never);
      this.#options.log.info(`Cleaned ${what} ${id}`);
    } catch (error) {
      this.#options.log.warn(`Error cleaning ${what} ${id}: ${(error as Error).message}`);
    }
  }
}
