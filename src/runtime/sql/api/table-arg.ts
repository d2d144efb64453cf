// df.asTable(): a DataFrame's rows as the TABLE argument of a table function, and how they are divided. Source: pyspark.sql.TableArg of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Expression, SortOrder } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';
import { type ColumnOrName, columnOf, sortOrderOf } from './column.ts';

type Parts = {
  readonly partitionSpec: readonly Expression[];
  readonly orderSpec: readonly SortOrder[];
  readonly withSinglePartition?: boolean;
};

export class TableArg {
  readonly #plan: Relation;
  readonly #parts: Parts | undefined;

  /** @internal Programs use df.asTable(). */
  constructor(plan: Relation, parts?: Parts) {
    this.#plan = plan;
    this.#parts = parts;
  }

  /** An object of the function for the rows of each value of these. */
  partitionBy(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): TableArg {
    this.#onlyOnce('partitionBy');
    const partitionSpec = columns.flat().map((c) => columnOf(c as ColumnOrName).expr);
    return new TableArg(this.#plan, { partitionSpec, orderSpec: [] });
  }

  /** One object of the function for all rows. */
  withSinglePartition(): TableArg {
    this.#onlyOnce('withSinglePartition');
    return new TableArg(this.#plan, { partitionSpec: [], orderSpec: [], withSinglePartition: true });
  }

  /** Of the rows of a partition. */
  orderBy(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): TableArg {
    if (this.#parts === undefined) throw wrongOrder('Please call partitionBy() or withSinglePartition() before orderBy().');
    const orderSpec = columns.flat().map((c) => sortOrderOf(c as ColumnOrName));
    return new TableArg(this.#plan, { ...this.#parts, orderSpec: [...this.#parts.orderSpec, ...orderSpec] });
  }

  #onlyOnce(method: string): void {
    if (this.#parts !== undefined)
      throw wrongOrder(`Cannot call ${method}() after partitionBy() or withSinglePartition() has been called.`);
  }

  /** @internal */
  get expr(): Expression {
    return {
      kind: 'subqueryExpression',
      subqueryType: 'tableArg',
      plan: this.#plan,
      ...(this.#parts && { tableArgOptions: this.#parts }),
    };
  }
}

const wrongOrder = (words: string) => new SparkIllegalArgumentException('INVALID_TABLE_ARGUMENT', '42K09', words);
