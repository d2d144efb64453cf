// Which byte ranges of which files a textFile's partitions read. Source: Hadoop's FileInputFormat (mapred API): goal size, 32 MiB blocks on the
// local file system, a last split up to 10 % larger; hidden files are those that begin with _ or a dot. Folders are not read recursively.
import { globSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { FileSplit } from './ops.ts';

/** fs.local.block.size of Hadoop's local file system. */
const BLOCK_BYTES = 32 * 1024 * 1024;
const SLOP = 1.1;
const COMPRESSED = /\.(gz|zst|deflate)$/;
/** Hadoop's other codecs: their bytes are not lines of text. */
const UNREADABLE = /\.(bz2|lz4|snappy|xz|lzo)$/;

type InputFile = { readonly path: string; readonly size: number };

/** @param minPartitions a hint: goal size = total / minPartitions */
export function planSplits(paths: readonly string[], minPartitions: number): FileSplit[] {
  const files = listFiles(paths);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const goal = Math.floor(total / Math.max(1, minPartitions));
  const size = Math.max(1, Math.min(goal, BLOCK_BYTES));
  return files.flatMap((file) => splitsOf(file, size));
}

/** An empty file has no split (spark.hadoopRDD.ignoreEmptySplits). */
function splitsOf(file: InputFile, size: number): FileSplit[] {
  if (UNREADABLE.test(file.path)) throw new Error(`${file.path}: this compression can't be read; use gzip, zstd or deflate`);
  if (file.size === 0) return [];
  if (COMPRESSED.test(file.path)) return [{ path: file.path, start: 0, length: -1 }];
  const splits: FileSplit[] = [];
  let left = file.size;
  for (; left / size > SLOP; left -= size) splits.push({ path: file.path, start: file.size - left, length: size });
  if (left > 0) splits.push({ path: file.path, start: file.size - left, length: left });
  return splits;
}

/** Whole files in groups of about total / minPartitions bytes. Source: CombineFileInputFormat's maximum split size on one node. */
export function planWholeFiles(paths: readonly string[], minPartitions: number): string[][] {
  const files = listFiles(paths);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const largest = Math.ceil(total / Math.max(1, minPartitions));
  const groups: string[][] = [];
  let group: string[] = [];
  let bytes = 0;
  for (const file of files) {
    group.push(file.path);
    bytes += file.size;
    if (bytes < largest) continue;
    groups.push(group);
    [group, bytes] = [[], 0];
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** Files in the order of the paths, those of a folder or glob by name. @throws AppError PATH_NOT_FOUND */
function listFiles(paths: readonly string[]): InputFile[] {
  if (paths.length === 0) throw new AppError('PATH_NOT_FOUND', { path: '' });
  return paths.flatMap((given) => {
    const matches =
      /[*?[{]/.test(given) && !exists(given)
        ? globSync(given)
            .filter((file) => !hidden(file))
            .sort()
        : [given];
    if (matches.length === 0) throw new AppError('PATH_NOT_FOUND', { path: given });
    return matches.flatMap(filesAt);
  });
}

function filesAt(at: string): InputFile[] {
  const info = statSync(at, { throwIfNoEntry: false });
  if (!info) throw new AppError('PATH_NOT_FOUND', { path: at });
  if (!info.isDirectory()) return [{ path: at, size: info.size }];
  return readdirSync(at, { withFileTypes: true })
    .filter((entry) => !hidden(entry.name))
    .map((entry) => path.join(at, entry.name))
    .sort()
    .map((file) => ({ path: file, info: statSync(file) }))
    .filter((file) => !file.info.isDirectory()) // Spark without recursion fails on a folder here; leaving it out reads what can be read
    .map((file) => ({ path: file.path, size: file.info.size }));
}

const exists = (at: string) => statSync(at, { throwIfNoEntry: false }) !== undefined;
const hidden = (file: string) => /^[_.]/.test(path.basename(file));
