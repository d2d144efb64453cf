// Log files as the pages show them (text in parts, searches), made of a daemon's ContainerLogs: the NodeManager's pages show its own, the
// ResourceManager's those of all nodes.
import type { ContainerLogs, FoundLogs } from '../common/container-logs.ts';
import { AppError } from '../common/errors.ts';
import { type ContainerId, isContainerId } from '../common/ids.ts';
import type { LogsSource } from './cluster-source.ts';
import { searchLog } from './log-search.ts';
import { textOf } from './model/log-text.ts';

const PART_BYTES = 1024 * 1024;

export function logsSource<W>(logs: ContainerLogs<W>): LogsSource<W> {
  const find = async (id: string, who: W): Promise<{ id: ContainerId; found: FoundLogs }> => {
    if (!isContainerId(id)) throw new AppError('LOG_NOT_FOUND', { what: `logs of ${id.slice(0, 100)}, which is no container's id,` });
    return { id, found: await logs.files(id, who) };
  };
  return {
    logFiles: async (containerId, who) => (await find(containerId, who)).found.files,
    logPart: async ({ containerId, file, offset, length }, who) => {
      const { id, found } = await find(containerId, who);
      const part = await logs.read(found, id, file, offset, length);
      const isLast = !part.running && part.offset + part.bytes.length >= part.sizeBytes;
      return { ...textOf(part.bytes, part.offset, isLast), sizeBytes: part.sizeBytes, running: part.running };
    },
    logSearch: async ({ containerId, file, text, from }, who) => {
      const { id, found } = await find(containerId, who);
      return searchLog((offset) => logs.read(found, id, file, offset, PART_BYTES), text, from);
    },
  };
}
