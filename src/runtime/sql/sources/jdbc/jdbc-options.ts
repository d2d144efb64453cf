// What a JDBC source is asked for: the URL taken apart, table or query, partitions, driver's properties. Values of options that are the driver's own
// (`user`, `password`, `sslmode` …) go with the connection, never into a text. Source: JDBCOptions of Spark 4.2.
import { resolve } from 'node:path';
import type { RemoteDatabase } from '../../../../common/remote-database.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { SourceOptions } from '../options.ts';

export type Partitioning = { readonly column: string; readonly lower: string; readonly upper: string; readonly count: number };
export type JdbcOptions = {
  readonly database: RemoteDatabase;
  /** What stands behind FROM: a table's name, or a query in parentheses with a name. */
  readonly table: string;
  readonly partitioning?: Partitioning;
  readonly pushesPredicates: boolean;
  readonly options: SourceOptions;
};

/** Those of Spark; the others are the driver's. */
const OWN = new Set(
  `url dbtable query driver partitionColumn lowerBound upperBound numPartitions queryTimeout fetchsize batchsize isolationLevel sessionInitStatement
   truncate cascadeTruncate createTableOptions createTableColumnTypes customSchema pushDownPredicate pushDownAggregate pushDownLimit pushDownOffset
   pushDownTableSample pushDownJoin keytab principal refreshKrb5Config connectionProvider preferTimestampNTZ prepareQuery hint user password path`
    .toLowerCase()
    .split(/\s+/),
);

export const refused = (reason: string): AnalysisException => new AnalysisException('INVALID_JDBC_OPTIONS', { reason });

/** @throws AnalysisException INVALID_JDBC_OPTIONS */
export function jdbcOptions(given: Readonly<Record<string, string>>): JdbcOptions {
  const options = new SourceOptions(given);
  const url = options.get('url');
  if (url === undefined) throw refused("Option 'url' is required.");
  const [table, query] = [options.get('dbtable'), options.get('query')];
  if (table !== undefined && query !== undefined) throw refused("Both 'dbtable' and 'query' can not be specified at the same time.");
  if (table === undefined && query === undefined) throw refused("Option 'dbtable' or 'query' is required.");
  for (const [name, value] of [
    ['dbtable', table],
    ['query', query],
  ] as const)
    if (value?.trim() === '') throw refused(`Option \`${name}\` can not be empty.`);
  const partitioning = partitioningOf(options);
  if (query !== undefined && partitioning !== undefined)
    throw refused(
      "Options 'query' and 'partitionColumn' can not be specified together. Please define the query using `dbtable` option instead: (SELECT …) AS subq.",
    );
  for (const name of ['sessionInitStatement', 'prepareQuery'])
    if (options.get(name)) throw new AnalysisException('NOT_BUILT', { feature: `The option ${name} of JDBC sources` });
  return {
    database: databaseOf(url, given, options),
    table: table ?? `(${query}) SPARK_GEN_SUBQ_0`,
    ...(partitioning && { partitioning }),
    pushesPredicates: options.flag('pushDownPredicate', true),
    options,
  };
}

function partitioningOf(options: SourceOptions): Partitioning | undefined {
  const [column, lower, upper, count] = ['partitionColumn', 'lowerBound', 'upperBound', 'numPartitions'].map((name) => options.get(name));
  if (column === undefined && lower === undefined && upper === undefined) return undefined;
  if (column === undefined || lower === undefined || upper === undefined || count === undefined)
    throw refused(
      "When reading JDBC data sources, users need to specify all or none for the following options: 'partitionColumn', 'lowerBound', 'upperBound', and 'numPartitions'",
    );
  return { column, lower, upper, count: options.number('numPartitions', 1) };
}

const PORTS = { postgresql: 5432, mysql: 3306 } as const;

/** @throws AnalysisException INVALID_JDBC_OPTIONS for databases that nobody here reads */
function databaseOf(url: string, given: Readonly<Record<string, string>>, options: SourceOptions): RemoteDatabase {
  const sqlite = /^jdbc:sqlite:(?:file:)?([^?]*)/i.exec(url)?.[1];
  if (sqlite) return { kind: 'sqlite', path: resolve(sqlite) };
  const [, scheme, rest] = /^jdbc:(postgresql|mysql|mariadb):(.*)$/is.exec(url) ?? [];
  if (scheme === undefined)
    throw refused('No suitable driver: Emberloom reads jdbc:postgresql://…, jdbc:mysql://…, jdbc:mariadb://… and jdbc:sqlite:….');
  const kind = scheme.toLowerCase() === 'postgresql' ? 'postgresql' : 'mysql';
  const [, authority = '', database = '', query = ''] = /^(?:\/\/([^/?]*))?\/?([^?]*)(?:\?(.*))?$/s.exec(rest!) ?? [];
  if (authority.includes(',')) throw refused('Several hosts in one URL are not built.');
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(authority.replace(/^.*@/, ''))!;
  const own = Object.entries(given).filter(([name]) => !OWN.has(name.toLowerCase()));
  const properties = { ...Object.fromEntries(new URLSearchParams(query)), ...Object.fromEntries(own) };
  const { user: inUrl, password: secret, ...more } = properties;
  const [user, password] = [options.get('user') ?? inUrl, options.get('password') ?? secret];
  return {
    kind,
    host: host.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(port ?? PORTS[kind]),
    database: decodeURIComponent(database),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    properties: more,
  };
}
