// Small results of the kernel as rows: what sources ask it of their files.
import type { KernelValue, SqlKernel } from '../../../common/sql-kernel.ts';

export async function kernelRows(kernel: SqlKernel, sql: string): Promise<KernelValue[][]> {
  const rows: KernelValue[][] = [];
  for await (const { rows: n, columns } of kernel.query(sql, { atOnce: true }))
    for (let i = 0; i < n; i++) rows.push(columns.map((c) => c[i]!));
  return rows;
}
