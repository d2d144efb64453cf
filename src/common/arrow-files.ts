// Arrow's IPC format as the kernel's side reads and writes it. Adapter: platform/arrow-files.ts. Columns and values: arrow-column.ts.
import type { ArrowField, ArrowRows } from './arrow-column.ts';

export type ArrowCodec = 'lz4' | 'zstd';

export type OpenedArrow = {
  readonly fields: readonly ArrowField[];
  /** One after the other. @param columns which of the fields, in this order. @throws Error where the bytes are no whole stream */
  batches(columns: readonly number[]): AsyncIterable<ArrowRows>;
  /** Its bytes, too. */
  close(): Promise<void>;
};

/** A file, read where somebody wants to. */
export type ArrowBytes = {
  readonly size: number;
  /** @returns how many there were from `position` on, 0 at the end */
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  close(): Promise<void>;
};

export interface ArrowFiles {
  /** @param bytes closed when this fails. @throws Error where they are no file and no stream, and for types that have no equal in Spark */
  open(bytes: ArrowBytes): Promise<OpenedArrow>;
  /** Bytes of a file, batch by batch. */
  write(fields: readonly ArrowField[], rows: AsyncIterable<ArrowRows>, codec: ArrowCodec | undefined): AsyncIterable<Uint8Array>;
}
