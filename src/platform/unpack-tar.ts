// tar, tar.gz, tgz → ArchiveFolder, with the tar package's parser only (its own writer is not used). Devices and pipes are refused.
import { createReadStream } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { AppError } from '../common/errors.ts';
import type { ArchiveFolder } from './archive-folder.ts';
import type { ReadEntry } from 'tar';

/** @throws AppError ARCHIVE_ESCAPES, LOCALIZATION_FAILED */
export async function unpackTar(archive: string, name: string, folder: ArchiveFolder): Promise<void> {
  const { Parser } = await import('tar');
  const source = createReadStream(archive, { highWaterMark: 256 * 1024 });
  await new Promise<void>((resolve, reject) => {
    let last: Promise<void> = Promise.resolve();
    const fail = (error: unknown) => {
      source.destroy();
      reject(
        error instanceof AppError
          ? error
          : new AppError('LOCALIZATION_FAILED', { resource: name, detail: `it is no sound tar: ${(error as Error).message}` }),
      );
    };
    let entries = 0;
    const parser = new Parser({
      strict: true,
      maxDecompressionRatio: Number.POSITIVE_INFINITY, // ArchiveFolder bounds the bytes themselves
      onReadEntry: (entry) => {
        entries++;
        last = last.then(() => take(entry, name, folder));
        last.catch(fail);
      },
    });
    parser.on('error', fail);
    parser.on('end', () => last.then(() => (entries === 0 ? fail(new Error('no entry')) : resolve()), fail));
    source.on('error', fail);
    source.on('data', (chunk) => {
      if (parser.write(chunk as Buffer)) return;
      source.pause();
      parser.once('drain', () => source.resume());
    });
    source.on('end', () => parser.end());
  });
}

async function take(entry: ReadEntry, name: string, folder: ArchiveFolder): Promise<void> {
  switch (entry.type) {
    case 'Directory':
    case 'GNUDumpDir':
      entry.resume();
      return folder.directory(entry.path);
    case 'File':
    case 'OldFile':
    case 'ContiguousFile':
      return folder.file(entry.path, entry.pipe(new PassThrough() as never) as unknown as Readable, entry.mode ?? 0o644);
    case 'SymbolicLink':
    case 'Link':
      entry.resume();
      return folder.link(entry.path, entry.linkpath ?? '', entry.type === 'Link');
    default:
      throw new AppError('LOCALIZATION_FAILED', {
        resource: name,
        detail: `its entry ${entry.path} is a ${entry.type}, which is not taken`,
      });
  }
}
