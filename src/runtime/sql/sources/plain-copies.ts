// Text files that the kernel's readers would refuse or read otherwise than Spark, as files that they read: UTF-8 with U+FFFD where there is none,
// one kind of end of a line. Of each process, in a folder that goes with it.
import { isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AnalysisException } from '../errors/spark-error.ts';
import type { ListedFile } from './list-files.ts';
import { BAD_LINE_MARK, COMPRESSED } from './plain-lines.ts';
import { textBytes } from './text-bytes.ts';

const copies = new Map<string, Promise<ListedFile>>();
let folder: string | undefined;
let made = 0;

/** Files that are looked at together: each takes a few megabytes. */
const AT_A_TIME = 4;

type Wanted = {
  /** Java's name in lower case. */
  readonly encoding: string;
  /** A carriage return may be part of a value. */
  readonly keepsReturns: boolean;
  /** Lines (or files) with bytes that are no UTF-8 get BAD_LINE_MARK before them. */
  readonly marksBadLines: 'no' | 'each line' | 'whole file';
  /** Looked for on the way: text-bytes.ts. */
  readonly quote: string;
};

export async function plainFiles(files: readonly ListedFile[], wanted: Wanted): Promise<readonly ListedFile[]> {
  const plain: ListedFile[] = [];
  for (let at = 0; at < files.length; at += AT_A_TIME)
    plain.push(...(await Promise.all(files.slice(at, at + AT_A_TIME).map((file) => plainFile(file, wanted)))));
  return plain;
}

async function plainFile(listed: ListedFile, wanted: Wanted): Promise<ListedFile> {
  if (COMPRESSED.test(listed.path) || listed.size === 0) return listed;
  const { encoding, keepsReturns, marksBadLines, quote } = wanted;
  const { isUtf8: isSound, isAscii, hasLoneReturns, hasNuls } = await textBytes(listed, quote);
  const file = hasNuls ? { ...listed, hasNuls } : listed;
  const isEncoded = /^utf-?8$/.test(encoding) ? isSound : isAscii && !/^utf-?(16|32)/.test(encoding);
  if (isEncoded && (keepsReturns || !hasLoneReturns)) return file;
  const key = [file.path, file.size, file.modified, encoding, keepsReturns, marksBadLines].join('\0');
  const known = copies.get(key);
  if (known !== undefined) return known;
  const copy = copyOf(file, wanted, isSound);
  copies.set(key, copy);
  copy.catch(() => copies.delete(key));
  return copy;
}

async function copyOf(file: ListedFile, { encoding, keepsReturns, marksBadLines }: Wanted, isSound: boolean): Promise<ListedFile> {
  const marks = !isSound && /^utf-?8$/.test(encoding);
  const decode = marks && marksBadLines === 'each line' ? markedLines() : decoderOf(encoding);
  let kept = '';
  const plain = (text: string, isEnd: boolean): string => {
    if (keepsReturns) return text;
    const all = kept + text;
    kept = !isEnd && all.endsWith('\r') ? '\r' : '';
    return (kept === '' ? all : all.slice(0, -1)).replace(/\r\n?/g, '\n');
  };
  const path = join(copyFolder(), `${++made}.txt`);
  const convert = new Transform({
    construct(done) {
      if (marks && marksBadLines === 'whole file') this.push(String.fromCharCode(BAD_LINE_MARK));
      done();
    },
    transform: (chunk: Buffer, _, done) => done(null, plain(decode(chunk, false), false)),
    flush: (done) => done(null, plain(decode(Buffer.alloc(0), true), true)),
  });
  await pipeline(createReadStream(file.path), convert, createWriteStream(path, { mode: 0o600 }));
  return { ...file, path, size: statSync(path).size };
}

/** UTF-8, line by line. */
function markedLines(): (chunk: Buffer, isEnd: boolean) => string {
  let kept: Buffer = Buffer.alloc(0);
  return (chunk, isEnd) => {
    const all = Buffer.concat([kept, chunk]);
    const end = isEnd ? all.length : all.lastIndexOf(10) + 1;
    kept = all.subarray(end);
    const whole = all.subarray(0, end);
    if (isUtf8(whole)) return whole.toString();
    const lines: string[] = [];
    for (let at = 0; at < end; ) {
      const next = whole.indexOf(10, at);
      const line = whole.subarray(at, next < 0 ? end : next + 1);
      lines.push(isUtf8(line) ? line.toString() : String.fromCharCode(BAD_LINE_MARK) + line.toString());
      at += line.length;
    }
    return lines.join('');
  };
}

/** @throws AnalysisException INVALID_PARAMETER_VALUE.CHARSET's kin for a charset that nobody here knows */
function decoderOf(encoding: string): (chunk: Buffer, isEnd: boolean) => string {
  // What the Web calls ISO-8859-1 is Windows' set.
  if (/^(iso-?8859-1|latin-?1|us-ascii|ascii)$/.test(encoding)) return (chunk) => chunk.toString('latin1');
  try {
    const decoder = new TextDecoder(encoding === 'utf-16' ? 'utf-16be' : encoding);
    return (chunk, isEnd) => decoder.decode(chunk, { stream: !isEnd });
  } catch {
    throw new AnalysisException('INVALID_SOURCE_OPTION', { option: 'encoding', value: encoding, expected: 'the name of a charset' });
  }
}

function copyFolder(): string {
  if (folder !== undefined) return folder;
  const to = mkdtempSync(join(tmpdir(), 'emberloom-text-'));
  process.on('exit', () => rmSync(to, { recursive: true, force: true }));
  folder = to;
  return to;
}
