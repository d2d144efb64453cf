// Which users have a secret of their own: <data>/users, one line each, `name generation` or `name generation revoked`. Written by
// `emberloom user`, read by daemons; a change counts from the next connection on, without a restart.
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type RegisteredUser = { readonly name: string; readonly generation: number; readonly revoked: boolean };

const LINE = /^(\S+) (\d+)( revoked)?$/;
const HEAD = '# Users with a secret of their own: name, generation. Written by `emberloom user`.';

const fileOf = (dataDir: string): string => join(dataDir, 'users');

/** @throws Error when the file is there and can't be read or understood: then nobody is let in by it */
export function readUsers(dataDir: string): Map<string, RegisteredUser> {
  let text: string;
  try {
    text = readFileSync(fileOf(dataDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
  const users = new Map<string, RegisteredUser>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const parts = LINE.exec(line.trim());
    if (parts === null) throw new Error(`${fileOf(dataDir)}:${index + 1}: expected "name generation [revoked]"`);
    users.set(parts[1]!, { name: parts[1]!, generation: Number(parts[2]), revoked: parts[3] !== undefined });
  }
  return users;
}

export function writeUsers(dataDir: string, users: ReadonlyMap<string, RegisteredUser>): void {
  const lines = [...users.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((u) => `${u.name} ${u.generation}${u.revoked ? ' revoked' : ''}`);
  const aside = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(aside, `${[HEAD, ...lines].join('\n')}\n`, { mode: 0o600 });
  renameSync(aside, fileOf(dataDir));
}

/** Reads the file again when it has changed. @returns the generation of a user, undefined: he has no secret (any more) */
export function watchedUsers(dataDir: string, onFault: (fault: string) => void): (name: string) => number | undefined {
  let seen = '';
  let users: ReadonlyMap<string, RegisteredUser> = new Map();
  return (name) => {
    const at = statSync(fileOf(dataDir), { throwIfNoEntry: false });
    const version = at === undefined ? '' : `${at.ino} ${at.mtimeMs} ${at.size}`;
    if (version !== seen) {
      seen = version;
      try {
        users = readUsers(dataDir);
      } catch (error) {
        users = new Map();
        onFault((error as Error).message);
      }
    }
    const user = users.get(name);
    return user === undefined || user.revoked ? undefined : user.generation;
  };
}
