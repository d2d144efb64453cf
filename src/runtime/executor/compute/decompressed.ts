// Compressed input, chosen by the name: .gz, .zst and .deflate (zlib, as Hadoop writes it). Read whole and unpacked at once: node:zlib has no synchronous stream, and a compressed file
// is one partition, so its text must fit into the task's memory once (off heap).
import { readFileSync } from 'node:fs';
import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { AppError } from '../../../common/errors.ts';
import type { ReadBytes } from './text-rows.ts';

export function decompressed(file: string): { read: ReadBytes; close: () => void } {
  const text = unpackFile(file);
  let position = 0;
  const read: ReadBytes = (into, at, room) => {
    const n = text.copy(into, at, position, Math.min(text.length, position + room));
    position += n;
    return n;
  };
  return { read, close: () => {} };
}

/** The content of a file, unpacked when its name says so. @throws AppError PATH_NOT_FOUND, Error naming the file when it is damaged */
export function unpackFile(file: string): Buffer {
  try {
    const bytes = readFileSync(file);
    if (file.endsWith('.gz')) return gunzipSync(bytes);
    if (file.endsWith('.deflate')) return inflateSync(bytes);
    return file.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new AppError('PATH_NOT_FOUND', { path: file });
    throw new Error(`${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
}
