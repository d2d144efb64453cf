// The commit protocol of a folder of files: write in `_temporary/<job>`, then rename. Readers never look into `_temporary`, so before the commit
// nothing is visible. The commit writes down what it will delete and rename before it begins; a process that dies in the middle has its commit
// finished by the next one that comes to the folder. Commits into a folder, and what finishes them, come one after the other (commit-lock.ts): of two
// that overwrite, the later one's rows are there. Source: HadoopMapReduceCommitProtocol of Spark 4.2, which leaves half a commit.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isDeadDraft, isLock, isLocked, withCommitLock } from './commit-lock.ts';
import { isAlive, type Owner, thisProcess } from './process-owner.ts';

export const TEMPORARY = '_temporary';
const JOURNAL = 'commit.json';
const OWNER = 'owner.json';

/** Paths relative to the folder, so that a moved folder is still itself. */
type Journal = {
  readonly deletes: readonly string[];
  readonly moves: readonly { readonly from: string; readonly to: string }[];
  readonly marksSuccess: boolean;
};

export class WriteJob {
  readonly folder: string;
  readonly id: string;
  /** Where the job's files are written. */
  readonly staging: string;
  readonly #isNew: boolean;
  #isCommitting = false;

  private constructor(folder: string, id: string, isNew: boolean) {
    this.folder = folder;
    this.id = id;
    this.staging = join(folder, TEMPORARY, id);
    this.#isNew = isNew;
  }

  /** @param id unique to the job: it is in its files' names, too */
  static async begin(folder: string, id: string): Promise<WriteJob> {
    const isNew = !existsSync(folder);
    await recoverCommits(folder);
    const job = new WriteJob(folder, id, isNew);
    await mkdir(job.staging, { recursive: true });
    await writeFile(join(job.staging, OWNER), JSON.stringify(thisProcess()));
    return job;
  }

  /** From then on it will be finished, by whomever: abort() does nothing more. */
  get isCommitting(): boolean {
    return this.#isCommitting;
  }

  /** @param moves from files in `staging` to names in `folder`, relative to each; @param deletes in `folder`, asked when nobody else commits */
  async commit(moves: Journal['moves'], deletes: () => Promise<readonly string[]>, marksSuccess: boolean): Promise<void> {
    await withCommitLock(dirname(this.staging), async () => {
      await recoverStopped(this.folder);
      const journal: Journal = {
        deletes: await deletes(),
        moves: moves.map(({ from, to }) => ({ from: relative(this.folder, join(this.staging, from)), to })),
        marksSuccess,
      };
      writeJournal(this.staging, journal);
      this.#isCommitting = true;
      await apply(this.folder, this.staging, journal);
    });
  }

  /** Leaves the folder as it was before the job. */
  async abort(): Promise<void> {
    if (this.#isCommitting) return;
    // Tasks that were killed may be about to write there.
    await rm(this.staging, { recursive: true, force: true, maxRetries: 10 });
    await rmdir(dirname(this.staging)).catch(() => undefined);
    if (this.#isNew) await rmdir(this.folder).catch(() => undefined);
  }
}

/** Finishes what others had begun to commit and takes away what dead processes had only begun to write. A commit that goes on is waited for. */
export async function recoverCommits(folder: string): Promise<void> {
  const temporary = join(folder, TEMPORARY);
  if (!isLocked(temporary) && (await stopped(temporary)).length === 0) return;
  try {
    await withCommitLock(temporary, () => recoverStopped(folder));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // All had ended before we came to it.
    if (code === 'ENOENT') return;
    // Who may only read leaves alone what is not visible, and what others are about to finish.
    const isHalf = (await stopped(temporary)).some((name) => existsSync(join(temporary, name, JOURNAL)));
    if ((code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') || isHalf) throw error;
  }
}

/** Entries of `_temporary` that nobody works at, when nobody has the lock. */
async function stopped(temporary: string): Promise<string[]> {
  const entries = await readdir(temporary).catch(() => []);
  return entries.filter((name) => {
    if (isLock(name)) return isDeadDraft(name);
    if (existsSync(join(temporary, name, JOURNAL))) return true;
    const owner = readJson<Owner>(join(temporary, name, OWNER));
    return owner !== undefined && !isAlive(owner);
  });
}

/** With the lock: so whoever has a journal has stopped in the middle, be it that its process died or that its disk was full. */
async function recoverStopped(folder: string): Promise<void> {
  const temporary = join(folder, TEMPORARY);
  for (const name of await stopped(temporary)) {
    const staging = join(temporary, name);
    const journal = readJson<Journal>(join(staging, JOURNAL));
    if (journal !== undefined) await apply(folder, staging, journal);
    else await remove(staging);
  }
}

/** Can be done again from its beginning after any of its steps. */
async function apply(folder: string, staging: string, { deletes, moves, marksSuccess }: Journal): Promise<void> {
  for (const path of deletes) await rm(join(folder, path), { recursive: true, force: true });
  // Deleted once: a folder of a partition that goes may come again with the new files.
  if (deletes.length > 0) writeJournal(staging, { deletes: [], moves, marksSuccess });
  for (const { from, to } of moves) {
    if (!existsSync(join(folder, from))) continue;
    await mkdir(dirname(join(folder, to)), { recursive: true });
    await rename(join(folder, from), join(folder, to));
  }
  if (marksSuccess) await writeFile(join(folder, '_SUCCESS'), '');
  await remove(staging);
}

async function remove(staging: string): Promise<void> {
  // The journal goes last: without it a second attempt would see an unfinished write.
  for (const name of await readdir(staging).catch(() => []))
    if (name !== JOURNAL && name !== OWNER) await rm(join(staging, name), { recursive: true, force: true, maxRetries: 10 });
  await rm(staging, { recursive: true, force: true, maxRetries: 10 });
}

function writeJournal(staging: string, journal: Journal): void {
  const draft = join(staging, `${JOURNAL}.draft`);
  const file = openSync(draft, 'w');
  try {
    writeSync(file, JSON.stringify(journal));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, join(staging, JOURNAL));
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
