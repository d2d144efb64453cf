// What Parquet files' footers tell: rows, and the bounds of whole numbers. Splits of large files and the order of joins stand on them.
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import type { ColumnBounds, LogicalPlan, Scan } from '../logical/plans.ts';
import { transformPlan, visitPlan } from '../logical/plan-tree.ts';
import { fileKey } from '../logical/scan-file.ts';
import { kernelName, kernelPaths } from '../../../common/kernel-quotes.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';

/** More footers than this cost more than they tell. */
const MOST_FILES = 1000;
type FileFacts = { readonly rows: number; readonly bounds: ReadonlyMap<string, ColumnBounds> };
/** By path and time of change. */
const known = new Map<string, FileFacts>();

/** The same plan, its scans with the rows of their files and the bounds of their columns; subqueries' too. */
export async function withFileStatistics(plan: LogicalPlan, kernel: SqlKernel): Promise<LogicalPlan> {
  const files = new Map<string, Scan['files'][number]>();
  visitPlan(plan, (p) => {
    if (p.kind === 'scan' && p.format === 'parquet') for (const file of p.files) files.set(fileKey(file), file);
  });
  if (files.size > MOST_FILES) return plan;
  const missing = [...files.values()].filter((file) => !known.has(fileKey(file)));
  if (missing.length > 0) await readFooters(missing, kernel);
  return transformPlan(plan, (node) => (node.kind === 'scan' && node.format === 'parquet' ? withFacts(node) : node));
}

function withFacts(scan: Scan): Scan {
  const facts = scan.files.map((file) => known.get(fileKey(file)));
  const files = scan.files.map((file, i) => (facts[i] === undefined ? file : { ...file, rows: facts[i].rows }));
  const bounds = new Map<string, ColumnBounds>();
  for (const column of scan.columns) {
    const of = facts.map((f) => f?.bounds.get(column));
    if (of.length === 0 || of.some((b) => b === undefined)) continue;
    bounds.set(column, { min: Math.min(...of.map((b) => b!.min)), max: Math.max(...of.map((b) => b!.max)) });
  }
  return { ...scan, files, bounds };
}

async function readFooters(files: readonly Scan['files'][number][], kernel: SqlKernel): Promise<void> {
  const paths = kernelPaths(files.map((file) => file.path));
  const counts = await kernelRows(kernel, `SELECT file_name, num_rows::DOUBLE FROM parquet_file_metadata(${paths})`);
  const bounds = await kernelRows(
    kernel,
    `SELECT file_name, path_in_schema, min(TRY_CAST(stats_min_value AS BIGINT))::DOUBLE, max(TRY_CAST(stats_max_value AS BIGINT))::DOUBLE
     FROM parquet_metadata(${paths}) WHERE type IN ('INT32', 'INT64') AND NOT contains(stats_min_value, '.') GROUP BY ALL`,
  );
  for (const file of files) {
    const rows = counts.find(([path]) => path === kernelName(file.path))?.[1];
    if (typeof rows !== 'number') continue;
    const own = new Map<string, ColumnBounds>();
    for (const [path, column, min, max] of bounds)
      if (path === kernelName(file.path) && typeof min === 'number' && typeof max === 'number') own.set(column as string, { min, max });
    known.set(fileKey(file), { rows, bounds: own });
  }
}
