// The history server put together: catalogue of logs, indexes, views, cleaner; and the answers that HTTP (http-app.ts) asks for. It listens
// to nothing itself.
import type { Clock, Database, Logger, Timers } from '../../common/ports.ts';
import type { AppHandle, AppSource } from '../../status/rest/app-source.ts';
import type { ApplicationInfo } from '../../status/store/api-types.ts';
import { applicationInfo, type Attempt } from '../core/catalogue.ts';
import type { CleanLimits } from '../core/clean-plan.ts';
import type { CompactionLimits } from '../core/compaction.ts';
import type { LogFile } from '../core/log-file.ts';
import type { OpenDatabase } from '../store/index-file.ts';
import { clean } from './cleaner.ts';
import { Compaction } from './compaction.ts';
import { type Claim, claimFolder, IndexFolder } from './index-folder.ts';
import { IndexQueue } from './index-queue.ts';
import { LogCatalogue } from './log-catalogue.ts';
import { OpenApplications } from './open-applications.ts';
import { type Answered, QueryThread } from './query-thread.ts';

export type HistoryOptions = {
  readonly logFolder: string;
  readonly storePath: string;
  readonly updateIntervalMs: number;
  readonly maxDiskUsageBytes: number;
  readonly retainedApplications: number;
  readonly indexAhead: boolean;
  readonly compaction: CompactionLimits;
  /** undefined: logs are kept. */
  readonly cleaner: (CleanLimits & { readonly intervalMs: number }) | undefined;
  readonly workerFile: string;
  /** Of query/worker-main.ts. */
  readonly queryWorkerFile: string;
  /** Questions about stages of an index of this size go to that thread. */
  readonly largeIndexBytes: number;
};
export type HistoryPorts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly openDatabase: OpenDatabase;
  /** Opens a file that nobody else may have open. */
  readonly lockDatabase: (path: string) => Database;
  readonly join: (folder: string, path: string) => string;
};

/** A log as the page of logs shows it. */
export type LogReport = {
  readonly key: string;
  readonly applicationId: string | undefined;
  readonly attemptId: string | undefined;
  readonly sizeBytes: number;
  readonly changedAtMs: number;
  readonly inProgress: boolean;
  readonly note: string | undefined;
  /** 0 to 1 while it is being read, or waits for it. */
  readonly readFraction: number | undefined;
};

export class HistoryServer implements AppSource {
  readonly #options: HistoryOptions;
  readonly #ports: HistoryPorts;
  readonly #claim: Claim;
  readonly #catalogue: LogCatalogue;
  readonly #indexes: IndexFolder;
  readonly #queue: IndexQueue;
  readonly #applications: OpenApplications;
  readonly #compaction: Compaction;
  readonly #queries: QueryThread;
  readonly #cancels: (() => void)[] = [];
  #stopped = false;

