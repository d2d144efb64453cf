// Which users have a secret of their own: <data>/users, lines of `name generation` or `name generation revoked`, of which a user's last one counts.
// Written by `emberloom user`, read by daemons; a change counts from the next connection on, without a restart. Lines are only added: two who add
// users at once can't lose one another's.
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export type RegisteredUser = { readonly name: string; readonly generation: number; readonly revoked: boolean };

const LINE = /^(\S+) (\d+)( revoked)?$/;
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

/** @throws Error ENOSPC …: nothing was written */
export function noteUser(dataDir: string, { name, generation, revoked }: RegisteredUser): void {
  const file = openSync(fileOf(dataDir), 'a', 0o600);
  try {
    const before = fstatSync(file).size;
    const line = Buffer.from(`${name} ${generation}${revoked ? ' revoked' : ''}\n`);
    if (writeSync(file, line) === line.length) return;
    ftruncateSync(file, before); // half a line would close the door to all
    throw new Error(`no space is left for ${fileOf(dataDir)}`);
  } finally {
    closeSync(file);
  }
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
