// Users with a secret of their own, made and taken back by whoever runs the cluster: what `emberloom user` does. Nothing of it needs a
// running ResourceManager; daemons read the list at the next connection. Who may do this is whoever may read the cluster's secret.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { userSecretText } from '../platform/client-identity.ts';
import { type Account, asAccount, findAccount } from '../platform/accounts.ts';
import { dataDirOf, type Environment } from '../platform/find-cluster.ts';
import { noteUser, type RegisteredUser, readUsers } from '../platform/user-registry.ts';
import { httpToken, isUserName, userSecret } from '../rpc/user-secret.ts';

export type IssuedUser = RegisteredUser & { /** Where the secret was put. */ readonly file: string; readonly installed: boolean };

/** @throws AppError USER_INVALID, DATA_DIR_UNUSABLE */
export async function addUser(
  env: Environment,
  name: string,
  { renew, to }: { renew: boolean; to?: string | undefined },
): Promise<IssuedUser> {
  const dataDir = dataDirOf(env);
  const cluster = clusterSecretOf(dataDir);
  if (!isUserName(name)) throw new AppError('USER_INVALID', { user: name, reason: 'up to 64 letters, digits, _ . @ - are a user name' });
  const before = readUsers(dataDir).get(name);
  const generation = before === undefined ? 1 : before.revoked || renew ? before.generation + 1 : before.generation;
  const user = { name, generation, revoked: false };
  const text = userSecretText(name, generation, userSecret(cluster, name, generation));
  const account = to === undefined && userInfo().uid === 0 ? await findAccount(name) : undefined;
  const file = to ?? (account === undefined ? join(dataDir, 'issued', `${name}.secret`) : homeFile(account));
  try {
    // In his home it is written with his rights: a link that he has put there leads nowhere that he could not go himself.
    if (account === undefined) putFile(file, text);
    else asAccount(account, () => putFile(file, text));
  } catch (error) {
    throw new AppError('DATA_DIR_UNUSABLE', { path: file, detail: (error as Error).message }, { cause: error });
  }
  if (before?.generation !== generation || before.revoked) noteUser(dataDir, user);
  return { ...user, file, installed: account !== undefined };
}

/** What was made before counts no more, from the next connection on. @throws AppError USER_INVALID, DATA_DIR_UNUSABLE */
export function revokeUser(env: Environment, name: string): RegisteredUser {
  const dataDir = dataDirOf(env);
  clusterSecretOf(dataDir);
  const user = readUsers(dataDir).get(name);
  if (user === undefined) throw new AppError('USER_INVALID', { user: name, reason: 'has no secret of his own (emberloom user list)' });
  const revoked = { ...user, revoked: true };
  noteUser(dataDir, revoked);
  return revoked;
}

/** @throws AppError DATA_DIR_UNUSABLE */
export function listUsers(env: Environment): RegisteredUser[] {
  const dataDir = dataDirOf(env);
  clusterSecretOf(dataDir);
  return [...readUsers(dataDir).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a user shows to the web pages: `name:token`, from the secret that this process would connect with. */
export const webToken = ({ id, secret }: { id: string; secret: string }): string => {
  const name = id.slice(id.indexOf(':') + 1);
  return `${name}:${httpToken(secret, name)}`;
};

const homeFile = ({ home }: Account): string => join(home, '.config', 'emberloom', 'user-secret');

function putFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text, { mode: 0o600, flag: 'wx' });
  renameSync(aside, file);
}

function clusterSecretOf(dataDir: string): string {
  const path = join(dataDir, 'secret');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new AppError('DATA_DIR_UNUSABLE', {
      path,
      detail: `${(error as Error).message}; only whoever runs the cluster can issue secrets, and only once it has been started`,
    });
  }
}
