// spark.read: which files, in which format, with which options. Nothing is opened before the DataFrame is asked for its schema or its rows.
// Source: org.apache.spark.sql.DataFrameReader of Spark 4.2.
import type { Read } from '../plan/relations.ts';
import type { StructType } from '../types/data-type.ts';
import { toDdl } from '../types/type-ddl.ts';
import { text } from './arguments.ts';
import { DataFrame, type DataFrameSession } from './dataframe.ts';
import { FormatOptions, type OptionValue } from './format-options.ts';

type JdbcProperties = Readonly<Record<string, OptionValue>>;
type Bound = string | number | bigint;

export class DataFrameReader extends FormatOptions {
  readonly #session: DataFrameSession;
  #schema: string | undefined;

  /** @internal Programs get one from a session: `spark.read`. */
  constructor(session: DataFrameSession) {
    super();
    this.#session = session;
  }

  /** @param schema columns as DDL (`a INT, b STRING`) or as a struct: nothing is inferred then */
  schema(schema: string | StructType): this {
    this.#schema = typeof schema === 'string' ? schema : toDdl(schema);
    return this;
  }

  /** Files, folders and globs. @throws AnalysisException PATH_NOT_FOUND, UNABLE_TO_INFER_SCHEMA, DATA_SOURCE_NOT_FOUND from what asks for schema or rows */
  load(...paths: (string | readonly string[])[]): DataFrame {
    return this.#load(
      paths.flat().map((path) => text(path, 'path')),
      [],
    );
  }

  #load(paths: readonly string[], predicates: readonly string[]): DataFrame {
    return this.#read({
      dataSource: {
        ...(this.formatName !== undefined && { format: this.formatName }),
        ...(this.#schema !== undefined && { schema: this.#schema }),
        options: { ...this.given },
        paths,
        predicates,
      },
    });
  }

  parquet(...paths: (string | readonly string[])[]): DataFrame {
    return this.format('parquet').load(...paths);
  }

  csv(...paths: (string | readonly string[])[]): DataFrame {
    return this.format('csv').load(...paths);
  }

  /** A line is a JSON text, unless `multiLine` says that a file is. */
  json(...paths: (string | readonly string[])[]): DataFrame {
    return this.format('json').load(...paths);
  }

  /** One column `value`, a row per line. */
  text(...paths: (string | readonly string[])[]): DataFrame {
    return this.format('text').load(...paths);
  }

  orc(...paths: (string | readonly string[])[]): DataFrame {
    return this.format('orc').load(...paths);
  }

  /**
   * A table of another database, or a query in parentheses with a name; by conditions, each a partition, or by bounds of a column (numbers, dates, times).
   * @param properties `user`, `password` and what else the connection has. @throws AnalysisException FAILED_JDBC, AppError KERNEL_EXTENSION_MISSING from what asks for schema or rows
   */
  jdbc(url: string, table: string, properties?: JdbcProperties): DataFrame;
  jdbc(url: string, table: string, predicates: readonly string[], properties?: JdbcProperties): DataFrame;
  jdbc(url: string, table: string, column: string, lower: Bound, upper: Bound, partitions: number, properties?: JdbcProperties): DataFrame;
  jdbc(url: string, table: string, ...more: unknown[]): DataFrame {
    const last = more.at(-1);
    const properties = (typeof last === 'object' && !Array.isArray(last) ? last : {}) as JdbcProperties;
    const [partitionColumn, lowerBound, upperBound, numPartitions] = more.map(String);
    const bounds = typeof more[0] === 'string' ? { partitionColumn, lowerBound, upperBound, numPartitions } : {};
    this.format('jdbc').options({ ...properties, ...(bounds as JdbcProperties), url, dbtable: table });
    return this.#load([], Array.isArray(more[0]) ? (more[0] as string[]) : []);
  }

  /** A record of each element `rowTag`. */
  xml(...paths: (string | readonly string[])[]): DataFrame {
    return this.format('xml').load(...paths);
  }

  /** A table or a view. */
  table(name: string): DataFrame {
    return this.#read({ namedTable: { nameParts: namePartsOf(name), options: { ...this.given } } });
  }

  #read(read: Omit<Read, 'kind'>): DataFrame {
    return new DataFrame(this.#session, { kind: 'read', ...read });
  }
}

/** `db.table`, parts in back quotes or not. */
export const namePartsOf = (name: string): string[] =>
  [...name.matchAll(/`((?:[^`]|``)*)`|[^.]+/g)].map(([whole, quoted]) =>
    quoted === undefined ? whole.trim() : quoted.replaceAll('``', '`'),
  );
