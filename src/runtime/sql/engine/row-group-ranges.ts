// Scans of files that lie in the order of a key are told so from the footers (../physical/value-ranges.ts decides). Footers are read once for a
// file and column, all columns of a scan together.
import { kernelName, kernelPaths, quoteText } from '../../../common/kernel-quotes.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import type { LogicalPlan, Scan } from '../logical/plans.ts';
import { fileKey } from '../logical/scan-file.ts';
import type { ExecuteSettings } from '../physical/leaves.ts';
import { splitsOf } from '../physical/splits.ts';
import { type Candidate, candidatesIn, type GroupRange, withValueRanges } from '../physical/value-ranges.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';

/** More row groups than this cost more to look at than they tell. */
const MOST_GROUPS = 20_000;
const MOST_FILES = 200;
/** By file and column; undefined: nothing is known, or some value is NULL. */
const known = new Map<string, readonly GroupRange[] | undefined>();
const MOST_REMEMBERED = 5000;

const keysOf = ({ scan, column }: Candidate): readonly string[] => scan.files.map((file) => `${fileKey(file)}\0${column}`);

/** The same plan; scans that are worth it know by which values they are cut. */
export async function withRowGroupRanges(plan: LogicalPlan, kernel: SqlKernel, settings: ExecuteSettings): Promise<LogicalPlan> {
  if (settings.slots < 2 || settings.session.get('spark.emberloom.sql.valueRanges.enabled')?.toLowerCase() === 'false') return plan;
  const candidates = candidatesIn(plan).filter(({ scan }) => scan.files.length <= MOST_FILES && scan.buckets === undefined);
  const isLarge = candidates.some(({ scan }) => splitsOf(scan, settings).length > 1);
  if (!isLarge) return plan;
  if (known.size > MOST_REMEMBERED) known.clear();
  const missing = candidates.filter((candidate) => keysOf(candidate).some((key) => !known.has(key)));
  for (const scan of new Set(missing.map((c) => c.scan))) await readRanges(scan, columnsOf(missing, scan), kernel);
  const groupsOf = (candidate: Candidate): readonly GroupRange[] | undefined => {
    const files = keysOf(candidate).map((key) => known.get(key));
    return files.includes(undefined) ? undefined : (files as GroupRange[][]).flat();
  };
  return withValueRanges(plan, candidates, groupsOf, (scan) => splitsOf(scan, settings).length);
}

const columnsOf = (candidates: readonly Candidate[], of: Scan): readonly string[] =>
  candidates.filter(({ scan }) => scan === of).map(({ column }) => column);

async function readRanges({ files }: Scan, columns: readonly string[], kernel: SqlKernel): Promise<void> {
  const rows = await kernelRows(
    kernel,
    `SELECT path_in_schema, file_name, stats_min_value, stats_max_value, row_group_num_rows::DOUBLE, stats_null_count = 0 FROM parquet_metadata(${kernelPaths(files.map((file) => file.path))})
     WHERE path_in_schema IN (${columns.map(quoteText).join(', ')}) AND type IN ('INT32', 'INT64') AND row_group_num_rows > 0 LIMIT ${MOST_GROUPS * columns.length + 1}`,
  );
  for (const column of columns) {
    const own = rows.filter(([of]) => of === column);
    const isTold =
      own.length <= MOST_GROUPS && own.every(([, , min, max, , hasNoNull]) => isWhole(min) && isWhole(max) && hasNoNull === true);
    for (const file of files) {
      const groups = (isTold ? own : [])
        .filter(([, path]) => path === kernelName(file.path))
        .map(([, , min, max, n]) => ({ path: file.path, min: BigInt(min as string), max: BigInt(max as string), rows: n as number }));
      known.set(`${fileKey(file)}\0${column}`, groups.length > 0 ? groups : undefined);
    }
  }
}

const isWhole = (text: unknown): boolean => typeof text === 'string' && /^-?\d+$/.test(text);
