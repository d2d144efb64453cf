// createDataFrame: what is inferred, what a schema takes and refuses, and how values come back.
import { afterAll, describe, expect, it } from 'vitest';
import { Decimal } from '../../../../../src/runtime/sql/api/decimal.ts';
import {
  CalendarInterval,
  DayTimeInterval,
  LocalDate,
  LocalTimestamp,
  Timestamp,
  YearMonthInterval,
} from '../../../../../src/runtime/sql/api/times.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';

const spark = new TestSession();
afterAll(() => spark.close());

describe('createDataFrame', () => {
  it('infers types from all rows', async () => {
    const df = spark.createDataFrame([
      { a: 1, b: 1, c: 'x', d: true, e: 2n, f: new Date(0), g: new Uint8Array([1]), h: [1, 2], i: new Map([['k', 1.5]]), j: { x: null } },
      { a: 2, b: 1.5, c: null, d: null, e: null, f: null, g: null, h: null, i: null, j: { x: 1 } },
    ]);
    expect(await df.dtypes()).toEqual([
      ['a', 'bigint'],
      ['b', 'double'],
      ['c', 'string'],
      ['d', 'boolean'],
      ['e', 'bigint'],
      ['f', 'timestamp'],
      ['g', 'binary'],
      ['h', 'array<bigint>'],
      ['i', 'map<string,double>'],
      ['j', 'struct<x:bigint>'],
    ]);
  });

  it('names columns of arrays and single values', async () => {
    expect(await spark.createDataFrame([[1, 'a']]).columns()).toEqual(['_1', '_2']);
    expect(await spark.createDataFrame([[1, 'a']], ['id', 'name']).columns()).toEqual(['id', 'name']);
    expect(await spark.createDataFrame(['x', 'y']).columns()).toEqual(['value']);
    expect((await spark.createDataFrame([1, 2], 'int').collect()).map((r) => r.value)).toEqual([1, 2]);
  });

  const TIME = 1_600_000_000_123_456n;
  it.each<[string, unknown, unknown]>([
    ['boolean', true, true],
    ['tinyint', -128, -128],
    ['smallint', 32_767, 32_767],
    ['int', -2_147_483_648, -2_147_483_648],
    ['bigint', 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ['float', 0.5, 0.5],
    ['double', 0.1, 0.1],
    ['double', Number.NaN, Number.NaN],
    ['double', Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ['decimal(38,2)', Decimal.parse('-123456789012345678901234567890.12'), Decimal.parse('-123456789012345678901234567890.12')],
    ['decimal(10,1)', 2.25, Decimal.parse('2.3')],
    ['string', "it's\0 \\ 你好", "it's\0 \\ 你好"],
    ['binary', new Uint8Array([0, 255]), new Uint8Array([0, 255])],
    ['date', new Date('2020-02-29T00:00:00Z'), new LocalDate(18_321)],
    ['timestamp', new Timestamp(TIME), new Timestamp(TIME)],
    ['timestamp_ntz', new LocalTimestamp(TIME), new LocalTimestamp(TIME)],
    ['interval day to second', new DayTimeInterval(-1_500_000n), new DayTimeInterval(-1_500_000n)],
    ['interval year to month', new YearMonthInterval(14), new YearMonthInterval(14)],
    ['interval', new CalendarInterval(1, -2, 3_000_000n), new CalendarInterval(1, -2, 3_000_000n)],
    ['array<array<int>>', [[1, null], null, []], [[1, null], null, []]],
    ['map<string,array<int>>', new Map([['a', [1]]]), new Map([['a', [1]]])],
  ])('%s goes in and comes back: %s', async (type, value, back) => {
    const [row, none] = await spark.createDataFrame([[value], [null]], `v ${type}`).collect();
    expect(row!.get(0)).toEqual(back);
    expect(none!.get(0)).toBeNull();
  });

  it('nests rows', async () => {
    const [row] = await spark.createDataFrame([[{ a: 1, b: { c: ['x'] } }]], 's struct<a:int,b:struct<c:array<string>>>').collect();
    expect(row!.s.b.c).toEqual(['x']);
    expect(row!.asDict(true)).toEqual({ s: { a: 1, b: { c: ['x'] } } });
  });

  it.each<[string, () => unknown, string]>([
    ['no rows', () => spark.createDataFrame([]), 'CANNOT_INFER_EMPTY_SCHEMA'],
    ['types that differ', () => spark.createDataFrame([{ a: 1 }, { a: 'x' }]), 'CANNOT_MERGE_TYPE'],
    ['a column of nulls', () => spark.createDataFrame([{ a: null }]), 'CANNOT_DETERMINE_TYPE'],
    ['a text in an int', () => spark.createDataFrame([['x']], 'a int'), 'FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME'],
    ['too large a number', () => spark.createDataFrame([[128]], 'a tinyint'), 'VALUE_OUT_OF_BOUNDS'],
    ['a fraction in a bigint', () => spark.createDataFrame([[1.5]], 'a bigint'), 'FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME'],
    ['too wide a decimal', () => spark.createDataFrame([[100n]], 'a decimal(2,0)'), 'NUMERIC_VALUE_OUT_OF_RANGE'],
    ['null where there is none', () => spark.createDataFrame([[null]], 'a int not null'), 'FIELD_NOT_NULLABLE_WITH_NAME'],
    ['rows of another length', () => spark.createDataFrame([[1, 2]], 'a int'), 'LENGTH_SHOULD_BE_THE_SAME'],
    ['a schema that is none', () => spark.createDataFrame([[1]], 'a notype'), 'UNSUPPORTED_DATATYPE'],
  ])('refuses %s', (_, make, condition) => {
    expect(make).toThrow(`[${condition}`);
  });
});
