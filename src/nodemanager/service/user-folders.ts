// The folders and files of a container that runs as its user. Everything is made in folders that only root can change, given to the user
// when it is complete, and then moved to its place in one step: root never writes, opens or removes anything below a folder that a user
// can change. Who runs as whom is run-as.ts; names are container-folders.ts.
//
//   <local>/usercache/<user>/appcache          root's, 0711: nobody but root puts a folder there
//   <local>/usercache/<user>/appcache/<app>    the user's, 0700: executors write their blocks there
//   <local>/nmPrivate/<container>              root's, 0711: `work` until it is moved; `tokens` and `launch.sh`, the user's to read, 0400
//   <logs>/<app>                               root's, 0711
//   <logs>/<app>/<container>                   root's, 0700: stdout and stderr are open in the container; logs are rolled and packed by root
import { chmodSync, chownSync, closeSync, constants, fchownSync, lchownSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, copyFile, lstat, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Account } from './run-as.ts';

export type UserPlaces = {
  readonly applicationDirs: readonly string[];
  readonly workDir: string;
  readonly logDir: string;
  readonly controlDir: string;
  /** nmPrivate/<container> on the disk of the work folder. */
  readonly privateDir: string;
};

/** @returns where the work folder is to be filled */
export function makeUserFolders(at: UserPlaces, { uid, gid }: Account): string {
  for (const dir of at.applicationDirs) {
    const appcache = dirname(dir);
    mkdirSync(appcache, { recursive: true, mode: 0o711 });
    for (const own of [appcache, dirname(appcache)]) chmodSync(own, 0o711);
    if (!makeNew(dir, 0o700)) continue;
    chownSync(dir, uid, gid);
  }
  rmSync(at.privateDir, { recursive: true, force: true });
  mkdirSync(at.privateDir, { recursive: true });
  chmodSync(at.privateDir, 0o711); // whatever the umask
  const work = join(at.privateDir, 'work');
  mkdirSync(work, { mode: 0o700 });
  mkdirSync(dirname(at.logDir), { recursive: true, mode: 0o711 });
  chmodSync(dirname(at.logDir), 0o711);
  makeNew(at.logDir, 0o700);
  mkdirSync(at.controlDir, { recursive: true, mode: 0o700 });
  return work;
}

function makeNew(dir: string, mode: number): boolean {
  try {
    mkdirSync(dir, { mode });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** The work folder is filled: it becomes the user's, and takes its place. @throws Error ENOTEMPTY when he has put something there */
export async function handOver({ privateDir, workDir }: UserPlaces, account: Account): Promise<void> {
  const work = join(privateDir, 'work');
  await giveTree(work, account);
  await rename(work, workDir);
}

/** Files of the cache have other links: they stay root's, readable and not writable; those that others may not read are copied. */
async function giveTree(path: string, { uid, gid }: Account): Promise<void> {
  const at = await lstat(path);
  if (at.isFile() && at.nlink > 1) {
    if ((at.mode & 0o004) !== 0) return;
    const copy = `${path}.own`;
    await copyFile(path, copy, constants.COPYFILE_EXCL);
    await chmod(copy, at.mode & 0o777);
    lchownSync(copy, uid, gid);
    await rename(copy, path);
    return;
  }
  if (at.isDirectory()) for (const name of await readdir(path)) await giveTree(join(path, name), { uid, gid } as Account);
  lchownSync(path, uid, gid);
}

/** stdout and stderr are root's: the process has them open, and finds them by no name. */
export function makeLogFiles({ logDir }: UserPlaces): void {
  for (const name of ['stdout', 'stderr']) {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
    const fd = openSync(join(logDir, name), flags, 0o600);
    fchownSync(fd, 0, 0);
    closeSync(fd);
  }
}

/** A file for the user alone to read. @returns its path */
export function writeForUser({ privateDir }: UserPlaces, name: string, text: string, { uid, gid }: Account): string {
  const path = join(privateDir, name);
  rmSync(path, { force: true });
  const fd = openSync(path, 'wx', 0o400);
  try {
    writeFileSync(fd, text);
    fchownSync(fd, uid, gid);
  } finally {
    closeSync(fd);
  }
  return path;
}

let made = 0;
/** An empty file for the user to write, where he finds it and no other does. @returns its path */
export function makeForUser({ privateDir }: UserPlaces, { uid, gid }: Account): string {
  const path = join(privateDir, `copy-${++made}`);
  const fd = openSync(path, 'wx', 0o600);
  fchownSync(fd, uid, gid);
  closeSync(fd);
  return path;
}

export async function removePrivate({ privateDir }: Pick<UserPlaces, 'privateDir'>): Promise<void> {
  await rm(privateDir, { recursive: true, force: true });
}
