// What a scan reads, and what is known of its files. The operators are plans.ts's.
import type { ObjectStore } from '../../../common/object-store.ts';
import type { JdbcScan } from './jdbc-scan.ts';
import type { ColumnBounds, FileColumn, ScanFile } from './scan-file.ts';
import type { StructType } from '../types/data-type.ts';
import type { Attribute, Expr, ExprId } from './expressions.ts';

/**
 * How a scan is cut into tasks by values of a column without NULLs: task i has those from bounds[i - 1] on, below bounds[i]. Scans with equal
 * bounds are cut alike. `files`: by path, the least and the greatest value in it.
 */
export type ValueCut = {
  readonly id: ExprId;
  readonly column: string;
  readonly bounds: readonly bigint[];
  readonly files: ReadonlyMap<string, { readonly min: bigint; readonly max: bigint }>;
};
/** Files of one format. `columns[i]` is the name in the files of `output[i]`; partition columns come last, without a name in the files. */
export type Scan = {
  readonly kind: 'scan';
  readonly output: readonly Attribute[];
  readonly format: 'parquet' | 'csv' | 'json' | 'text' | 'arrow' | 'orc' | 'binaryFile' | 'jdbc' | 'xml';
  readonly columns: readonly string[];
  readonly partitionColumns: readonly Attribute[];
  readonly files: readonly ScanFile[];
  readonly options: Readonly<Record<string, string>>;
  /** For each partition column: what of a file it says; undefined: it is the partition's. Left out: all are. */
  readonly fileColumns?: readonly (FileColumn | undefined)[];
  /** As the files have it, before pruning. */
  readonly schema: StructType;
  /** Name for explain: `parquet`, or the table's. */
  readonly name: string;
  /** Parquet columns in the old 96-bit form of timestamps. */
  readonly int96?: readonly string[];
  /** Parquet columns that the files have in a type that is not read as theirs. */
  readonly mismatches?: ReadonlyMap<string, { readonly expectedType: string; readonly actualType: string }>;
  /** Every file has the schema itself, so that the kernel need not be told of it: told, it reads a file with one thread (Parquet). */
  readonly isUniform?: boolean;
  /** By name in the files, as far as their footers tell. */
  readonly bounds?: ReadonlyMap<string, ColumnBounds>;
  readonly jdbc?: JdbcScan;
  /** Of a bucketed table: rows of one bucket agree in the hash of these columns, by their names in the files. */
  readonly buckets?: { readonly count: number; readonly columns: readonly string[] };
  /** Buckets that files are in. */
  readonly stores?: readonly ObjectStore[];
  /** Filters that the scan applies itself; the optimiser puts them here. */
  readonly pushedFilters?: readonly Expr[];
  /** Left out: tasks are files and rows of files as they come. */
  readonly cut?: ValueCut;
};
