import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Codec } from '../../../../src/history/core/log-names.ts';
import { fingerprintOf, isStillThere, readLines } from '../../../../src/history/service/log-reader.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'el-read-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const part = (codec: Codec) => ({ path: 'log', sizeBytes: 0, changedAtMs: 0, codec });
async function read(codec: Codec, fromByte: number, closed: boolean) {
  const lines: string[] = [];
  const reading = await readLines(folder, part(codec), { fromByte, closed }, (line) => void lines.push(line));
  return { lines, ...reading };
}
const write = (data: string | Buffer) => writeFileSync(join(folder, 'log'), data);
const add = (data: string | Buffer) => appendFileSync(join(folder, 'log'), data);

test('lines of any length, also longer than a chunk, with text of several bytes', async () => {
  const long = 'ü'.repeat(400_000);
  write(`one\n${long}\n\nthree\n`);
  expect((await read('plain', 0, true)).lines).toEqual(['one', long, 'three']);
});

test('a last line without its end is left until the log is closed, then it counts', async () => {
  write('one\ntw');
  const first = await read('plain', 0, false);
  expect(first).toMatchObject({ lines: ['one'], textBytes: 4 });
  add('o\nthree');
  expect(await read('plain', first.textBytes, false)).toMatchObject({ lines: ['two'], textBytes: 8 });
  expect(await read('plain', 8, true)).toMatchObject({ lines: ['three'], textBytes: 13 });
});

test('zstd of many frames, and going on where one stopped', async () => {
  write(zstdCompressSync('one\ntwo\n'));
  add(zstdCompressSync('three\nfo'));
  const first = await read('zstd', 0, false);
  expect(first).toMatchObject({ lines: ['one', 'two', 'three'], textBytes: 14, fault: undefined });
  add(zstdCompressSync('ur\n'));
  expect((await read('zstd', first.textBytes, false)).lines).toEqual(['four']);
});

test('zstd that is cut: what is whole is read; garbage says so', async () => {
  const frame = zstdCompressSync(Buffer.from(Array.from({ length: 50_000 }, (_, i) => `line ${i * 7919}\n`).join('')));
  write(frame);
  truncateSync(join(folder, 'log'), Math.floor(frame.length / 2));
  const cut = await read('zstd', 0, false);
  expect(cut.lines.length).toBeGreaterThan(100);
  expect(cut.lines.every((line, i) => line === `line ${i * 7919}`)).toBe(true);
  write('this is no zstd at all, only text');
  expect((await read('zstd', 0, true)).fault).toMatch(/ZSTD/i);
});

test('a file is known again by its first and last bytes, however much was added', () => {
  write('a'.repeat(10_000));
  const fingerprint = fingerprintOf(folder, 'log', 10_000)!;
  const position = { path: 'log', textBytes: 10_000, fileBytes: 10_000, fingerprint };
  add('more');
  expect(isStillThere(folder, part('plain'), position)).toBe(true);
  write('b'.repeat(statSync(join(folder, 'log')).size));
  expect(isStillThere(folder, part('plain'), position)).toBe(false);
});
