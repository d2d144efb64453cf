// The catalogue's file: made whole, so that an empty one is known as damaged and not taken for new; and what SQLite or the system finds wrong with it
// said with the file's name and what to do.
import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../common/errors.ts';
import type { Database } from '../../../common/ports.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { shownPath } from '../sources/paths.ts';

type Open = (path: string) => Database;

/** @throws AnalysisException CATALOG_UNUSABLE */
export function openCatalogFile(path: string, open: Open): Database {
  return saying(path, () => {
    if (!existsSync(path)) makeWhole(path, open);
    if (statSync(path).size === 0) throw new Damaged('it is empty');
    return guarded(open(path), path);
  });
}

/** Under another name first: processes that make the same warehouse at once agree on one of them. */
function makeWhole(path: string, open: Open): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    open(draft).close();
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true });
  }
}

class Damaged extends Error {}

function guarded(db: Database, path: string): Database {
  return {
    prepare: (sql) => {
      const statement = saying(path, () => db.prepare(sql));
      return {
        run: (...values) => saying(path, () => statement.run(...values)),
        get: (...values) => saying(path, () => statement.get(...values)),
        all: (...values) => saying(path, () => statement.all(...values)),
        iterate: (...values) => statement.iterate(...values),
        raw: () => statement.raw(),
      };
    },
    transaction: (run) => saying(path, () => db.transaction(run)),
    close: () => db.close(),
  };
}

/** Runs what uses the file, and says what fails about it. */
function saying<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const detail = error instanceof AppError && error.cause instanceof Error ? error.cause : (error as Error);
    const advice = adviceOn(detail);
    if (advice === undefined) throw error;
    const made = new AnalysisException('CATALOG_UNUSABLE', { path: shownPath(path), words: detail.message, advice });
    made.cause = error;
    throw made;
  }
}

const ELSEWHERE = 'choose another warehouse (spark.sql.warehouse.dir)';
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(SQLITE_READONLY|SQLITE_PERM|SQLITE_AUTH|SQLITE_CANTOPEN|EACCES|EPERM|EROFS|ENOENT|ENOTDIR)/,
    `Let this user write the file and its folder, or ${ELSEWHERE}`,
  ],
  [/^(SQLITE_BUSY|SQLITE_LOCKED|SQLITE_PROTOCOL)/, 'Another process has been writing it for too long: try again when it has ended'],
  [/^(SQLITE_FULL|SQLITE_IOERR|ENOSPC|EDQUOT|EIO)/, `Make room on its disk and see that the disk is sound, or ${ELSEWHERE}`],
  [
    /^(SQLITE_CORRUPT|SQLITE_NOTADB|SQLITE_FORMAT|SQLITE_SCHEMA)/,
    'Put a copy of it in its place, or move it away and name the tables again (CREATE TABLE … LOCATION): their files are not in it and are still there',
  ],
];
const DAMAGED = ADVICE.at(-1)![1];

/** undefined: not about the file. */
function adviceOn(error: Error): string | undefined {
  if (error instanceof Damaged) return DAMAGED;
  if (/newer version/.test(error.message)) return `Use that version, or ${ELSEWHERE}`;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? undefined : ADVICE.find(([pattern]) => pattern.test(code))?.[1];
}
