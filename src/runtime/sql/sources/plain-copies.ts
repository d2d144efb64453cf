// Text files that the kernel's readers would refuse or read otherwise than Spark, as files that they read: UTF-8 with U+FFFD where there is none,
// one kind of end of a line. Compressed ones: unpacked-copies.ts.
import { isUtf8 } from 'node:buffer';
import { decoderOf } from '../../../common/charset.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { copyOf } from './copies.ts';
import { bytesOf } from './file-systems/find-file-system.ts';
import type { ListedFile } from './list-files.ts';
import { BAD_LINE_MARK, COMPRESSED } from './plain-lines.ts';
import { textBytes } from './text-bytes.ts';

/** Files that are looked at together: each takes a few megabytes. */
const AT_A_TIME = 4;

/** `isSound`: its bytes are UTF-8. */
export type PlainStep = Wanted & { readonly kind: 'plain'; readonly isSound: boolean };

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
  const { encoding, keepsReturns, quote } = wanted;
  const { isUtf8: isSound, isAscii, hasLoneReturns, hasNuls, hasShortLines } = await textBytes(listed, quote);
  const file = hasNuls ? { ...listed, hasNuls } : listed;
  const isEncoded = /^utf-?8$/.test(encoding) ? isSound : isAscii && !/^utf-?(16|32)/.test(encoding);
  if (isEncoded && (keepsReturns || !hasLoneReturns)) return hasShortLines ? { ...file, hasShortLines } : file;
  return plainCopy(file, { kind: 'plain', ...wanted, isSound });
}

export const plainCopy = (file: ListedFile, step: PlainStep): Promise<ListedFile> => copyOf(file, step, () => plainBytes(file, step));

async function* plainBytes(file: ListedFile, { encoding, keepsReturns, marksBadLines, isSound }: PlainStep): AsyncGenerator<string> {
  const marks = !isSound && /^utf-?8$/.test(encoding);
  const decode = marks && marksBadLines === 'each line' ? markedLines() : decodes(encoding);
  let kept = '';
  const plain = (text: string, isEnd: boolean): string => {
    if (keepsReturns) return text;
    const all = kept + text;
    kept = !isEnd && all.endsWith('\r') ? '\r' : '';
    return (kept === '' ? all : all.slice(0, -1)).replace(/\r\n?/g, '\n');
  };
  if (marks && marksBadLines === 'whole file') yield String.fromCharCode(BAD_LINE_MARK);
  for await (const chunk of bytesOf(file)) yield plain(decode(chunk as Buffer, false), false);
  yield plain(decode(Buffer.alloc(0), true), true);
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
function decodes(encoding: string): (chunk: Buffer, isEnd: boolean) => string {
  try {
    return decoderOf(encoding);
  } catch {
    throw new AnalysisException('INVALID_SOURCE_OPTION', { option: 'encoding', value: encoding, expected: 'the name of a charset' });
  }
}
