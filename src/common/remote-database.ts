// Databases outside of Emberloom (JDBC sources) as the kernel reaches them. Adapters: platform/remote-sqlite.ts, platform/remote-attached.ts.
import type { KernelChunk } from './sql-kernel.ts';

/** Where a database is. `properties` are the driver's, from the URL and the options. Passwords travel here, and never in a text of SQL. */
export type RemoteDatabase =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'postgresql' | 'mysql';
      readonly host: string;
      readonly port: number;
      readonly database: string;
      readonly user?: string;
      readonly password?: string;
      readonly properties: Readonly<Record<string, string>>;
    };

/** A column of a remote table or query. */
export type RemoteColumn = {
  readonly name: string;
  /** The database's own word for its type, '' where it has none. */
  readonly type: string;
  /** What the kernel reads, where that says more than the database (MySQL: of a query's columns it has no word). */
  readonly kernelType?: string;
};

/** A query of another database whose rows a text of the kernel reads: where they are to be, the text has `mark`, as a quoted name. */
export type RemoteRead = {
  readonly mark: string;
  readonly database: RemoteDatabase;
  /** In the database's SQL. */
  readonly sql: string;
  /** The kernel's types, in the order of the query's columns; as columns of the relation they are called c0, c1 … */
  readonly types: readonly string[];
};

/** Rows that the kernel can read by this name, until they are closed. */
export type OpenRemoteRows = { readonly name: string; close(): Promise<void> };

export interface RemoteConnection {
  /** What a table or a query in parentheses has; it is not run. @param from what stands behind FROM. @throws Error in the database's words */
  columns(from: string): Promise<readonly RemoteColumn[]>;
  open(sql: string, types: readonly string[]): Promise<OpenRemoteRows>;
  hasTable(name: string): Promise<boolean>;
  /** Statements, then rows by an INSERT with a place for each column: all in one transaction. */
  write(statements: readonly string[], insert?: RemoteInsert): Promise<void>;
}

export type RemoteInsert = {
  readonly table: string;
  /** As the database has them, in quotes. */
  readonly columns: readonly string[];
  /** The kernel's. */
  readonly types: readonly string[];
  readonly rows: AsyncIterable<KernelChunk>;
};
