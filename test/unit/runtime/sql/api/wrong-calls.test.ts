import { afterAll, describe, expect, it } from 'vitest';
import { SparkError } from '../../../../../src/common/spark-error.ts';
import type { Column } from '../../../../../src/runtime/sql/api/column.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';

const spark = new TestSession();
afterAll(() => spark.close());
const df = spark.createDataFrame(
  [
    [1n, 'a', 1.5],
    [2n, 'b', null],
  ],
  'id BIGINT, name STRING, x DOUBLE',
);
const circle: { a: number; self?: unknown } = { a: 1 };
circle.self = circle;
/** What a program without types may give. */
const any = (value?: unknown): any => value;
const made = (rows: unknown, schema?: unknown) => spark.createDataFrame(any(rows), any(schema)).collect();

const WRONG: { readonly [call: string]: readonly [condition: string, call: () => unknown] } = {
  'select()s a number': ['NOT_COLUMN_OR_STR', () => df.select(any(5)).collect()],
  'select()s nothing at all': ['NOT_COLUMN_OR_STR', () => df.select(any()).collect()],
  'filters by a boolean': ['NOT_COLUMN_OR_STR', () => df.filter(any(true))],
  'filters by a number': ['DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN', () => df.filter(F.col('id')).collect()],
  'adds a value as a column': ['NOT_COLUMN', () => df.withColumn('y', any(5))],
  'adds a name as a column': ['NOT_COLUMN', () => df.withColumn('y', any('id'))],
  'when() of a boolean': ['NOT_COLUMN', () => F.when(any(true), 1)],
  'a function of undefined': ['NOT_COLUMN_OR_STR', () => F.upper(any())],
  'joins nothing': ['NOT_DATAFRAME', () => df.join(any(), 'id')],
  'joins by a number': ['NOT_COLUMN', () => df.join(df, any(5))],
  'joins in a way that there is not': ['UNSUPPORTED_JOIN_TYPE', () => df.join(df, 'id', any('sideways'))],
  'aggregates nothing': ['CANNOT_BE_EMPTY', () => df.groupBy('id').agg()],
  'aggregates a text': ['NOT_COLUMN', () => df.groupBy('id').agg(any('x'))],
  'cuts at a fraction': ['NOT_INT', () => df.limit(1.5)],
  'cuts at NaN': ['NOT_INT', () => df.limit(Number.NaN)],
  'cuts at a text': ['NOT_INT', () => df.limit(any('5; SELECT 1'))],
  'shows a text of rows': ['NOT_INT', () => df.show(any('x'))],
  'samples more than all': ['INVALID_SAMPLING_FRACTION', () => df.sample(2)],
  'repartitions to none': ['VALUE_NOT_POSITIVE', () => df.repartition(0)],
  'casts to nothing': ['NOT_DATATYPE_OR_STR', () => F.col('id').cast(any())],
  'casts to a type that there is not': ['UNSUPPORTED_DATATYPE', () => F.col('id').cast('intt')],
  'fills with null': ['NOT_BOOL_OR_FLOAT_OR_INT_OR_STR', () => df.na.fill(any(null))],
  'fills with a Date': ['NOT_BOOL_OR_FLOAT_OR_INT_OR_STR', () => df.na.fill(any(new Date(0)))],
  'a range to NaN': ['NOT_INT', () => spark.range(Number.NaN)],
  'a range without steps': ['VALUE_NOT_NON_ZERO', () => spark.range(1, 5, 0)],
  'SQL of undefined': ['NOT_STR', () => spark.sql(any())],
  'reads undefined': ['NOT_STR', () => spark.read.parquet(any())],
  'a column that there is not': ['UNRESOLVED_COLUMN.WITH_SUGGESTION', () => df.select('nme').collect()],
  'an invalid Date as a constant': ['INVALID_DATE_VALUE', () => F.lit(new Date('x'))],
  'a Set as a constant': ['UNSUPPORTED_FEATURE.LITERAL_TYPE', () => F.lit(new Set([1]))],
  'a cast that fails': ['CAST_INVALID_INPUT', () => df.select(F.col('name').cast('int')).collect()],
  'rows that are no rows': ['NOT_ITERABLE', () => made({ a: 1 })],
  'rows of undefined': ['NOT_ITERABLE', () => made(undefined)],
  'a null among objects': ['CANNOT_INFER_SCHEMA_FOR_TYPE', () => made([null, { a: 1 }])],
  'an invalid Date in a row': ['INVALID_DATE_VALUE', () => made([[new Date('x')]], 'd DATE')],
  'NaN as INT': ['FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME', () => made([[Number.NaN]], 'a INT')],
  'arrays of several kinds': ['CANNOT_MERGE_TYPE', () => made([{ a: [1, 'x'] }])],
  'an array of nothing': ['CANNOT_DETERMINE_TYPE', () => made([{ a: [] }])],
  'a function in a row': ['UNSUPPORTED_DATA_TYPE', () => made([{ a: () => 1 }])],
  'a Set in a row': ['UNSUPPORTED_DATA_TYPE', () => made([{ a: new Set([1]) }])],
  'a Promise as a row': ['UNSUPPORTED_DATA_TYPE', () => made([Promise.resolve(1)])],
  'a row that holds itself': ['CIRCULAR_VALUE', () => made([circle])],
  'a schema that is a number': ['NOT_LIST_OR_NONE_OR_STRUCT', () => made([[1]], 5)],
  'more names than columns': ['LENGTH_SHOULD_BE_THE_SAME', () => made([[1]], ['a', 'b'])],
  'a bigint that is too large': ['VALUE_OUT_OF_BOUNDS', () => made([[2n ** 70n]])],
};

