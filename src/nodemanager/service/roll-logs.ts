// Rolls the logs of running containers: a file that has grown too large is copied aside and cut to nothing, so that a run of months does
// not fill the disk. The container holds its file open for appending and notices nothing. What it writes between the last look at the
// copy and the cut would be lost: the copy's rest and the cut are one synchronous step, which leaves microseconds.
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROLLED = ['stdout', 'stderr'] as const;
const CHUNK_BYTES = 1 << 20;

export type RollLimits = { readonly maxBytes: number; readonly keep: number };

/** @param logDir of one running container. @returns the files that were rolled. @throws Error ENOSPC …: the file is as it was */
export async function rollLogs(logDir: string, { maxBytes, keep }: RollLimits): Promise<string[]> {
  const rolled: string[] = [];
  for (const name of ROLLED) {
    const path = join(logDir, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile() || stat.size <= maxBytes) continue;
    await roll(path, keep);
    rolled.push(name);
  }
  return rolled;
}

async function roll(path: string, keep: number): Promise<void> {
  const copy = `${path}.rolling`;
  try {
    if (keep > 0) await copyFile(path, copy); // the bulk of it, while the loop goes on
    cutOff(path, keep > 0 ? copy : undefined);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
  if (keep === 0) return;
  rmSync(`${path}.${keep}`, { force: true });
  for (let n = keep - 1; n >= 1; n--) if (existsSync(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
  renameSync(copy, `${path}.1`);
}

/** What has come since the copy is added to it, and the file begins anew. */
function cutOff(path: string, copy: string | undefined): void {
  const from = openSync(path, 'r+');
  try {
    if (copy !== undefined) {
      const to = openSync(copy, 'r+');
      try {
        const bytes = Buffer.alloc(CHUNK_BYTES);
        let at = fstatSync(to).size;
        for (let n = readSync(from, bytes, 0, CHUNK_BYTES, at); n > 0; n = readSync(from, bytes, 0, CHUNK_BYTES, at)) {
          writeSync(to, bytes, 0, n, at);
          at += n;
        }
      } finally {
        closeSync(to);
      }
    }
    ftruncateSync(from);
  } finally {
    closeSync(from);
  }
}
