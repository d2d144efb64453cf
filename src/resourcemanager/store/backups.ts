// Copies of the state store while it is used: at intervals, when something was committed since the last one; each is looked through before it
// counts, and the oldest leave. What they are for: repair/main.ts. Source: SQLite's online backup API.
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Logger, Timers } from '../../common/ports.ts';

/** The time in UTC, so that names sort as they were made. */
export const BACKUP_NAME = /^rm-\d{8}T\d{9}Z\.sqlite$/;
const LEFT_BEHIND = /^rm-\d{8}T\d{9}Z\.sqlite(\.part)?(-wal|-shm)$|\.part$/;
const nameAt = (ms: number): string => `rm-${new Date(ms).toISOString().replace(/[-:.]/g, '')}.sqlite`;

export type BackupOptions = {
  readonly dir: string;
  /** 0: none. */
  readonly everyMs: number;
  readonly keep: number;
  /** What is wrong with a database file; undefined: nothing. */
  readonly fault: (path: string) => string | undefined;
};
export type Copied = { readonly commits: number; backup(path: string): Promise<void> };
export type BackupPorts = { readonly store: Copied; readonly clock: Clock; readonly timers: Timers; readonly logger: Logger };

export class Backups {
  readonly #ports: BackupPorts;
  readonly #options: BackupOptions;
  readonly #cancel: () => void;
  #commits = 0;
  #busy = false;

  constructor(ports: BackupPorts, options: BackupOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#cancel = options.everyMs > 0 ? ports.timers.every(options.everyMs, () => void this.make()) : () => {};
  }

  /** @returns its path; undefined when there was nothing new, or it failed (which is in the log) */
  async make(): Promise<string | undefined> {
    const { store, clock, logger } = this.#ports;
    const { dir, fault } = this.#options;
    const { commits } = store;
    if (this.#busy || commits === this.#commits) return undefined;
    this.#busy = true;
    const path = join(dir, nameAt(clock.nowMs()));
    const half = `${path}.part`;
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      await store.backup(half);
      const why = fault(half);
      if (why !== undefined) throw new Error(`the copy is damaged, and so may be the store: ${why}`);
      renameSync(half, path);
      this.#commits = commits;
      this.#leaveOnly(this.#options.keep);
      return path;
    } catch (error) {
      logger.error(`No copy of the state store was made: ${(error as Error).message}`);
      rmSync(half, { force: true });
      return undefined;
    } finally {
      this.#busy = false;
    }
  }

  stop(): void {
    this.#cancel();
  }

  #leaveOnly(keep: number): void {
    const { dir } = this.#options;
    const all = readdirSync(dir);
    // SQLite leaves these where a copy was looked through; halves are of a process that was killed.
    for (const name of all.filter((each) => LEFT_BEHIND.test(each))) rmSync(join(dir, name), { force: true });
    const names = all.filter((name) => BACKUP_NAME.test(name)).sort();
    for (const name of names.slice(0, Math.max(0, names.length - Math.max(1, keep)))) rmSync(join(dir, name), { force: true });
  }
}
