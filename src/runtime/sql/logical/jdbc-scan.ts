// What a scan of another database has beside its columns. Made by ../sources/jdbc/, printed by ../emit/scan-jdbc.ts.
import type { RemoteDatabase } from '../../../common/remote-database.ts';
import type { DataType } from '../types/data-type.ts';

/** A column of another database. Texts of `read` are the database's, of `convert` the kernel's, with ? for what was read. */
export type JdbcColumn = {
  readonly kernelType: string;
  readonly dataType: DataType;
  readonly read?: string;
  readonly convert?: string;
  readonly compares: 'all' | 'equality' | 'never';
};
export type JdbcScan = {
  readonly database: RemoteDatabase;
  /** What stands behind FROM. */
  readonly table: string;
  /** By name. */
  readonly columns: Readonly<Record<string, JdbcColumn>>;
  readonly pushesPredicates: boolean;
};
