// Temporary folders of this process, gone with it. After kill -9, or a Ctrl-C in the first moment of a program, nobody removes one: its
// name says whose it was, and the next program of this user that ends on this machine sweeps it away.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'emberloom-';
const NAME = /^emberloom-([0-9a-f]{6})-(\d+)-\w{6}$/;

let owned: Set<string> | undefined;
const bases = new Set<string>();

/** Process numbers mean something only where they were given: a /tmp may be shared with other hosts and containers. */
const here = (): string => {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // no Linux: the host has to do
  }
  return createHash('sha256').update(`${hostname()}\n${namespace}`).digest('hex').slice(0, 6);
};

/** 0700. @throws Error with the system's words when it can't be made */
export function makeTemporaryFolder(base: string): string {
  const folder = mkdtempSync(join(base, `${PREFIX}${here()}-${process.pid}-`));
  bases.add(base);
  if (owned === undefined) {
    owned = new Set();
    process.on('exit', () => {
      for (const path of owned!) remove(path);
      for (const path of bases) sweepTemporaryFolders(path);
    });
  }
  owned.add(folder);
  return folder;
}

/** Before the end of the process, as soon as nobody needs it. */
export function removeTemporaryFolder(folder: string): void {
  remove(folder);
  owned?.delete(folder);
}

/** Removes the folders of processes of this user that are dead. */
export function sweepTemporaryFolders(base: string): void {
  const mine = here();
  for (const name of namesIn(base)) {
    const [, place, pid] = NAME.exec(name) ?? [];
    if (place === mine && Number(pid) !== process.pid && !isAlive(Number(pid))) remove(join(base, name));
  }
}

function namesIn(base: string): string[] {
  try {
    return readdirSync(base);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // somebody else's, or gone meanwhile
  }
}
