// Functions of the program in queries.
import { afterAll, describe, expect, it } from 'vitest';
import { Decimal } from '../../../../../src/runtime/sql/api/decimal.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { LocalDate } from '../../../../../src/runtime/sql/api/times.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';

const spark = new TestSession();
afterAll(() => spark.close());

const rows = spark.createDataFrame(
  [
    [1, 'a', 1.5],
    [2, null, null],
  ],
  'i int, s string, d double',
);
const values = async (column: ReturnType<typeof F.col>) => (await rows.select(column.as('v')).collect()).map((r) => r.v);

describe('a function of the program', () => {
  it('gets the values of a row and gives one', async () => {
    const describe = F.udf((i: number, s: string | null, d: number | null) => `${i} ${s} ${d}`, 'string');
    expect(await values(describe('i', 's', 'd'))).toEqual(['1 a 1.5', '2 null null']);
  });

  it.each<[string, unknown, unknown]>([
    ['int', 7, 7],
    ['bigint', 7, 7n],
    ['double', 0.5, 0.5],
    ['boolean', true, true],
    ['string', 'ü', 'ü'],
    ['decimal(10,2)', Decimal.parse('1.5'), Decimal.parse('1.50')],
    ['date', new LocalDate(3), new LocalDate(3)],
    ['array<int>', [1, null], [1, null]],
    ['map<string,double>', new Map([['a', 1.5]]), new Map([['a', 1.5]])],
    ['int', null, null],
    ['int', undefined, null],
  ])('gives %s: %s', async (type, given, expected) => {
    expect(await values(F.udf(() => given, type)('i'))).toEqual([expected, expected]);
  });

  it('gives some NULLs among numbers', async () => {
    const odd = F.udf((n: bigint) => (n % 3n === 0n ? null : Number(n)), 'double');
    const got = await spark.range(10_000).select(odd('id').as('v')).collect();
    expect(got.map((r) => r.v)).toEqual(Array.from({ length: 10_000 }, (_, i) => (i % 3 === 0 ? null : i)));
  });

  it('nests rows', async () => {
    const f = F.udf((p: { i: number; s: string }) => ({ twice: p.i * 2, was: p.s }), 'struct<twice:int,was:string>');
    const nested = spark.createDataFrame([[{ i: 1, s: 'a' }]], 'p struct<i:int,s:string>');
    const [row] = await nested.select(f('p').as('v')).collect();
    expect(row!.v.asDict()).toEqual({ twice: 2, was: 'a' });
  });

  it('takes whole columns', async () => {
    const sum = F.udf((a: number[], b: (number | null)[]) => a.map((x, i) => x + (b[i] ?? 0)), 'double', { batch: true });
    expect(await values(sum('i', 'd'))).toEqual([2.5, 2]);
  });

  it('is called by its name in SQL, whatever the case', async () => {
    const twice = spark.udf.register('Twice', (x: number) => x * 2, 'int');
    expect((await spark.sql('SELECT twice(21) AS v').collect())[0]!.v).toBe(42);
    expect(await values(twice('i'))).toEqual([2, 4]);
    spark.udf.register('twice', (x: number) => `${x}${x}`, 'string');
    expect((await spark.sql('SELECT TWICE(21) AS v').collect())[0]!.v).toBe('2121');
    expect(await spark.sql('SELECT twice(21)').columns()).toEqual(['twice(21)']);
  });

  it('stands in conditions and aggregates', async () => {
    const isBig = F.udf((i: number) => i > 1, 'boolean');
    expect(await rows.filter(isBig('i')).count()).toBe(1);
    const plusOne = F.udf((i: number) => i + 1, 'int');
    expect((await rows.agg(F.sum(plusOne('i')).as('v')).collect())[0]!.v).toBe(5n);
  });

  it('that throws is named, with the arguments', async () => {
    const broken = F.udf(function parsePrice(s: string | null) {
      return s!.length;
    }, 'int');
    await expect(values(broken('s'))).rejects.toThrow(
      /^\[FAILED_EXECUTE_UDF\] User defined function \(`parsePrice`: \(string\) => int\) failed due to: TypeError: .*length.* at parsePrice \(.*udf\.test\.ts:\d+:\d+\); the arguments were \(null\)\. SQLSTATE: 39000$/,
    );
  });

  it('that gives another type is refused', async () => {
    await expect(values(F.udf(() => 'x', 'int', { name: 'f' })('i'))).rejects.toThrow(
      "result of f: int can not accept object 'x' in type string",
    );
  });

  it('that gives a Promise without being async is told what to do', async () => {
    await expect(values(F.udf(() => Promise.resolve(1), 'int')('i'))).rejects.toThrow(
      'declare the function async, or give it the option { async: true }',
    );
  });

  it('of one name are two functions', async () => {
    const [a, b] = [F.udf((i: number) => i + 1, 'int'), F.udf((i: number) => i * 10, 'int')];
    const got = await rows.groupBy(a('i'), b('i')).count().collect();
    expect(got.map((r) => r.toArray()).sort()).toEqual([
      [2, 10, 1n],
      [3, 20, 1n],
    ]);
  });

  it('is a temporary function of the session', async () => {
    spark.udf.register('Mine', (x: number) => x, 'int');
    expect(await spark.catalog.functionExists('mine')).toBe(true);
    expect((await spark.sql("SHOW USER FUNCTIONS LIKE 'mi*'").collect()).map((r) => r.toArray())).toEqual([['mine']]);
    await spark.sql('DROP TEMPORARY FUNCTION MINE').collect();
    expect(await spark.catalog.functionExists('mine')).toBe(false);
    await expect(spark.sql('SELECT mine(1)').collect()).rejects.toThrow('[UNRESOLVED_ROUTINE]');
    await expect(spark.sql('DROP TEMPORARY FUNCTION mine').collect()).rejects.toThrow('[ROUTINE_NOT_FOUND]');
  });

  it('is not aggregated: DISTINCT and FILTER are refused', async () => {
    spark.udf.register('plain', (x: number) => x, 'int');
    await expect(spark.sql('SELECT plain(DISTINCT 1)').collect()).rejects.toThrow('[INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX]');
  });
});
