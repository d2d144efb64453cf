// How many rows Parquet files have, from their footers: what splits of large files and the order of joins stand on.
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { type LogicalPlan, type Scan, childrenOf } from '../logical/plans.ts';
import { transformPlanUp } from '../logical/plan-tree.ts';
import { kernelPaths } from '../sources/file-list.ts';
import { kernelRows } from '../sources/kernel-rows.ts';

/** More footers than this cost more than they tell. */
const MOST_FILES = 1000;
/** By path and time of change. */
const known = new Map<string, number>();
const keyOf = ({ path, modified, size }: Scan['files'][number]): string => `${path}\0${modified}\0${size}`;

/** The same plan, its scans with the rows of their files. */
export async function withFileRows(plan: LogicalPlan, kernel: SqlKernel): Promise<LogicalPlan> {
  const scans = scansIn(plan).filter((scan) => scan.format === 'parquet');
  const files = new Map(scans.flatMap((scan) => scan.files).map((file) => [keyOf(file), file]));
  const missing = [...files].filter(([key]) => !known.has(key));
  if (files.size > MOST_FILES) return plan;
  if (missing.length > 0) {
    const paths = missing.map(([, file]) => file.path);
    const rows = await kernelRows(kernel, `SELECT file_name, num_rows::DOUBLE FROM parquet_file_metadata(${kernelPaths(paths)})`);
    const byPath = new Map(rows.map(([path, n]) => [path as string, n as number]));
    for (const [key, { path }] of missing) {
      const n = byPath.get(path);
      if (n !== undefined) known.set(key, n);
    }
  }
  return transformPlanUp(plan, (node) => {
    if (node.kind !== 'scan' || node.format !== 'parquet') return node;
    return {
      ...node,
      files: node.files.map((file) => {
        const rows = known.get(keyOf(file));
        return rows === undefined ? file : { ...file, rows };
      }),
    };
  });
}

const scansIn = (plan: LogicalPlan): readonly Scan[] => [
  ...(plan.kind === 'scan' ? [plan] : []),
  ...childrenOf(plan).flatMap(scansIn),
  ...(plan.kind === 'withCte' ? plan.definitions.flatMap((d) => scansIn(d.plan)) : []),
];
