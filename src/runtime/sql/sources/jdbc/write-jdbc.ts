// Rows into another database: the table as the mode says, then all rows, in one transaction. The driver writes: rows come to it as they are computed
// (Spark's tasks write, each in a transaction of its own, so that half of the rows may stay). Source: JdbcRelationProvider.createRelation, JdbcUtils of Spark 4.2.
import type { RemoteColumn } from '../../../../common/remote-database.ts';
import type { KernelChunk, SqlKernel } from '../../../../common/sql-kernel.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo } from '../../functions/coercion.ts';
import { aliasOf, type Attribute } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import { parseTableSchema } from '../../parser/parse.ts';
import { duckdbType } from '../../emit/duckdb-types.ts';
import { INTEGER, STRING } from '../../types/data-type.ts';
import { simpleString, sqlType } from '../../types/type-names.ts';
import type { SaveMode } from '../write/write-files.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { type JdbcOptions, jdbcOptions, refused } from './jdbc-options.ts';
import { remoteFailure } from './remote-failure.ts';

export type JdbcWrite = { readonly mode: SaveMode; readonly options: Readonly<Record<string, string>> };

/** @param rowsOf computes a plan */
export async function writeJdbc(
  plan: LogicalPlan,
  { mode, options: given }: JdbcWrite,
  kernel: SqlKernel,
  rowsOf: (plan: LogicalPlan) => AsyncIterable<KernelChunk>,
): Promise<void> {
  const asked = jdbcOptions(given);
  if (asked.options.get('query') !== undefined) throw refused("Option 'dbtable' is required to write.");
  const { database, table, options } = asked;
  const dialect = dialectOf(database);
  try {
    const remote = await kernel.remote(database);
    const exists = await remote.hasTable(table);
    if (exists && mode === 'ignore') return;
    if (exists && mode === 'error') throw new AnalysisException('TABLE_OR_VIEW_ALREADY_EXISTS', { relationName: table });
    const output = outputOf(plan);
    const definitions = output.map((a) => columnOf(a, dialect));
    const keeps = exists && (mode === 'append' || options.flag('truncate', false));
    const names = keeps ? named(output, await remote.columns(table), table) : output.map(({ name }) => name);
    const create = `CREATE TABLE ${table} (${withTypes(definitions, output, asked, dialect).join(', ')}) ${options.text('createTableOptions', '')}`;
    const statements = keeps
      ? mode === 'append'
        ? []
        : [dialect.truncate(table)]
      : [...(exists ? [`DROP TABLE ${table}`] : []), create.trim()];
    const stored = storedPlan(plan, output, database.kind);
    const types = outputOf(stored).map((a) => duckdbType(a.dataType));
    await remote.write(statements, { table, columns: names.map(dialect.quote), types, rows: rowsOf(stored) });
  } catch (error) {
    throw remoteFailure(error as Error, database);
  }
}

/** @throws AnalysisException UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE */
function columnOf({ name, dataType }: Attribute, dialect: Dialect): string {
  const type = dialect.nameOf(dataType);
  if (type !== undefined) return type;
  throw new AnalysisException('UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE', {
    format: 'JDBC',
    columnName: `\`${name}\``,
    columnType: `"${sqlType(dataType)}"`,
  });
}

/** Definitions of a new table's columns; `createTableColumnTypes` names types of some of them. */
function withTypes(types: readonly string[], output: readonly Attribute[], { options }: JdbcOptions, dialect: Dialect): string[] {
  const given = options.get('createTableColumnTypes');
  const own = new Map((given ? parseTableSchema(given).fields : []).map((f) => [f.name.toLowerCase(), f.dataType]));
  for (const name of own.keys())
    if (!output.some((a) => a.name.toLowerCase() === name))
      throw refused(`createTableColumnTypes option column ${name} not found in the schema`);
  return output.map((a, i) => {
    const asked = own.get(a.name.toLowerCase());
    const type =
      asked === undefined
        ? types[i]!
        : ['char', 'varchar'].includes(asked.tag)
          ? simpleString(asked).toUpperCase()
          : (dialect.nameOf(asked) ?? types[i]!);
    return `${dialect.quote(a.name)} ${type}${a.nullable ? '' : ' NOT NULL'}`;
  });
}

/** Columns of a table that there is are found by name. @throws AnalysisException COLUMN_NOT_DEFINED_IN_TABLE */
const named = (output: readonly Attribute[], columns: readonly RemoteColumn[], table: string): string[] =>
  output.map(({ name, dataType }) => {
    const found = columns.find((c) => c.name === name) ?? columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found.name;
    throw new AnalysisException('COLUMN_NOT_DEFINED_IN_TABLE', {
      colType: `"${sqlType(dataType)}"`,
      colName: `\`${name}\``,
      tableName: `\`${table}\``,
      tableCols: columns.map((c) => `\`${c.name}\``).join(', '),
    });
  });

/** SQLite has numbers, texts and bytes: dates and times are texts as its own functions give them. */
function storedPlan(child: LogicalPlan, output: readonly Attribute[], kind: string): LogicalPlan {
  const stored = (a: Attribute) => {
    const { tag } = a.dataType;
    if (kind !== 'sqlite') return a;
    if (tag === 'boolean') return castTo(a, INTEGER);
    return ['date', 'timestamp', 'timestamp_ntz', 'decimal'].includes(tag) ? castTo(a, STRING) : a;
  };
  return { kind: 'project', child, projectList: output.map((a) => aliasOf(stored(a), a.name)) };
}
