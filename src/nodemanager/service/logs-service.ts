// Serves the log files of containers, running and ended, to clients (yarn logs). Reads only; a container is asked for by id, so
// nothing outside the log folders can be named. Logs of ended applications are packed: log-archives.ts.
import { constants, type Dirent, readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerLog } from '../../common/container-logs.ts';
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, applicationOfContainer, type ContainerId, isContainerId, type NodeId } from '../../common/ids.ts';
import type { ReplyOf, RequestOf } from '../../rpc/define-rpc.ts';
import { logsList, logsRead } from '../../rpc/messages/driver.ts';
import type { Peer } from '../../rpc/peer.ts';
import { readArchived } from '../../logs/read-archive.ts';
import type { ContainerFolders } from './container-folders.ts';
import type { LogArchives } from './log-archives.ts';

/** At most this much in one reply: a frame is not for gigabytes; clients ask again from where they are. */
const MOST_BYTES = 1024 * 1024;

type Parts = {
  readonly nodeId: NodeId;
  readonly folders: ContainerFolders;
  readonly archives: LogArchives;
  readonly isRunning: (id: ContainerId) => boolean;
};

export class LogsService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @param only the application whose logs the peer may read; undefined: all */
  serve(peer: Peer, only?: ApplicationId): void {
    const mustBe = (applicationId: ApplicationId) => {
      if (only !== undefined && applicationId !== only)
        throw new AppError('LOG_NOT_FOUND', { what: `logs of ${applicationId} (this connection may read those of ${only})` });
    };
    peer.serve(logsList, ({ applicationId }) => {
      mustBe(applicationId);
      return this.list(applicationId);
    });
    peer.serve(logsRead, (request) => {
      mustBe(applicationOfContainer(request.containerId));
      return this.read(request);
    });
  }

  /** The files of one container, by name, wherever they lie by now. */
  async ofContainer(id: ContainerId): Promise<ContainerLog[]> {
    const { files, aggregated = false } = await this.list(applicationOfContainer(id));
    return files.filter(({ containerId }) => containerId === id).map((file) => ({ ...file, aggregated }));
  }

  /** Files of all its containers on this node. */
  async list(applicationId: ApplicationId): Promise<ReplyOf<typeof logsList>> {
    const before = await this.#packed(applicationId);
    if (before !== undefined) return before;
    const loose = this.#loose(applicationId);
    // Packed in the same moment: an archive is whole before the first loose file goes.
    return (await this.#packed(applicationId)) ?? { nodeId: this.#parts.nodeId, files: loose };
  }

  async #packed(applicationId: ApplicationId): Promise<ReplyOf<typeof logsList> | undefined> {
    const archive = await this.#parts.archives.index(applicationId);
    if (archive === undefined) return undefined;
    return { nodeId: this.#parts.nodeId, files: archive.files.map(({ blocks: _, ...file }) => file), aggregated: true };
  }

  #loose(applicationId: ApplicationId): ReplyOf<typeof logsList>['files'] {
    const files: ReplyOf<typeof logsList>['files'] = [];
    for (const dir of this.#parts.folders.applicationLogDirs(applicationId)) {
      for (const container of entries(dir)) {
        if (!container.isDirectory() || !isContainerId(container.name)) continue;
        for (const file of filesIn(join(dir, container.name))) files.push({ containerId: container.name, ...file });
      }
    }
    return files;
  }

  /** @throws AppError LOG_NOT_FOUND */
  async read({ containerId, name, offset, lengthBytes }: RequestOf<typeof logsRead>): Promise<ReplyOf<typeof logsRead>> {
    const missing = () => new AppError('LOG_NOT_FOUND', { what: `${name} of ${containerId} on ${this.#parts.nodeId}` });
    if (name === '' || name.startsWith('.') || /[/\0]/.test(name)) throw missing();
    const dir = this.#parts.folders.logDir({ id: containerId, applicationId: applicationOfContainer(containerId) });
    // The folder is the container's to write: no link leads elsewhere, and a pipe that nobody writes into does not hold us up.
    const file = await open(join(dir, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
    if (file === undefined) {
      const packed = await this.#readPacked(containerId, name, offset, Math.min(lengthBytes, MOST_BYTES));
      if (packed === undefined) throw missing();
      return packed;
    }
    try {
      const at = await file.stat();
      if (!at.isFile()) throw missing();
      const from = offset < 0 ? Math.max(0, at.size + offset) : Math.min(offset, at.size);
      const part = Buffer.alloc(Math.min(lengthBytes, MOST_BYTES, at.size - from));
      const { bytesRead } = await file.read(part, 0, part.length, from);
      return {
        base64: part.toString('base64', 0, bytesRead),
        offset: from,
        sizeBytes: at.size,
        running: this.#parts.isRunning(containerId) ? 1 : 0,
      };
    } finally {
      await file.close();
    }
  }

  async #readPacked(id: ContainerId, name: string, from: number, most: number): Promise<ReplyOf<typeof logsRead> | undefined> {
    const { archives } = this.#parts;
    const applicationId = applicationOfContainer(id);
    const file = (await archives.index(applicationId))?.files.find((f) => f.containerId === id && f.name === name);
    const part = file === undefined ? undefined : await readArchived(archives.path(applicationId)!, file, from, most);
    if (file === undefined || part === undefined) return undefined;
    return { base64: part.bytes.toString('base64'), offset: part.offset, sizeBytes: file.sizeBytes, running: 0 };
  }
}

function filesIn(dir: string): { name: string; sizeBytes: number; modifiedAtMs: number }[] {
  return entries(dir).flatMap((file) => {
    const at = file.isFile() ? statSync(join(dir, file.name), { throwIfNoEntry: false }) : undefined;
    return at === undefined ? [] : [{ name: file.name, sizeBytes: at.size, modifiedAtMs: Math.floor(at.mtimeMs) }];
  });
}

function entries(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return []; // this node ran nothing of it, or it was swept
  }
}
