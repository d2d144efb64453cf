// zip → ArchiveFolder, with yauzl. Entries are read one after the other; a link is an entry whose Unix mode says so.
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { AppError } from '../common/errors.ts';
import type { ArchiveFolder } from './archive-folder.ts';
import type { Entry, Options, ZipFile } from 'yauzl';

const [TYPE, LINK] = [0o170000, 0o120000];

/** @throws AppError ARCHIVE_ESCAPES, LOCALIZATION_FAILED */
export async function unpackZip(archive: string, name: string, folder: ArchiveFolder): Promise<void> {
  const yauzl = await import('yauzl');
  const openZip = promisify(
    yauzl.default.open as (path: string, options: Options, done: (error: Error | null, zip: ZipFile) => void) => void,
  );
  const broken = (error: Error) => {
    // yauzl refuses such names itself, before we see the entry.
    const escape = /^(?:absolute path|invalid relative path|invalid characters in fileName): (.*)$/.exec(error.message);
    return escape
      ? new AppError('ARCHIVE_ESCAPES', { archive: name, entry: escape[1]! })
      : new AppError('LOCALIZATION_FAILED', { resource: name, detail: `it is no sound zip: ${error.message}` });
  };
  const zip = await openZip(archive, { lazyEntries: true, autoClose: true, validateEntrySizes: true }).catch((error: Error) =>
    Promise.reject(broken(error)),
  );
  const openEntry = promisify((entry: Entry, done: (error: Error | null, stream: Readable) => void) => zip.openReadStream(entry, done));
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      zip.close();
      reject(error instanceof AppError ? error : broken(error));
    };
    zip.on('error', fail);
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      take(entry, openEntry, folder).then(() => zip.readEntry(), fail);
    });
    zip.readEntry();
  });
}

async function take(entry: Entry, openEntry: (entry: Entry) => Promise<Readable>, folder: ArchiveFolder): Promise<void> {
  const mode = entry.externalFileAttributes >>> 16;
  if (entry.fileName.endsWith('/')) return folder.directory(entry.fileName);
  if ((mode & TYPE) === LINK) return folder.link(entry.fileName, await text(await openEntry(entry)), false);
  await folder.file(entry.fileName, await openEntry(entry), mode);
}
