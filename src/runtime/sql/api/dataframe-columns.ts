// DataFrame's methods that choose, make, rename and drop columns, and filter, sort and cut rows. Source: Dataset of Spark 4.2.
import type { Alias, Expression } from '../plan/expressions.ts';
import { wholeNumber, wrongType } from './arguments.ts';
import { Column, type ColumnOrName, columnOf, givenColumn, sortOrderOf, sqlColumn } from './column.ts';
import { DataFrameBase, type AnyRow, expressionsOf, type Simplify } from './dataframe-base.ts';
import type { DataFrame } from './dataframe.ts';
import { integerLiteral } from './literals.ts';
import { transposed } from './transposed.ts';
import type { Observation } from './observation.ts';
import type { Selected, WithColumns } from './row-types.ts';
import { sqlTexts } from './sql-text.ts';

function condition(of: unknown): Expression {
  if (typeof of === 'string') return sqlColumn(of).expr;
  if (of instanceof Column) return of.expr;
  throw wrongType('NOT_COLUMN_OR_STR', 'condition', 'a Column or SQL text', of);
}
const fieldName = (name: string): string => name;
type Without<T, K extends PropertyKey> = string extends K ? AnyRow : Simplify<Omit<T, K>>;

export abstract class DataFrameColumns<T = AnyRow> extends DataFrameBase<T> {
  /** By names, and by Columns whose names TypeScript knows (`df.col('a')`, `.as('b')`), the row's type stays known. */
  select<K extends keyof T & string>(...columns: readonly K[]): DataFrame<Simplify<Pick<T, K>>>;
  select<const C extends readonly ColumnOrName[]>(...columns: C): DataFrame<Selected<T, C>>;
  select(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): DataFrame;
  select(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): DataFrame<any> {
    return this.derive({ kind: 'project', input: this.relation, expressions: expressionsOf(columns) });
  }

  /** SQL text, one expression each: `selectExpr('a + 1 AS b', '*')`. @throws ParseException */
  selectExpr(...texts: readonly (string | readonly string[])[]): DataFrame {
    return this.derive({ kind: 'project', input: this.relation, expressions: texts.flat().map((t) => sqlColumn(t as string).expr) });
  }

  /** @param of a Column, or SQL text */
  filter(of: Column | string): this {
    return this.again({ kind: 'filter', input: this.relation, condition: condition(of) });
  }
  where(of: Column | string): this {
    return this.filter(of);
  }

  /** The column put in, or replaced where there is one of the name. */
  withColumn<const N extends string, V>(name: N, column: Column<V>): DataFrame<WithColumns<T, { [K in N]: Column<V> }>> {
    return this.withColumns({ [name]: column }) as DataFrame<any>;
  }
  withColumns<const M extends { readonly [name: string]: Column }>(columns: M): DataFrame<WithColumns<T, M>> {
    const aliases = Object.entries(columns).map(([name, c]): Alias => ({ kind: 'alias', expr: givenColumn(c, 'col'), name: [name] }));
    return this.derive({ kind: 'withColumns', input: this.relation, aliases });
  }
  withColumnRenamed<K extends (keyof T & string) | (string & {}), N extends string>(
    existing: K,
    name: N,
  ): DataFrame<Simplify<Omit<T, K> & { readonly [P in N]: K extends keyof T ? T[K] : any }>> {
    return this.withColumnsRenamed({ [existing]: name });
  }
  /** @param names old name → new name; a name that there is not changes nothing */
  withColumnsRenamed(names: { readonly [existing: string]: string }): DataFrame {
    const renames = Object.entries(names).map(([colName, newColName]) => ({ colName, newColName }));
    return this.derive({ kind: 'withColumnsRenamed', input: this.relation, renames });
  }
  /** @param metadata what to write beside the column: JSON values */
  withMetadata(name: string, metadata: { readonly [key: string]: unknown }): DataFrame<T> {
    const alias: Alias = { kind: 'alias', expr: this.col(name).expr, name: [name], metadata: JSON.stringify(metadata) };
    return this.derive({ kind: 'withColumns', input: this.relation, aliases: [alias] });
  }

