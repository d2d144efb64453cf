// df.writeTo(table): a table of the catalogue made of rows, or rows added to one, columns by name. Source: org.apache.spark.sql.DataFrameWriterV2 of
// Spark 4.2, whose tables of files take no rows this way; ours do.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { parseExpression } from '../parser/parse.ts';
import type { Command, InsertInto } from '../plan/commands.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';
import type { TableDefinition } from '../plan/table-definition.ts';
import type { Column } from './column.ts';
import type { DataFrameSession } from './dataframe-base.ts';
import type { OptionValue } from './format-options.ts';
import { nameParts } from './sql-text.ts';

export class DataFrameWriterV2 {
  readonly #session: DataFrameSession;
  readonly #relation: Relation;
  readonly #table: string;
  #provider: string | undefined;
  readonly #options: Record<string, string> = {};
  readonly #properties: Record<string, string> = {};
  #partitioning: readonly (string | Column)[] = [];

  /** @internal Programs get one from a DataFrame: `df.writeTo(table)`. */
  constructor(session: DataFrameSession, relation: Relation, table: string) {
    this.#session = session;
    this.#relation = relation;
    this.#table = table;
  }

  /** `parquet`, `csv`, …: what a new table's files are. Left out: `spark.sql.sources.default`. */
  using(provider: string): this {
    this.#provider = provider;
    return this;
  }
  option(key: string, value: OptionValue): this {
    this.#options[key] = String(value);
    return this;
  }
  options(options: Readonly<Record<string, OptionValue>>): this {
    for (const [key, value] of Object.entries(options)) this.option(key, value);
    return this;
  }
  /** Of a new table: what SHOW TBLPROPERTIES shows. */
  tableProperty(property: string, value: string): this {
    this.#properties[property] = value;
    return this;
  }
  /** Of a new table: columns, or `expr('bucket(4, id)')` for its buckets. */
  partitionedBy(column: string | Column, ...columns: readonly (string | Column)[]): this {
    this.#partitioning = [column, ...columns];
    return this;
  }

  /** @throws AnalysisException TABLE_OR_VIEW_ALREADY_EXISTS */
  create(): Promise<void> {
    return this.#make('create');
  }
  /** @throws AnalysisException UNSUPPORTED_FEATURE.TABLE_OPERATION: a table of files cannot be replaced in one go */
  replace(): Promise<void> {
    return this.#make('replace');
  }
  /** @throws AnalysisException UNSUPPORTED_FEATURE.TABLE_OPERATION, as `replace` */
  createOrReplace(): Promise<void> {
    return this.#make('createOrReplace');
  }

  /** Columns that the table has and the rows have not get their defaults. @throws AnalysisException TABLE_OR_VIEW_NOT_FOUND, INCOMPATIBLE_DATA_FOR_TABLE.… */
  append(): Promise<void> {
    return this.#insert({ isOverwrite: false });
  }
  /** All partitions that rows come for; without partitions all rows. */
  overwritePartitions(): Promise<void> {
    return this.#insert({ isOverwrite: true, isDynamic: true });
  }
  /** @throws AnalysisException _LEGACY_ERROR_TEMP_1141: files do not know which of their rows meet a condition */
  overwrite(condition: Column): Promise<void> {
    return this.#insert({ isOverwrite: true, replaceWhere: condition.expr });
  }

  async #make(mode: Extract<Command, { kind: 'createTable' }>['mode']): Promise<void> {
    const definition: TableDefinition = {
      columns: [],
      constraints: [],
      ...(this.#provider !== undefined && { provider: [this.#provider] }),
      ...layoutOf(this.#partitioning),
      options: this.#options,
      properties: this.#properties,
      query: this.#relation,
    };
    await this.#execute({ kind: 'createTable', table: nameParts(this.#table), mode, isTemporary: false, isExternal: false, definition });
  }

  #insert(how: Pick<InsertInto, 'isOverwrite' | 'isDynamic' | 'replaceWhere'>): Promise<void> {
    const common = { partition: {}, ifPartitionNotExists: false, columns: [], byName: true, options: this.#options };
    return this.#execute({ kind: 'insertInto', table: nameParts(this.#table), query: this.#relation, ...common, ...how });
  }

  async #execute(command: Command): Promise<void> {
    await this.#session.ready();
    await this.#session.engine().execute(command);
  }
}

/** Columns as partitions, `bucket(n, …)` as buckets. @throws SparkIllegalArgumentException, AnalysisException NOT_BUILT for other transforms */
function layoutOf(given: readonly (string | Column)[]): Pick<TableDefinition, 'partitioning' | 'bucket'> {
  const partitioning: { readonly name: readonly string[] }[] = [];
  let bucket: TableDefinition['bucket'];
  for (const column of given) {
    const e: Expression = typeof column === 'string' ? { kind: 'unresolvedAttribute', nameParts: nameParts(column) } : column.expr;
    const expression = e.kind === 'expressionString' ? parseExpression(e.expression) : e;
    if (expression.kind === 'unresolvedAttribute') partitioning.push({ name: expression.nameParts });
    else if (expression.kind === 'unresolvedFunction' && expression.functionName.toLowerCase() === 'bucket')
      bucket = bucketOf(expression.arguments);
    else if (expression.kind === 'unresolvedFunction')
      throw new AnalysisException('NOT_BUILT', { feature: `Partitioning by ${expression.functionName}(…)` });
    else
      throw new SparkIllegalArgumentException(
        'INVALID_PARTITION_TRANSFORM',
        '42000',
        'partitionedBy takes columns and bucket(n, column, …).',
      );
  }
  return { partitioning, ...(bucket && { bucket }) };
}

function bucketOf([count, ...columns]: readonly Expression[]): NonNullable<TableDefinition['bucket']> {
  const n = count?.kind === 'literal' && 'value' in count.value ? Number(count.value.value) : Number.NaN;
  return { count: n, columns: columns.map((c) => (c.kind === 'unresolvedAttribute' ? c.nameParts.join('.') : '')), sorted: [] };
}
