// One commit at a time into a folder, over all processes. The lock is a folder with one file, whose name says who holds it: it comes into its place with
// the name in it, by a rename, which the system refuses while the place is not empty. Of a holder that has died the file of that very name is taken away,
// so nobody ever takes the lock of one that lives.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type Owner, thisProcess } from './process-owner.ts';

const LOCK = '.lock';
const AGAIN_MS = 20;
/** A commit deletes and renames: what takes longer hangs, or its machine is gone. */
const LONGEST_MS = 600_000;

/** @param temporary the folder's `_temporary`, which is taken away in the end when nothing else is in it. @throws ENOENT when it is not there */
export async function withCommitLock<T>(temporary: string, work: () => Promise<T>): Promise<T> {
  const name = nameOf(thisProcess());
  const [lock, draft] = [join(temporary, LOCK), join(temporary, `${LOCK}-${name}`)];
  await mkdir(draft);
  try {
    await writeFile(join(draft, name), '');
    await putInPlace(draft, lock);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  try {
    return await work();
  } finally {
    await unlink(join(lock, name)).catch(() => undefined);
    await rmdir(lock).catch(() => undefined);
    await rmdir(temporary).catch(() => undefined);
  }
}

export const isLocked = (temporary: string): boolean => existsSync(join(temporary, LOCK));

/** Of an entry of `_temporary`: whether it is a lock, and of somebody who died before having it. */
export const isLock = (entry: string): boolean => entry.startsWith(LOCK);
export const isDeadDraft = (entry: string): boolean => entry.startsWith(`${LOCK}-`) && !isAlive(ownerOf(entry.slice(LOCK.length + 1)));

async function putInPlace(draft: string, lock: string): Promise<void> {
  for (const until = Date.now() + LONGEST_MS; ; ) {
    try {
      return await rename(draft, lock);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    }
    const holders = await readdir(lock).catch(() => []);
    for (const holder of holders) if (!isAlive(ownerOf(holder))) await unlink(join(lock, holder)).catch(() => undefined);
    if (Date.now() >= until) throw new Error(`${describe(holders)} has been committing into ${dirname(dirname(lock))} for too long`);
    await sleep(AGAIN_MS);
  }
}

function describe(holders: readonly string[]): string {
  const { host, pid } = ownerOf(holders[0] ?? '');
  return `process ${pid} on ${host}`;
}

const nameOf = ({ host, pid, started }: Owner): string => [pid, started, randomUUID(), host].join('~');
function ownerOf(name: string): Owner {
  const [pid, started, , host] = name.split('~');
  return { host: host ?? '', pid: Number(pid), started: started ?? '' };
}
