// Files and unpacked archives that containers of this node share, by the hash of their content, the least recently used leaving
// first. An entry is made aside and renamed in whole, so what is there is complete. Linking it into a work folder: localizer.ts.
// Source: YARN's public file cache (LocalResourcesTrackerImpl), by content rather than by address and time.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { Unpacker, UnpackLimits } from '../../common/ports.ts';

export type CacheOptions = {
  readonly dir: string;
  readonly targetBytes: number;
  readonly limits: UnpackLimits;
  readonly unpacker: Unpacker;
};
type Wanted = {
  readonly path: string;
  readonly sha256: string;
  readonly kind: 'file' | 'archive';
  /** Brings a file that is not on this host into `to`. */
  readonly fetch?: ((to: string) => Promise<void>) | undefined;
};
type Entry = { readonly bytes: number; usedAtMs: number };

export class FileCache {
  readonly #options: CacheOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #making = new Map<string, Promise<void>>();
  /** How many are at it now. */
  readonly #inUse = new Map<string, number>();
  #seq = 0;

  constructor(options: CacheOptions) {
    this.#options = options;
  }

  /** Finds what an earlier NodeManager cached. */
  open(): void {
    const root = this.#options.dir;
    mkdirSync(root, { recursive: true, mode: 0o755 });
    for (const name of readdirSync(root)) {
      const dir = join(root, name);
      try {
        if (name.startsWith('.'))
          rmSync(dir, { recursive: true, force: true }); // half made when an earlier NodeManager ended
        else this.#entries.set(name, { bytes: Number(readFileSync(join(dir, 'bytes'), 'utf8')), usedAtMs: statSync(dir).mtimeMs });
      } catch {
        rmSync(dir, { recursive: true, force: true });
      }
    }
  }

  /**
   * @param use given the cached file, or the folder of the unpacked archive. Both are read-only and must stay so. Until it is done
   *   the entry does not leave for want of space: more containers than the cache has room for would take it from each other.
   * @throws AppError LOCALIZATION_FAILED, ARCHIVE_ESCAPES; LOCALIZATION_FAILED too when the content is not what was submitted
   */
  async use(wanted: Wanted, nowMs: number, use: (content: string) => Promise<void>): Promise<void> {
    const name = `${wanted.kind}-${wanted.sha256}`;
    if (!/^(file|archive)-[0-9a-f]{64}$/.test(name))
      throw new AppError('LOCALIZATION_FAILED', { resource: wanted.path, detail: `${wanted.sha256} is no SHA-256` });
    this.#inUse.set(name, (this.#inUse.get(name) ?? 0) + 1);
    try {
      await use(await this.#get(name, wanted, nowMs));
    } finally {
      const users = this.#inUse.get(name)! - 1;
      if (users > 0) this.#inUse.set(name, users);
      else this.#inUse.delete(name);
    }
    await this.#shrink(name);
  }

  async #get(name: string, wanted: Wanted, nowMs: number): Promise<string> {
    if (!this.#entries.has(name)) {
      const making = this.#making.get(name) ?? this.#make(name, wanted, nowMs).finally(() => this.#making.delete(name));
      this.#making.set(name, making);
      await making;
    }
    const entry = this.#entries.get(name);
    if (entry) entry.usedAtMs = nowMs;
    const dir = join(this.#options.dir, name);
    await utimes(dir, nowMs / 1000, nowMs / 1000).catch(() => {});
    return join(dir, 'content');
  }

  /** Somebody changed the content through a link, or removed it: it must not reach the next container. */
  async drop(wanted: Wanted): Promise<void> {
    await this.#remove(`${wanted.kind}-${wanted.sha256}`);
  }

  async #make(name: string, { path, sha256, kind, fetch }: Wanted, nowMs: number): Promise<void> {
    const aside = join(this.#options.dir, `.${process.pid}-${++this.#seq}`);
    try {
      await mkdir(join(aside, 'content'), { recursive: true });
      const copy = kind === 'file' ? join(aside, 'content', 'file') : join(aside, 'archive');
      await fetch?.(copy);
      const found = fetch === undefined ? await copyAndHash(path, copy) : await hashOf(copy);
      if (found.sha256 !== sha256)
        throw new AppError('LOCALIZATION_FAILED', { resource: path, detail: 'it has changed since the application was submitted' });
      if (kind === 'file') await chmod(copy, 0o555);
      else {
        await this.#options.unpacker.unpack(copy, basename(path), join(aside, 'content'), this.#options.limits);
        await rm(copy);
      }
      const bytes = kind === 'file' ? found.bytes : await bytesUnder(join(aside, 'content'));
      await writeFile(join(aside, 'bytes'), String(bytes));
      await rename(aside, join(this.#options.dir, name));
      this.#entries.set(name, { bytes, usedAtMs: nowMs });
    } catch (error) {
      await rm(aside, { recursive: true, force: true });
      throw error;
    }
  }

  /** Work folders hold links of their own: what leaves the cache stays for those who use it. */
  async #shrink(keep: string): Promise<void> {
    let total = [...this.#entries.values()].reduce((sum, e) => sum + e.bytes, 0);
    const oldest = [...this.#entries]
      .filter(([name]) => name !== keep && !this.#inUse.has(name))
      .sort(([a, x], [b, y]) => x.usedAtMs - y.usedAtMs || (a < b ? -1 : 1));
    for (const [name, entry] of oldest) {
      if (total <= this.#options.targetBytes) return;
      await this.#remove(name);
      total -= entry.bytes;
    }
  }

  async #remove(name: string): Promise<void> {
    this.#entries.delete(name);
    const aside = join(this.#options.dir, `.gone-${process.pid}-${++this.#seq}`);
    await rename(join(this.#options.dir, name), aside).catch(() => {});
    await rm(aside, { recursive: true, force: true });
  }
}

async function copyAndHash(from: string, to: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  const out = await open(to, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      await out.write(chunk);
    }
  } finally {
    await out.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function hashOf(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function bytesUnder(dir: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(dir, { recursive: true })) bytes += (await lstat(join(dir, name))).size;
  return bytes;
}
