// spark.read: which files, in which format, with which options. Nothing is opened before the DataFrame is asked for its schema or its rows.
// Source: org.apache.spark.sql.DataFrameReader of Spark 4.2.
import type { Read } from '../plan/relations.ts';
import type { StructType } from '../types/data-type.ts';
import { toDdl } from '../types/type-ddl.ts';
import { text } from './arguments.ts';
import { DataFrame, type DataFrameSession } from './dataframe.ts';
import { FormatOptions } from './format-options.ts';

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
    return this.#read({
      dataSource: {
        ...(this.formatName !== undefined && { format: this.formatName }),
        ...(this.#schema !== undefined && { schema: this.#schema }),
        options: { ...this.given },
        paths: paths.flat().map((path) => text(path, 'path')),
        predicates: [],
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
