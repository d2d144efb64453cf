// Finds the event logs of a folder: single files and folders of rolled ones. Looks at names and sizes only; what is in them is
// log-summary.ts. Nothing outside the folder is ever opened: a link that leads out is named and left alone.
import { closeSync, type Dirent, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { LogFile, LogPart } from '../core/log-file.ts';
import { type Codec, partName, partsInOrder, rollingBase, rollingInProgress, singleName } from '../core/log-names.ts';

/** @throws the system's error when the folder itself can't be read */
export function scanLogFolder(folder: string): LogFile[] {
  const root = realpathSync(folder);
  const found: LogFile[] = [];
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const log = logOf(root, entry);
    if (log !== undefined) found.push(log);
  }
  return found;
}

function logOf(root: string, entry: Dirent): LogFile | undefined {
  const base = rollingBase(entry.name);
  try {
    if (base !== undefined) {
      const part = escapes(root, entry.name) ? undefined : statSync(join(root, entry.name));
      if (part === undefined) return unreadable(entry.name, OUTSIDE);
      return part.isDirectory() ? rolled(root, entry.name, base) : undefined;
    }
    const name = singleName(entry.name);
    if (name === undefined || entry.isDirectory()) return undefined;
    if (escapes(root, entry.name)) return unreadable(name.key, OUTSIDE);
    const part = partOf(root, entry.name, name.codec);
    if (part === undefined) return undefined;
    return {
      key: name.key,
      inProgress: name.inProgress,
      parts: [part],
      sizeBytes: part.sizeBytes,
      changedAtMs: part.changedAtMs,
      fault: undefined,
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : unreadable(entry.name, `it can't be read: ${code}`); // gone or renamed meanwhile
  }
}

const OUTSIDE = 'it is a link that leads out of the log folder: copy the file instead';
const escapes = (root: string, path: string): boolean => !realpathSync(join(root, path)).startsWith(root.endsWith(sep) ? root : root + sep);
const unreadable = (key: string, fault: string): LogFile => ({ key, inProgress: false, parts: [], sizeBytes: 0, changedAtMs: 0, fault });

function partOf(root: string, path: string, codec: Codec): LogPart | undefined {
  const { size, mtimeMs, ...stats } = statSync(join(root, path));
  if ((stats.mode & 0o170000) !== 0o100000) return undefined; // a pipe or a device would keep us waiting
  return { path, sizeBytes: size, changedAtMs: Math.floor(mtimeMs), codec };
}

/** Spark's history server compresses a compacted part as its own settings say, whatever the name says. @returns the codec that its bytes show */
function codecIn(path: string, named: Codec): Codec {
  const head = Buffer.alloc(8);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  if (head.readUInt32LE() === ZSTD_MAGIC) return 'zstd';
  if (head.toString('latin1') === 'LZ4Block') return 'lz4';
  return head[0] === 0x7b ? 'plain' : named;
}
const ZSTD_MAGIC = 0xfd2fb528;

function rolled(root: string, folder: string, base: string): LogFile | undefined {
  const names = readdirSync(join(root, folder));
  const parts: LogPart[] = [];
  let fault: string | undefined;
  for (const { name, codec } of partsInOrder(names.flatMap((n) => partName(n, base) ?? []))) {
    const path = `${folder}/${name}`;
    if (escapes(root, path)) fault = OUTSIDE;
    const part = fault === undefined ? partOf(root, path, name.endsWith('.compact') ? codecIn(join(root, path), codec) : codec) : undefined;
    if (part === undefined) continue;
    parts.push(part);
  }
  if (parts.length === 0 && fault === undefined) return undefined;
  return {
    key: folder,
    inProgress: rollingInProgress(names, base),
    parts,
    sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0),
    changedAtMs: parts.reduce((latest, part) => Math.max(latest, part.changedAtMs), 0),
    fault,
  };
}
