// Room on a disk that is ours: a file full of zeros, which is removed when the disk has no other room. Written in full, since a file with a hole
// keeps nothing.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const PIECE = Buffer.alloc(64 * 1024);

export class DiskReserve {
  readonly #path: string;
  readonly #bytes: number;
  #kept = false;

  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
  }

  /** @returns why it can't be kept; undefined: it is */
  keep(): string | undefined {
    if (this.#kept || this.#bytes === 0) return undefined;
    const half = `${this.#path}.new`;
    try {
      if (statSync(this.#path, { throwIfNoEntry: false })?.size !== this.#bytes) {
        // Twice of it: else it would take the last room from what has just found some.
        const { bavail, bsize } = statfsSync(dirname(this.#path));
        if (bavail * bsize < 2 * this.#bytes)
          return `${Math.floor((bavail * bsize) / 1024)} KB are free on its disk, ${Math.ceil((2 * this.#bytes) / 1024)} KB are needed to take new work`;
        const file = openSync(half, 'w', 0o600);
        try {
          for (let left = this.#bytes; left > 0; ) left -= writeSync(file, PIECE, 0, Math.min(left, PIECE.length));
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
        renameSync(half, this.#path);
      }
      this.#kept = true;
      return undefined;
    } catch (error) {
      rmSync(half, { force: true });
      return (error as Error).message;
    }
  }

  /** @returns false when nothing was kept */
  free(): boolean {
    if (!this.#kept) return false;
    this.#kept = false;
    try {
      rmSync(this.#path, { force: true });
      return true;
    } catch {
      return false; // a disk that can't be written
    }
  }
}
