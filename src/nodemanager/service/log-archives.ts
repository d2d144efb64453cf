// The packed logs of ended applications on this node: made at an application's end, listed and read like the files that they were, removed
// when they are old. Their form is src/logs/; loose files of running applications are logs-service.ts.
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApplicationId, isApplicationId, type NodeId } from '../../common/ids.ts';
import type { Clock, Logger } from '../../common/ports.ts';
import { type ArchiveIndex, archiveName } from '../../logs/archive-format.ts';
import { readArchiveIndex } from '../../logs/read-archive.ts';
import { writeArchive } from '../../logs/write-archive.ts';

export type ArchiveParts = {
  readonly nodeId: NodeId;
  /** Packed logs of all applications; undefined: logs are left as they are. */
  readonly root: string | undefined;
  readonly logDirsOf: (id: ApplicationId) => string[];
  /** When nobody moves loose logs about. */
  readonly settled: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
};

const REMEMBERED = 50;

export class LogArchives {
  readonly #parts: ArchiveParts;
  readonly #indexes = new Map<ApplicationId, ArchiveIndex>();
  readonly #packing = new Map<ApplicationId, Promise<void>>();

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
  }

  path(id: ApplicationId): string | undefined {
    const { root, nodeId } = this.#parts;
    return root === undefined ? undefined : join(root, id, archiveName(nodeId));
  }

  /**
   * At the end of the application: nothing of it runs here. Asked again after a crash it goes on where that was; an archive that is there is
   * whole, and what still lies beside it is a copy. When it can't be written the loose logs stay, and are served as before.
   */
  pack(id: ApplicationId): Promise<void> {
    // It may be asked for several times at once (an order that is repeated, the last container's end): two at work would each take what the
    // other has not removed yet, and the archive of the later one, with half of it, would stay.
    const packing = this.#packing.get(id) ?? this.#pack(id).finally(() => this.#packing.delete(id));
    this.#packing.set(id, packing);
    return packing;
  }

  async #pack(id: ApplicationId): Promise<void> {
    const { logDirsOf, settled, clock, logger, nodeId } = this.#parts;
    const path = this.path(id);
    if (path === undefined) return;
    await settled(); // a file that gets another name between the listing and its turn would be in no archive
    const dirs = logDirsOf(id);
    try {
      if ((await stat(path).catch(() => undefined)) === undefined) {
        const made = await writeArchive(path, { applicationId: id, nodeId, nowMs: clock.nowMs() }, dirs);
        if (made !== undefined) logger.info(`Logs of ${id}: ${made.files} files, ${made.rawBytes} bytes, packed into ${made.bytes}`);
      }
      await Promise.all(dirs.map((dir) => rm(dir, { recursive: true, force: true })));
    } catch (error) {
      logger.warn(`The logs of ${id} could not be packed and stay as they are: ${(error as Error).message}`);
    }
  }

  /** @returns undefined when the application's logs are not packed (yet) */
  async index(id: ApplicationId): Promise<ArchiveIndex | undefined> {
    const known = this.#indexes.get(id);
    const path = this.path(id);
    if (known !== undefined || path === undefined) return known;
    const index = await readArchiveIndex(path);
    if (index === undefined) return undefined;
    this.#indexes.set(id, index);
    if (this.#indexes.size > REMEMBERED) this.#indexes.delete(this.#indexes.keys().next().value!);
    return index;
  }

  /** Of this node and of others that share the folder. @returns the applications of which archives were removed */
  async removeOlder(thanMs: number): Promise<ApplicationId[]> {
    const { root } = this.#parts;
    const removed: ApplicationId[] = [];
    for (const id of root === undefined ? [] : await readdir(root).catch(() => [])) {
      if (!isApplicationId(id)) continue;
      const dir = join(root!, id);
      const names = await readdir(dir).catch(() => []);
      const ages = await Promise.all(names.map(async (name) => (await stat(join(dir, name)).catch(() => undefined))?.mtimeMs ?? 0));
      const old = names.filter((_, i) => ages[i]! < thanMs);
      await Promise.all(old.map((name) => rm(join(dir, name), { force: true })));
      if (old.length === names.length) await rmdir(dir).catch(() => {});
      if (old.length === 0) continue;
      this.#indexes.delete(id);
      removed.push(id);
    }
    return removed;
  }
}