describe('a wrong call', () => {
  it.each(Object.entries(WRONG))('%s is refused with a condition, a SQLSTATE and the line of the program', async (_, [condition, call]) => {
    const error = await (async () => call())().then(
      () => undefined,
      (failed: unknown) => failed,
    );
    expect(error).toBeInstanceOf(SparkError);
    const { getCondition, sqlState, stack } = error as SparkError;
    expect(getCondition.call(error)).toBe(condition);
    expect(sqlState).toMatch(/^[0-9A-Z]{5}$/);
    expect(stack).toContain('wrong-calls.test.ts');
  });

  it('shows the line that made the DataFrame, not the one that asked for its rows', async () => {
    const wrong = df.select('nme'); // this line
    const error = await wrong.collect().catch((failed: Error) => failed);
    const line = Number(/wrong-calls\.test\.ts:(\d+)/.exec((error as Error).stack!)![1]);
    const asked = Number(/wrong-calls\.test\.ts:(\d+)/.exec(new Error().stack!)![1]);
    expect(asked - line).toBe(3);
  });
});

describe('values at the edge', () => {
  it('isin() of nothing is false for every row', async () => {
    expect(await df.filter(F.col('id').isin([])).count()).toBe(0);
    expect(await df.filter((F.col('x').isin() as Column).not()).count()).toBe(2);
  });

  it('takes whole numbers as bigint, and bigints where doubles stand', async () => {
    expect(await df.limit(any(1n)).count()).toBe(1);
    expect((await made([[1n], [2.5]], 'a DOUBLE')).map((r) => r.get(0))).toEqual([1, 2.5]);
  });

  it('gives objects the names of a list, by position, as PySpark does', async () => {
    const rows = [
      { a: 1, b: 'x' },
      { b: 'y', a: 2 },
    ];
    const renamed = await spark.createDataFrame(rows, ['c', 'd']).collect();
    expect(renamed.map((r) => r.asDict())).toEqual([
      { c: 1n, d: 'x' },
      { c: 2n, d: 'y' },
    ]);
    const swapped = await spark.createDataFrame(rows, ['b', 'a']).collect();
    expect(swapped.map((r) => r.asDict())[0]).toEqual({ b: 1n, a: 'x' });
    expect(await spark.createDataFrame(rows, ['c']).columns()).toEqual(['c', 'b']);
  });
});
