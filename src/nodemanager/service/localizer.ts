// Brings what a container needs into its work folder: files, unpacked archives, folders. Through the cache (file-cache.ts) by
// hard link when the submitter named a hash, else by copy. Source: YARN's ContainerLocalizer; the places are YARN's.
import { copyFile, link, lstat, mkdir, readdir, readlink, rm, stat, symlink } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId } from '../../common/ids.ts';
import type { Clock, Unpacker, UnpackLimits } from '../../common/ports.ts';
import type { LocalResource } from '../../rpc/messages/shapes.ts';
import type { FileCache } from './file-cache.ts';

export type LocalizerPorts = {
  readonly cache: FileCache;
  readonly unpacker: Unpacker;
  readonly limits: UnpackLimits;
  readonly clock: Clock;
  /** Files that were left with the ResourceManager (staged-fetch.ts). */
  readonly staged: { fetch(applicationId: ApplicationId, sha256: string, to: string): Promise<void> };
};

/**
 * Files of this host that a submission names, where containers run as their users: copied with the user's rights, so that nobody is given what he may
 * not read himself. @returns where the copy is; it is the caller's to remove
 */
export type ReadAs = (path: string) => Promise<string>;

/** Thrown inside when a cached file was written to after it was made. */
class Tainted extends Error {}

export class Localizer {
  readonly #ports: LocalizerPorts;

  constructor(ports: LocalizerPorts) {
    this.#ports = ports;
  }

  /** All or nothing for the caller; what is already there goes with the work folder. @throws AppError LOCALIZATION_FAILED, ARCHIVE_ESCAPES */
  async localize(resources: readonly LocalResource[], workDir: string, applicationId: ApplicationId, readAs?: ReadAs): Promise<void> {
    await Promise.all(resources.map((resource) => this.#one(resource, workDir, applicationId, readAs)));
  }

  async #one(resource: LocalResource, workDir: string, applicationId: ApplicationId, readAs: ReadAs | undefined): Promise<void> {
    const { name, path, stagedFor } = resource;
    const failed = (detail: string) => new AppError('LOCALIZATION_FAILED', { resource: path, detail });
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) throw failed(`${JSON.stringify(name)} is no plain file name`);
    if (!isAbsolute(path)) throw failed('its path is not absolute');
    if (stagedFor !== undefined && stagedFor !== applicationId) throw failed(`it is a file of ${stagedFor}`);
    try {
      await (stagedFor === undefined
        ? this.#place(resource, join(workDir, name), readAs)
        : this.#fetched(resource, stagedFor, join(workDir, name)));
    } catch (error) {
      if (error instanceof AppError) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw failed('it does not exist (any more)');
      if (code === 'ENOSPC' || code === 'EDQUOT') throw failed(`no space is left on the disk of ${workDir}`);
      if (code === 'EEXIST') throw failed(`two resources have the name ${name}`);
      throw failed(message);
    }
  }

  async #place(resource: LocalResource, to: string, readAs: ReadAs | undefined): Promise<void> {
    const { kind, path, sha256 } = resource;
    const found = await stat(path);
    const refuse = (detail: string) => new AppError('LOCALIZATION_FAILED', { resource: path, detail });
    if (found.isDirectory() !== (kind === 'folder')) throw refuse(found.isDirectory() ? 'it is a folder' : 'it is no folder');
    if (kind !== 'folder' && !found.isFile()) throw refuse('it is a pipe, a socket or a device'); // reading it may never end
    if (kind === 'folder') return symlink(path, to);
    if (sha256 !== undefined) {
      const fetch = readAs && ((aside: string) => reading(path, readAs, (copy) => copyFile(copy, aside)));
      return this.#fromCache({ path, sha256, kind, fetch }, to);
    }
    await reading(path, readAs, async (readable) => {
      if (kind === 'file') return copyFile(readable, to);
      await mkdir(to);
      await this.#ports.unpacker.unpack(readable, basename(path), to, this.#ports.limits);
    });
  }

  async #fetched({ kind, path, sha256 }: LocalResource, stagedFor: ApplicationId, to: string): Promise<void> {
    if (sha256 === undefined || kind === 'folder') throw new Error('a file of another host needs a hash, and a folder an archive');
    const fetch = (aside: string) => this.#ports.staged.fetch(stagedFor, sha256, aside);
    await this.#fromCache({ path, sha256, kind, fetch }, to);
  }

  async #fromCache(wanted: Parameters<FileCache['use']>[0], to: string): Promise<void> {
    const { cache, clock } = this.#ports;
    for (let attempt = 0; ; attempt++) {
      let cached = false;
      try {
        await cache.use(wanted, clock.nowMs(), async (content) => {
          cached = true;
          // The folder of an entry was last changed when the entry was made; a file in it that is younger was written through a link.
          const madeAtMs = (await stat(join(content, '..', 'bytes'))).mtimeMs;
          if (wanted.kind === 'file') await linkFile(join(content, 'file'), to, madeAtMs);
          else await linkTree(content, to, madeAtMs);
        });
        return;
      } catch (error) {
        const vanished = cached && (error as NodeJS.ErrnoException).code === 'ENOENT'; // somebody has swept the folder under us
        if (attempt > 0 || !(error instanceof Tainted || vanished)) throw error;
        await cache.drop(wanted);
        await rm(to, { recursive: true, force: true });
      }
    }
  }
}

/** @param use gets the file itself, or a copy that the user could make */
async function reading(path: string, readAs: ReadAs | undefined, use: (readable: string) => Promise<void>): Promise<void> {
  if (readAs === undefined) return use(path);
  const copy = await readAs(path);
  try {
    await use(copy);
  } finally {
    await rm(copy, { force: true });
  }
}

async function linkFile(from: string, to: string, madeAtMs: number): Promise<void> {
  if ((await lstat(from)).mtimeMs > madeAtMs) throw new Tainted(from);
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EXDEV' || error.code === 'EMLINK' || error.code === 'EPERM') return copyFile(from, to); // another disk
    throw error;
  });
}

async function linkTree(from: string, to: string, madeAtMs: number): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target, madeAtMs);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await linkFile(source, target, madeAtMs);
  }
}
