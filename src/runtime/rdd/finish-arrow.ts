// A Parquet file as the kernel has written it → a file of Arrow's IPC format in its place, some rows at a time.
import { createWriteStream, renameSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ArrowField, ArrowRows } from '../../common/arrow-column.ts';
import type { ArrowCodec } from '../../common/arrow-files.ts';
import { kernelPath } from '../../common/kernel-quotes.ts';
import type { KernelChunk, KernelColumn, KernelValue, SqlKernel } from '../../common/sql-kernel.ts';

export type FinishArrow = {
  readonly kind: 'arrow';
  /** Of the file's columns, in their order. */
  readonly fields: readonly ArrowField[];
  readonly codec?: ArrowCodec;
};

/** Rows of a batch, at least, unless it is the last one. */
const BATCH_ROWS = 65_536;

export async function finishArrow(path: string, { fields, codec }: FinishArrow, kernel: Pick<SqlKernel, 'query' | 'arrow'>): Promise<void> {
  const finished = `${path}.finished`;
  const chunks = kernel.query(`SELECT * FROM read_parquet(${kernelPath(path)}, hive_partitioning=false)`);
  const bytes = (await kernel.arrow()).write(fields, batches(chunks), codec);
  await pipeline(bytes, createWriteStream(finished, { mode: 0o644 }));
  renameSync(finished, path);
}

async function* batches(chunks: AsyncIterable<KernelChunk>): AsyncGenerator<ArrowRows> {
  let some: KernelChunk[] = [];
  let rows = 0;
  for await (const chunk of chunks) {
    some.push(chunk);
    rows += chunk.rows;
    if (rows < BATCH_ROWS) continue;
    yield joined(some, rows);
    [some, rows] = [[], 0];
  }
  if (rows > 0) yield joined(some, rows);
}

const joined = (chunks: readonly KernelChunk[], rows: number): ArrowRows => ({
  rows,
  columns: chunks[0]!.columns.map((_, c) =>
    joinedColumn(
      chunks.map((chunk) => chunk.columns[c]!),
      rows,
    ),
  ),
});

type Numbers = KernelColumn & { set(from: ArrayLike<KernelValue>, at: number): void };

/** Typed arrays stay such: they are a batch's buffer as they are. */
function joinedColumn(parts: readonly KernelColumn[], rows: number): KernelColumn {
  const [first] = parts;
  if (ArrayBuffer.isView(first) && parts.every((part) => part.constructor === first.constructor)) {
    const all = new (first.constructor as new (length: number) => Numbers)(rows);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
  return parts.flatMap((part) => Array.from(part));
}
