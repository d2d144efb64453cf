// The tasks of a scan: whole files together while they are small, parts of one that is large: ranges of a Parquet file's rows, lines of a text
// file by where they begin. Sizes as Spark's FilePartition.maxSplitBytes.
import type { Scan, ScanFile } from '../logical/plans.ts';
import { hasPlainLines } from '../sources/plain-lines.ts';

export type SplitSettings = {
  /** spark.sql.files.maxPartitionBytes */
  readonly mostBytes: number;
  /** spark.sql.files.openCostInBytes: what opening a file is worth in bytes. */
  readonly openBytes: number;
  readonly slots: number;
};

/** @returns files of each task, in the files' order */
export function splitsOf(scan: Scan, { mostBytes, openBytes, slots }: SplitSettings): readonly (readonly ScanFile[])[] {
  if (scan.format === 'jdbc') return scan.files.map((file) => [file]); // as the user has cut it
  const total = scan.files.reduce((sum, file) => sum + file.size + openBytes, 0);
  const target = Math.min(mostBytes, Math.max(openBytes, total / Math.max(1, slots)));
  const tasks: ScanFile[][] = [];
  let [current, bytes]: [ScanFile[], number] = [[], 0];
  const close = () => {
    if (current.length > 0) tasks.push(current);
    [current, bytes] = [[], 0];
  };
  for (const piece of scan.files.flatMap((file) => pieces(scan, file, target))) {
    // A part of a file is a task of its own: its text says which rows.
    if (bytes + piece.size > target || isPart(piece) || (current[0] !== undefined && isPart(current[0]))) close();
    current.push(piece);
    bytes += piece.size + openBytes;
  }
  close();
  return tasks;
}

const isPart = (file: ScanFile): boolean => file.range !== undefined || file.bytes !== undefined;

function pieces(scan: Scan, file: ScanFile, target: number): readonly ScanFile[] {
  if (file.size <= target) return [file];
  const wanted = Math.ceil(file.size / target);
  const cutAt = (from: number, length: number) => ({ size: length, partition: partitionOf(scan, file, from, length) });
  const { rows } = file;
  if (scan.format === 'parquet' && rows !== undefined)
    return cut(rows, Math.max(1, Math.min(rows, wanted))).map((range) => ({
      ...file,
      range,
      rows: range[1] - range[0],
      ...cutAt((file.size * range[0]) / rows, (file.size * (range[1] - range[0])) / rows),
    }));
  if (scan.stores !== undefined || !hasPlainLines(scan, file)) return [file]; // a task cuts lines out of files of its machine only
  return cut(file.size, wanted).map((bytes) => ({ ...file, bytes, ...cutAt(bytes[0], bytes[1] - bytes[0]) }));
}

/** A part says where it begins and how long it is. */
function partitionOf({ fileColumns }: Scan, { partition }: ScanFile, from: number, length: number): ScanFile['partition'] {
  const values = { start: String(Math.floor(from)), length: String(Math.floor(length)) };
  return fileColumns === undefined
    ? partition
    : partition.map((value, i) => (fileColumns[i] === 'start' || fileColumns[i] === 'length' ? values[fileColumns[i]] : value));
}

const cut = (all: number, n: number): (readonly [number, number])[] =>
  Array.from({ length: n }, (_, i) => [Math.floor((i * all) / n), Math.floor(((i + 1) * all) / n)]);
