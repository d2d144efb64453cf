// The port to the vectorised kernel that computes SQL. Adapter: platform/duckdb.ts.
import type { ArrowFiles } from './arrow-files.ts';
import type { ObjectStore } from './object-store.ts';
import type { RemoteConnection, RemoteDatabase } from './remote-database.ts';

/**
 * A value of a result by the kernel's type: boolean; number (up to 32-bit integers, floats, DATE as days since 1970); bigint (64 bits and more,
 * timestamps as µs, TIME as µs); string (text, decimals as text without exponent); bytes; an interval; arrays (lists; structs as their
 * fields' values in order; maps as [key, value]).
 */
export type KernelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | { readonly months: number; readonly days: number; readonly microseconds: bigint }
  | readonly KernelValue[];

/** Some rows of a result, by column. */
export type KernelChunk = { readonly rows: number; readonly columns: readonly KernelColumn[] };

export type KernelOptions = {
  readonly threads: number;
  readonly memoryLimitMb?: number;
  /** Where it spills. */
  readonly tempDirectory?: string;
  readonly disabledOptimizers?: readonly string[];
  /** IANA name. */
  readonly timeZone?: string;
  /** Where its extensions lie; left out: where this machine's user has them. */
  readonly extensionsDirectory?: string | undefined;
};

/** A column of a vector: an array of values, or a typed array where the type has a fixed width and nothing is NULL. Of a result it is the caller's own. */
export type KernelColumn = ArrayLike<KernelValue>;

/** A scalar function in JavaScript, called with whole vectors on the main thread. Types are the kernel's, as text. */
export type KernelScalarFunction = {
  readonly name: string;
  readonly parameterTypes: readonly string[];
  readonly returnType: string;
  readonly isVolatile: boolean;
  /**
   * `rows` values for each argument in (NULLs too); as many out, as an array or as a typed array of the result type's width.
   * Throwing fails the query with this very error.
   */
  readonly compute: (columns: readonly KernelColumn[], rows: number) => KernelColumn;
};

/** An operator of a query that has run, as the kernel ran it. Times are processor seconds over all threads. */
export type KernelOperator = {
  /** The kernel's word: HASH_JOIN, TABLE_SCAN … */
  readonly name: string;
  /** Of a scan what it reads: READ_PARQUET, SEQ_SCAN, RANGE … */
  readonly source: string;
  /** Rows that it gave. */
  readonly rows: number;
  readonly rowsScanned: number;
  readonly seconds: number;
  readonly children: readonly KernelOperator[];
};
export type KernelProfile = {
  readonly root: KernelOperator;
  readonly peakMemoryBytes: number;
  readonly peakSpilledBytes: number;
};

export type QueryOptions = {
  /** Rows that are known to be few, or a statement's count: computed to the last and kept before the first is given. Planned in less time than a stream. */
  readonly atOnce?: boolean;
  /** Aborting ends the query: it fails with `INTERRUPT Error: Interrupted!`. */
  readonly signal?: AbortSignal;
  /** IANA name, when it is another than the kernel was opened with. */
  readonly timeZone?: string;
  /** Hears what the operators did, after the last row. Costs half a millisecond. */
  readonly onProfile?: (profile: KernelProfile) => void;
};

/** A column of a new table. `type` is the kernel's, as text. */
export type KernelTableColumn = { readonly name: string; readonly type: string; readonly values: KernelColumn };

export interface SqlKernel {
  /** Statements without a result. @throws Error with the kernel's words */
  run(sql: string): Promise<void>;
  /** One query, its rows as they come: the kernel goes on when the next chunk is asked for. Several may run at once. */
  query(sql: string, options?: QueryOptions): AsyncIterable<KernelChunk>;
  /** A table that all queries of the kernel see; every column has `rows` values, and there is at least one. */
  createTable(name: string, columns: readonly KernelTableColumn[], rows: number): Promise<void>;
  /** Rows at the end of a table, which has these columns in this order. */
  append(table: string, columns: readonly KernelTableColumn[], rows: number): Promise<void>;
  /** Replaces one of the same name and parameter types; with other types it is another beside it. */
  registerScalar(definition: KernelScalarFunction): Promise<void>;
  /** From now on texts may read the bucket's objects. @throws AppError KERNEL_EXTENSION_MISSING */
  useStore(store: ObjectStore): Promise<void>;
  /** Another database, as this kernel reaches it. @throws AppError KERNEL_EXTENSION_MISSING */
  remote(database: RemoteDatabase): Promise<RemoteConnection>;
  /** Files that it does not read or write itself, as columns that it takes and gives. */
  arrow(): Promise<ArrowFiles>;
  /** Ends all that runs: it fails with `INTERRUPT Error: Interrupted!`. */
  interrupt(): void;
  close(): void;
}

export interface SqlKernels {
  open(options: KernelOptions): Promise<SqlKernel>;
}
