// df.stat: statistics of columns. Source: org.apache.spark.sql.DataFrameStatFunctions of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Literal } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';
import { asText } from '../plan/make.ts';
import { Column, type ColumnOrName, columnOf, namedColumn } from './column.ts';
import type { AnyRow, DataFrameBase } from './dataframe-base.ts';
import type { DataFrame } from './dataframe.ts';
import { call, textLiteral, valueExpression } from './literals.ts';

export class DataFrameStatFunctions<T = AnyRow> {
  readonly #df: DataFrameBase<T>;

  /** @internal */
  constructor(df: DataFrameBase<T>) {
    this.#df = df;
  }

  async #one(relation: Relation): Promise<any> {
    return (await this.#df.derive(relation).collect())[0]!.get(0);
  }

  /** Pearson's correlation. */
  corr(col1: string, col2: string, method = 'pearson'): Promise<number> {
    if (method !== 'pearson')
      return Promise.reject(
        new SparkIllegalArgumentException(
          'UNSUPPORTED_CORRELATION',
          '0A000',
          'Currently only the calculation of the Pearson Correlation coefficient is supported.',
        ),
      );
    return this.#one({ kind: 'statCorr', input: this.#df.relation, col1, col2, method });
  }
  /** Sample covariance. */
  cov(col1: string, col2: string): Promise<number> {
    return this.#one({ kind: 'statCov', input: this.#df.relation, col1, col2 });
  }
  /** @returns for each column the values at these shares, 0 to 1; for one name only its values */
  async approxQuantile(column: string, probabilities: readonly number[], relativeError: number): Promise<number[]>;
  async approxQuantile(columns: readonly string[], probabilities: readonly number[], relativeError: number): Promise<number[][]>;
  async approxQuantile(
    columns: string | readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[] | number[][]> {
    const cols = typeof columns === 'string' ? [columns] : columns;
    const all: number[][] = await this.#one({ kind: 'statApproxQuantile', input: this.#df.relation, cols, probabilities, relativeError });
    return typeof columns === 'string' ? all[0]! : all;
  }
  /** How often each pair of values stands together: a row for each value of the first column, a column for each of the second. */
  crosstab(col1: string, col2: string): DataFrame {
    const text = (name: string) =>
      new Column(call('when', call('isnull', namedColumn(name).expr), textLiteral('null'), asText(namedColumn(name).expr)));
    const rows = text(col1).as(`${col1}_${col2}`);
    return this.#df.derive(this.#df.relation).groupBy(rows).pivot(text(col2)).count().na.fill(0);
  }
  /** @param support a value in more than this share of the rows counts as frequent */
  freqItems(columns: readonly string[], support = 0.01): DataFrame {
    return this.#df.derive({ kind: 'statFreqItems', input: this.#df.relation, cols: columns, support });
  }
  /** @param fractions value of the column → share of its rows */
  sampleBy(
    column: ColumnOrName,
    fractions: ReadonlyMap<unknown, number> | { readonly [value: string]: number },
    seed?: number | bigint,
  ): DataFrame<T> {
    const pairs = fractions instanceof Map ? [...fractions] : Object.entries(fractions);
    return this.#df.derive({
      kind: 'statSampleBy',
      input: this.#df.relation,
      col: columnOf(column).expr,
      fractions: pairs.map(([value, fraction]) => ({ stratum: valueExpression(value) as Literal, fraction: fraction as number })),
      seed: BigInt(seed ?? Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)),
    });
  }
}
