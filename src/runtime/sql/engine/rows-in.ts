// Chunks of a prepared query → its rows.
import type { KernelChunk, KernelValue } from '../../../common/sql-kernel.ts';
import type { PreparedQuery } from './prepared-query.ts';

export async function rowsIn(chunks: AsyncIterable<KernelChunk>, { output }: PreparedQuery): Promise<KernelValue[][]> {
  const rows: KernelValue[][] = [];
  for await (const { rows: n, columns } of chunks) for (let i = 0; i < n; i++) rows.push(output.map((_, c) => columns[c]![i]!));
  return rows;
}
