// Compacts a rolled log: what core/compaction.ts keeps of its oldest parts goes into one `events_<n>_….compact`, written under another name,
// renamed when it is whole, and only then the parts go. Killed at any time it leaves a log that can be read; what it left lying is removed the
// next time. Runs in the worker thread (worker-main.ts). Source: Spark's EventLogFileCompactor.
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { CompactionFilter, type CompactionLimits, partsToCompact } from '../core/compaction.ts';
import type { LogFile, LogPart } from '../core/log-file.ts';
import { partName, partsInOrder, rollingBase } from '../core/log-names.ts';
import { readLines } from './log-reader.ts';

export type CompactOrder = { readonly folder: string; readonly log: LogFile; readonly limits: CompactionLimits };
export type CompactAnswer = {
  /** Name of the new part; undefined: the log stays as it is. */
  readonly compacted: string | undefined;
  /** Files that went. */
  readonly removed: number;
  /** Why it stays as it is, for people. */
  readonly reason: string;
};

/** Text of one zstd frame, about. */
const FRAME_BYTES = 1 << 20;
/** A name that neither Spark nor we take for a part. */
const TEMPORARY = '.compacting-';

/** @throws the system's error: no part has gone then */
export async function compactLog({ folder, log, limits }: CompactOrder): Promise<CompactAnswer> {
  const removed = removeLeftovers(folder, log);
  const stays = (reason: string): CompactAnswer => ({ compacted: undefined, removed, reason });
  const parts = partsToCompact(log.parts, limits.maxFilesToRetain);
  const last = parts.at(-1);
  if (last === undefined) return stays('it has not more files than are retained');
  const foreign = parts.find(({ codec }) => codec !== 'plain' && codec !== 'zstd');
  if (foreign !== undefined) return stays(`${foreign.path} is compressed with ${foreign.codec}, which can't be written here`);
  const filter = new CompactionFilter();
  for (const part of parts) await eachLine(folder, part, (_, json) => json !== undefined && filter.learn(json));
  if (filter.score < limits.scoreThreshold) return stays(`only ${Math.floor(filter.score * 100)} % of its tasks are over`);
  const name = `${last.path}.compact`;
  const temporary = join(folder, dirname(last.path), `${TEMPORARY}${hostname()}-${process.pid}`);
  try {
    await write(temporary, folder, parts, filter);
    // Another server may have compacted further meanwhile: then this one's work is not wanted.
    for (const part of parts) statSync(join(folder, part.path));
    const { atime, mtime } = statSync(join(folder, last.path));
    utimesSync(temporary, atime, mtime); // when the application wrote last, which is what ages count from
    renameSync(temporary, join(folder, name));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(join(folder, dirname(name)));
  for (const part of parts) rmSync(join(folder, part.path), { force: true });
  return { compacted: name, removed: removed + parts.length, reason: '' };
}

/** @param onLine json is undefined when the line is none: it stays, as in Spark @throws Error when a part is damaged: it is left alone */
async function eachLine(
  folder: string,
  part: LogPart,
  onLine: (line: string, json: Record<string, unknown> | undefined) => void,
): Promise<void> {
  const { fault } = await readLines(folder, part, { fromByte: 0, closed: true }, (line) => onLine(line, parsed(line)));
  if (fault !== undefined) throw new Error(`${part.path} is damaged and is not compacted: ${fault}`);
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

async function write(path: string, folder: string, parts: readonly LogPart[], filter: CompactionFilter): Promise<void> {
  const { mode } = statSync(join(folder, parts.at(-1)!.path));
  const isPlain = parts.at(-1)!.codec === 'plain';
  const fd = openSync(path, 'w', mode & 0o777);
  try {
    let lines: string[] = [];
    let held = 0;
    const flush = (): void => {
      if (held === 0) return;
      const text = Buffer.from(lines.join(''), 'utf8');
      const bytes = isPlain ? text : zstdCompressSync(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      [lines, held] = [[], 0];
    };
    for (const part of parts) {
      await eachLine(folder, part, (line, json) => {
        if (json !== undefined && !filter.keeps(json)) return;
        lines.push(line, '\n');
        held += line.length;
        if (held > FRAME_BYTES) flush();
      });
    }
    flush();
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } catch {
    // some file systems can't: then the rename is as durable as they make it
  } finally {
    closeSync(fd);
  }
}

/** Files that a compaction which was killed left: parts that a compacted one has taken the place of, and half-written ones. */
export function leftovers(folder: string, key: string): string[] {
  const base = rollingBase(key);
  if (base === undefined) return [];
  const names = readdirSync(join(folder, key));
  const parts = names.flatMap((name) => partName(name, base) ?? []);
  const read = new Set(partsInOrder(parts).map(({ name }) => name));
  const dead = names.filter((name) => name.startsWith(TEMPORARY) && !isAlive(name));
  return [...parts.filter(({ name }) => !read.has(name)).map(({ name }) => name), ...dead];
}

/** Of another host: it is not ours to judge. */
function isAlive(temporary: string): boolean {
  const [, host, pid] = /^\.compacting-(.+)-(\d+)$/.exec(temporary) ?? [];
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return Number(pid) !== process.pid; // one at a time: this process has none
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function removeLeftovers(folder: string, log: LogFile): number {
  const names = leftovers(folder, log.key);
  for (const name of names) rmSync(join(folder, log.key, name), { force: true });
  return names.length;
}
