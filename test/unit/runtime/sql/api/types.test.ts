// Types as objects: what they are called, their JSON, and where they stand in the place of DDL. Texts are PySpark 4.0.1's.
import { afterAll, expect, expectTypeOf, it } from 'vitest';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import * as T from '../../../../../src/runtime/sql/api/types.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';

const spark = new TestSession();
afterAll(() => spark.close());

it('adds columns, by name and as fields', () => {
  const schema = new T.StructType()
    .add('a', 'int')
    .add(new T.StructField('b', new T.StringType(), false, { x: 1 }))
    .add('c', new T.ArrayType(new T.MapType('string', new T.DecimalType(5, 2)), false));
  expect(schema.simpleString()).toBe('struct<a:int,b:string,c:array<map<string,decimal(5,2)>>>');
  expect(schema.toDDL()).toBe('a INT,b STRING NOT NULL,c ARRAY<MAP<STRING, DECIMAL(5,2)>>');
  expect(schema.json()).toBe(
    '{"type":"struct","fields":[{"name":"a","type":"integer","nullable":true,"metadata":{}},{"name":"b","type":"string","nullable":false,"metadata":{"x":1}},{"name":"c","type":{"type":"array","elementType":{"type":"map","keyType":"string","valueType":"decimal(5,2)","valueContainsNull":true},"containsNull":false},"nullable":true,"metadata":{}}]}',
  );
  expect(schema.names).toEqual(['a', 'b', 'c']);
  expect(T.StructType.fromJson(schema.json())).toStrictEqual(schema);
  expect(T.StructType.fromJson(schema.jsonValue())).toStrictEqual(schema);
  expect(schema.fields[1]!.jsonValue()).toEqual({ name: 'b', type: 'string', nullable: false, metadata: { x: 1 } });
  expect(() => new T.StructType().add('a' as never)).toThrow('[ARGUMENT_REQUIRED]');
});

it('is read from DDL, nested types too', () => {
  const schema = T.StructType.fromDDL('a int, b array<struct<c:int>>');
  expect(schema.treeString()).toBe(
    'root\n |-- a: integer (nullable = true)\n |-- b: array (nullable = true)\n |    |-- element: struct (containsNull = true)\n |    |    |-- c: integer (nullable = true)\n',
  );
  expect(T.DataType.fromDDL('int')).toBeInstanceOf(T.IntegerType);
  expect((schema.fields[1]!.dataType as T.ArrayType).elementType).toBeInstanceOf(T.StructType);
  expect(T.DataType.fromDDL('char(3)').simpleString()).toBe('char(3)');
});

it('stands wherever a schema is taken, and TypeScript knows its columns', async () => {
  const schema = new T.StructType<{}>().add('id', 'bigint').add('name', 'string');
  expectTypeOf(T.StructType.fromDDL('n INT').rowType).toEqualTypeOf<{ n: number | null }>();
  const df = spark.createDataFrame([[1n, 'a']], schema);
  const [row] = await df.collect();
  expectTypeOf(row!.id).toEqualTypeOf<bigint | null>();
  expect(row!.toArray()).toEqual([1n, 'a']);
  expect((await df.select(F.col('id').cast(new T.StringType())).collect())[0]!.toArray()).toEqual(['1']);
  expect((await df.schema()).json()).toBe(schema.json());
  const parsed = await spark
    .range(1)
    .select(F.from_json(F.lit('{"id": 7}'), schema).as('s'))
    .select('s.id')
    .collect();
  expect(parsed[0]!.toArray()).toEqual([7n]);
  const twice = F.udf((x: bigint) => Number(x) * 2, new T.IntegerType());
  expect((await df.select(twice('id').as('t')).collect())[0]!.t).toBe(2);
});

it('spark.tvf has functions that give rows', async () => {
  const rows = async (df: { collect(): Promise<readonly { toArray(): unknown[] }[]> }) => (await df.collect()).map((r) => r.toArray());
  const { tvf } = spark;
  expect(await rows(tvf.range(2))).toEqual([[0n], [1n]]);
  expect(await rows(tvf.explode(F.array(F.lit(1), F.lit(2))))).toEqual([[1], [2]]);
  expect(await rows(tvf.stack(F.lit(2), F.lit(1), F.lit(2), F.lit(3)))).toEqual([
    [1, 2],
    [3, null],
  ]);
  expect(await rows(tvf.json_tuple(F.lit('{"a":1}'), F.lit('a')))).toEqual([['1']]);
  expect(await rows(tvf.inline(F.array(F.struct(F.lit(1).as('a'), F.lit(2).as('b')))))).toEqual([[1, 2]]);
  const lists = spark.createDataFrame([[[1, 2]]], 'a ARRAY<INT>');
  expect(
    await rows(
      lists
        .lateralJoin(tvf.explode(F.col('a').outer()))
        .select('col')
        .orderBy('col'),
    ),
  ).toEqual([[1], [2]]);
  expect(await tvf.sql_keywords().count()).toBeGreaterThan(300);
  expect(lists.sparkSession).toBe(spark);
});
