// A JDBC source as asked for → its columns and partitions. The database is asked what the query's columns are, not for rows.
// Source: JdbcRelationProvider, JDBCRelation and JDBCRDD.resolveTable of Spark 4.2.
import { createHash } from 'node:crypto';
import { newAttribute } from '../../logical/expressions.ts';
import type { JdbcColumn, JdbcScan } from '../../logical/jdbc-scan.ts';
import type { Scan, ScanFile } from '../../logical/plans.ts';
import { parseTableSchema } from '../../parser/parse.ts';
import { type DataType, structField, type StructType, structType, sameType } from '../../types/data-type.ts';
import { readField } from '../../types/text-lengths.ts';
import { toDdl } from '../../types/type-ddl.ts';
import type { OpenedSource, SourceContext, SourceRequest } from '../open-source.ts';
import { dialectOf } from './dialect.ts';
import { type JdbcOptions, jdbcOptions, refused } from './jdbc-options.ts';
import { partitionClauses } from './jdbc-partitions.ts';
import { remoteFailure } from './remote-failure.ts';

/** What a partition is taken to be, bytes: nobody knows. Several are wanted as tasks of their own. */
const [ONE_BYTES, EACH_BYTES] = [8 << 20, 128 << 20];

export async function openJdbc(request: SourceRequest, { kernel }: SourceContext): Promise<OpenedSource> {
  const asked = jdbcOptions(request.options);
  const { columns, schema } = await describe(asked, kernel);
  if (request.schema !== undefined && !sameSchema(request.schema, schema))
    throw refused(
      `The user-specified schema doesn't match the actual schema:\nuser-specified: ${toDdl(request.schema)}, actual: ${toDdl(schema)}. If you're using\nDataFrameReader.schema API or creating a table, please do not specify the schema.\nOr if you're scanning an existed table, please drop it and re-create it.`,
    );
  const { database, table, partitioning, pushesPredicates } = asked;
  const clauses = request.predicates?.length
    ? request.predicates
    : partitioning === undefined
      ? [undefined]
      : partitionClauses(partitioning, schema, dialectOf(database).quote);
  const jdbc: JdbcScan = { database, table, columns, pushesPredicates };
  const file = (where: string | undefined): ScanFile => ({
    path: `jdbc:${createHash('sha256')
      .update(JSON.stringify([database, table, where]))
      .digest('hex')
      .slice(0, 16)}`,
    size: clauses.length === 1 ? ONE_BYTES : EACH_BYTES,
    modified: 0,
    partition: [],
    ...(where !== undefined && { where }),
  });
  const files = clauses.map(file);
  const shown = table.replace(/\s+/g, ' ');
  const scan = (): Scan => ({
    kind: 'scan',
    format: 'jdbc',
    output: schema.fields.map((f) => ({ ...newAttribute(f.name, f.dataType, true), ...(f.metadata && { metadata: f.metadata }) })),
    columns: schema.fields.map((f) => f.name),
    partitionColumns: [],
    files,
    options: {},
    schema,
    name: `JDBCRelation(${shown}) [numPartitions=${files.length}]`,
    jdbc,
  });
  return { schema, scan };
}

type Described = { readonly columns: Readonly<Record<string, JdbcColumn>>; readonly schema: StructType };

/** @throws AnalysisException FAILED_JDBC */
export async function describe(
  { database, table, options }: Pick<JdbcOptions, 'database' | 'table' | 'options'>,
  kernel: SourceContext['kernel'],
): Promise<Described> {
  const dialect = dialectOf(database);
  const remote = await kernel.remote(database).catch((error: Error) => Promise.reject(remoteFailure(error, database)));
  const found = await remote.columns(table).catch((error: Error) => Promise.reject(remoteFailure(error, database)));
  const custom = options.get('customSchema');
  const wanted = new Map((custom ? parseTableSchema(custom).fields : []).map((f) => [f.name.toLowerCase(), f.dataType]));
  const columns: Record<string, JdbcColumn> = {};
  const typeOptions = { prefersNtz: options.flag('preferTimestampNTZ', false) };
  const fields = found.map((column) => {
    const type = dialect.typeOf(column, typeOptions);
    const given: DataType | undefined = wanted.get(column.name.toLowerCase());
    const quoted = dialect.quote(column.name);
    const field = readField(structField(column.name, given ?? type.dataType));
    columns[column.name] = {
      kernelType: type.kernelType,
      dataType: field.dataType,
      compares: given === undefined ? type.compares : 'never',
      ...(type.read && { read: type.read(quoted) }),
      ...(type.convert && { convert: type.convert('?') }),
    };
    return field;
  });
  return { columns, schema: structType(fields) };
}

/** By names and types; whether NULLs may be is not asked. */
const sameSchema = (a: StructType, b: StructType): boolean =>
  a.fields.length === b.fields.length &&
  a.fields.every((f, i) => f.name === b.fields[i]!.name && sameType(f.dataType, b.fields[i]!.dataType, true));
