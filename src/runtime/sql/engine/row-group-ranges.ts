// Scans of files that lie in the order of a key are told so from the footers (../physical/value-ranges.ts decides). Footers are read once for a
// file and column.
import { kernelPaths, quoteText } from '../../../common/kernel-quotes.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { ExecuteSettings } from '../physical/leaves.ts';
import { splitsOf } from '../physical/splits.ts';
import { type Candidate, candidatesIn, type GroupRange, withValueRanges } from '../physical/value-ranges.ts';
import { kernelRows } from '../sources/kernel-rows.ts';
import { fileKey } from './file-statistics.ts';

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
  for (const candidate of candidates) if (keysOf(candidate).some((key) => !known.has(key))) await readRanges(candidate, kernel);
  const groupsOf = (candidate: Candidate): readonly GroupRange[] | undefined => {
    const files = keysOf(candidate).map((key) => known.get(key));
    return files.includes(undefined) ? undefined : (files as GroupRange[][]).flat();
  };
  return withValueRanges(plan, candidates, groupsOf, (scan) => splitsOf(scan, settings).length);
}

async function readRanges({ scan, column }: Candidate, kernel: SqlKernel): Promise<void> {
  if (known.size > MOST_REMEMBERED) known.clear();
  const rows = await kernelRows(
    kernel,
    `SELECT file_name, stats_min_value, stats_max_value, row_group_num_rows::DOUBLE, stats_null_count = 0 FROM parquet_metadata(${kernelPaths(scan.files.map((file) => file.path))})
     WHERE path_in_schema = ${quoteText(column)} AND type IN ('INT32', 'INT64') AND row_group_num_rows > 0 LIMIT ${MOST_GROUPS + 1}`,
  );
  const isTold =
    rows.length <= MOST_GROUPS && rows.every(([, min, max, , hasNoNull]) => isWhole(min) && isWhole(max) && hasNoNull === true);
  for (const file of scan.files) {
    const groups = (isTold ? rows : [])
      .filter(([path]) => path === file.path)
      .map(([, min, max, n]) => ({ path: file.path, min: BigInt(min as string), max: BigInt(max as string), rows: n as number }));
    known.set(`${fileKey(file)}\0${column}`, groups.length > 0 ? groups : undefined);
  }
}

const isWhole = (text: unknown): boolean => typeof text === 'string' && /^-?\d+$/.test(text);
