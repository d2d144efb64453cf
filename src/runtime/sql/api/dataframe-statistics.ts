// Statistics of a DataFrame, and the short forms of df.na and df.stat. Source: org.apache.spark.sql.Dataset and PySpark's DataFrame of Spark 4.2.
import type { ColumnOrName } from './column.ts';
import { DataFrameKept } from './dataframe-kept.ts';
import type { DataFrame } from './dataframe.ts';
import { DataFrameNaFunctions } from './na-functions.ts';
import { DataFrameStatFunctions } from './stat-functions.ts';

export abstract class DataFrameStatistics<T, O> extends DataFrameKept<T, O> {
  get na(): DataFrameNaFunctions<T> {
    return new DataFrameNaFunctions(this);
  }
  get stat(): DataFrameStatFunctions<T> {
    return new DataFrameStatFunctions(this);
  }
  /** count, mean, stddev, min and max of numeric and text columns. */
  describe(...columns: readonly string[]): DataFrame {
    return this.derive({ kind: 'statDescribe', input: this.relation, cols: columns });
  }
  /** As describe, with quartiles; or the statistics that are named: `summary('min', '95%')`. */
  summary(...statistics: readonly string[]): DataFrame {
    return this.derive({ kind: 'statSummary', input: this.relation, statistics });
  }

  /** As na.fill. */
  fillna(...args: Parameters<DataFrameNaFunctions<T>['fill']>): DataFrame<T> {
    return this.na.fill(...args);
  }
  /** As na.drop. */
  dropna(...args: Parameters<DataFrameNaFunctions<T>['drop']>): DataFrame<T> {
    return this.na.drop(...args);
  }
  /** As na.replace. */
  replace(...args: Parameters<DataFrameNaFunctions<T>['replace']>): DataFrame<T> {
    return this.na.replace(...args);
  }
  /** As stat.corr. */
  corr(col1: string, col2: string, method?: string): Promise<number> {
    return this.stat.corr(col1, col2, method);
  }
  /** As stat.cov. */
  cov(col1: string, col2: string): Promise<number> {
    return this.stat.cov(col1, col2);
  }
  /** As stat.approxQuantile. */
  approxQuantile(column: string, probabilities: readonly number[], relativeError: number): Promise<number[]>;
  approxQuantile(columns: readonly string[], probabilities: readonly number[], relativeError: number): Promise<number[][]>;
  approxQuantile(columns: any, probabilities: readonly number[], relativeError: number): Promise<any> {
    return this.stat.approxQuantile(columns, probabilities, relativeError);
  }
  /** As stat.crosstab. */
  crosstab(col1: string, col2: string): DataFrame {
    return this.stat.crosstab(col1, col2);
  }
  /** As stat.freqItems. */
  freqItems(columns: readonly string[], support?: number): DataFrame {
    return this.stat.freqItems(columns, support);
  }
  /** As stat.sampleBy. */
  sampleBy(
    column: ColumnOrName,
    ...more: readonly [ReadonlyMap<unknown, number> | { readonly [value: string]: number }, (number | bigint)?]
  ): DataFrame<T> {
    return this.stat.sampleBy(column, ...more);
  }
}
