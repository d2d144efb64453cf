// What TypeScript knows of rows. The types are checked by `npm run types`; here is that values agree with them.
import { afterAll, describe, expect, it } from 'vitest';
import type { DataFrame } from '../../../../../src/runtime/sql/api/dataframe.ts';
import type { Dataset } from '../../../../../src/runtime/sql/api/dataset.ts';
import { Encoders } from '../../../../../src/runtime/sql/api/encoders.ts';
import type { ColumnsOf } from '../../../../../src/runtime/sql/api/row-types.ts';
import type { Decimal } from '../../../../../src/runtime/sql/api/decimal.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import type { LocalDate, Timestamp } from '../../../../../src/runtime/sql/api/times.ts';
import { TypedSession } from '../../../../helpers/typed-session.ts';

const spark = new TypedSession(true);
afterAll(() => spark.close());

/** Fails to compile unless the two are one type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_yes: Same<A, B>): void => undefined;
type RowOf<D> = D extends DataFrame<infer T> ? { [K in keyof T]: T[K] } : never;

const people = spark.createDataFrame([[1, 'Ann', 2.5]], 'id INT NOT NULL, name STRING, pay: double');
const depts = spark.createDataFrame([['HR', 1n]], 'dept STRING NOT NULL, id BIGINT NOT NULL');

describe('the type of a row', () => {
  it('comes from the schema text', async () => {
    same<RowOf<typeof people>, { id: number; name: string | null; pay: number | null }>(true);
    const all = spark.createDataFrame([], 'a TIMESTAMP, b date NOT NULL, c boolean, d binary');
    same<RowOf<typeof all>, { a: Timestamp | null; b: LocalDate; c: boolean | null; d: Uint8Array | null }>(true);
    const [row] = await people.collect();
    const id: number = row!.id;
    // @ts-expect-error a text is no number
    const wrong: number = row!.name;
    expect([id, wrong, row!.pay]).toEqual([1, 'Ann', 2.5]);
  });

  it('comes from objects of the program', async () => {
    const df = spark.createDataFrame([{ a: 'x', b: true, c: { d: 1n } }]);
    same<RowOf<typeof df>, { a: string; b: boolean; c: { d: bigint } }>(true);
    const [row] = await df.collect();
    expect(row!.c.d).toBe(1n);
  });

  it('follows select, drop, rename and join', () => {
    const named = people.select('id', 'name');
    same<RowOf<typeof named>, { id: number; name: string | null }>(true);
    const dropped = people.drop('pay');
    same<RowOf<typeof dropped>, { id: number; name: string | null }>(true);
    const renamed = named.withColumnRenamed('name', 'who');
    same<RowOf<typeof renamed>, { id: number; readonly who: string | null }>(true);
    const joined = named.join(depts, 'id');
    same<RowOf<typeof joined>, { id: number; name: string | null; dept: string }>(true);
    const left = named.join(depts, named.col('id').eq(depts.col('id')), 'left');
    same<RowOf<typeof left>, { id: number; name: string | null; dept: string | null }>(true);
    const semi = named.join(depts, 'id', 'left_semi');
    same<RowOf<typeof semi>, { id: number; name: string | null }>(true);
    const kept = people.filter('id > 1').orderBy('id').limit(3).distinct();
    same<RowOf<typeof kept>, RowOf<typeof people>>(true);
    expect(true).toBe(true);
  });

  it('follows Columns whose names are known, through select, withColumn and groupBy', () => {
    const chosen = people.select(people.col('id'), people.col('name').as('who'), F.col('pay'), F.lit('x').as('x'), 'name');
    same<RowOf<typeof chosen>, { id: number; who: string | null; pay: number | null; x: string; name: string | null }>(true);
    const all = people.select('*', people.col('id').gt(1).as('large'), F.col('id').cast('bigint').as('big'));
    same<RowOf<typeof all>, { id: number; name: string | null; pay: number | null; large: boolean | null; big: bigint | null }>(true);
    const widened = people.withColumn('pay', F.col('pay').cast('string')).withColumns({ yes: F.lit(true), id: F.expr('id * 2') });
    same<RowOf<typeof widened>, { name: string | null; pay: string | null; yes: boolean; id: any }>(true);
    const counted = people.groupBy('name').count();
    same<RowOf<typeof counted>, { name: string | null; count: bigint }>(true);
    const summed = people.groupBy(people.col('name')).agg(F.sum('pay').cast('double').as('pay'));
    same<RowOf<typeof summed>, { name: string | null; pay: number | null }>(true);
    const unknown = people.select('id', F.upper('name'));
    same<typeof unknown extends DataFrame<infer T> ? (0 extends 1 & T ? 'any' : 'known') : never, 'any'>(true);
    expect(true).toBe(true);
  });

  it('is the value of a typed Dataset', () => {
    const ids = people.map((p) => p.id, Encoders.INT);
    same<typeof ids, Dataset<number>>(true);
    same<ColumnsOf<typeof ids extends Dataset<infer T> ? T : never>, { value: number }>(true);
    const pairs = people.groupByKey((p) => p.name).count();
    same<typeof pairs, Dataset<[string | null, bigint]>>(true);
    const columns: ColumnsOf<[string, bigint]> = { _1: 'a', _2: 1n };
    const typed = people.as(Encoders.product('id BIGINT NOT NULL, name STRING')).filter((p) => p.id > 1n);
    same<typeof typed, Dataset<{ id: bigint; name: string | null }>>(true);
    const joined = typed.joinWith(ids, 'true');
    same<typeof joined, Dataset<[{ id: bigint; name: string | null }, number]>>(true);
    // @ts-expect-error a function over texts is none over these rows
    ids.map((x: string) => x.length);
    expect(columns._2).toBe(1n);
  });

  it('is any where nothing is known', async () => {
    const [row] = await people.select(F.col('id').plus(1).as('next')).collect();
    expect(row!.next).toBe(2);
    const some = spark.createDataFrame([], 'a decimal(10,2), b array<int>');
    same<typeof some extends DataFrame<infer T> ? (0 extends 1 & T ? 'any' : 'known') : never, 'any'>(true);
    const typed: Decimal | undefined = (await some.collect())[0]?.a;
    expect(typed).toBeUndefined();
  });

  it('refuses names that there are not', () => {
    // @ts-expect-error USING needs a column that both have
    people.join(depts, 'pay');
    // @ts-expect-error no such column
    people.dropDuplicates('nothing');
    expect(true).toBe(true);
  });
});
