// Where everything of a container lies on this node: work folder, logs, control files. Only names and makes folders; who fills
// them is container-runner.ts. Layout: YARN's (usercache/<user>/appcache/<application>/<container>), so its tools and habits fit.
import { existsSync, mkdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserPlaces } from './user-folders.ts';
import type { ApplicationId, ContainerId } from '../../common/ids.ts';

type Named = { readonly id: ContainerId; readonly applicationId: ApplicationId; readonly user: string };

export type NodeFolders = {
  /** state/nm-<name>: journal, control files. */
  readonly stateDir: string;
  readonly localDirs: readonly string[];
  readonly logDirs: readonly string[];
};

/** A user's name as a folder: nothing that climbs or hides. */
export const userFolder = (user: string): string => encodeURIComponent(user).replace(/^\./, '%2E').replaceAll('*', '%2A') || 'nobody';

export class ContainerFolders {
  readonly #all: NodeFolders;
  readonly #usableLocal: () => readonly string[];
  readonly #usableLogs: () => readonly string[];

  /** @param usable the folders whose disks are well now (disk-health.ts); all when none is */
  constructor(all: NodeFolders, usable: { local: () => readonly string[]; logs: () => readonly string[] }) {
    this.#all = all;
    this.#usableLocal = usable.local;
    this.#usableLogs = usable.logs;
  }

  /** Application-level folders, one for each usable disk: LOCAL_DIRS. They outlive the container (shuffle files). */
  applicationDirs({ applicationId, user }: Pick<Named, 'applicationId' | 'user'>): string[] {
    return this.#usableLocal().map((dir) => appcache(dir, user, applicationId));
  }

  /** On all disks, well or not. */
  allApplicationDirs({ applicationId, user }: Pick<Named, 'applicationId' | 'user'>): string[] {
    return this.#all.localDirs.map((dir) => appcache(dir, user, applicationId));
  }

  /** Where it is; a new one goes to one of the usable disks, spread by id. */
  workDir(c: Named): string {
    const at = (dir: string) => join(appcache(dir, c.user, c.applicationId), c.id);
    return at(this.#all.localDirs.find((dir) => existsSync(at(dir))) ?? pick(this.#usableLocal(), c.id));
  }

  logDir(c: Pick<Named, 'id' | 'applicationId'>): string {
    const at = (dir: string) => join(dir, c.applicationId, c.id);
    return at(this.#all.logDirs.find((dir) => existsSync(at(dir))) ?? pick(this.#usableLogs(), c.id));
  }

  /** Pid, exit code and tokens: the NodeManager's own, not the container's to write. */
  controlDir(id: ContainerId): string {
    return join(this.#all.stateDir, 'containers', id);
  }

  prestartDir(name: string): string {
    return join(this.#all.stateDir, 'prestart', name);
  }

  /** Logs of a process that may become any container: on the disk of a log folder, so that they can be renamed. */
  prestartLogDir(name: string): string {
    return join(this.#all.logDirs[0]!, '.prestart', name);
  }

  get logRoots(): readonly string[] {
    return this.#all.logDirs;
  }

  /** All places where logs of an application may lie. */
  applicationLogDirs(applicationId: ApplicationId): string[] {
    return this.#all.logDirs.map((dir) => join(dir, applicationId));
  }

  /** @throws Error ENOSPC, EACCES … */
  make(c: Named): void {
    for (const dir of this.applicationDirs(c)) mkdirSync(dir, { recursive: true, mode: 0o710 });
    mkdirSync(this.workDir(c), { recursive: true, mode: 0o710 });
    mkdirSync(this.logDir(c), { recursive: true, mode: 0o710 });
    mkdirSync(this.controlDir(c.id), { recursive: true, mode: 0o700 });
  }

  /** For containers that run as their users (user-folders.ts). */
  userPlaces(c: Named): UserPlaces {
    const workDir = this.workDir(c);
    const disk = this.#all.localDirs.find((dir) => workDir.startsWith(join(dir, 'usercache')))!;
    return {
      applicationDirs: this.applicationDirs(c),
      workDir,
      logDir: this.logDir(c),
      controlDir: this.controlDir(c.id),
      privateDir: join(disk, 'nmPrivate', c.id),
    };
  }

  /** Of the application, on all disks, by the name of the user whose they are. */
  async userDirs(applicationId: ApplicationId): Promise<{ user: string; dir: string }[]> {
    const found: { user: string; dir: string }[] = [];
    for (const dir of this.#all.localDirs)
      for (const name of await readdir(join(dir, 'usercache')).catch(() => [])) {
        const at = join(dir, 'usercache', name, 'appcache', applicationId);
        if (existsSync(at)) found.push({ user: decodeURIComponent(name), dir: at });
      }
    return found;
  }

  async removeContainer(c: Named, keepWork: boolean): Promise<void> {
    const works = keepWork ? [] : this.#all.localDirs.map((dir) => join(appcache(dir, c.user, c.applicationId), c.id));
    await Promise.all([...works, this.controlDir(c.id)].map((dir) => rm(dir, { recursive: true, force: true })));
  }

  async removeApplication(applicationId: ApplicationId): Promise<void> {
    for (const dir of this.#all.localDirs) {
      const users = await readdir(join(dir, 'usercache')).catch(() => []);
      await Promise.all(users.map((user) => rm(join(dir, 'usercache', user, 'appcache', applicationId), { recursive: true, force: true })));
    }
  }
}

const appcache = (dir: string, user: string, applicationId: ApplicationId): string =>
  join(dir, 'usercache', userFolder(user), 'appcache', applicationId);

function pick(dirs: readonly string[], id: string): string {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) >>> 0;
  return dirs[hash % dirs.length]!;
}
