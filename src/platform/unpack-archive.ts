// The Unpacker port: which format it is says the first bytes, not the name. The format's package is loaded when it is first needed.
import { open } from 'node:fs/promises';
import type { Unpacker, UnpackLimits } from '../common/ports.ts';
import { ArchiveFolder } from './archive-folder.ts';

export const archiveUnpacker: Unpacker = {
  async unpack(archive: string, name: string, into: string, limits: UnpackLimits): Promise<void> {
    const folder = new ArchiveFolder(name, into, limits);
    if (await isZip(archive)) await (await import('./unpack-zip.ts')).unpackZip(archive, name, folder);
    else await (await import('./unpack-tar.ts')).unpackTar(archive, name, folder);
    await folder.finish();
  },
};

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer[0] === 0x50 && buffer[1] === 0x4b && (buffer[2] === 3 || buffer[2] === 5);
  } finally {
    await file.close();
  }
}
