// Splits of random texts give every line once, and to the split to which Hadoop's LineRecordReader gives it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import { END } from '../../../../src/runtime/executor/compute/rows.ts';
import { TextRows } from '../../../../src/runtime/executor/compute/text-rows.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'emberloom-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Line = { readonly at: number; readonly text: string };

/** All lines with the byte at which each begins. */
function linesOf(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = at;
    while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
    lines.push({ at, text: bytes.toString('utf8', at, end) });
    at = end + (bytes[end] === 13 && bytes[end + 1] === 10 ? 2 : 1);
  }
  return lines;
}

function read(file: string, start: number, length: number): string[] {
  const rows = new TextRows(
    { path: file, start, length },
    () => {},
    () => {},
  );
  const out: string[] = [];
  for (let n = rows.next(); n !== END; n = rows.next()) out.push(...(rows.rows.slice(0, n) as string[]));
  return out;
}

describe('TextRows', () => {
  it.each(Array.from({ length: 40 }, (_, i) => i))('seed %i', (seed) => {
    const random = new Prng(seed);
    const pieces = ['a', 'word ', 'ä', '日本', '\n', '\r\n', '\r', '\n\n', '', 'x'.repeat(50)];
    const bytes = Buffer.from(Array.from({ length: random.int(60) }, () => random.pick(pieces)).join(''));
    const file = path.join(folder, `${seed}.txt`);
    writeFileSync(file, bytes);
    const lines = linesOf(bytes);
    const size = 1 + random.int(30);
    for (let start = 0; start < bytes.length; start += size) {
      const end = Math.min(bytes.length, start + size);
      // Half of a \r\n at the start of a split is an empty line, which is the one that is left out.
      const own = lines.filter((line) => (start === 0 ? line.at >= 0 : line.at > start) && line.at <= end && line.at < bytes.length);
      expect(read(file, start, end - start)).toEqual(own.map((line) => line.text));
    }
  });

  it('reads lines longer than its buffer, and leaves out a byte order mark', () => {
    const long = 'y'.repeat(700_000);
    const file = path.join(folder, 'long.txt');
    writeFileSync(file, `\ufeffone\n${long}\r\ntwo`);
    expect(read(file, 0, 1 << 20)).toEqual(['one', long, 'two']);
  });
});
