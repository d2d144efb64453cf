// Compressed text files are read through to their end once before they are used: the kernel takes a file that was cut off for a whole one, and its
// missing rows would be missed by nobody. Remembered by size and time, so an unchanged file is checked once in a session's life.
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AnalysisException } from '../errors/spark-error.ts';
import type { ListedFile } from './list-files.ts';
import { shownPath } from './paths.ts';

const checked = new Set<string>();
/** Compressions that the kernel does not read. */
const UNREADABLE = /\.(bz2|lz4|snappy|deflate|xz)$/;

/** @returns the files that can be read. @throws AnalysisException FAILED_READ_FILE.CORRUPT_COMPRESSED unless they are to be ignored */
export async function readableText(files: readonly ListedFile[], ignoreCorrupt: boolean): Promise<ListedFile[]> {
  const readable: ListedFile[] = [];
  for (const file of files) {
    const codec = /\.[a-z0-9]+$/.exec(file.path)?.[0] ?? '';
    if (UNREADABLE.test(codec)) throw new AnalysisException('NOT_BUILT', { feature: `Reading files that are compressed as ${codec}` });
    const key = `${file.path}\0${file.size}\0${file.modified}`;
    const decompress = codec === '.gz' ? createGunzip : codec === '.zst' ? createZstdDecompress : undefined;
    if (decompress !== undefined && file.size > 0 && !checked.has(key)) {
      try {
        await pipeline(createReadStream(file.path), decompress(), new Writable({ write: (_chunk, _encoding, done) => done() }));
      } catch (error) {
        if (ignoreCorrupt) continue;
        throw new AnalysisException('FAILED_READ_FILE.CORRUPT_COMPRESSED', {
          path: shownPath(file.path),
          detail: (error as Error).message,
        });
      }
      checked.add(key);
    }
    readable.push(file);
  }
  return readable;
}
