// What of a DataFrame outlasts an action: cached rows, views, files and tables. Source: org.apache.spark.sql.Dataset of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import { randomUUID } from 'node:crypto';
import { StorageLevel } from '../../rdd/storage-level.ts';
import type { Relation } from '../plan/relations.ts';
import { text } from './arguments.ts';
import type { Column } from './column.ts';
import { DataFrameActions } from './dataframe-actions.ts';
import { DataFrameWriterV2 } from './dataframe-writer-v2.ts';
import { DataFrameWriter } from './dataframe-writer.ts';
import { once } from './once.ts';
import { nameParts } from './sql-text.ts';

/** What cached DataFrames were before, and their keys among the kept tables. */
const cached = new WeakMap<object, { readonly relation: Relation; readonly key: string; readonly level: StorageLevel }>();

let checkpoints = 0;

export abstract class DataFrameKept<T, O> extends DataFrameActions<T, O> {
  /** Rows into files and tables. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this.session, this.relation);
  }
  /** Into a table of the catalogue, columns by name: `df.writeTo('db.t').using('parquet').create()`. */
  writeTo(table: string): DataFrameWriterV2 {
    return new DataFrameWriterV2(this.session, this.relation, table);
  }

  /** persist() with the level MEMORY_AND_DISK. */
  cache(): this {
    return this.persist();
  }
  /**
   * Its rows are computed once, when they are first asked for, and kept for what is made of this DataFrame from now on: by the executors, each
   * partition where it was computed; on local masters in the driver's kernel, whatever the level.
   */
  persist(level: StorageLevel = StorageLevel.MEMORY_AND_DISK): this {
    if (cached.has(this)) return this;
    const { session, relation } = this;
    const key = `dataframe ${relation.planId}`;
    let loaded: Promise<unknown> | undefined;
    const load = async () => {
      const engine = session.engine();
      await engine.cached.keep(key, await engine.analyze(relation), { level });
      return engine.cached.find(key);
    };
    cached.set(this, { relation, key, level });
    this.relation = { kind: 'deferred', source: { load: () => (loaded ??= load()) }, planId: relation.planId! };
    return this;
  }
  /** StorageLevel.NONE when nothing is kept. */
  get storageLevel(): StorageLevel {
    return cached.get(this)?.level ?? StorageLevel.NONE;
  }
  get isCached(): boolean {
    return cached.has(this);
  }
  /** DataFrames that were made of it while it was cached can't be computed after this. */
  async unpersist(): Promise<this> {
    const was = cached.get(this);
    if (was === undefined) return this;
    cached.delete(this);
    this.relation = was.relation;
    await (await this.engine()).cached.forget(was.key);
    return this;
  }

  /**
   * The same rows, computed once and written below the checkpoint folder (sc.setCheckpointDir); what computed them is forgotten.
   * @param eager false: written when they are first asked for. @throws Error when there is no such folder
   */
  checkpoint(eager = true): Promise<this> {
    const dir = this.session.context().getCheckpointDir();
    if (dir === undefined)
      throw new SparkIllegalArgumentException(
        'CHECKPOINT_DIRECTORY_NOT_SET',
        '55000',
        'Checkpoint directory has not been set in the SparkContext',
      );
    return this.#cut(eager, async () => {
      const engine = await this.engine();
      const path = `${dir}/dataframe-${randomUUID()}`;
      await engine.write(await engine.analyze(this.relation), { format: 'parquet', path, mode: 'error', options: {}, partitionBy: [] });
      return engine.analyze({ kind: 'read', dataSource: { format: 'parquet', paths: [path], options: {}, predicates: [] } });
    });
  }
  /** The same rows, computed once and kept in the driver's kernel until the session ends. */
  localCheckpoint(eager = true): Promise<this> {
    return this.#cut(eager, async () => {
      const engine = await this.engine();
      const key = `checkpoint ${++checkpoints}`;
      await engine.cached.keep(key, await engine.analyze(this.relation), {});
      return engine.cached.find(key);
    });
  }
  async #cut(eager: boolean, make: () => Promise<unknown>): Promise<this> {
    const load = once(make);
    if (eager) await load();
    return this.again({ kind: 'deferred', source: { load } });
  }

  /** There is no stream. @throws Error WRITE_STREAM_NOT_ALLOWED always */
  get writeStream(): never {
    throw new SparkIllegalArgumentException(
      'WRITE_STREAM_NOT_ALLOWED',
      '42601',
      '`writeStream` can be called only on streaming Dataset/DataFrame.',
    );
  }
  /** Tables of files have no rows to merge into. @throws Error UNSUPPORTED_FEATURE.TABLE_OPERATION always, as Spark for such tables */
  mergeInto(table: string, _condition: Column): never {
    throw new SparkIllegalArgumentException(
      'UNSUPPORTED_FEATURE.TABLE_OPERATION',
      '0A000',
      `The feature is not supported: Table ${nameParts(table)
        .map((part) => `\`${part}\``)
        .join(
          '.',
        )} does not support MERGE INTO TABLE. Please check the current catalog and namespace to make sure the qualified table name is expected, and also check the catalog implementation which is configured by "spark.sql.catalog".`,
    );
  }

  /** A name for the plan in this session's SQL: what is asked later knows it, awaited or not. @throws AnalysisException TEMP_TABLE_OR_VIEW_ALREADY_EXISTS */
  async createTempView(name: string): Promise<void> {
    await this.#view(name, false);
  }
  async createOrReplaceTempView(name: string): Promise<void> {
    await this.#view(name, true);
  }
  /** As createOrReplaceTempView. */
  registerTempTable(name: string): Promise<void> {
    return this.createOrReplaceTempView(name);
  }
  /** As `global_temp.name`, until the application ends. @throws AnalysisException TEMP_TABLE_OR_VIEW_ALREADY_EXISTS */
  async createGlobalTempView(name: string): Promise<void> {
    await this.#view(name, false, true);
  }
  async createOrReplaceGlobalTempView(name: string): Promise<void> {
    await this.#view(name, true, true);
  }
  async #view(name: string, replace: boolean, isGlobal = false): Promise<void> {
    const { session, relation } = this;
    text(name, 'viewName');
    const { loaded } = await session.inOrder(() => {
      const engine = session.engine();
      const views = isGlobal ? engine.globalViews : engine.views;
      if (!replace && views.has(name))
        throw new SparkIllegalArgumentException(
          'TEMP_TABLE_OR_VIEW_ALREADY_EXISTS',
          '42P07',
          `Cannot create the temporary view \`${name}\` because it already exists. Choose a different name, drop or replace the existing view, or add the IF NOT EXISTS clause to tolerate pre-existing views.`,
        );
      // A view of a view of the same name is made of the one that was there.
      return {
        loaded: views.setLater(
          name,
          engine.sessionViews.asNow(() => engine.analyze(relation)),
        ),
      };
    });
    await loaded;
  }
}
