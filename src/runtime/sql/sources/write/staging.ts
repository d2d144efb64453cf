// The commit protocol of a folder of files: write in `_temporary/<job>`, then rename. Readers never look into `_temporary`, so before the commit
// nothing is visible. The commit writes down what it will delete and rename before it begins; a process that dies in the middle has its commit
// finished by the next one that comes to the folder. Source: HadoopMapReduceCommitProtocol of Spark 4.2, which leaves half a commit.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, relative } from 'node:path';

export const TEMPORARY = '_temporary';
const JOURNAL = 'commit.json';
const OWNER = 'owner.json';

/** Paths relative to the folder, so that a moved folder is still itself. */
type Journal = {
  readonly deletes: readonly string[];
  readonly moves: readonly { readonly from: string; readonly to: string }[];
  readonly marksSuccess: boolean;
};
type Owner = { readonly host: string; readonly pid: number; readonly started: string };

export class WriteJob {
  readonly folder: string;
  readonly id: string;
  /** Where the job's files are written. */
  readonly staging: string;
  readonly #isNew: boolean;

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
    await writeFile(
      join(job.staging, OWNER),
      JSON.stringify({ host: hostname(), pid: process.pid, started: startOf(process.pid) } satisfies Owner),
    );
    return job;
  }

  /** @param moves from files in `staging` to names in `folder`, relative to each; @param deletes in `folder` */
  async commit(moves: Journal['moves'], deletes: readonly string[], marksSuccess: boolean): Promise<void> {
    const journal: Journal = {
      deletes,
      moves: moves.map(({ from, to }) => ({ from: relative(this.folder, join(this.staging, from)), to })),
      marksSuccess,
    };
    const draft = join(this.staging, `${JOURNAL}.draft`);
    writeDurably(draft, JSON.stringify(journal));
    await rename(draft, join(this.staging, JOURNAL));
    await apply(this.folder, this.staging, journal);
  }

  /** Leaves the folder as it was before the job. */
  async abort(): Promise<void> {
    // Tasks that were killed may be about to write there.
    await rm(this.staging, { recursive: true, force: true, maxRetries: 10 });
    await rmdir(dirname(this.staging)).catch(() => undefined);
    if (this.#isNew) await rmdir(this.folder).catch(() => undefined);
  }
}

/** Finishes what dead processes had begun to commit and takes away what they had only begun to write. @returns whether there was something */
export async function recoverCommits(folder: string): Promise<boolean> {
  let found = false;
  const jobs = await readdir(join(folder, TEMPORARY)).catch(() => []);
  for (const job of jobs) {
    const staging = join(folder, TEMPORARY, job);
    const owner = readJson<Owner>(join(staging, OWNER));
    if (owner === undefined || owner.host !== hostname() || isAlive(owner)) continue;
    found = true;
    const journal = readJson<Journal>(join(staging, JOURNAL));
    if (journal !== undefined) await apply(folder, staging, journal);
    else await remove(staging);
  }
  return found;
}

/** Can be done again from its beginning after any of its steps. */
async function apply(folder: string, staging: string, { deletes, moves, marksSuccess }: Journal): Promise<void> {
  for (const path of deletes) await rm(join(folder, path), { recursive: true, force: true });
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
  await rmdir(dirname(staging)).catch(() => undefined);
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w');
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === started;
}

/** When a process was started, as its system says it; tells a process from a later one with its number. '' where the system doesn't. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
