// The data folder of a cluster and the secret in it: hex text of 32 bytes, 0600, made by whoever starts first. Two that start at
// once end with the same secret: the file is written aside and linked in, which only one of them can do.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KEYS } from '../common/config-keys.ts';
import { AppError } from '../common/errors.ts';
import type { Secrets } from '../common/secrets.ts';
import type { Settings } from '../common/settings.ts';

/**
 * Makes the folder and those in it that every daemon needs.
 * @param open other users of this machine may go through it to the sockets, and stage files of their own (emberloom.users.open-sockets)
 * @throws AppError DATA_DIR_UNUSABLE
 */
export function makeDataDir(dataDir: string, open = false): void {
  try {
    makeFolder(dataDir);
    for (const name of ['run', 'state', 'logs', 'pids', 'staging']) mkdirSync(join(dataDir, name), { recursive: true, mode: 0o700 });
    chmodSync(join(dataDir, 'run'), open ? 0o711 : 0o700);
    if (!open) return;
    chmodSync(dataDir, 0o711);
    chmodSync(join(dataDir, 'staging'), 0o1733); // everybody adds his own, nobody lists or removes another's
  } catch (error) {
    throw new AppError('DATA_DIR_UNUSABLE', { path: dataDir, detail: (error as Error).message });
  }
}

/** Of the daemons' Unix sockets. */
export const socketModeOf = (settings: Settings): number => (settings.need(KEYS.openSockets) ? 0o666 : 0o600);

/** As mkdir -p. Node's own recursive mkdir never returns where a folder can't be made in an existing one (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another daemon starts beside us
  }
}

/** @throws AppError DATA_DIR_UNUSABLE */
export function clusterSecret(dataDir: string): string {
  const path = join(dataDir, 'secret');
  const aside = join(dataDir, `.secret-${process.pid}`);
  try {
    try {
      return read(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    writeFileSync(aside, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    try {
      linkSync(aside, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // somebody else was first: theirs counts
    }
    rmSync(aside, { force: true });
    return read(path);
  } catch (error) {
    throw new AppError('DATA_DIR_UNUSABLE', { path: dataDir, detail: (error as Error).message });
  }
}

/**
 * The secret as it is now, however often it is replaced (`secret.next` and `secret.previous` beside it; what makes them: cli/secret-steps.ts).
 * A file that can't be read is told once and leaves what was read before. @throws AppError DATA_DIR_UNUSABLE
 */
export function clusterSecrets(dataDir: string, onFault: (fault: string) => void): Secrets {
  let known = [clusterSecret(dataDir)];
  let seen = '';
  const files = ['secret', 'secret.next', 'secret.previous'].map((name) => join(dataDir, name));
  const look = (): readonly string[] => {
    const found = files.map((file) => statSync(file, { throwIfNoEntry: false }));
    const version = found.map((at) => (at === undefined ? '-' : `${at.ino} ${at.mtimeMs} ${at.size}`)).join();
    if (version === seen) return known;
    seen = version;
    try {
      known = [read(files[0]!), ...files.slice(1).flatMap((file) => (existsSync(file) ? read(file) : []))];
    } catch (error) {
      onFault(`The cluster's secret: ${(error as Error).message}. What was read before counts on.`);
    }
    return known;
  };
  return { current: () => look()[0]!, accepted: look };
}

function read(path: string): string {
  const secret = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{32,}$/.test(secret)) throw new Error(`${path} holds no secret`);
  return secret;
}
