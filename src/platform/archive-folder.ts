// Where the entries of an archive land: a folder that nothing leaves. Knows no format (unpack-zip.ts and unpack-tar.ts feed it).
// Links are made last, when all files are written, so that nothing is ever written through one; then each is followed and must
// stay inside. Names are checked before anything is touched, sizes while they arrive.
import { chmod, link, lstat, mkdir, open, realpath, symlink } from 'node:fs/promises';
import { dirname, join, normalize, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../common/errors.ts';
import type { UnpackLimits } from '../common/ports.ts';

type Link = { readonly entry: string; readonly target: string; readonly hard: boolean };

export class ArchiveFolder {
  readonly #archive: string;
  readonly #root: string;
  readonly #limits: UnpackLimits;
  readonly #links: Link[] = [];
  readonly #dirs = new Set<string>();
  #bytes = 0;
  #entries = 0;

  /** @param root an empty folder @param archive its name for error sentences */
  constructor(archive: string, root: string, limits: UnpackLimits) {
    this.#archive = archive;
    this.#root = root;
    this.#limits = limits;
  }

  async directory(entry: string): Promise<void> {
    await this.#make(this.#path(entry));
  }

  /** @throws AppError ARCHIVE_ESCAPES, LOCALIZATION_FAILED */
  async file(entry: string, content: Readable, mode: number): Promise<void> {
    const path = this.#path(entry);
    await this.#make(dirname(path));
    // wx: a second entry of the same name, or a file where a folder was, is a broken archive rather than a surprise.
    const file = await open(path, 'wx', 0o600).catch((error: Error) => this.#failed(error.message));
    try {
      for await (const chunk of content as AsyncIterable<Buffer>) {
        this.#bytes += chunk.length;
        if (this.#bytes > this.#limits.maxBytes) this.#failed(`it unpacks to more than ${this.#limits.maxBytes} bytes`);
        await file
          .write(chunk)
          .catch((error: NodeJS.ErrnoException) =>
            this.#failed(error.code === 'ENOSPC' ? `no space is left on the disk of ${this.#root}` : error.message),
          );
      }
      await file.chmod(mode & 0o111 ? 0o555 : 0o444);
    } finally {
      await file.close();
    }
  }

  link(entry: string, target: string, hard: boolean): void {
    this.#path(entry);
    const inside = hard ? join(this.#root, target) : resolve(dirname(join(this.#root, entry)), target);
    if (target.startsWith('/') || !this.#holds(inside)) this.#escapes(`${entry} -> ${target}`);
    this.#links.push({ entry, target, hard });
  }

  /** After the last entry. */
  async finish(): Promise<void> {
    for (const { entry, target } of this.#links.filter((l) => l.hard)) await this.#hardLink(entry, target);
    const soft = this.#links.filter((l) => !l.hard);
    for (const { entry, target } of soft) {
      const path = join(this.#root, entry);
      await this.#make(dirname(path));
      await symlink(target, path).catch((error: Error) => this.#failed(error.message));
    }
    const root = await realpath(this.#root);
    for (const { entry, target } of soft) {
      // A link to nowhere is harmless; one that leads out through another link is not.
      const real = await realpath(join(this.#root, entry)).catch(() => root);
      if (real !== root && !real.startsWith(root + sep)) this.#escapes(`${entry} -> ${target}`);
    }
  }

  async #hardLink(entry: string, target: string): Promise<void> {
    const from = join(this.#root, target);
    if (!(await lstat(from).catch(() => undefined))?.isFile()) this.#failed(`${entry} is a link to ${target}, which is no file of it`);
    const path = join(this.#root, entry);
    await this.#make(dirname(path));
    await link(from, path).catch((error: Error) => this.#failed(error.message));
  }

  #path(entry: string): string {
    if (++this.#entries > this.#limits.maxEntries) this.#failed(`it has more than ${this.#limits.maxEntries} entries`);
    const path = normalize(join(this.#root, entry));
    // Even an inner `..` is refused: no archiver writes one, and it may climb through a link.
    if (entry.startsWith('/') || entry.includes('\0') || entry.split(/[\\/]/).includes('..') || !this.#holds(path)) this.#escapes(entry);
    return path.endsWith(sep) ? path.slice(0, -1) : path;
  }

  #holds(path: string): boolean {
    return path === this.#root || path === this.#root + sep || path.startsWith(this.#root + sep);
  }

  async #make(dir: string): Promise<void> {
    if (this.#dirs.has(dir)) return;
    await mkdir(dir, { recursive: true, mode: 0o755 }).catch((error: Error) => this.#failed(error.message));
    await chmod(dir, 0o755);
    this.#dirs.add(dir);
  }

  #escapes(entry: string): never {
    throw new AppError('ARCHIVE_ESCAPES', { archive: this.#archive, entry });
  }

  #failed(detail: string): never {
    throw new AppError('LOCALIZATION_FAILED', { resource: this.#archive, detail });
  }
}
