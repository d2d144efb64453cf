// The port to the vectorised kernel that computes SQL. Adapter: platform/duckdb.ts.

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
export type KernelChunk = { readonly rows: number; readonly columns: readonly (readonly KernelValue[])[] };

export type KernelOptions = {
  readonly threads: number;
  readonly memoryLimitMb?: number;
  /** Where it spills. */
  readonly tempDirectory?: string;
  readonly disabledOptimizers?: readonly string[];
  /** IANA name. */
  readonly timeZone?: string;
};

/** A column of a vector: an array of values, or a typed array where the type has a fixed width and nothing is NULL. */
export type KernelColumn = ArrayLike<KernelValue>;

/** A scalar function in JavaScript, called with whole vectors on the main thread. Types are the kernel's, as text. */
export type KernelScalarFunction = {
  readonly name: string;
  readonly parameterTypes: readonly string[];
  readonly returnType: string;
  readonly isVolatile: boolean;
  /**
   * `rows` values for each argument in (NULLs too); as many out, as an array or as a typed array of the result type's width.
   * Throwing fails the query with the error's message.
   */
  readonly compute: (columns: readonly KernelColumn[], rows: number) => KernelColumn;
};

export interface SqlKernel {
  /** Statements without a result. @throws Error with the kernel's words */
  run(sql: string): Promise<void>;
  /** One query, its rows as they come: the kernel goes on when the next chunk is asked for. */
  query(sql: string): AsyncIterable<KernelChunk>;
  /** Replaces one of the same name and parameter types; with other types it is another beside it. */
  registerScalar(definition: KernelScalarFunction): Promise<void>;
  /** Ends what runs: it fails with `INTERRUPT Error: Interrupted!`. */
  interrupt(): void;
  close(): void;
}

export interface SqlKernels {
  open(options: KernelOptions): Promise<SqlKernel>;
}
