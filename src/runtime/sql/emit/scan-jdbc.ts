// A scan of another database: one query of it for each partition, in its own SQL, with the columns and the conditions that the plan needs. The text has
// a mark where the rows are to be (rdd/remote-rows.ts). Source: JDBCRDD and JDBCScanBuilder of Spark 4.2.
import { quoteName } from '../../../common/kernel-quotes.ts';
import type { JdbcScan } from '../logical/jdbc-scan.ts';
import type { Scan } from '../logical/plans.ts';
import { dialectOf } from '../sources/jdbc/dialect.ts';
import { remoteFilter } from '../sources/jdbc/remote-filter.ts';
import { duckdbType } from './duckdb-types.ts';
import type { Emit } from './emit-context.ts';
import type { FormatScan } from './scans.ts';

export function jdbcScan(plan: Scan, emit: Emit): FormatScan {
  const jdbc = plan.jdbc!;
  const types = plan.columns.length === 0 ? ['INTEGER'] : plan.columns.map((name) => jdbc.columns[name]!.kernelType);
  const marks = plan.files.map(({ where }) => emit.outside.remote({ database: jdbc.database, sql: remoteQuery(plan, jdbc, where), types }));
  return {
    from: marks.length === 1 ? quoteName(marks[0]!) : `(${marks.map((mark) => `SELECT * FROM ${quoteName(mark)}`).join(' UNION ALL ')})`,
    columns: plan.columns.map((name, i) => {
      const { convert } = jdbc.columns[name]!;
      return `CAST(${convert === undefined ? `c${i}` : convert.replace('?', `c${i}`)} AS ${duckdbType(plan.output[i]!.dataType)})`;
    }),
  };
}

export function remoteQuery(plan: Scan, jdbc: JdbcScan, where: string | undefined): string {
  const { quote } = dialectOf(jdbc.database);
  const list = plan.columns.map((name, i) => `${jdbc.columns[name]!.read ?? quote(name)} AS ${quote(`c${i}`)}`);
  const nameOf = (a: { readonly exprId: number }) => plan.columns[plan.output.findIndex((o) => o.exprId === a.exprId)];
  const filters = (plan.pushedFilters ?? []).flatMap((e) => remoteFilter(e, jdbc, nameOf) ?? []);
  const all = [...filters, ...(where === undefined ? [] : [`(${where})`])];
  return `SELECT ${list.join(', ') || '1 AS c0'} FROM ${jdbc.table}${all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`}`;
}
