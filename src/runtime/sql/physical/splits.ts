// The tasks of a scan: whole files together while they are small, row ranges of one that is large. Sizes as Spark's FilePartition.maxSplitBytes.
import type { Scan, ScanFile } from '../logical/plans.ts';

export type SplitSettings = {
  /** spark.sql.files.maxPartitionBytes */
  readonly mostBytes: number;
  /** spark.sql.files.openCostInBytes: what opening a file is worth in bytes. */
  readonly openBytes: number;
  readonly slots: number;
};

/** @returns files of each task, in the files' order */
export function splitsOf(scan: Scan, { mostBytes, openBytes, slots }: SplitSettings): readonly (readonly ScanFile[])[] {
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
    if (bytes + piece.size > target || piece.range !== undefined || current[0]?.range !== undefined) close();
    current.push(piece);
    bytes += piece.size + openBytes;
  }
  close();
  return tasks;
}

/** Only Parquet files whose number of rows is known are cut. */
function pieces(scan: Scan, file: ScanFile, target: number): readonly ScanFile[] {
  const { rows } = file;
  if (scan.format !== 'parquet' || rows === undefined || file.size <= target) return [file];
  const n = Math.max(1, Math.min(rows, Math.ceil(file.size / target)));
  return Array.from({ length: n }, (_, i) => {
    const range = [Math.floor((i * rows) / n), Math.floor(((i + 1) * rows) / n)] as const;
    return { ...file, range, rows: range[1] - range[0], size: file.size / n };
  });
}
