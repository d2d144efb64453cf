// Accounts of this machine, as its name service knows them (files, LDAP): `getent passwd`. And doing a thing with an account's rights.
import { execFile } from 'node:child_process';

export type Account = { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string };

const LIMIT_MS = 5_000;

/** @returns undefined: there is no such account */
export function findAccount(name: string): Promise<Account | undefined> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/.test(name) || /^\d+$/.test(name)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    execFile('getent', ['passwd', name], { timeout: LIMIT_MS, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }, (error, stdout) => {
      const fields = stdout.split('\n')[0]?.split(':') ?? [];
      const [uid, gid] = [Number(fields[2]), Number(fields[3])];
      const known = !error && fields[0] === name && Number.isSafeInteger(uid) && Number.isSafeInteger(gid);
      resolve(known ? { name, uid, gid, home: fields[5] ?? '/' } : undefined);
    });
  });
}

const RUN_LIMIT_MS = 600_000;

/** A helper of a few moments, in `/` and with nothing in its environment. @throws Error when it ends with another code than 0 */
export function runToEnd(argv: readonly string[]): Promise<void> {
  const [file, ...args] = argv;
  return new Promise((resolve, reject) => {
    execFile(file!, args, { timeout: RUN_LIMIT_MS, cwd: '/', env: { PATH: '/usr/bin:/bin' } }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

/** Synchronous, for root: this process has the account's rights while `run` runs, and its own again afterwards. */
export function asAccount<T>({ name, uid, gid }: Account, run: () => T): T {
  const [ownUid, ownGid, ownGroups] = [process.geteuid!(), process.getegid!(), process.getgroups!()];
  (process as unknown as { initgroups(user: string, group: number): void }).initgroups(name, gid);
  process.setegid!(gid);
  process.seteuid!(uid);
  try {
    return run();
  } finally {
    process.seteuid!(ownUid);
    process.setegid!(ownGid);
    process.setgroups!(ownGroups);
  }
}
