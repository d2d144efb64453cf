// Are the folders' disks well: there, writable, not full? A node with too few usable local or log folders is UNHEALTHY and gets no new
// containers; with enough left it goes on with those. Source: YARN's LocalDirsHandlerService and its words.
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

export type Dirs = { readonly local: readonly string[]; readonly logs: readonly string[] };
export type Health = { readonly healthy: boolean; readonly healthReport: string };

export type DiskLimits = {
  /** On each disk. */
  readonly minFreeMb: number;
  /** Of the folders of a kind, which must be well; one must be in any case. */
  readonly minHealthyFraction: number;
};

export class DiskHealth {
  readonly #dirs: Dirs;
  readonly #maxUsedPercent: number;
  readonly #limits: DiskLimits;
  #usable: Dirs;
  #health: Health = { healthy: true, healthReport: '' };

  constructor(dirs: Dirs, maxUsedPercent: number, limits: DiskLimits = { minFreeMb: 1, minHealthyFraction: 0 }) {
    this.#dirs = dirs;
    this.#limits = limits;
    this.#maxUsedPercent = maxUsedPercent;
    this.#usable = dirs;
  }

  /** About 1 ms a folder. @returns whether the answer of `health` changed */
  check(): boolean {
    const local = this.#split(this.#dirs.local);
    const logs = this.#split(this.#dirs.logs);
    // With none usable the list stays whole, so that what runs finds its folders and a launch fails with the disk's own words.
    this.#usable = {
      local: local.good.length > 0 ? local.good : this.#dirs.local,
      logs: logs.good.length > 0 ? logs.good : this.#dirs.logs,
    };
    const healthReport = [told('local-dirs', local), told('log-dirs', logs)].filter((text) => text !== '').join(' ; ');
    const before = this.#health;
    this.#health = { healthy: this.#enough(local) && this.#enough(logs), healthReport };
    return before.healthy !== this.#health.healthy || before.healthReport !== healthReport;
  }

  get health(): Health {
    return this.#health;
  }

  get usable(): Dirs {
    return this.#usable;
  }

  #enough({ good, bad }: { good: readonly string[]; bad: readonly unknown[] }): boolean {
    return good.length >= Math.max(1, this.#limits.minHealthyFraction * (good.length + bad.length));
  }

  #split(dirs: readonly string[]): { good: string[]; bad: [dir: string, why: string][] } {
    const bad = dirs.flatMap((dir): [string, string][] => {
      const why = this.#fault(dir);
      return why === undefined ? [] : [[dir, why]];
    });
    return { good: dirs.filter((dir) => !bad.some(([b]) => b === dir)), bad };
  }

  #fault(dir: string): string | undefined {
    try {
      mkdirSync(dir, { recursive: true, mode: 0o711 });
      const { blocks, bfree, bavail, bsize } = statfsSync(dir);
      // As df counts: what only root may use is neither used nor free.
      const usedPercent = blocks === 0 ? 0 : (100 * (blocks - bfree)) / (blocks - bfree + bavail);
      if (usedPercent > this.#maxUsedPercent) return `used space ${usedPercent.toFixed(1)} % above threshold of ${this.#maxUsedPercent} %`;
      const least = Math.max(1, this.#limits.minFreeMb);
      if (bavail * bsize < least * 1024 * 1024)
        return least === 1
          ? 'less than 1 MB is free'
          : `free space ${Math.floor((bavail * bsize) / 1024 / 1024)} MB below threshold of ${least} MB`;
      const probe = join(dir, '.disk-check');
      writeFileSync(probe, 'x');
      rmSync(probe, { force: true });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

const told = (what: string, { good, bad }: { good: string[]; bad: [string, string][] }): string =>
  bad.length === 0
    ? ''
    : `${bad.length}/${bad.length + good.length} ${what} unusable: [ ${bad.map(([dir, why]) => `${dir} : ${why}`).join('; ')} ]`;
