// Results of the transform on disk, by content. Starting a program a second time costs one read per module instead of a parse (107 ms for
// the first 2,000 lines of a process; measured). A cache, not a store: a file that can't be read or written is as good as none.
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Transformed } from './transform.ts';

/** Part of every key. Change it when the transform's output changes. */
const TRANSFORM_VERSION = 1;

export function cacheKey(url: string, format: string, source: string): string {
  return hash('sha256', `${TRANSFORM_VERSION} ${process.version}\n${url}\n${format}\n${source}`, 'base64url');
}

export function readCache(dir: string, key: string): Transformed | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dir, `${key}.json`), 'utf8')) as Transformed;
  } catch {
    return undefined; // not there, or half written by a process that died: make it again
  }
}

/** Written aside and renamed, so that no reader sees half a file. */
export function writeCache(dir: string, key: string, transformed: Transformed): void {
  const file = path.join(dir, `${key}.json`);
  const aside = `${file}.${process.pid}`;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeFileSync(aside, JSON.stringify(transformed), { mode: 0o600 });
    renameSync(aside, file);
  } catch {
    // a full or read-only disk: the program runs without the cache
  }
}
