// What the shuffle service knows of applications, across restarts of the NodeManager: one small file for each, written anew when it changes (0600,
// it holds the application's secret). Like the container journal it need not survive the host, so nothing is synced.
// Source: the LevelDB of Spark's ExternalShuffleBlockResolver.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApplicationId, isApplicationId } from '../../common/ids.ts';

export type Registration = {
  readonly user: string;
  readonly secret: string;
  /** Shuffle folders of each executor that registered, as real paths. */
  readonly executors: Readonly<Record<string, readonly string[]>>;
};

export class ShuffleRegistrations {
  readonly #dir: string;
  readonly #known = new Map<ApplicationId, Registration>();

  /** @param dir for example state/nm-n1/shuffle; made when it is missing */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Once this NodeManager knows that it is the only one of its name. @returns files that could not be read: torn, or not ours */
  open(): string[] {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    const damaged: string[] = [];
    for (const name of readdirSync(this.#dir)) {
      const path = join(this.#dir, name);
      const id = name.replace(/\.json$/, '');
      try {
        if (isApplicationId(id) && name !== id) this.#known.set(id, JSON.parse(readFileSync(path, 'utf8')) as Registration);
        else rmSync(path, { force: true, recursive: true }); // half written
      } catch {
        damaged.push(path);
      }
    }
    return damaged;
  }

  get(id: ApplicationId): Registration | undefined {
    return this.#known.get(id);
  }

  get size(): number {
    return this.#known.size;
  }

  /** On disk before this returns: who is told of it may rely on it. */
  set(id: ApplicationId, registration: Registration): void {
    const path = join(this.#dir, `${id}.json`);
    writeFileSync(`${path}.new`, JSON.stringify(registration), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    this.#known.set(id, registration);
  }

  remove(id: ApplicationId): void {
    this.#known.delete(id);
    rmSync(join(this.#dir, `${id}.json`), { force: true });
  }
}
