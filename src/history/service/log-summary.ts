// What the list needs of a log, from its first events and its last ones, without reading what is between: the head until the application's
// start, the last 256 KB for its end. A compressed log has no end that can be found from behind, unless it consists of many frames; then its
// small end is unpacked, else its end is known when it has been indexed.
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { LogSummary } from '../core/catalogue.ts';
import type { LogFile, LogPart } from '../core/log-file.ts';
import { readLines } from './log-reader.ts';

/** Environment and executors come before the start; a head that is longer is no event log's. */
const LONGEST_HEAD = 16 << 20;
const TAIL_BYTES = 256 << 10;
const MOST_UNPACKED = 64 << 20;

type Json = Record<string, unknown>;

export type Summarized = { readonly summary: LogSummary | undefined; readonly fault: string | undefined };

/** @throws the system's error when a file is gone */
export async function summarize(folder: string, log: LogFile): Promise<Summarized> {
  const [first] = log.parts;
  const last = log.parts.at(-1);
  if (log.fault !== undefined || first === undefined || last === undefined)
    return { summary: undefined, fault: log.fault ?? 'it is empty' };
  const head = await readHead(folder, first);
  if (head.start === undefined) {
    const fault =
      head.fault ??
      (head.lines === 0 ? 'it is empty' : 'it has no SparkListenerApplicationStart: it is no event log, or its beginning is lost');
    return { summary: undefined, fault };
  }
  const { start } = head;
  const summary: LogSummary = {
    applicationId: text(start['App ID']) ?? log.key,
    attemptId: text(start['App Attempt ID']),
    name: text(start['App Name']) ?? log.key,
    user: text(start['User']) ?? '',
    sparkVersion: head.version,
    startedAtMs: Number(start['Timestamp']) || 0,
    endedAtMs: head.endedAtMs ?? endOf(folder, last),
  };
  return { summary, fault: head.fault };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

type Head = { start: Json | undefined; version: string; endedAtMs: number | undefined; lines: number; fault: string | undefined };
class Enough extends Error {}

async function readHead(folder: string, part: LogPart): Promise<Head> {
  const head: Head = { start: undefined, version: '', endedAtMs: undefined, lines: 0, fault: undefined };
  let bytes = 0;
  try {
    const { fault } = await readLines(folder, part, { fromByte: 0, closed: true }, (line) => {
      head.lines++;
      bytes += line.length;
      const event = line.slice(0, 80);
      if (event.includes('SparkListenerLogStart')) head.version = text(parsed(line)?.['Spark Version']) ?? '';
      if (event.includes('SparkListenerApplicationStart')) head.start = parsed(line);
      if (head.start !== undefined || bytes > LONGEST_HEAD) throw new Enough();
    });
    head.fault = fault === undefined ? undefined : `it is damaged: ${fault}`;
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return head;
}

function parsed(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return undefined;
  }
}

function endOf(folder: string, part: LogPart): number | undefined {
  const tail = readTail(folder, part);
  const at = tail.lastIndexOf('"SparkListenerApplicationEnd"');
  if (at < 0) return undefined;
  const from = tail.lastIndexOf('\n', at) + 1;
  const to = tail.indexOf('\n', at);
  const timestamp = parsed(tail.slice(from, to < 0 ? undefined : to))?.['Timestamp'];
  return typeof timestamp === 'number' ? timestamp : undefined;
}

function readTail(folder: string, part: LogPart): string {
  const length = Math.min(TAIL_BYTES, part.sizeBytes);
  const bytes = Buffer.alloc(length);
  const fd = openSync(join(folder, part.path), 'r');
  try {
    const got = readSync(fd, bytes, 0, length, part.sizeBytes - length);
    if (part.codec === 'plain') return bytes.subarray(0, got).toString('utf8');
    if (part.codec !== 'zstd') return ''; // blocks have no beginning that can be found from behind
    return lastFrames(bytes.subarray(0, got));
  } finally {
    closeSync(fd);
  }
}

const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** The bytes of the magic number may stand in data too: then unpacking fails, and the one before it is tried. */
function lastFrames(bytes: Buffer): string {
  let at = bytes.length;
  for (let tries = 0; tries < 8 && at > 0; tries++) {
    at = bytes.lastIndexOf(MAGIC, at - 1);
    if (at < 0) return '';
    try {
      const unpacked = zstdDecompressSync(bytes.subarray(at), { maxOutputLength: MOST_UNPACKED }).toString('utf8');
      if (unpacked.includes('SparkListenerApplicationEnd')) return unpacked;
    } catch {
      // not a frame's beginning
    }
  }
  return '';
}
