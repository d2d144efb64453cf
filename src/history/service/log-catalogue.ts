// The logs of the folder as they are now: scanned again every now and then; a log that is new or has changed is looked into (log-summary.ts).
// The list of applications is made of it. A log that can't be read stays in it with the reason.
import type { Logger } from '../../common/ports.ts';
import { type Attempt, applicationsOf, type LogSummary } from '../core/catalogue.ts';
import type { LogFile } from '../core/log-file.ts';
import { scanLogFolder } from './log-folder.ts';
import { summarize } from './log-summary.ts';

export type Entry = {
  readonly log: LogFile;
  readonly summary: LogSummary | undefined;
  readonly note: string | undefined;
};

export class LogCatalogue {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry>();
  #applications: ReadonlyMap<string, readonly Attempt[]> = new Map();
  #scanning: Promise<readonly LogFile[]> | undefined;
  #lastFault: string | undefined;
  /** Raised when the list has changed. */
  version = 0;

  constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
  }

  get applications(): ReadonlyMap<string, readonly Attempt[]> {
    return this.#applications;
  }

  get entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  entry(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /** Why the folder can't be read; undefined: it can. */
  get fault(): string | undefined {
    return this.#lastFault;
  }

  /** One at a time: who asks during a scan waits for that one. @returns logs that are new or have changed */
  scan(): Promise<readonly LogFile[]> {
    this.#scanning ??= this.#scan().finally(() => (this.#scanning = undefined));
    return this.#scanning;
  }

  async #scan(): Promise<readonly LogFile[]> {
    let logs: LogFile[];
    try {
      logs = scanLogFolder(this.#folder);
      this.#lastFault = undefined;
    } catch (error) {
      const fault = `${this.#folder} can't be read: ${(error as Error).message}`;
      if (fault !== this.#lastFault) this.#logger.warn(fault);
      this.#lastFault = fault;
      return [];
    }
    const here = new Set(logs.map((log) => log.key));
    let changed = 0;
    for (const key of this.#entries.keys()) if (!here.has(key) && this.#entries.delete(key)) changed++;
    const fresh: LogFile[] = [];
    for (const log of logs) {
      const known = this.#entries.get(log.key);
      if (known !== undefined && isSame(known.log, log)) continue;
      try {
        const entry = await this.#lookInto(log, known);
        if (entry.note !== undefined && entry.note !== known?.note) this.#logger.warn(`${log.key}: ${entry.note}`);
        this.#entries.set(log.key, entry);
        fresh.push(log);
        // The list of a large folder is there bit by bit.
        if (++changed % 200 === 0) this.#rebuild();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // renamed while we looked: the next scan has its new name
      }
    }
    if (changed > 0) this.#rebuild();
    return fresh;
  }

  async #lookInto(log: LogFile, known: Entry | undefined): Promise<Entry> {
    // The start of a log in progress does not change.
    if (log.inProgress && known?.summary !== undefined && known.log.sizeBytes <= log.sizeBytes) return { ...known, log };
    const { summary, fault } = await summarize(this.#folder, log);
    return { log, summary, note: fault };
  }

  /** What reading the whole log has shown. */
  learn(key: string, summary: LogSummary | undefined, note: string | undefined): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.set(key, { log: entry.log, summary: summary ?? entry.summary, note });
    this.#rebuild();
  }

  forget(key: string): void {
    if (this.#entries.delete(key)) this.#rebuild();
  }

  #rebuild(): void {
    this.version++;
    const attempts: Attempt[] = [];
    for (const { log, summary, note } of this.#entries.values()) if (summary !== undefined) attempts.push({ log, summary, note });
    this.#applications = applicationsOf(attempts);
  }
}

const isSame = (a: LogFile, b: LogFile): boolean =>
  a.sizeBytes === b.sizeBytes &&
  a.changedAtMs === b.changedAtMs &&
  a.inProgress === b.inProgress &&
  a.parts.length === b.parts.length &&
  a.fault === b.fault;
