// Arrow tables: what df.toArrow gives, read back by the package and by createDataFrame.
import {
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
  Dictionary,
  Table,
  Utf8,
  Int32,
  Uint16,
  Float32,
  DateMillisecond,
} from 'apache-arrow';
import { afterAll, describe, expect, it } from 'vitest';
import { Decimal } from '../../../../../src/runtime/sql/api/decimal.ts';
import { DayTimeInterval, LocalDate, LocalTimestamp, Timestamp, YearMonthInterval } from '../../../../../src/runtime/sql/api/times.ts';
import { TypedSession } from '../../../../helpers/typed-session.ts';

const spark = new TypedSession(true, { 'spark.sql.session.timeZone': 'Europe/Berlin' });
afterAll(() => spark.close());

const DDL =
  'a boolean, b tinyint, c smallint, d int, e bigint, f float, g double, h decimal(38,2), i string, j binary, k date, l timestamp, ' +
  'm timestamp_ntz, n interval day to second, o interval year to month, p array<int>, q map<string,array<decimal(4,1)>>, r struct<x:string,y:array<struct<z:bigint>>>, t void';
const ROW = [
  true,
  -128,
  32_767,
  -2_147_483_648,
  9_007_199_254_740_993n,
  0.5,
  Number.NaN,
  Decimal.parse('-123456789012345678901234567890.12'),
  "é'\0",
  new Uint8Array([0, 255]),
  new LocalDate(-18_321),
  new Timestamp(1_600_000_000_123_456n),
  new LocalTimestamp(-1n),
  new DayTimeInterval(-1_500_000n),
  new YearMonthInterval(14),
  [1, null],
  new Map([['k', [Decimal.parse('1.5'), null]]]),
  { x: 'y', y: [{ z: 1n }, null] },
  null,
];
const plain = (value: unknown) => (value as { asDict?: (deep: boolean) => unknown } | null)?.asDict?.(true) ?? value;

describe('Arrow', () => {
  const df = spark.createDataFrame([ROW, ROW.map(() => null), ROW], DDL);

  it("has Spark's types as PySpark's toArrow says them", async () => {
    const table = await df.toArrow();
    expect(table.numRows).toBe(3);
    expect(table.schema.fields.map((f) => `${f.name} ${f.type}`)).toEqual([
      'a Bool',
      'b Int8',
      'c Int16',
      'd Int32',
      'e Int64',
      'f Float32',
      'g Float64',
      'h Decimal[38e+2]',
      'i Utf8',
      'j Binary',
      'k Date32<DAY>',
      'l Timestamp<MICROSECOND, Europe/Berlin>',
      'm Timestamp<MICROSECOND>',
      'n Duration<MICROSECOND>',
      'o Interval<YEAR_MONTH>',
      'p List<Int32>',
      'q Map<{key:Utf8, value:List<Decimal[4e+1]>}>',
      'r Struct<{x:Utf8, y:List<Struct<{z:Int64}>>}>',
      't Null',
    ]);
    expect(table.getChild('i')!.toArray()).toEqual(["é'\0", null, "é'\0"]);
    expect([...table.getChild('d')!]).toEqual([-2_147_483_648, null, -2_147_483_648]);
  });

  it.each([
    ['a table', (t: Table) => t],
    ['bytes of a stream', (t: Table) => tableToIPC(t, 'stream')],
    ['bytes of a file', (t: Table) => tableToIPC(t, 'file')],
  ])('comes back by createDataFrame as %s', async (_, form) => {
    const back = spark.createDataFrame(form(await df.toArrow()));
    expect(await back.dtypes()).toEqual(await df.dtypes());
    const [row, nulls] = await back.collect();
    expect(row!.toArray().map(plain)).toEqual(ROW);
    expect(nulls!.toArray()).toEqual(ROW.map(() => null));
  });

  it('takes tables of others: dictionaries, unsigned numbers, other units, several batches', async () => {
    const table = new Table({
      s: vectorFromArray(['a', 'b', 'a', null], new Dictionary(new Utf8(), new Int32())),
      u: vectorFromArray([1, 65_535, 3, null], new Uint16()),
      f: vectorFromArray([0.5, null, 1, 2], new Float32()),
      d: vectorFromArray([new Date(0), new Date(86_400_000), null, new Date(-1)], new DateMillisecond()),
    });
    const made = spark.createDataFrame(tableFromIPC([tableToIPC(table)]).concat(table));
    expect(await made.dtypes()).toEqual([
      ['s', 'string'],
      ['u', 'int'],
      ['f', 'float'],
      ['d', 'date'],
    ]);
    const rows = (await made.collect()).map((r) => [r.s, r.u, r.f, r.d?.epochDays ?? null]);
    const once = [
      ['a', 1, 0.5, 0],
      ['b', 65_535, null, 1],
      ['a', 3, 1, null],
      [null, null, 2, -1],
    ];
    expect(rows).toEqual([...once, ...once]);
    expect(await spark.createDataFrame(tableFromArrays({ n: Int32Array.of(1, 2) }) as never, 'n bigint').dtypes()).toEqual([
      ['n', 'bigint'],
    ]);
  });

  it('has no rows, and no type for calendar intervals', async () => {
    const none = await df.limit(0).toArrow();
    expect([none.numRows, none.numCols]).toEqual([0, ROW.length]);
    await expect(spark.sql('select make_interval(1) i').toArrow()).rejects.toThrow('UNSUPPORTED_DATA_TYPE_FOR_ARROW_CONVERSION');
  });
});
