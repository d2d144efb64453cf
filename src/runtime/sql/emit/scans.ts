// A scan of files → DuckDB's table functions, with columns under their ids and cast to the types that Spark's schema says.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Scan } from '../logical/plans.ts';
import { duckdbType, quoteName, quoteText } from './duckdb-types.ts';
import { columnName, type Emit } from './emit-context.ts';

export function scanText(plan: Scan, emit: Emit): string {
  if (plan.format !== 'parquet') throw new AnalysisException('NOT_BUILT', { feature: `Reading ${plan.format}` });
  const files = plan.files.map((f) => quoteText(f.path)).join(', ');
  const columns = plan.output.map((a, i) => `CAST(${quoteName(plan.columns[i]!)} AS ${duckdbType(a.dataType)}) AS ${columnName(a.exprId)}`);
  const where = plan.pushedFilters?.length ? ` WHERE ${emit.all(plan.pushedFilters).join(' AND ')}` : '';
  return `SELECT * FROM (SELECT ${columns.join(', ') || '1 AS none'} FROM read_parquet([${files}], hive_partitioning=false))${where}`;
}
