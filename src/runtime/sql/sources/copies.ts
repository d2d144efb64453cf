// Copies of text files as the kernel reads them, each made once while its file is as it was; of each process, in a folder that goes with it.
// What is copied how: plain-copies.ts, unpacked-copies.ts. A copy knows what it was made of and how: who cannot read it makes another (make-copy.ts).
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ListedFile } from './list-files.ts';

const copies = new Map<string, Promise<ListedFile>>();
let folder: string | undefined;
let made = 0;

/** @param step all that the copy depends on beside the file; @param bytes of the copy, asked for if there is none yet */
export function copyOf(file: ListedFile, step: object, bytes: () => AsyncIterable<Buffer | string>): Promise<ListedFile> {
  const key = JSON.stringify([file.path, file.size, file.modified, step]);
  const known = copies.get(key);
  if (known !== undefined) return known;
  const copy = write(file, step, bytes);
  copies.set(key, copy);
  copy.catch(() => copies.delete(key));
  return copy;
}

async function write(file: ListedFile, step: object, bytes: () => AsyncIterable<Buffer | string>): Promise<ListedFile> {
  const path = join(copyFolder(), `${++made}.txt`);
  try {
    await pipeline(bytes, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
  const { store, ...local } = file;
  const { size, modified } = file;
  const original = file.original ?? { path: file.path, size, modified, store, steps: [] };
  return { ...local, path, size: statSync(path).size, original: { ...original, steps: [...original.steps, step] } };
}

/** Where copies of this process are. */
export function copyFolder(): string {
  if (folder !== undefined) return folder;
  const to = mkdtempSync(join(tmpdir(), 'emberloom-copies-'));
  process.on('exit', () => rmSync(to, { recursive: true, force: true }));
  folder = to;
  return to;
}
