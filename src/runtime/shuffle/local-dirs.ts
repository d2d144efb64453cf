// Which of the local folders (one for each disk) a file goes to: in turns, leaving out those where a file could not be written, until all have
// failed: then all are tried anew. Every worker finds out for itself. Source: DiskBlockManager, without its fixed hash of the name.
import { AppError } from '../../common/errors.ts';

export class LocalDirs {
  readonly #dirs: readonly string[];
  readonly #bad = new Set<string>();
  #turn: number;

  constructor(dirs: readonly string[], first = 0) {
    this.#dirs = dirs;
    this.#turn = first;
  }

  next(): string {
    const good = this.#dirs.filter((dir) => !this.#bad.has(dir));
    return good[this.#turn++ % good.length]!;
  }

  /**
   * Writes with `write(dir)`; a disk that is full or broken is left out from then on, and another one taken at once.
   * @throws AppError LOCAL_DISK of the last folder
   */
  writing<R>(write: (dir: string) => R): R {
    for (let tries = 1; ; tries++) {
      const dir = this.next();
      try {
        return write(dir);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'LOCAL_DISK') throw error;
        this.#bad.add(dir);
        if (this.#bad.size === this.#dirs.length) this.#bad.clear();
        if (tries >= this.#dirs.length) throw error;
      }
    }
  }
}

const known = new Map<string, LocalDirs>();

/** The same for all tasks of this thread: what one found out, the next need not. */
export function localDirs(dirs: readonly string[]): LocalDirs {
  const name = dirs.join('\0');
  const found = known.get(name) ?? new LocalDirs(dirs, process.pid);
  known.set(name, found);
  return found;
}
