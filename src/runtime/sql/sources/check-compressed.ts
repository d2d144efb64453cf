// Compressed text files are read through to their end once before they are used: the kernel takes a file that was cut off for a whole one, and its
// missing rows would be missed by nobody. Remembered by size and time, so an unchanged file is checked once in a session's life.
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AnalysisException } from '../errors/spark-error.ts';
import { fileKey } from '../logical/scan-file.ts';
import { bytesOf } from './file-systems/find-file-system.ts';
import type { ListedFile } from './list-files.ts';
import { shownPath } from './paths.ts';
import { unpackedCopy, unpackStep } from './unpacked-copies.ts';

const checked = new Set<string>();
/** Hadoop has no codec for it: Spark would take its bytes for lines. */
const UNREADABLE = /\.xz$/;

type Readable = {
  readonly ignoreCorrupt: boolean;
  /** The text's charset. */
  readonly isUtf8: boolean;
};

/** @returns the files that can be read, or copies. @throws AnalysisException FAILED_READ_FILE.CORRUPT_COMPRESSED unless they are to be ignored */
export async function readableText(files: readonly ListedFile[], { ignoreCorrupt, isUtf8 }: Readable): Promise<ListedFile[]> {
  const readable: ListedFile[] = [];
  for (const file of files) {
    const codec = /\.[a-z0-9]+$/.exec(file.path)?.[0] ?? '';
    if (UNREADABLE.test(codec)) throw new AnalysisException('NOT_BUILT', { feature: `Reading files that are compressed as ${codec}` });
    try {
      const step = file.size === 0 ? undefined : unpackStep(codec, isUtf8);
      if (step === undefined) await readThrough(file, codec);
      readable.push(step === undefined ? file : await unpackedCopy(file, step));
    } catch (error) {
      if (!ignoreCorrupt) throw corrupt(file.path, error as Error);
    }
  }
  return readable;
}

export const corrupt = (path: string, { message }: Error): AnalysisException =>
  new AnalysisException('FAILED_READ_FILE.CORRUPT_COMPRESSED', { path: shownPath(path), detail: message });

async function readThrough(file: ListedFile, codec: string): Promise<void> {
  const key = fileKey(file);
  const decompress = codec === '.gz' ? createGunzip : codec === '.zst' ? createZstdDecompress : undefined;
  if (decompress === undefined || file.size === 0 || checked.has(key)) return;
  await pipeline(bytesOf(file), decompress(), new Writable({ write: (_chunk, _encoding, done) => done() }));
  checked.add(key);
}
