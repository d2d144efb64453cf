// How the kernel's rows become a table's files, and what the files are called. Rows are told apart by columns that the kernel has a folder for:
// partition columns, the bucket, and the number of the file; of the folders' names come Spark's names of files.
// Source: FileFormatDataWriter and HadoopMapReduceCommitProtocol.getFilename of Spark 4.2.
import { join } from 'node:path';
import type { FragmentWrite, TaskFiles } from '../../../rdd/sql-fragment.ts';
import { partitionFolder } from '../hive-paths.ts';
import type { CopyFormat } from './copy-format.ts';

/** What tells rows of one task apart. */
export type RowLayout = {
  /** The query's columns `o0` … that files have; those that follow are texts: partition columns, then the bucket's number. */
  readonly dataColumns: number;
  readonly partitionBy: readonly string[];
  readonly isBucketed: boolean;
  /** 0: no limit. */
  readonly rowsPerFile: number;
  /** Rows come in an order that each file is to have. */
  readonly isOrdered: boolean;
};

/** Files that one task writes for as many partitions: 1, unless the user asked for more of them than there are tasks. */
type Splits = number;

/** Texts and columns for one job. @param folder see FragmentWrite */
export function rowFiles(folder: string, { columns, options, finish }: CopyFormat, layout: RowLayout, splits: Splits) {
  const keys = keyColumns(layout);
  const isNumbered = layout.rowsPerFile > 0 || splits > 1;
  const names = [...keys, ...(isNumbered ? ['n'] : [])].map((_, i) => free(`p_${i}`, columns));
  const write: FragmentWrite = {
    folder,
    options,
    by: names,
    isOrdered: layout.isOrdered,
    neverEmpty: keys.length === 0,
    ...(finish && { finish }),
  };
  const list = columns.join(', ') || '1 AS none';
  if (names.length === 0) return { write, select: (query: string) => `SELECT ${list} FROM (${query}) q` };
  const select = (query: string) => {
    const number = isNumbered ? [`${numbers(layout, keys, splits)} AS ${names.at(-1)}`] : [];
    const values = [...keys.map((key, i) => `${folderText(key)} AS ${names[i]}`), ...number];
    return `SELECT ${list}, ${values.join(', ')} FROM ${isNumbered ? numbered(query, layout, keys, splits) : `(${query}) q`}`;
  };
  return { write, select };
}

const keyColumns = ({ dataColumns, partitionBy, isBucketed }: RowLayout): string[] =>
  Array.from({ length: partitionBy.length + (isBucketed ? 1 : 0) }, (_, i) => `o${dataColumns + i}`);

/** A name that no column of the files has. */
function free(name: string, columns: readonly string[]): string {
  const taken = columns.map((c) => c.toLowerCase());
  let unused = name;
  while (taken.some((c) => c.endsWith(`"${unused}"`))) unused += '_';
  return unused;
}

/** A text as the name of a folder that the kernel writes as it is: it would spell `ä` in six characters, and a name has 255. */
const folderText = (key: string): string =>
  `CASE WHEN ${key} IS NULL THEN 'n' ELSE 'v' || translate(rtrim(to_base64(encode(${key})), '='), '+/', '-_') END`;

const valueOf = (text: string): string | null => (text[0] === 'v' ? Buffer.from(text.slice(1), 'base64url').toString('utf8') : null);

/** Rows with `r_`, their number among all in the order in which they come, and `n_`, among those of their keys. */
function numbered(query: string, { rowsPerFile, isOrdered }: RowLayout, keys: readonly string[], splits: Splits): string {
  const all = `(SELECT *, row_number() OVER () AS r_ FROM (${query}) q) r`;
  if (rowsPerFile <= 0 || (keys.length === 0 && splits === 1)) return all;
  const groups = [...keys, ...(splits > 1 ? [`r_ % ${splits}`] : [])].join(', ');
  const counted = `SELECT *, row_number() OVER (PARTITION BY ${groups} ORDER BY r_) AS n_ FROM ${all}`;
  return `(${counted}${isOrdered ? ' ORDER BY r_' : ''}) r`;
}

/** `split_file` */
function numbers({ rowsPerFile }: RowLayout, keys: readonly string[], splits: Splits): string {
  const split = splits > 1 ? `(r_ - 1) % ${splits}` : '0';
  const file = rowsPerFile <= 0 ? '0' : `(${keys.length === 0 && splits === 1 ? 'r_' : 'n_'} - 1) // ${rowsPerFile}`;
  return `(${split})::VARCHAR || '_' || (${file})::VARCHAR`;
}

export type NamedFile = {
  /** Relative to the try's folder. */
  readonly from: string;
  /** Relative to the table's folder. */
  readonly to: string;
  /** The partition's folder; empty without partitions. */
  readonly folder: string;
};

/** @param tasks what each has written; @param jobId in every name, as in Spark */
export function namedFiles(tasks: readonly TaskFiles[], layout: RowLayout, jobId: string, extension: string): NamedFile[] {
  const found = tasks.flatMap(({ task, files }) => files.map(([from]) => placeOf(task, from, layout)));
  found.sort((a, b) => a.part - b.part || a.file - b.file || a.piece - b.piece);
  const count = new Map<string, number>();
  return found.map(({ from, folder, bucket, part }) => {
    const group = `${folder}\0${bucket}\0${part}`;
    const n = count.get(group) ?? 0;
    count.set(group, n + 1);
    const separator = layout.partitionBy.length > 0 || layout.isBucketed ? '.' : '-';
    const name = `part-${digits(part, 5)}-${jobId}${bucket}${separator}c${digits(n, 3)}${extension}`;
    return { from, to: join(folder, name), folder };
  });
}

const digits = (n: number, width: number): string => String(n).padStart(width, '0');

/** `task_00000/rows/p_0=v…/p_1=0_2/f3.parquet` */
function placeOf(task: number, from: string, { partitionBy, isBucketed }: RowLayout) {
  const values = from.split('/').flatMap((name) => /^p_\d+_*=(.*)$/.exec(name)?.[1] ?? []);
  const folder = join(...partitionBy.map((column, i) => partitionFolder(column, valueOf(values[i]!))), '.');
  const bucket = isBucketed ? `_${digits(Number(valueOf(values[partitionBy.length]!)), 5)}` : '';
  const [split, file] = (values[partitionBy.length + (isBucketed ? 1 : 0)] ?? '0_0').split('_').map(Number);
  const piece = Number(/(\d+)\.[^/]*$/.exec(from)?.[1] ?? 0);
  return { from, folder: folder === '.' ? '' : folder, bucket, part: task + split!, file: file!, piece };
}
