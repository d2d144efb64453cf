// Files of this machine.
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { localPath } from '../paths.ts';
import type { FileInfo, FileReader, FileSystem } from './file-system.ts';

const infoOf = (path: string): Promise<FileInfo> =>
  stat(path).then((s) => ({ isFile: s.isFile(), size: s.size, modified: Math.floor(s.mtimeMs) }));

export const localFiles: FileSystem = {
  absolute: localPath,
  shown: (path) => `file:${path}`,
  info: (path) => infoOf(path).catch(() => undefined),
  async list(folder) {
    const names = (await readdir(folder)).sort((a, b) => (a < b ? -1 : 1));
    // A link to nothing is passed by.
    const all = await Promise.all(
      names.map((name) =>
        infoOf(join(folder, name)).then(
          (info) => ({ ...info, name }),
          () => undefined,
        ),
      ),
    );
    return all.filter((entry) => entry !== undefined);
  },
};

export async function openLocal(path: string): Promise<FileReader> {
  const file = await open(path);
  return {
    read: async (into, offset, length, position) => (await file.read(into, offset, length, position ?? null)).bytesRead,
    close: () => file.close(),
  };
}
