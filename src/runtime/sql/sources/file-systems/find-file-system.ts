// A path → where it is, and a listed file → its bytes.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ObjectStore } from '../../../../common/object-store.ts';
import { BucketFiles, bucketPath, openObject } from './bucket-files.ts';
import type { FileReader, FileSystem } from './file-system.ts';
import { localFiles, openLocal } from './local-files.ts';
import { objectStore } from './object-store-settings.ts';

/** @param get the session's settings */
export function fileSystemOf(path: string, get: (key: string) => string | undefined): FileSystem {
  const found = bucketPath(path);
  return found === undefined ? localFiles : new BucketFiles(objectStore(found.bucket, get));
}

type Stored = { readonly path: string; readonly size: number; readonly store?: ObjectStore | undefined };

export const openFile = ({ path, size, store }: Stored): Promise<FileReader> =>
  store === undefined ? openLocal(path) : Promise.resolve(openObject(store, path, size));

const READ_BYTES = 4 << 20;

export const bytesOf = (file: Stored): Readable =>
  file.store === undefined ? createReadStream(file.path) : Readable.from(pieces(file), { objectMode: false });

async function* pieces(file: Stored): AsyncGenerator<Buffer> {
  const reader = await openFile(file);
  try {
    for (;;) {
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      const n = await reader.read(buffer, 0, READ_BYTES);
      if (n === 0) return;
      yield buffer.subarray(0, n);
    }
  } finally {
    await reader.close();
  }
}
