// As whom a container runs: a NodeManager that was started as root runs each one as the user who submitted it, in folders of that user;
// another runs all of them as itself. The rule about users is LinuxContainerExecutor's; what is different: root's own containers run when
// root runs the NodeManager, unless banned.users says otherwise. Why nothing is done in a user's folder with root's rights: docs/adr/0015.
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditSink } from '../../common/audit-line.ts';
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import type { Logger } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';

export type Account = { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string };
export type RunAsParts = {
  /** Who runs this NodeManager. */
  readonly own: { readonly user: string; readonly uid: number };
  readonly settings: Settings;
  readonly findAccount: (user: string) => Promise<Account | undefined>;
  /** Runs a helper to its end. */
  readonly run: (argv: readonly string[]) => Promise<void>;
  readonly logger: Logger;
};

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'];
const HELD_MS = 60_000;

/** Source: the settings' names are YARN's, in either form. */
const isLinux = (value: string): boolean => /(^|\.)LinuxContainerExecutor$/.test(value);
const isDefault = (value: string): boolean => /(^|\.)DefaultContainerExecutor$/.test(value);

export class RunAs {
  readonly #parts: RunAsParts;
  /** Containers run as their users. */
  readonly active: boolean;
  readonly #setpriv: string | undefined;
  readonly #known = new Map<string, { readonly until: number; readonly account: Account }>();
  readonly #told = new Set<string>();

  /** @throws AppError CONFIG_BAD_VALUE, RUN_AS_IMPOSSIBLE */
  constructor(parts: RunAsParts) {
    this.#parts = parts;
    const { own, settings } = parts;
    const asked = settings.get(KEYS.containerExecutor);
    if (asked !== undefined && !isLinux(asked) && !isDefault(asked))
      throw new AppError('CONFIG_BAD_VALUE', {
        key: KEYS.containerExecutor.name,
        value: asked,
        expected: 'LinuxContainerExecutor or DefaultContainerExecutor',
        where: 'settings',
      });
    this.#setpriv = SETPRIV.find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
    this.active = asked === undefined ? own.uid === 0 : isLinux(asked);
    if (!this.active) return;
    if (own.uid !== 0)
      throw new AppError('RUN_AS_IMPOSSIBLE', {
        reason: `this NodeManager runs as ${own.user}, and only root can start processes of other users`,
      });
    if (this.#setpriv === undefined)
      throw new AppError('RUN_AS_IMPOSSIBLE', { reason: 'there is no setpriv (package util-linux) on this machine' });
  }

  /** @returns undefined: as this NodeManager itself. @throws AppError RUN_AS_REFUSED */
  async accountFor(user: string): Promise<Account | undefined> {
    const { own, settings, logger } = this.#parts;
    if (!this.active) {
      if (user !== own.user && !this.#told.has(user)) {
        if (this.#told.size < 1_000) this.#told.add(user);
        logger.info(
          `Containers of ${user} run as ${own.user}: this NodeManager does not run them as their users (${KEYS.containerExecutor.name})`,
        );
      }
      return undefined;
    }
    const refuse = (reason: string) => new AppError('RUN_AS_REFUSED', { user, reason });
    if (settings.need(KEYS.bannedUsers).includes(user)) throw refuse(`banned.users names ${user}`);
    if (user === own.user) return undefined;
    const account = await this.#find(user);
    if (account === undefined) throw refuse(`there is no account ${user} on this node`);
    if (account.uid === 0) throw refuse(`${user} has the rights of root`);
    const min = settings.need(KEYS.minUserId);
    if (account.uid < min && !settings.need(KEYS.allowedSystemUsers).includes(user))
      throw refuse(`its user id ${account.uid} is below min.user.id ${min}, and allowed.system.users does not name it`);
    return account;
  }

  async #find(user: string): Promise<Account | undefined> {
    const found = this.#known.get(user);
    if (found !== undefined && found.until > performance.now()) return found.account;
    const account = await this.#parts.findAccount(user);
    if (account !== undefined) this.#known.set(user, { until: performance.now() + HELD_MS, account });
    return account;
  }

  /** What runs `argv` with the account's user, group and groups. */
  command({ uid, gid }: Account, argv: readonly string[]): string[] {
    return [this.#setpriv!, `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--', ...argv];
  }

  /** Copies a file with the account's rights to read it. @param to is the account's to write, and is there @throws Error with what cat said */
  async copy(account: Account, from: string, to: string): Promise<void> {
    await this.#parts.run(this.command(account, ['/bin/sh', '-c', 'exec cat -- "$1" >"$2"', 'copy', from, to]));
  }

  /**
   * Removes what lies in a user's folders with his rights: a link that he puts in the way at the last moment leads nowhere that he could
   * not go himself. What is then left (a folder in one of root's) is removed when it is empty.
   */
  async remove(account: Account, paths: readonly string[]): Promise<void> {
    const there = paths.filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
    if (there.length === 0) return;
    const script = 'chmod -R u+rwX -- "$@" 2>/dev/null; rm -rf -- "$@" 2>/dev/null; exit 0';
    await this.#parts.run(this.command(account, ['/bin/sh', '-c', script, 'remove', ...there]));
  }

  /** Folders that users must get through, and those that they must not get into. At the start of the NodeManager. */
  openFolders({ dataDir, localDirs, logDirs }: { dataDir: string; localDirs: readonly string[]; logDirs: readonly string[] }): void {
    if (!this.active) return;
    for (const dir of localDirs) {
      for (const [name, mode] of [
        ['', 0o711],
        ['usercache', 0o711],
        ['nmPrivate', 0o711],
        ['filecache', 0o700],
      ] as const) {
        mkdirSync(join(dir, name), { recursive: true, mode });
        chmodSync(join(dir, name), mode);
      }
    }
    for (const dir of [dataDir, join(dataDir, 'local'), join(dataDir, 'userlogs'), join(dataDir, 'run')]) chmodIfThere(dir, 0o711);
    for (const dir of logDirs) chmodIfThere(dir, 0o711);
  }
}

/** What a NodeManager can do without: default, all as this process, and nothing written down. */
export type SecurityPorts = { readonly runAs?: RunAsUser | undefined; readonly audit?: AuditSink | undefined };

export type RunAsUser = Pick<RunAs, 'active' | 'accountFor' | 'command' | 'copy' | 'remove' | 'openFolders'>;
/** All containers run as this process: clusters inside a program, tests. */
export const AS_ITSELF: RunAsUser = {
  active: false,
  accountFor: async () => undefined,
  command: (_, argv) => [...argv],
  copy: (_, from, to) => copyFile(from, to),
  remove: async () => {},
  openFolders: () => {},
};

function chmodIfThere(dir: string, mode: number): void {
  if (statSync(dir, { throwIfNoEntry: false })?.uid === process.getuid!()) chmodSync(dir, mode);
}
