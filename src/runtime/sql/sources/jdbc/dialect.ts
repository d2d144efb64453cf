// What differs between the databases of JDBC sources: names in quotes, which of Spark's types a column has and how the database is asked for it, and
// the other way what a new table's column is called. Source: JdbcDialect, PostgresDialect, MySQLDialect and JdbcUtils of Spark 4.2.
import type { RemoteColumn, RemoteDatabase } from '../../../../common/remote-database.ts';
import type { DataType } from '../../types/data-type.ts';
import { MYSQL } from './mysql-dialect.ts';
import { POSTGRES } from './postgres-dialect.ts';
import { SQLITE } from './sqlite-dialect.ts';

/** How a column is read. */
export type RemoteType = {
  readonly dataType: DataType;
  /** Of what `read` gives, in the kernel: it is cast to `dataType` there. */
  readonly kernelType: string;
  /** In the database's SQL, of the column's name in quotes; left out: the name itself. */
  readonly read?: (name: string) => string;
  /** Of the kernel's text, before the cast. */
  readonly convert?: (text: string) => string;
  /** Comparisons of it mean the same there. `text`: only equality, and only where it is not negated. */
  readonly compares: 'all' | 'equality' | 'never';
};

export type Dialect = {
  readonly quote: (name: string) => string;
  readonly text: (value: string) => string;
  /** Of a text: as bytes, where the database would compare otherwise. */
  readonly binary?: (name: string) => string;
  /** LIKE tells upper from lower case. */
  readonly likeIsExact: boolean;
  readonly typeOf: (column: RemoteColumn, options: TypeOptions) => RemoteType;
  /** @returns undefined for what it cannot store */
  readonly nameOf: (type: DataType) => string | undefined;
  readonly truncate: (table: string) => string;
};
/** `preferTimestampNTZ` */
export type TypeOptions = { readonly prefersNtz: boolean };

export const dialectOf = ({ kind }: RemoteDatabase): Dialect => ({ sqlite: SQLITE, postgresql: POSTGRES, mysql: MYSQL })[kind];
