// df.write: where rows go, in which format, and what happens when something is there already. Source: org.apache.spark.sql.DataFrameWriter of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { Relation } from '../plan/relations.ts';
import { isJdbc } from '../sources/formats.ts';
import type { SaveMode } from '../sources/write/write-files.ts';
import type { DataFrameSession } from './dataframe-base.ts';
import { FormatOptions, type OptionValue } from './format-options.ts';
import { nameParts } from './sql-text.ts';

export type SaveModeName = SaveMode | 'errorifexists' | 'default';

export class DataFrameWriter extends FormatOptions {
  readonly #session: DataFrameSession;
  readonly #relation: Relation;
  #mode: SaveMode = 'error';
  #partitionBy: readonly string[] = [];
  #bucket: { readonly count: number; readonly columns: readonly string[] } | undefined;
  #sortBy: readonly string[] = [];

  /** @internal Programs get one from a DataFrame: `df.write`. */
  constructor(session: DataFrameSession, relation: Relation) {
    super();
    this.#session = session;
    this.#relation = relation;
  }

  /** What to do when there is something already: `error` (the default), `append`, `overwrite`, `ignore`. */
  mode(mode: SaveModeName): this {
    const name = mode.toLowerCase();
    const known: Readonly<Record<string, SaveMode>> = {
      append: 'append',
      overwrite: 'overwrite',
      ignore: 'ignore',
      error: 'error',
      errorifexists: 'error',
      default: 'error',
    };
    const found = known[name];
    if (found === undefined)
      throw new SparkIllegalArgumentException(
        'INVALID_SAVE_MODE',
        '42000',
        `The specified save mode "${mode}" is invalid. Valid save modes include "append", "overwrite", "ignore", "error", "errorifexists", and "default".`,
      );
    this.#mode = found;
    return this;
  }

  /** A folder `column=value` for each value of these columns, one in the other. */
  partitionBy(...columns: (string | readonly string[])[]): this {
    this.#partitionBy = columns.flat();
    return this;
  }

  /** Rows by the hash of these columns into so many files for each task: of a table only, the catalogue knows it. As in Hive, with Spark's hash. */
  bucketBy(numBuckets: number, ...columns: (string | readonly string[])[]): this {
    this.#bucket = { count: numBuckets, columns: columns.flat() };
    return this;
  }
  /** Each bucket's file sorted by these columns. */
  sortBy(...columns: (string | readonly string[])[]): this {
    this.#sortBy = columns.flat();
    return this;
  }

  /** Nothing of it is seen before all of it is written. @throws AnalysisException PATH_ALREADY_EXISTS, TASK_WRITE_FAILED, … */
  async save(path?: string): Promise<void> {
    this.#refuseBuckets('save');
    const { path: given, ...options } = this.given;
    // A source without files has no path; what it has instead, it says itself.
    const to = path ?? given ?? (isJdbc(this.formatName ?? '') ? '' : undefined);
    if (to === undefined)
      throw new SparkIllegalArgumentException(
        'DATA_SOURCE_PATH_MISSING',
        '42000',
        'save needs a path, as its argument or as the option path.',
      );
    const engine = this.#session.engine();
    const site = engine.callSite('save'); // while the program's call is on the stack
    await this.#session.ready();
    const request = {
      format: this.formatName ?? engine.settings.get('spark.sql.sources.default') ?? 'parquet',
      path: to,
      mode: this.#mode,
      options,
      partitionBy: this.#partitionBy,
    };
    await engine.write(await engine.analyze(this.#relation), request, site);
  }

  parquet(path: string): Promise<void> {
    return this.format('parquet').save(path);
  }
  csv(path: string): Promise<void> {
    return this.format('csv').save(path);
  }
  json(path: string): Promise<void> {
    return this.format('json').save(path);
  }
  text(path: string): Promise<void> {
    return this.format('text').save(path);
  }
  /** Into a table of another database, by the mode: all rows in one transaction. @param properties `user`, `password` and what else the connection has */
  jdbc(url: string, table: string, properties: Readonly<Record<string, OptionValue>> = {}): Promise<void> {
    return this.format('jdbc')
      .options({ ...properties, url, dbtable: table })
      .save();
  }
  orc(path: string): Promise<void> {
    return this.format('orc').save(path);
  }

  xml(path: string): Promise<void> {
    return this.format('xml').save(path);
  }

  /** A table of the catalogue: made when there is none, else by the mode. Columns are found by name. */
  async saveAsTable(name: string): Promise<void> {
    if (this.#sortBy.length > 0 && this.#bucket === undefined) throw new AnalysisException('SORT_BY_WITHOUT_BUCKETING');
    const { path, ...options } = this.given;
    await this.#session.ready();
    await this.#session.engine().saveAsTable({
      table: nameParts(name),
      query: this.#relation,
      mode: this.#mode,
      ...(this.formatName !== undefined && { format: this.formatName }),
      ...(path !== undefined && { path }),
      options,
      partitionBy: this.#partitionBy,
      ...(this.#bucket && { bucket: { ...this.#bucket, sortColumns: this.#sortBy } }),
    });
  }

  /** Into a table that there is; columns by position, whatever their names. */
  async insertInto(name: string, overwrite?: boolean): Promise<void> {
    if (this.#partitionBy.length > 0)
      throw new SparkIllegalArgumentException(
        'INSERT_INTO_WITH_PARTITION_BY',
        '42000',
        "insertInto() can't be used together with partitionBy(). Partition columns have already been defined for the table.",
      );
    this.#refuseBuckets('insertInto');
    await this.#session.ready();
    await this.#session.engine().execute({
      kind: 'insertInto',
      table: nameParts(name),
      query: this.#relation,
      isOverwrite: overwrite ?? this.#mode === 'overwrite',
      partition: {},
      ifPartitionNotExists: false,
      columns: [],
      byName: false,
      options: { ...this.given },
    });
  }

  /** @throws AnalysisException SORT_BY_WITHOUT_BUCKETING, _LEGACY_ERROR_TEMP_1312, _LEGACY_ERROR_TEMP_1313 */
  #refuseBuckets(operation: string): void {
    if (this.#sortBy.length > 0 && this.#bucket === undefined) throw new AnalysisException('SORT_BY_WITHOUT_BUCKETING');
    if (this.#bucket === undefined) return;
    throw new AnalysisException(this.#sortBy.length > 0 ? '_LEGACY_ERROR_TEMP_1313' : '_LEGACY_ERROR_TEMP_1312', { operation });
  }
}
