// Where the indexes lie: a folder that one server has to itself (a second one on the same path takes the next number), bounded in size, the
// least recently used index going first. Indexes are a cache: all can be removed at any time that no server runs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../common/ports.ts';
import { removeIndex } from '../store/index-file.ts';

const MOST_SERVERS = 16;

/** Held as long as the server runs. */
export type Claim = { readonly folder: string; readonly lock: Database };

/** @param lockDatabase opens a file that nobody else may have open @throws the last attempt's error */
export function claimFolder(root: string, lockDatabase: (path: string) => Database): Claim {
  let fault: unknown;
  for (let n = 1; n <= MOST_SERVERS; n++) {
    const folder = join(root, String(n));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      const lock = lockDatabase(join(folder, 'server.lock'));
      // An exclusive lock is taken by the first writing.
      lock.prepare('CREATE TABLE IF NOT EXISTS taken (pid INTEGER)').run();
      lock.prepare('DELETE FROM taken').run();
      lock.prepare('INSERT INTO taken VALUES (?)').run(process.pid);
      return { folder, lock };
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

export class IndexFolder {
  readonly #folder: string;
  readonly #logFolder: string;
  readonly #maxBytes: number;

  constructor(folder: string, logFolder: string, maxBytes: number) {
    this.#folder = folder;
    this.#logFolder = logFolder;
    this.#maxBytes = maxBytes;
  }

  pathOf(key: string): string {
    return join(this.#folder, `${createHash('sha256').update(`${this.#logFolder}\n${key}`).digest('hex').slice(0, 40)}.sqlite`);
  }

  has(key: string): boolean {
    return existsSync(this.pathOf(key));
  }

  /** 0: there is none. */
  bytesOf(key: string): number {
    return statSync(this.pathOf(key), { throwIfNoEntry: false })?.size ?? 0;
  }

  used(key: string): void {
    const now = new Date();
    try {
      utimesSync(this.pathOf(key), now, now);
    } catch {
      // gone: it is made anew when it is wanted
    }
  }

  get usedBytes(): number {
    return this.#files().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** No room to read logs ahead: only what is asked for. */
  get isFull(): boolean {
    return this.usedBytes > this.#maxBytes * 0.8;
  }

  /** @param inUse paths that are open @returns paths that were removed */
  shrink(inUse: ReadonlySet<string>): string[] {
    const files = this.#files().sort((a, b) => a.usedAtMs - b.usedAtMs);
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const removed: string[] = [];
    for (const file of files) {
      if (bytes <= this.#maxBytes) break;
      if (inUse.has(file.path)) continue;
      removeIndex(file.path);
      removed.push(file.path);
      bytes -= file.bytes;
    }
    return removed;
  }

  /** Of logs that are no more. */
  keepOnly(keys: Iterable<string>): void {
    const wanted = new Set([...keys].map((key) => this.pathOf(key)));
    for (const { path } of this.#files()) if (!wanted.has(path)) removeIndex(path);
  }

  #files(): { path: string; bytes: number; usedAtMs: number }[] {
    return readdirSync(this.#folder).flatMap((name) => {
      if (!name.endsWith('.sqlite')) return [];
      try {
        const path = join(this.#folder, name);
        const { size, mtimeMs } = statSync(path);
        const wal = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0;
        return [{ path, bytes: size + wal, usedAtMs: mtimeMs }];
      } catch {
        return [];
      }
    });
  }
}
