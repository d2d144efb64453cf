// One log's index as a file: opened for reading a log into it, or for asking it. What is remembered besides tasks: how far the log was
// read, the state of the application, what is wrong. A file that does not fit (older format, damaged, another log) is made anew.
import { existsSync, rmSync } from 'node:fs';
import type { Database } from '../../common/ports.ts';
import { type Retention, StatusState } from '../../status/store/status-state.ts';
import type { PartPosition } from '../core/log-file.ts';
import { INDEX_FORMAT, INDEX_MIGRATIONS } from './index-tables.ts';
import { sqliteTaskTables } from './sqlite-task-table.ts';
import { snapshotOf, stateOf } from './state-snapshot.ts';
import { TaskWriter } from './task-writer.ts';

export type OpenDatabase = (path: string, options: { readonly migrations: readonly string[]; readonly synchronous: 'NORMAL' }) => Database;

/** How far a log has been read into the index. */
export type IndexProgress = {
  readonly format: number;
  readonly key: string;
  readonly parts: readonly PartPosition[];
  /** It was read to the end that it had then. Until the first time there is nothing to show: jobs would seem to run that have ended. */
  readonly complete: boolean;
  /** Nothing more will come: the log was closed. */
  readonly closed: boolean;
  readonly lines: number;
  /** Lines that were no events, and the first one's fault. */
  readonly badLines: number;
  readonly fault: string | undefined;
};

export const NOTHING_READ = (key: string): IndexProgress => ({
  format: INDEX_FORMAT,
  key,
  parts: [],
  complete: false,
  closed: false,
  lines: 0,
  badLines: 0,
  fault: undefined,
});

/** Thousands of them: pages go through all. The running application keeps Spark's 1,000. */
export const HISTORY_RETENTION: Retention = { jobs: 10_000, stages: 10_000, deadExecutors: 1_000, sqlExecutions: 1_000 };

export function removeIndex(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

function progressIn(db: Database): IndexProgress | undefined {
  const found = db.prepare("SELECT value FROM meta WHERE name = 'progress'").get() as { value: string } | undefined;
  const progress = found && (JSON.parse(found.value) as IndexProgress);
  return progress?.format === INDEX_FORMAT ? progress : undefined;
}

const snapshotIn = (db: Database): Buffer | undefined =>
  (db.prepare("SELECT value FROM meta WHERE name = 'state'").get() as { value: Buffer } | undefined)?.value;

/** What is in an index, for whoever asks it. `close` when done. */
export type OpenIndex = { readonly state: StatusState; readonly progress: IndexProgress; close(): void };

/** @returns undefined when there is none that can be used */
export function openIndex(path: string, open: OpenDatabase): OpenIndex | undefined {
  if (!existsSync(path)) return undefined;
  let db: Database | undefined;
  try {
    db = open(path, { migrations: INDEX_MIGRATIONS, synchronous: 'NORMAL' });
    const progress = progressIn(db);
    const snapshot = snapshotIn(db);
    if (progress?.complete && snapshot !== undefined) {
      const opened = db;
      return { state: stateOf(snapshot, sqliteTaskTables(db), HISTORY_RETENTION), progress, close: () => opened.close() };
    }
  } catch {
    // damaged, or of another version: it is made anew when the log is read
  }
  db?.close();
  return undefined;
}

/** An index that a log is read into. Everything between two commits is one transaction: a crash leaves the last commit. */
export class IndexWriter {
  readonly state: StatusState;
  readonly progress: IndexProgress;
  readonly db: Database;
  readonly #tasks: TaskWriter;

  private constructor(db: Database, progress: IndexProgress, snapshot: Buffer | undefined) {
    this.db = db;
    this.progress = progress;
    this.#tasks = new TaskWriter(db);
    const tables = sqliteTaskTables(db, this.#tasks);
    this.state = snapshot === undefined ? new StatusState(tables, HISTORY_RETENTION) : stateOf(snapshot, tables, HISTORY_RETENTION);
    db.prepare('BEGIN').run();
  }

  /** @param goesOn whether the log is still the one that was read; else the index is made anew @throws AppError DATA_DIR_UNUSABLE */
  static open(path: string, key: string, open: OpenDatabase, goesOn: (progress: IndexProgress) => boolean): IndexWriter {
    const options = { migrations: INDEX_MIGRATIONS, synchronous: 'NORMAL' } as const;
    if (existsSync(path)) {
      let db: Database | undefined;
      try {
        db = open(path, options);
        const progress = progressIn(db);
        const snapshot = snapshotIn(db);
        if (progress?.key === key && snapshot !== undefined && goesOn(progress)) return new IndexWriter(db, progress, snapshot);
      } catch {
        // damaged, or of another version
      }
      db?.close();
      removeIndex(path);
    }
    return new IndexWriter(open(path, options), NOTHING_READ(key), undefined);
  }

  /** What was read until now is there after a crash, and is seen by who asks the index. */
  commit(progress: IndexProgress): void {
    this.#tasks.flush();
    const save = this.db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
    save.run('progress', JSON.stringify(progress));
    save.run('state', snapshotOf(this.state));
    this.db.prepare('COMMIT').run();
    this.db.prepare('BEGIN').run();
  }

  close(): void {
    try {
      this.db.prepare('ROLLBACK').run();
    } catch {
      // SQLite has done it itself: the disk is full
    }
    this.db.close();
  }
}
