// Reads event logs as lines, from where one stopped: plain text, zstd (of one frame or many), or Spark's other codecs (spark-blocks.ts), one part
// after the other. At most one chunk and one line are held. A last line without its end is left for the next time: the writer is still at it.
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import type { Fingerprint, LogPart, PartPosition } from '../core/log-file.ts';
import { unpackedBlocks } from './spark-blocks.ts';
import { cutAtFrames } from './zstd-frames.ts';

/** A line that is longer is no event's: reading ends there, with a note. */
const LONGEST_LINE = 256 << 20;
const CHUNK = 1 << 18;
const FINGERPRINT_BYTES = 4096;

export type LineReading = {
  /** Bytes of text to the end of the last whole line. */
  textBytes: number;
  /** Why it ended before the file did: damaged compression. */
  fault: string | undefined;
};

export type ReadOptions = {
  /** Of the text. */
  readonly fromByte: number;
  /** Nothing more will be written: what is after the last line feed is a line too. */
  readonly closed: boolean;
  /** Hears how much of the file (before decompression) has been read. */
  readonly onChunk?: (fileBytes: number) => void;
};

/**
 * Calls onLine with each whole line, and the bytes of text to its end. Between chunks others get their turn.
 * @throws what onLine throws; ENOENT
 */
export async function readLines(
  folder: string,
  part: LogPart,
  { fromByte, closed, onChunk }: ReadOptions,
  onLine: (line: string, textBytes: number) => void,
): Promise<LineReading> {
  const reading: LineReading = { textBytes: fromByte, fault: undefined };
  const plain = part.codec === 'plain';
  const file = createReadStream(join(folder, part.path), { start: plain ? fromByte : 0, highWaterMark: CHUNK });
  let text: Readable = file;
  if (part.codec === 'lz4' || part.codec === 'snappy' || part.codec === 'lzf')
    text = Readable.from(unpackedBlocks(file as AsyncIterable<Buffer>, part.codec), { objectMode: true });
  else if (!plain) {
    const unpacked = createZstdDecompress({ chunkSize: CHUNK });
    text = Readable.from(cutAtFrames(file as AsyncIterable<Buffer>))
      .on('error', (error) => unpacked.destroy(error))
      .pipe(unpacked);
  }
  // Decompressed text that was read the last time is passed over.
  let skip = plain ? 0 : fromByte;
  let rest: Buffer[] = [];
  let restBytes = 0;
  const take = (line: Buffer, end: number): void => {
    reading.textBytes += line.length + end;
    if (line.length > 0) onLine(line.toString('utf8'), reading.textBytes);
  };
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      let at = Math.min(skip, chunk.length);
      skip -= at;
      for (;;) {
        const end = chunk.indexOf(10, at);
        if (end < 0) break;
        const piece = chunk.subarray(at, end);
        take(restBytes === 0 ? piece : Buffer.concat([...rest, piece]), 1);
        if (restBytes > 0) [rest, restBytes] = [[], 0];
        at = end + 1;
      }
      onChunk?.(file.bytesRead);
      if (at === chunk.length) continue;
      rest.push(chunk.subarray(at));
      restBytes += chunk.length - at;
      if (restBytes <= LONGEST_LINE) continue;
      reading.fault = `a line is longer than ${LONGEST_LINE} bytes`;
      break;
    }
  } catch (error) {
    const { code, message, errno } = error as NodeJS.ErrnoException;
    // Renamed or removed: the next scan finds it. What has no number of the system's is the caller's.
    if (code === 'ENOENT' || errno === undefined) throw error;
    reading.fault = `${code}: ${message}`;
  } finally {
    file.destroy();
    text.destroy();
  }
  if (closed && restBytes > 0 && reading.fault === undefined) take(Buffer.concat(rest), 0);
  return reading;
}

/** @returns undefined when the file can't be read */
export function fingerprintOf(folder: string, path: string, bytes: number): Fingerprint | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(join(folder, path), 'r');
    const hash = (from: number, length: number): string => {
      const buffer = Buffer.alloc(length);
      const got = readSync(fd!, buffer, 0, length, from);
      return createHash('sha256').update(buffer.subarray(0, got)).digest('base64url').slice(0, 16);
    };
    const length = Math.min(FINGERPRINT_BYTES, bytes);
    return { bytes, head: hash(0, length), tail: hash(bytes - length, length) };
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Whether the file still begins and ends, up to the position, with what was read. */
export function isStillThere(folder: string, part: LogPart, { fingerprint }: PartPosition): boolean {
  const now = fingerprintOf(folder, part.path, fingerprint.bytes);
  return now !== undefined && now.head === fingerprint.head && now.tail === fingerprint.tail;
}
