// Who this process is to the daemons: with the cluster's secret anybody it likes to be (it belongs to whoever runs the cluster), else the
// user whose own secret is in his home, as `emberloom user add` made it. docs/SECURITY.md tells how the file gets there.
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';

export type ClientIdentity = {
  /** `client:<any name>` or `user:<name>`. */
  readonly id: string;
  readonly secret: string;
};
type Environment = Readonly<Record<string, string | undefined>>;

/** EMBERLOOM_USER_SECRET, default `~/.config/emberloom/user-secret`. */
export const userSecretFile = (env: Environment): string =>
  env['EMBERLOOM_USER_SECRET'] || join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'emberloom', 'user-secret');

/** One line: `name generation secret`. */
export const userSecretText = (name: string, generation: number, secret: string): string => `${name} ${generation} ${secret}\n`;

/** The name in the secret of this process's own, where that is all it has; undefined where it has the cluster's, or none. */
export function ownName(secretFile: string, env: Environment = process.env): string | undefined {
  try {
    accessSync(secretFile, constants.R_OK);
    return undefined;
  } catch {
    try {
      return readFileSync(userSecretFile(env), 'utf8').trim().split(/\s+/)[0] || undefined;
    } catch {
      return undefined;
    }
  }
}

/**
 * @param user in whose name the caller wants to act; who has only a secret of his own proves himself, and asks in that name
 * @throws AppError RM_UNREACHABLE
 */
export function clientIdentity(secretFile: string, address: string, user: string, env: Environment = process.env): ClientIdentity {
  const refuse = (detail: string, cause?: unknown) => new AppError('RM_UNREACHABLE', { address, detail }, { cause });
  let why: NodeJS.ErrnoException;
  try {
    return { id: `client:${user}`, secret: readFileSync(secretFile, 'utf8').trim() };
  } catch (error) {
    why = error as NodeJS.ErrnoException;
  }
  const own = userSecretFile(env);
  const at = statSync(own, { throwIfNoEntry: false });
  if (at !== undefined) {
    if ((at.mode & 0o077) !== 0) throw refuse(`others may read your secret ${own}: chmod 600 it`);
    const [name, generation, secret] = readFileSync(own, 'utf8').trim().split(/\s+/);
    if (secret === undefined || !/^\d+$/.test(generation ?? '') || !/^[0-9a-f]{64}$/.test(secret))
      throw refuse(`${own} holds no secret of a user (\`emberloom user add\` makes one)`);
    return { id: `user:${name}`, secret };
  }
  const cluster =
    why.code === 'ENOENT' ? `there is no cluster secret ${secretFile}` : `the cluster secret ${secretFile} can't be read: ${why.code}`;
  throw refuse(why.code === 'ENOENT' ? cluster : `${cluster}; nor do you have a secret of your own (${own})`, why);
}
