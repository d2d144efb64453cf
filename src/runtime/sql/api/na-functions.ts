// df.na: missing values. NaN counts as missing in drop and fill, as in Spark. Source: org.apache.spark.sql.DataFrameNaFunctions of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Literal } from '../plan/expressions.ts';
import type { AnyRow, DataFrameBase } from './dataframe-base.ts';
import type { DataFrame } from './dataframe.ts';
import { valueExpression } from './literals.ts';

type Filling = number | string | boolean | bigint;

function constant(value: unknown): Literal {
  const made = typeof value === 'object' && value !== null ? undefined : valueExpression(value);
  if (made?.kind !== 'literal' || made.value.type === 'null')
    throw new SparkIllegalArgumentException(
      'NOT_BOOL_OR_FLOAT_OR_INT_OR_STR',
      '42K09',
      `Missing values are filled with a number, a text or true or false, not with ${String(value)}.`,
    );
  // Numbers are doubles and whole ones longs here, as in Spark's own signatures.
  if (made.value.type === 'integer') return { kind: 'literal', value: { type: 'long', value: BigInt(made.value.value) } };
  return made;
}

export class DataFrameNaFunctions<T = AnyRow> {
  readonly #df: DataFrameBase<T>;

  /** @internal */
  constructor(df: DataFrameBase<T>) {
    this.#df = df;
  }

  /** @param value for all columns of its kind (texts for texts), or per column: `fill({ a: 0, b: '' })` */
  fill(value: Filling | { readonly [column: string]: Filling }, columns: readonly string[] = []): DataFrame<T> {
    const input = this.#df.relation;
    if (typeof value !== 'object' || value === null || value instanceof Date)
      return this.#df.derive({ kind: 'naFill', input, cols: columns, values: [constant(value)] });
    return this.#df.derive({ kind: 'naFill', input, cols: Object.keys(value), values: Object.values(value).map(constant) });
  }

  /** @param how `any`: rows with a missing value; `all`: rows of nothing else; a number: rows with fewer values than that */
  drop(how: 'any' | 'all' | number = 'any', columns: readonly string[] = []): DataFrame<T> {
    const minNonNulls = typeof how === 'number' ? how : how === 'all' ? 1 : undefined;
    return this.#df.derive({ kind: 'naDrop', input: this.#df.relation, cols: columns, ...(minNonNulls !== undefined && { minNonNulls }) });
  }

  /** @param replacements old value → new value, all of one kind */
  replace(
    replacements: ReadonlyMap<unknown, unknown> | { readonly [old: string]: unknown },
    columns: readonly string[] = [],
  ): DataFrame<T> {
    const pairs = replacements instanceof Map ? [...replacements] : Object.entries(replacements);
    const double = (value: unknown): Literal =>
      typeof value === 'number' ? { kind: 'literal', value: { type: 'double', value } } : (valueExpression(value) as Literal);
    return this.#df.derive({
      kind: 'naReplace',
      input: this.#df.relation,
      cols: columns,
      replacements: pairs.map(([oldValue, newValue]) => ({ oldValue: double(oldValue), newValue: double(newValue) })),
    });
  }
}