  drop<K extends (keyof T & string) | (string & {})>(...names: readonly K[]): DataFrame<Without<T, K>>;
  drop(...columns: readonly ColumnOrName[]): DataFrame;
  drop(...columns: readonly ColumnOrName[]): DataFrame<any> {
    columns.forEach(columnOf); // what is neither a Column nor a name
    return this.derive({
      kind: 'drop',
      input: this.relation,
      columns: columns.filter((c) => c instanceof Column).map((c) => c.expr),
      columnNames: columns.filter((c) => typeof c === 'string').map(fieldName),
    });
  }

  /** Columns by name, in the order and with the types of the schema. @param schema DDL text or a type */
  to(schema: import('../types/data-type.ts').StructType | string): DataFrame {
    return this.derive({
      kind: 'toSchema',
      input: this.relation,
      schema: typeof schema === 'string' ? sqlTexts().parseTableSchema(schema) : schema,
    });
  }
  /** A name for its columns: `df.as('t')`, then `col('t.a')`. */
  alias(name: string): this {
    return this.again({ kind: 'subqueryAlias', input: this.relation, alias: name, qualifier: [] });
  }

  distinct(): this {
    return this.again({ kind: 'deduplicate', input: this.relation, columnNames: [], allColumnsAsKeys: true });
  }
  /** One row of each combination of these columns; without names of all. */
  dropDuplicates(...names: readonly ((keyof T & string) | readonly (keyof T & string)[])[]): this {
    const columnNames = names.flat() as string[];
    return this.again({ kind: 'deduplicate', input: this.relation, columnNames, allColumnsAsKeys: columnNames.length === 0 });
  }

  drop_duplicates(...names: readonly ((keyof T & string) | readonly (keyof T & string)[])[]): this {
    return this.dropDuplicates(...names);
  }

  orderBy(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): this {
    return this.#sorted(columns, true);
  }
  sort(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): this {
    return this.#sorted(columns, true);
  }
  sortWithinPartitions(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): this {
    return this.#sorted(columns, false);
  }
  #sorted(columns: readonly (ColumnOrName | readonly ColumnOrName[])[], isGlobal: boolean): this {
    const order = columns.flat().map((c) => sortOrderOf(c as ColumnOrName));
    return this.again({ kind: 'sort', input: this.relation, order, isGlobal });
  }

  limit(n: number): this {
    return this.again({ kind: 'limit', input: this.relation, limit: integerLiteral(wholeNumber(n, 'num')) });
  }
  offset(n: number): this {
    return this.again({ kind: 'offset', input: this.relation, offset: integerLiteral(wholeNumber(n, 'num')) });
  }

  /** `f(this)`, for chains. */
  transform<R>(f: (df: this) => R): R {
    return f(this);
  }

  /** Columns become rows: name and value. @param values all others when left out */
  unpivot(ids: readonly ColumnOrName[], values: readonly ColumnOrName[] | null | undefined, variable: string, value: string): DataFrame {
    return this.derive({
      kind: 'unpivot',
      input: this.relation,
      ids: ids.map((c) => columnOf(c).expr),
      ...(values && { values: values.map((c) => columnOf(c).expr) }),
      variableColumnName: variable,
      valueColumnName: value,
    });
  }
  melt(ids: readonly ColumnOrName[], values: readonly ColumnOrName[] | null | undefined, variable: string, value: string): DataFrame {
    return this.unpivot(ids, values, variable, value);
  }
  /** @param index the column whose values become names; the first when left out. @throws AnalysisException when it is used: TRANSPOSE_… */
  transpose(index?: ColumnOrName): DataFrame {
    return this.derive({ kind: 'deferred', source: { load: () => transposed(this, index) } });
  }

  /** Metrics over the rows, for the Observation: it has them after the first action. */
  observe(observation: Observation | string, ...metrics: readonly [Column, ...Column[]]): this {
    const of = typeof observation === 'string' ? { name: observation } : { name: observation.name, observation: observation.observer() };
    return this.again({ kind: 'collectMetrics', input: this.relation, ...of, metrics: metrics.map((m) => givenColumn(m, 'exprs')) });
  }
  hint(name: string, ...parameters: readonly unknown[]): this {
    const exprs = parameters.flat().map((p) => (p instanceof Column ? p.expr : valueOf(p)));
    return this.again({ kind: 'hint', input: this.relation, name, parameters: exprs });
  }
}

/** Texts in a hint are names of columns; the rest are numbers. */
const valueOf = (p: unknown) => (typeof p === 'string' ? columnOf(p).expr : integerLiteral(Number(p)));
