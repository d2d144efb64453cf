// Columns on their way into and out of Arrow tables, as data: what SQL and the adapter (platform/arrow.ts) both know. Values are those of the SQL
// kernel (sql-kernel.ts): dates as days, timestamps and durations as µs, times of day as ns or µs, decimals as texts.
import type { KernelColumn, KernelValue } from './sql-kernel.ts';

/** An Arrow type, as far as Spark's types have one. */
export type ArrowType =
  | { readonly kind: 'null' | 'bool' | 'utf8' | 'binary' | 'date' | 'timeNs' | 'timeUs' | 'durationUs' | 'yearMonth' }
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64 }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  /** `timeZone` undefined: local. */
  | { readonly kind: 'timestampUs'; readonly timeZone: string | undefined }
  | { readonly kind: 'list'; readonly element: ArrowField }
  | { readonly kind: 'map'; readonly key: ArrowField; readonly value: ArrowField }
  | { readonly kind: 'struct'; readonly fields: readonly ArrowField[] };
export type ArrowField = { readonly name: string; readonly type: ArrowType; readonly nullable: boolean };

/** Rows by column. */
export type ArrowRows = { readonly rows: number; readonly columns: readonly KernelColumn[] };
/** What an Arrow table has, read. */
export type ArrowContent = {
  readonly fields: readonly ArrowField[];
  readonly columns: readonly (readonly KernelValue[])[];
  readonly rows: number;
};

/** The adapter, loaded when first asked for. `table` is a Table of the package apache-arrow. */
export interface ArrowTables {
  table(fields: readonly ArrowField[], batches: readonly ArrowRows[]): unknown;
  /**
   * @param given a Table, a RecordBatch, or bytes of Arrow's IPC format (stream or file)
   * @returns undefined: it is none of these. @throws Error for types that have no equal in Spark
   */
  read(given: unknown): ArrowContent | undefined;
}
