// Small results of the kernel as rows.
import type { KernelValue, SqlKernel } from './sql-kernel.ts';

export async function kernelRows(kernel: Pick<SqlKernel, 'query'>, sql: string): Promise<KernelValue[][]> {
  const rows: KernelValue[][] = [];
  for await (const { rows: n, columns } of kernel.query(sql, { atOnce: true }))
    for (let i = 0; i < n; i++) rows.push(columns.map((c) => c[i]!));
  return rows;
}