  /** @throws AppError DATA_DIR_UNUSABLE */
  constructor(options: HistoryOptions, ports: HistoryPorts) {
    const { logger, openDatabase, clock, join, lockDatabase } = ports;
    this.#options = options;
    this.#ports = ports;
    this.#claim = claimFolder(options.storePath, lockDatabase);
    this.#catalogue = new LogCatalogue(options.logFolder, logger);
    this.#indexes = new IndexFolder(this.#claim.folder, options.logFolder, options.maxDiskUsageBytes);
    this.#queue = new IndexQueue(options.workerFile);
    this.#queries = new QueryThread(options.queryWorkerFile);
    this.#compaction = new Compaction(options.logFolder, options.compaction, this.#queue, logger);
    this.#applications = new OpenApplications({
      folder: options.logFolder,
      catalogue: this.#catalogue,
      indexes: this.#indexes,
      queue: this.#queue,
      open: openDatabase,
      retained: options.retainedApplications,
      nowMs: () => clock.nowMs(),
      join,
    });
  }

  /** Resolves when the list is there for the first time. */
  async start(): Promise<void> {
    await this.scan();
    const { timers, clock } = this.#ports;
    if (this.#catalogue.fault === undefined) this.#indexes.keepOnly([...this.#catalogue.entries].map(({ log }) => log.key));
    this.#cancels.push(timers.every(this.#options.updateIntervalMs, () => void this.scan()));
    const { cleaner } = this.#options;
    if (cleaner === undefined) return;
    const cleanNow = (): void => void this.#clean(cleaner, clock.nowMs());
    cleanNow();
    this.#cancels.push(timers.every(cleaner.intervalMs, cleanNow));
  }

  #clean(limits: CleanLimits, nowMs: number): void {
    const { logger } = this.#ports;
    const closeView = (key: string) => this.#applications.close(key);
    clean({ folder: this.#options.logFolder, catalogue: this.#catalogue, indexes: this.#indexes, logger, closeView }, limits, nowMs);
  }

  async scan(): Promise<void> {
    const fresh = await this.#catalogue.scan();
    if (this.#stopped) return;
    for (const log of [...fresh].sort((a, b) => b.changedAtMs - a.changedAtMs)) void this.#takeIn(log);
  }

  /** Reading comes first: what compaction drops stays in the index then. */
  async #takeIn(log: LogFile): Promise<void> {
    if (this.#options.indexAhead) await this.#readAhead(log);
    if (!this.#stopped && (await this.#compaction.compact(log))) await this.scan();
  }

  async #readAhead(log: LogFile): Promise<void> {
    if (log.fault !== undefined || this.#catalogue.entry(log.key)?.summary === undefined) return;
    if (this.#indexes.isFull && !this.#indexes.has(log.key)) return;
    await this.#applications.read(log, false).catch((error: Error) => {
      if (!this.#stopped) this.#ports.logger.warn(`${log.key}: ${error.message}`);
    });
  }

  // ---- AppSource

  list(): readonly ApplicationInfo[] {
    return [...this.#catalogue.applications].map(([id, attempts]) => applicationInfo(id, attempts));
  }

  async find(appId: string, attemptId: string | undefined): Promise<AppHandle | undefined> {
    let attempt = this.#attempt(appId, attemptId);
    if (attempt === undefined) {
      // Its log may be newer than the last look.
      await this.scan();
      attempt = this.#attempt(appId, attemptId);
    }
    return attempt && (await this.#applications.handle(attempt.log.key));
  }

  /**
   * The answer of the query thread to a question about stages.
   * @returns undefined: the index is small, or not there (yet): it is answered here @throws Error when the thread died of it
   */
  async askElsewhere(appId: string, attemptId: string | undefined, url: string): Promise<Answered | undefined> {
    await this.find(appId, attemptId);
    const attempt = this.#attempt(appId, attemptId);
    const large = attempt && this.#applications.largeIndex(attempt.log.key, this.#options.largeIndexBytes);
    return large && (await this.#queries.ask({ url, ...large }));
  }

  #attempt(appId: string, attemptId: string | undefined): Attempt | undefined {
    const attempts = this.#catalogue.applications.get(appId);
    return attemptId === undefined ? attempts?.[0] : attempts?.find(({ summary }) => summary.attemptId === attemptId);
  }

  logs(): LogReport[] {
    return [...this.#catalogue.entries].map(({ log, summary, note }) => ({
      key: log.key,
      applicationId: summary?.applicationId,
      attemptId: summary?.attemptId,
      sizeBytes: log.sizeBytes,
      changedAtMs: log.changedAtMs,
      inProgress: log.inProgress,
      note,
      readFraction: this.#queue.fractionOf(log.key),
    }));
  }

  /** Why there are no logs; undefined: the folder can be read. */
  get folderFault(): string | undefined {
    return this.#catalogue.fault;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#cancels) cancel();
    await Promise.all([this.#queue.close(), this.#queries.close()]);
    this.#applications.closeAll();
    this.#claim.lock.close();
  }
}
