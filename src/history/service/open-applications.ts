// The views of applications, out of their indexes: an index is made or brought up to date when it is asked for, and a limited number stays
// open, the last ones used. While a log is being read, whoever asks is told how far it is.
import { RestError } from '../../status/rest/request.ts';
import type { AppHandle, EventLogFile } from '../../status/rest/app-source.ts';
import type { StatusView } from '../../status/store/status-view.ts';
import type { LogFile } from '../core/log-file.ts';
import { type OpenDatabase, type OpenIndex, openIndex } from '../store/index-file.ts';
import type { IndexFolder } from './index-folder.ts';
import type { IndexQueue } from './index-queue.ts';
import { viewOf } from './index-view.ts';
import type { LogCatalogue } from './log-catalogue.ts';

/** So long a request waits for a log that is being read; then it is told to come again. */
const WAIT_MS = 8_000;
/** A log that could not be read, though it has not changed, is read again for who asks: the index's disk may have room again. */
const TRY_AGAIN_MS = 5_000;
/** So long it waits for what a log in progress has got since the last reading; then it gets that one. */
const WAIT_FOR_NEWS_MS = 1_000;

type Opened = { readonly index: OpenIndex; readonly view: StatusView; readonly log: LogFile };
export type OpenApplicationsParts = {
  readonly folder: string;
  readonly catalogue: LogCatalogue;
  readonly indexes: IndexFolder;
  readonly queue: IndexQueue;
  readonly open: OpenDatabase;
  readonly retained: number;
  readonly nowMs: () => number;
  readonly join: (folder: string, path: string) => string;
};

export class OpenApplications {
  readonly #parts: OpenApplicationsParts;
  /** In the order of use, the last one last. */
  readonly #opened = new Map<string, Opened>();
  /** Logs as they were when they could not be read, and why. */
  readonly #failed = new Map<string, { readonly log: LogFile; readonly detail: string; readonly atMs: number }>();

  constructor(parts: OpenApplicationsParts) {
    this.#parts = parts;
  }

  get paths(): ReadonlySet<string> {
    return new Set([...this.#opened.keys()].map((key) => this.#parts.indexes.pathOf(key)));
  }

  /** @param key of a log in the catalogue. The handle's view throws RestError 503 while the log is not readable (yet). */
  async handle(key: string): Promise<AppHandle> {
    const entry = this.#parts.catalogue.entry(key);
    const refused = await this.#bringUpToDate(key);
    const opened = this.#view(key);
    const { folder, join } = this.#parts;
    const files = (): readonly EventLogFile[] => (entry?.log.parts ?? []).map(({ path }) => ({ name: path, path: join(folder, path) }));
    return {
      get view(): StatusView {
        if (opened === undefined) throw new RestError(503, refused ?? `The index of ${key} was removed meanwhile; ask again.`);
        return opened;
      },
      eventLog: files,
    };
  }

  /** @returns why there is no index, if there is none */
  async #bringUpToDate(key: string): Promise<string | undefined> {
    const { catalogue, indexes, nowMs } = this.#parts;
    const log = catalogue.entry(key)?.log;
    if (log === undefined) return `There is no log ${key} any more.`;
    if (log.fault !== undefined) return `The log ${key} can't be read: ${log.fault}`;
    const opened = this.#opened.get(key);
    if (opened !== undefined && isSame(opened.log, log)) return undefined;
    const failed = this.#failed.get(key);
    if (failed !== undefined && isSame(failed.log, log) && nowMs() - failed.atMs < TRY_AGAIN_MS)
      return `The log ${key} can't be read: ${failed.detail}`;
    const read = this.read(log, true);
    const within = indexes.has(key) && opened !== undefined ? WAIT_FOR_NEWS_MS : WAIT_MS;
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), within);
    try {
      const first = await Promise.race([read, late.promise]);
      if (first !== 'late' || opened !== undefined) return undefined;
      const percent = Math.floor((this.#parts.queue.fractionOf(key) ?? 0) * 100);
      return `The log ${key} (${Math.ceil(log.sizeBytes / 1e6)} MB) is being read: ${percent} %. Ask again in some seconds.`;
    } catch (error) {
      return `The log ${key} can't be read: ${(error as Error).message}`;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads a log into its index, or what is new of it. @throws Error with the reason */
  async read(log: LogFile, urgent: boolean): Promise<void> {
    const { catalogue, indexes, queue, folder } = this.#parts;
    const { key } = log;
    try {
      const { progress, summary } = await queue.index({ folder, log, path: indexes.pathOf(key) }, urgent);
      this.#failed.delete(key);
      const bad = progress.badLines > 1 ? ` ${progress.badLines} lines are no events.` : '';
      catalogue.learn(key, summary, progress.fault === undefined ? undefined : `${progress.fault}.${bad}`);
      // The next request opens what is there now.
      if (!isSame(this.#opened.get(key)?.log, log)) this.#reopen(key, log);
    } catch (error) {
      const detail = (error as Error).message;
      this.#failed.set(key, { log, detail, atMs: this.#parts.nowMs() });
      catalogue.learn(key, undefined, detail);
      throw error;
    }
    for (const path of indexes.shrink(this.paths)) this.closePath(path);
  }

  #reopen(key: string, log: LogFile): void {
    if (!this.#opened.has(key)) return;
    this.close(key);
    this.#openView(key, log);
  }

  #view(key: string): StatusView | undefined {
    const log = this.#parts.catalogue.entry(key)?.log;
    const opened = this.#opened.get(key) ?? (log && this.#openView(key, log));
    if (opened === undefined) return undefined;
    this.#opened.delete(key);
    this.#opened.set(key, opened);
    this.#parts.indexes.used(key);
    return opened.view;
  }

  #openView(key: string, log: LogFile): Opened | undefined {
    const { indexes, open, retained, nowMs } = this.#parts;
    const index = openIndex(indexes.pathOf(key), open);
    if (index === undefined) return undefined;
    const opened: Opened = { index, log, view: viewOf(index, log, nowMs) };
    this.#opened.set(key, opened);
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= Math.max(1, retained)) break;
      this.close(oldest);
    }
    return opened;
  }

  /** The index of a log that is open and so large that its rows should not be asked in the server's thread. */
  largeIndex(key: string, atLeastBytes: number): { readonly path: string; readonly log: LogFile } | undefined {
    const opened = this.#opened.get(key);
    if (opened === undefined) return undefined;
    const path = this.#parts.indexes.pathOf(key);
    return this.#parts.indexes.bytesOf(key) >= atLeastBytes ? { path, log: opened.log } : undefined;
  }

  close(key: string): void {
    this.#opened.get(key)?.index.close();
    this.#opened.delete(key);
  }

  closePath(path: string): void {
    for (const key of this.#opened.keys()) if (this.#parts.indexes.pathOf(key) === path) this.close(key);
  }

  closeAll(): void {
    for (const key of [...this.#opened.keys()]) this.close(key);
  }
}

const isSame = (a: LogFile | undefined, b: LogFile): boolean =>
  a !== undefined && a.sizeBytes === b.sizeBytes && a.changedAtMs === b.changedAtMs && a.inProgress === b.inProgress;
