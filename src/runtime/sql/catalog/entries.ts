// What the catalogue knows: databases, tables and views, partitions, statistics. Source: CatalogDatabase, CatalogTable and their kin of Spark 4.2.
import type { PathEntry } from '../plan/path-entry.ts';
import type { StructType } from '../types/data-type.ts';

export const CATALOG = 'spark_catalog';
export const DEFAULT_DATABASE = 'default';
export const GLOBAL_TEMP = 'global_temp';

export type Properties = Readonly<Record<string, string>>;
export type DatabaseEntry = {
  readonly name: string;
  readonly comment: string;
  /** An absolute path. */
  readonly location: string;
  readonly properties: Properties;
  readonly owner: string;
};
/** Lower case, as the catalogue stores names. */
export type TableName = { readonly database: string; readonly table: string };
export type ColumnStatistics = {
  readonly distinctCount: string;
  readonly nullCount: string;
  /** As text; undefined for types without an order. */
  readonly min?: string;
  readonly max?: string;
  readonly averageLength?: string;
  readonly maxLength?: string;
};
export type TableStatistics = {
  readonly bytes: number;
  readonly rows?: number;
  readonly columns?: Readonly<Record<string, ColumnStatistics>>;
};
export type ViewSchemaMode = 'binding' | 'compensation' | 'typeEvolution' | 'evolution';
export type ViewText = {
  readonly text: string;
  /** The catalogue and database that its names were meant in. */
  readonly namespace: string;
  /** Where its names of one part are looked up, when somebody had set the path. Left out: in `namespace`. */
  readonly path?: readonly PathEntry[];
  /** Columns of its query, by which the view's columns are found. */
  readonly queryColumns: readonly string[];
  /** DEFAULT COLLATION. */
  readonly collation?: string;
  /** What happens when its query's columns change. Left out: made while `spark.sql.legacy.viewSchemaBindingMode` was off; as `compensation`. */
  readonly schemaMode?: ViewSchemaMode;
};
/** CLUSTERED BY (columns) SORTED BY (sortColumns) INTO count BUCKETS. */
export type BucketSpec = { readonly count: number; readonly columns: readonly string[]; readonly sortColumns: readonly string[] };
export type TableEntry = TableName & {
  readonly type: 'MANAGED' | 'EXTERNAL' | 'VIEW';
  /** Undefined for views. */
  readonly provider?: string;
  /** Partition columns last. */
  readonly schema: StructType;
  readonly partitionColumns: readonly string[];
  readonly bucket?: BucketSpec;
  readonly location?: string;
  readonly options: Properties;
  readonly properties: Properties;
  readonly comment?: string;
  /** DEFAULT COLLATION of a table; of a view it is the query's. */
  readonly collation?: string;
  readonly createdMs: number;
  readonly owner: string;
  readonly statistics?: TableStatistics;
  readonly view?: ViewText;
};
/** Lower case. */
export type FunctionName = { readonly database: string; readonly name: string };
/** A function written in SQL, as texts: it is read again by whoever calls it. */
export type FunctionEntry = FunctionName & {
  /** Between the parentheses. */
  readonly parameters: string;
  /** Behind RETURNS. Left out: the body's. */
  readonly returns?: string;
  readonly isTable: boolean;
  readonly characteristics: readonly string[];
  readonly body: string;
  /** The database that its names were meant in. */
  readonly namespace: string;
  readonly path?: readonly PathEntry[];
  /** `spark.sql.ansi.enabled` when it was made. */
  readonly ansi: boolean;
  readonly createdMs: number;
  readonly owner: string;
};
export type PartitionEntry = {
  /** In the order of the table's partition columns; null is the default partition. */
  readonly values: readonly (string | null)[];
  readonly location: string;
  readonly statistics?: PartitionStatistics;
};
export type PartitionStatistics = { readonly bytes: number; readonly rows?: number };

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
