// Parquet: the kernel is told every column with its type, so a file that lacks one gives NULL and one with a narrower type is widened.
import { kernelPaths, quoteName, quoteText } from '../../../common/kernel-quotes.ts';
import type { Scan } from '../logical/plans.ts';
import type { DataType } from '../types/data-type.ts';
import { shownPath } from '../sources/paths.ts';
import { duckdbType } from './duckdb-types.ts';
import type { Emit } from './emit-context.ts';
import type { FormatScan } from './scans.ts';

export function parquetScan(plan: Scan, emit: Emit): FormatScan {
  if (plan.mismatches?.size) return withoutMismatches(plan, plan.mismatches, emit);
  const fields = plan.columns.map((name, i) => ({ name, type: plan.output[i]!.dataType, is96: plan.int96?.includes(name) ?? false }));
  const paths = kernelPaths(plan.files.map((f) => f.path));
  // A task's part of one file: row groups outside of it are not read.
  const range = plan.files.length === 1 ? plan.files[0]!.range : undefined;
  const where = range && { where: `file_row_number >= ${range[0]} AND file_row_number < ${range[1]}` };
  if (plan.isUniform && fields.length > 0)
    return {
      from: `read_parquet(${paths}, hive_partitioning=false)`,
      columns: fields.map(({ name, type, is96 }) => `CAST(${column(name, type, is96)} AS ${duckdbType(type)})`),
      ...where,
    };
  if (fields.length === 0) return { from: `read_parquet(${paths}, hive_partitioning=false)`, columns: [], ...where };
  const entries = fields.map(
    ({ name, type, is96 }) =>
      `${quoteText(name)}: {name: ${quoteText(name)}, type: ${quoteText(is96 ? 'TIMESTAMP' : duckdbType(type))}, default_value: NULL}`,
  );
  return {
    from: `read_parquet(${paths}, hive_partitioning=false, schema=MAP {${entries.join(', ')}})`,
    columns: fields.map(({ name, type, is96 }) => column(name, type, is96)),
    ...where,
  };
}

// The old 96-bit form holds an instant, which the kernel gives as local time of UTC.
const column = (name: string, type: DataType, is96: boolean): string =>
  is96 && type.tag === 'timestamp' ? `timezone('UTC', ${quoteName(name)})` : quoteName(name);

/** A column that is not read as its type is an error when its values are asked for. */
function withoutMismatches(plan: Scan, mismatches: NonNullable<Scan['mismatches']>, emit: Emit): FormatScan {
  const isRead = plan.columns.map((name) => !mismatches.has(name));
  const [columns, output] = [plan.columns.filter((_, i) => isRead[i]), plan.output.filter((_, i) => isRead[i] ?? true)];
  const { mismatches: _, ...rest } = plan;
  const scan = parquetScan({ ...rest, columns, output }, emit);
  const path = plan.files.length === 1 ? shownPath(plan.files[0]!.path) : plan.files.map((f) => shownPath(f.path)).join(', ');
  const values = plan.columns.map((column, i) => {
    const mismatch = mismatches.get(column);
    if (mismatch === undefined) return scan.columns[columns.indexOf(column)]!;
    const condition = 'FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH';
    return `CAST(${emit.raise(condition, { path, column: `[${column}]`, ...mismatch })} AS ${duckdbType(plan.output[i]!.dataType)})`;
  });
  return { ...scan, columns: values };
}
