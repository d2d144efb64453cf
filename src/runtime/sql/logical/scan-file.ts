// A file of a scan, or a part of one, and what is known of its columns. The scan itself is plans.ts.
import type { SourceFile } from '../../../common/file-copy.ts';

/** A file of a scan. Values of partition columns (Hive folders) are text; null is the default partition. */
export type ScanFile = {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly partition: readonly (string | null)[];
  /** Of a bucketed table: the bucket whose rows it has. Left out: its name does not say. */
  readonly bucket?: number;
  /** How many rows it has, when that is known (Parquet footers). */
  readonly rows?: number;
  /** Only the rows [first, end) of it: a task's part. */
  readonly range?: readonly [first: number, end: number];
  /** Only the lines of it that begin at bytes [first, end): a task's part. */
  readonly bytes?: readonly [first: number, end: number];
  /** Of CSV: the kernel reads it as Spark does (sources/csv-lines.ts). Left out: nobody has looked. */
  readonly isRegular?: boolean;
  /** Of a copy that is read in its place: what was copied. */
  readonly original?: Original;
  /** Of text: NUL characters are in it; no line is longer than SHORT_LINE_BYTES, as far as that is known. */
  readonly hasNuls?: boolean;
  readonly hasShortLines?: boolean;
  /** Of a JDBC source, whose partitions stand here: what it adds to WHERE. */
  readonly where?: string;
};
/** `steps`: ../sources/make-copy.ts. */
export type Original = SourceFile & { readonly steps: readonly object[] };
/** By this a file is known as it is now. */
export const fileKey = ({ path, size, modified }: Pick<ScanFile, 'path' | 'size' | 'modified'>): string => `${path}\0${size}\0${modified}`;
/** The least and the greatest value of a column of whole numbers, at most as exact as a double. */
export type ColumnBounds = { readonly min: number; readonly max: number };
/** What input_file_name() and its kin say of a file, or of a task's part of it: its URI, where it begins, how long it is. */
export type FileColumn = 'name' | 'start' | 'length' | MetadataColumn;
/** What `_metadata` says besides; `rowIndex` is of each row, which its file does not know. */
type MetadataColumn = 'path' | 'fileName' | 'size' | 'modified' | 'rowIndex';
