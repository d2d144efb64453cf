// Writing to local folders: every failure is LOCAL_DISK with the path, and nothing half written stays behind.
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync, writevSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../common/errors.ts';

/** Buffers per writev; Linux takes at most 1,024. */
const AT_ONCE = 512;

/** A file under a temporary name until `commit`. */
export class NewFile {
  readonly path: string;
  readonly #temporary: string;
  #fd: number | undefined;
  /** Bytes written so far. */
  size = 0;

  /** @param suffix makes the temporary name unique, among attempts of the same task too */
  constructor(file: string, suffix: string) {
    this.path = file;
    this.#temporary = `${file}.${suffix}.tmp`;
    this.#fd = guarded(file, () => {
      try {
        return openSync(this.#temporary, 'wx', 0o600);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
        return openSync(this.#temporary, 'wx', 0o600);
      }
    });
  }

  write(buffers: readonly Uint8Array[]): void {
    this.#guard(() => {
      for (let i = 0; i < buffers.length; i += AT_ONCE) this.#writeAll(buffers.slice(i, i + AT_ONCE));
    });
  }

  #writeAll(buffers: readonly Uint8Array[]): void {
    const wanted = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    let written = writevSync(this.#fd!, buffers as Uint8Array[]);
    this.size += written;
    if (written === wanted) return;
    // A disk that is almost full takes a part first; the next write says why.
    for (const buffer of buffers) {
      const done = Math.min(written, buffer.length);
      written -= done;
      for (let at = done; at < buffer.length; ) {
        const n = writeSync(this.#fd!, buffer, at);
        at += n;
        this.size += n;
      }
    }
  }

  commit(): void {
    this.#guard(() => {
      closeSync(this.#fd!);
      this.#fd = undefined;
      renameSync(this.#temporary, this.path);
    });
  }

  /** Safe at any time, also after commit. */
  discard(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    rmSync(this.#temporary, { force: true });
  }

  #guard(work: () => void): void {
    try {
      guarded(this.path, work);
    } catch (error) {
      this.discard();
      throw error;
    }
  }
}

function guarded<R>(file: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const detail = code === 'ENOSPC' ? 'No space left on device' : message;
    throw new AppError('LOCAL_DISK', { path: file, detail }, { cause: error });
  }
}
