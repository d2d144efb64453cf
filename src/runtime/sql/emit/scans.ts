// A scan of files → DuckDB's table functions, with columns under their ids and cast to the types that Spark's schema says.
// Partition columns come from the number of the file that a row is of. Formats: scan-parquet.ts, scan-csv.ts, scan-json.ts, scan-text.ts.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { Attribute } from '../logical/expressions.ts';
import type { Scan } from '../logical/plans.ts';
import { duckdbType } from './duckdb-types.ts';
import { columnName, type Emit } from './emit-context.ts';
import { arrowScan, withCopies } from './file-copies.ts';
import { jdbcScan } from './scan-jdbc.ts';
import { csvScan } from './scan-csv.ts';
import { jsonScan } from './scan-json.ts';
import { parquetScan } from './scan-parquet.ts';
import { binaryFileScan, textScan } from './scan-text.ts';
import { xmlScan } from './scan-xml.ts';

/** What a format makes of a scan: a FROM item that has `file_index`, an expression for each data column, and a condition for rows that count. */
export type FormatScan = { readonly from: string; readonly columns: readonly string[]; readonly where?: string };

const FORMATS: Partial<Record<Scan['format'], (plan: Scan, emit: Emit) => FormatScan>> = {
  parquet: parquetScan,
  csv: csvScan,
  json: jsonScan,
  text: textScan,
  binaryFile: binaryFileScan,
  jdbc: jdbcScan,
  xml: xmlScan,
  arrow: arrowScan,
};

export function scanText(plan: Scan, emit: Emit): string {
  const format = FORMATS[plan.format];
  if (format === undefined) throw new AnalysisException('NOT_BUILT', { feature: `Reading ${plan.format}` });
  for (const store of plan.stores ?? []) emit.outside.store(store);
  const text = plan.files.length === 0 || isWithoutColumns(plan) ? noRows(plan) : rows(plan, format(withCopies(plan, emit), emit));
  return plan.pushedFilters?.length ? `SELECT * FROM (${text}) WHERE ${emit.all(plan.pushedFilters).join(' AND ')}` : text;
}

/** CSV files without a line that is not blank. */
const isWithoutColumns = ({ format, schema }: Scan): boolean => format === 'csv' && schema.fields.length === 0;

function rows(plan: Scan, { from, columns, where }: FormatScan): string {
  const data = plan.output.slice(0, plan.columns.length).map((a, i) => `${columns[i]} AS ${columnName(a.exprId)}`);
  const partitions = plan.partitionColumns.map((a, i) => `${partitionValue(plan, a, i)} AS ${columnName(a.exprId)}`);
  return `SELECT ${[...data, ...partitions].join(', ') || '1 AS none'} FROM ${from}${where === undefined ? '' : ` WHERE ${where}`}`;
}

const noRows = (plan: Scan): string =>
  `SELECT ${plan.output.map((a) => `NULL::${duckdbType(a.dataType)} AS ${columnName(a.exprId)}`).join(', ') || '1 AS none'} WHERE false`;

function partitionValue({ files, fileColumns }: Scan, column: Attribute, position: number): string {
  if (fileColumns?.[position] === 'rowIndex') return 'file_row_number';
  const values = files.map((f) => f.partition[position] ?? null);
  const text = (v: string | null) => (v === null ? 'NULL' : quoteText(v));
  const all = values.every((v) => v === values[0]) ? text(values[0]!) : `([${values.map(text).join(', ')}])[file_index::BIGINT + 1]`;
  return `CAST(${all} AS ${duckdbType(column.dataType)})`;
}
